using Understudy.Learning.Geometry;

namespace Understudy.Learning.Landscape;

/// <summary>How the loss of all examples is descended.</summary>
public sealed record DescentOptions
{
    /// <summary>η. Above 2/λ_max the descent cannot settle at a minimum (edge of stability, Cohen et al. 2021); with momentum β above (2 + 2β)/λ_max.</summary>
    public double LearningRate { get; init; } = 0.1;

    /// <summary>β of v ← β v + ∇L, θ ← θ − η v; 0 for plain gradient descent.</summary>
    public double Momentum { get; init; }

    /// <summary>Steps.</summary>
    public int Steps { get; init; } = 1000;

    /// <summary>Steps between two visits; the start and the end are visited too.</summary>
    public int VisitEvery { get; init; } = 100;
}

/// <summary>Sees the descent on its way.</summary>
/// <param name="step">Steps made so far.</param>
/// <param name="parameters">θ after them; copy what is to be kept.</param>
/// <param name="loss">L there.</param>
/// <param name="gradient">∇L there.</param>
/// <returns>Whether to go on.</returns>
public delegate bool DescentVisit(int step, ReadOnlySpan<double> parameters, double loss, ReadOnlySpan<double> gradient);

/// <summary>Gradient descent in double precision on the loss of all examples, as studies of curvature need it.</summary>
/// <remarks>Costs a gradient of all examples per step.</remarks>
public static class FullBatchDescent
{
    /// <summary>Descends, and gives the last point.</summary>
    /// <param name="start">θ at the start, which stays as it is.</param>
    /// <param name="evaluator">The examples.</param>
    /// <param name="options">Step size and steps.</param>
    /// <param name="visit">Sees points on the way, and may end it.</param>
    /// <param name="progress">Takes the share that is done.</param>
    /// <param name="cancellation">Looked at once per batch.</param>
    /// <exception cref="ArgumentException">The start is not as long as the network's parameters.</exception>
    public static double[] Run(
        double[] start, LossEvaluator evaluator, DescentOptions options, DescentVisit? visit = null, IProgress<double>? progress = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(evaluator);
        ArgumentNullException.ThrowIfNull(options);
        ArgumentOutOfRangeException.ThrowIfLessThan(options.VisitEvery, 1, nameof(options));
        evaluator.Require(start);
        double[] point = [.. start], gradient = new double[start.Length], velocity = new double[start.Length];
        for (var step = 0; step <= options.Steps; step++)
        {
            var isVisited = visit is not null && (step % options.VisitEvery == 0 || step == options.Steps);
            if (step == options.Steps && !isVisited)
                break;
            var loss = evaluator.Gradient(point, gradient, cancellation);
            if ((isVisited && !visit!(step, point, loss, gradient)) || step == options.Steps)
                break;
            Vectors.Scale(options.Momentum, velocity);
            Dense.Add(1, gradient, velocity);
            Dense.Add(-options.LearningRate, velocity, point);
            progress?.Report((step + 1.0) / options.Steps);
        }

        return point;
    }
}
