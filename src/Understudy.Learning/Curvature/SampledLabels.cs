using Understudy.Engine;
using Understudy.Engine.Random;
using Understudy.Learning.Losses;
using Understudy.Learning.Networks;

namespace Understudy.Learning.Curvature;

/// <summary>Targets drawn from what the network itself predicts, for the sampled Fisher matrix.</summary>
/// <remarks>
/// With these targets the second moment of the gradients, <see cref="NetworkCurvature.SecondMoment"/>, is an unbiased estimate of the Fisher matrix, which for a softmax and for half
/// squared errors with unit normal noise is the Gauss-Newton matrix. One draw stays fixed through all products of a computation.
/// </remarks>
public static class SampledLabels
{
    /// <summary>The examples with classes drawn from softmax(f), or with f plus unit normal noise as targets.</summary>
    /// <param name="network">f.</param>
    /// <param name="loss"><see cref="OutputLoss.CrossEntropy"/> or <see cref="OutputLoss.HalfSquared"/>.</param>
    /// <param name="examples">The inputs; their targets are not read.</param>
    /// <param name="parameters">θ.</param>
    /// <param name="draws">Random numbers: example i has those of step i.</param>
    /// <exception cref="ArgumentException">The loss is neither, or inputs or parameters do not fit the network.</exception>
    public static ExampleSet Draw(INetwork network, OutputLoss loss, ExampleSet examples, ReadOnlySpan<double> parameters, RandomSequence draws)
    {
        ArgumentNullException.ThrowIfNull(network);
        ArgumentNullException.ThrowIfNull(examples);
        var isClass = loss == OutputLoss.CrossEntropy;
        if (!isClass && loss != OutputLoss.HalfSquared)
            throw new ArgumentException("Labels are drawn for cross-entropy against classes and for half squared errors.", nameof(loss));
        var outputs = NetworkOutputs.Of(network, examples, parameters);
        var (classes, targets) = (network.Outputs, new double[examples.Count * (isClass ? 1 : network.Outputs)]);
        var numbers = new double[isClass ? 1 : classes];
        for (var i = 0; i < examples.Count; i++)
        {
            var output = outputs.AsSpan(i * classes, classes);
            if (isClass)
            {
                draws.FillUniform(i, numbers);
                targets[i] = Class(output, numbers[0]);
                continue;
            }

            draws.FillNormal(i, numbers);
            for (var c = 0; c < classes; c++)
                targets[(i * classes) + c] = output[c] + numbers[c];
        }

        return examples.WithTargets(targets);
    }

    /// <summary>The first class whose cumulative probability exceeds a uniform number.</summary>
    private static int Class(ReadOnlySpan<double> output, double uniform)
    {
        var (largest, sum) = (double.NegativeInfinity, 0.0);
        foreach (var value in output)
            largest = Math.Max(largest, value);
        foreach (var value in output)
            sum += ScalarFunctions.Exp(value - largest);
        var (at, rest) = (0, uniform * sum);
        while (at < output.Length - 1 && (rest -= ScalarFunctions.Exp(output[at] - largest)) >= 0)
            at++;
        return at;
    }
}
