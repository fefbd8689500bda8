using Understudy.Engine.LinearAlgebra.Estimation;
using Understudy.Engine.Random;

namespace Understudy.Learning.Landscape;

/// <summary>The mean rise of the loss under noise in the parameters.</summary>
internal sealed class NoiseRise(LossEvaluator evaluator, double[] parameters, double loss, SharpnessOptions options, CancellationToken cancellation)
{
    private const double Precision = 1e-4;
    private const double Largest = 1 << 10;

    // beside weights of order one such noise is rounded away
    private static readonly double Smallest = Math.ScaleB(1, -60);

    // by which σ is changed for the slope of the rise: small against σ, large against the precision
    private const double SlopeStep = 0.02;

    private readonly RandomSequence _draws = new(options.Seed, "landscape/noise");

    /// <summary>Noise with each node's weights as long as a share of those of θ; biases stay.</summary>
    internal SampledValue OfFilters() => Mean((index, into) =>
    {
        _draws.FillNormal(index, into);
        Directions.Normalize(evaluator.Network.Layout, parameters, into, options.NoiseNorm);
        Move(into, options.NoiseScale);
    });

    /// <summary>σ at which noise of N(0, σ²) in every parameter raises the loss by the chosen amount: the first crossing that doubling σ from 2⁻²⁰ finds.</summary>
    /// <remarks>0 below 2⁻⁶⁰, infinite above 2¹⁰, NaN where the loss at the point is not finite. Its error is that of the mean rise there, over the slope of the mean rise by σ.</remarks>
    internal SampledValue PacBayesSigma()
    {
        if (!double.IsFinite(loss))
            return Unbounded(double.NaN);
        var (low, high) = (0.0, Math.ScaleB(1, -20));
        while (!(Normal(high).Value > options.PacBayesRise))
        {
            if (high >= Largest)
                return Unbounded(double.PositiveInfinity);
            (low, high) = (high, 2 * high);
        }

        while (high - low > Precision * high)
        {
            if (high <= Smallest)
                return Unbounded(0);
            var middle = 0.5 * (low + high);
            if (Normal(middle).Value > options.PacBayesRise)
                high = middle;
            else
                low = middle;
        }

        var sigma = 0.5 * (low + high);
        var slope = (Normal((1 + SlopeStep) * sigma).Value - Normal((1 - SlopeStep) * sigma).Value) / (2 * SlopeStep * sigma);
        return new SampledValue(sigma, Normal(sigma).StandardError / Math.Abs(slope), options.NoiseDraws);
    }

    private SampledValue Unbounded(double value) => new(value, double.PositiveInfinity, options.NoiseDraws);

    private SampledValue Normal(double sigma) => Mean((index, into) =>
    {
        _draws.FillNormal(index, into);
        Move(into, sigma);
    });

    /// <summary>The mean rise; infinite where a loss is not a number.</summary>
    private SampledValue Mean(ParameterPoint point)
    {
        var rises = SampledValue.MeanOf([.. evaluator.At(options.NoiseDraws, point, cancellation: cancellation).Select(value => value.Loss - loss)]);
        return double.IsFinite(rises.Value) ? rises : Unbounded(double.PositiveInfinity);
    }

    private void Move(Span<double> direction, double size)
    {
        for (var i = 0; i < direction.Length; i++)
            direction[i] = parameters[i] + (size * direction[i]);
    }
}
