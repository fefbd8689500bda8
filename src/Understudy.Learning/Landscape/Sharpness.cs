using Understudy.Learning.Curvature;
using Understudy.Learning.Networks;

namespace Understudy.Learning.Landscape;

/// <summary>How sharply the loss rises around a point.</summary>
/// <remarks>Source: hessian specification, section 4.4.</remarks>
public static class Sharpness
{
    /// <summary>All numbers at a point.</summary>
    /// <param name="evaluator">The training examples.</param>
    /// <param name="parameters">θ.</param>
    /// <param name="options">Sizes and steps.</param>
    /// <param name="curvature">Numbers of the Hessian at a point, exact or estimated; null for none.</param>
    /// <param name="progress">Takes the share that is done.</param>
    /// <param name="cancellation">Looked at once per batch.</param>
    /// <exception cref="ArgumentException">θ is not as long as the network's parameters.</exception>
    public static SharpnessValues Measure(
        LossEvaluator evaluator,
        double[] parameters,
        SharpnessOptions? options = null,
        Func<double[], CurvatureNumbers>? curvature = null,
        IProgress<double>? progress = null,
        CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(evaluator);
        options ??= new SharpnessOptions();
        evaluator.Require(parameters);
        ArgumentOutOfRangeException.ThrowIfLessThan(options.AscentSteps, 1, nameof(options));
        ArgumentOutOfRangeException.ThrowIfLessThan(options.BatchSize, 1, nameof(options));
        ArgumentOutOfRangeException.ThrowIfLessThan(options.NoiseDraws, 1, nameof(options));
        const double Parts = 9;
        var done = 0;
        T Ended<T>(T value)
        {
            progress?.Report(++done / Parts);
            return value;
        }

        var loss = evaluator.At(parameters).Loss;
        var ascent = new Ascent(evaluator, parameters, cancellation);
        var noise = new NoiseRise(evaluator, parameters, loss, options, cancellation);
        double[] ones = [.. parameters.Select(_ => 1.0)], sizes = [.. parameters.Select(Math.Abs)];
        return new SharpnessValues(
            loss,
            Ended<double[]>([.. options.BoxSizes.Select(size => 100 * ascent.Box(size, options.AscentSteps) / (1 + loss))]),
            Ended(ascent.Ellipsoid(ones, options.Radius, 1)),
            Ended(ascent.Ellipsoid(ones, options.Radius, options.AscentSteps)),
            Ended(ascent.Batches(options.Radius, options.BatchSize)),
            Ended(ascent.Ellipsoid(sizes, options.AdaptiveRadius, 1)),
            Ended(ascent.Ellipsoid(sizes, options.AdaptiveRadius, options.AscentSteps)),
            Ended(noise.OfFilters()),
            Ended(noise.PacBayesSigma()),
            Ended(curvature?.Invoke(parameters)));
    }

    /// <summary>All numbers at a point and at the same function with one layer rescaled.</summary>
    /// <param name="evaluator">The training examples; its network is an <see cref="Mlp"/> of rectifiers.</param>
    /// <param name="parameters">θ.</param>
    /// <param name="options">Sizes and steps.</param>
    /// <param name="curvature">Numbers of the Hessian at a point; null for none.</param>
    /// <param name="progress">Takes the share that is done.</param>
    /// <param name="cancellation">Looked at once per batch.</param>
    /// <exception cref="ArgumentException">The network is no rectifier network, or θ is not as long as its parameters.</exception>
    public static SharpnessComparison Compare(
        LossEvaluator evaluator,
        double[] parameters,
        SharpnessOptions? options = null,
        Func<double[], CurvatureNumbers>? curvature = null,
        IProgress<double>? progress = null,
        CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(evaluator);
        if (evaluator.Network is not Mlp network)
            throw new ArgumentException("Only layers of a fully connected network can be rescaled.", nameof(evaluator));
        options ??= new SharpnessOptions();
        var rescaled = RescaledLayer.Of(network, parameters, options.RescaledLayer, options.RescalingFactor);
        return new SharpnessComparison(
            Measure(evaluator, parameters, options, curvature, Half(0), cancellation),
            Measure(evaluator, rescaled, options, curvature, Half(0.5), cancellation));

        IProgress<double>? Half(double from) => progress is null ? null : new Halved(progress, from);
    }

    private sealed class Halved(IProgress<double> whole, double from) : IProgress<double>
    {
        public void Report(double value) => whole.Report(from + (value / 2));
    }
}
