using Understudy.Engine.Random;
using Understudy.Learning.Networks;

namespace Understudy.Learning.Distillation;

/// <summary>Where teachers and students start.</summary>
/// <remarks>Source: random-teacher specification, sections 2.2 and 2.3.</remarks>
public static class StudentStart
{
    private const double HeadDeviation = 0.02;

    /// <summary>Drawn parameters: the encoder as with <see cref="EncoderStart"/>, and the head as asked for.</summary>
    /// <param name="network">The network.</param>
    /// <param name="random">Random numbers by the weights of the encoder and of the head, each counted from 0.</param>
    /// <param name="head">How the head is drawn.</param>
    public static double[] Draw(ProjectedEncoder network, Func<NetworkPart, int, RandomSequence> random, HeadStart head = HeadStart.Normal)
    {
        ArgumentNullException.ThrowIfNull(network);
        ArgumentNullException.ThrowIfNull(random);
        var (start, drawn) = (EncoderStart.Of(network.Encoder, weight => random(NetworkPart.Encoder, weight)).ToList(), 0);
        foreach (var part in network.HeadParts)
            start.AddRange(head == HeadStart.Normal ? NormalStart.Of(part, HeadDeviation, Next) : EncoderStart.Of(part, Next));
        return [.. start];

        RandomSequence Next(int weight) => random(NetworkPart.Head, drawn++);
    }

    /// <summary>((1 − α) θ_T + α θ̃) / δ with δ = √(α² + (1 − α)²), which keeps the variance of every drawn weight.</summary>
    /// <param name="teacher">θ_T.</param>
    /// <param name="fresh">θ̃, drawn as the teacher, from other random numbers.</param>
    /// <param name="alpha">α in [0, 1]: 0 gives the teacher, 1 an independent start.</param>
    /// <param name="keepsConstants">Whether parameters that are equal in both, such as scales of normalizations, stay as they are; published is that they too are divided by δ.</param>
    /// <param name="keepsVariance">Whether the sum is divided by δ.</param>
    public static double[] Interpolated(ReadOnlySpan<double> teacher, ReadOnlySpan<double> fresh, double alpha, bool keepsConstants = false, bool keepsVariance = true)
    {
        if (!(alpha is >= 0 and <= 1))
            throw new ArgumentOutOfRangeException(nameof(alpha), alpha, "α lies between 0 and 1.");
        var delta = keepsVariance ? Math.Sqrt((alpha * alpha) + ((1 - alpha) * (1 - alpha))) : 1;
        return Combined(teacher, fresh, (1 - alpha) / delta, alpha / delta, keepsConstants);
    }

    /// <summary>(θ_T + ε θ̃) / √(1 + ε²).</summary>
    /// <param name="teacher">θ_T.</param>
    /// <param name="fresh">θ̃, drawn as the teacher, from other random numbers.</param>
    /// <param name="epsilon">ε, at least 0.</param>
    /// <param name="keepsConstants">Whether parameters that are equal in both stay as they are.</param>
    /// <param name="keepsVariance">Whether the sum is divided by the root.</param>
    public static double[] Neighbor(ReadOnlySpan<double> teacher, ReadOnlySpan<double> fresh, double epsilon, bool keepsConstants = false, bool keepsVariance = true)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(epsilon);
        var delta = keepsVariance ? Math.Sqrt(1 + (epsilon * epsilon)) : 1;
        return Combined(teacher, fresh, 1 / delta, epsilon / delta, keepsConstants);
    }

    private static double[] Combined(ReadOnlySpan<double> teacher, ReadOnlySpan<double> fresh, double first, double second, bool keepsConstants)
    {
        if (teacher.Length != fresh.Length)
            throw new ArgumentException($"The teacher has {teacher.Length} parameters, the fresh start {fresh.Length}.", nameof(fresh));
        var start = new double[teacher.Length];
        for (var i = 0; i < start.Length; i++)
            start[i] = keepsConstants && teacher[i].Equals(fresh[i]) ? teacher[i] : (first * teacher[i]) + (second * fresh[i]);
        return start;
    }
}

/// <summary>How a projection head is drawn.</summary>
public enum HeadStart
{
    /// <summary>Weights normal with standard deviation 0.02, biases 0: published.</summary>
    Normal,

    /// <summary>Weights and biases uniform in ±1/√fan-in.</summary>
    FanIn,
}

/// <summary>The parts of a network with a head.</summary>
public enum NetworkPart
{
    /// <summary>Up to the embedding.</summary>
    Encoder,

    /// <summary>From the embedding on.</summary>
    Head,
}
