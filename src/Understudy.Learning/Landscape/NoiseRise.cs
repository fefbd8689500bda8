using Understudy.Engine.Random;

namespace Understudy.Learning.Landscape;

/// <summary>The mean rise of the loss under noise in the parameters.</summary>
internal sealed class NoiseRise(LossEvaluator evaluator, double[] parameters, double loss, SharpnessOptions options, CancellationToken cancellation)
{
    private const double Precision = 1e-4;
    private const double Largest = 1 << 10;

    // beside weights of order one such noise is rounded away
    private static readonly double Smallest = Math.ScaleB(1, -60);

    private readonly RandomSequence _draws = new(options.Seed, "landscape/noise");

    /// <summary>Noise with each node's weights as long as a share of those of θ; biases stay.</summary>
    internal double OfFilters() => Mean((index, into) =>
    {
        _draws.FillNormal(index, into);
        Directions.Normalize(evaluator.Network.Layout, parameters, into);
        Move(into, options.NoiseScale);
    });

    /// <summary>σ at which noise of N(0, σ²) in every parameter raises the loss by the chosen amount: the first crossing that doubling σ from 2⁻²⁰ finds.</summary>
    /// <returns>σ; 0 below 2⁻⁶⁰, infinite above 2¹⁰, NaN where the loss at the point is not finite.</returns>
    internal double PacBayesSigma()
    {
        if (!double.IsFinite(loss))
            return double.NaN;
        var (low, high) = (0.0, Math.ScaleB(1, -20));
        while (!(Normal(high) > options.PacBayesRise))
        {
            if (high >= Largest)
                return double.PositiveInfinity;
            (low, high) = (high, 2 * high);
        }

        while (high - low > Precision * high)
        {
            if (high <= Smallest)
                return 0;
            var middle = 0.5 * (low + high);
            if (Normal(middle) > options.PacBayesRise)
                high = middle;
            else
                low = middle;
        }

        return 0.5 * (low + high);
    }

    private double Normal(double sigma) => Mean((index, into) =>
    {
        _draws.FillNormal(index, into);
        Move(into, sigma);
    });

    /// <summary>The mean rise; infinite where a loss is not a number.</summary>
    private double Mean(ParameterPoint point)
    {
        var mean = evaluator.At(options.NoiseDraws, point, cancellation: cancellation).Average(value => value.Loss) - loss;
        return double.IsNaN(mean) ? double.PositiveInfinity : mean;
    }

    private void Move(Span<double> direction, double size)
    {
        for (var i = 0; i < direction.Length; i++)
            direction[i] = parameters[i] + (size * direction[i]);
    }
}
