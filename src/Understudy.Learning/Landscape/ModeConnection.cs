using Understudy.Engine.Random;
using Understudy.Learning.Geometry;
using Understudy.Learning.Training;

namespace Understudy.Learning.Landscape;

/// <summary>How a curve between two solutions is trained.</summary>
public sealed record ModeConnectionOptions
{
    /// <summary>How the curve follows its bends.</summary>
    public CurveKind Kind { get; init; } = CurveKind.Bezier;

    /// <summary>Free control points between the ends.</summary>
    public int Bends { get; init; } = 1;

    /// <summary>How a gradient becomes a step: momentum as published, or Adam (β 0.9 and 0.999, ε 1e-8) for losses whose gradients are far from 1, such as KL of outputs that are nearly uniform.</summary>
    public OptimizerRule Rule { get; init; } = OptimizerRule.Momentum;

    /// <summary>The step size up to half of the epochs; from there it falls linearly to a hundredth at 90 %, and stays.</summary>
    public double LearningRate { get; init; } = 0.015;

    /// <summary>How much of the last step is kept, of momentum.</summary>
    public double Momentum { get; init; } = 0.9;

    /// <summary>μ of (μ/2)‖θ(t)‖², added to the loss on the curve.</summary>
    public double WeightDecay { get; init; } = 5e-4;

    /// <summary>Examples in a step; at most all of them.</summary>
    public int BatchSize { get; init; } = 128;

    /// <summary>Passes over the examples, each in an order of its own; examples that fill no whole batch wait for another pass.</summary>
    public int Epochs { get; init; } = 200;

    /// <summary>The seed of positions and orders.</summary>
    public ulong Seed { get; init; } = 1;
}

/// <summary>Curves of low loss between two solutions.</summary>
/// <remarks>
/// Minimizes the mean loss over t in [0, 1]: each step draws one t for its batch, and the gradient at θ(t) moves each bend by its coefficient c_k(t) (Garipov et al. 2018, section 3).
/// Networks with batch normalization are trained on whole sets, or with <see cref="LossEvaluator.Calibration"/> on batches with statistics of their own.
/// </remarks>
public static class ModeConnection
{
    /// <summary>Trains the bends from equally spaced points of the straight line.</summary>
    /// <param name="start">A, which stays.</param>
    /// <param name="end">B, which stays.</param>
    /// <param name="evaluator">The network, its loss, the training examples, and the threads within a step.</param>
    /// <param name="options">Curve and training.</param>
    /// <param name="progress">Takes the share that is done.</param>
    /// <param name="cancellation">Looked at once per step.</param>
    /// <exception cref="ArgumentException">A or B is not as long as the network's parameters, the rule is neither momentum nor Adam, or statistics would be trained.</exception>
    public static ParameterCurve Train(
        double[] start, double[] end, LossEvaluator evaluator, ModeConnectionOptions? options = null, IProgress<double>? progress = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(evaluator);
        options ??= new ModeConnectionOptions();
        ArgumentOutOfRangeException.ThrowIfLessThan(options.Bends, 1, nameof(options));
        ArgumentOutOfRangeException.ThrowIfLessThan(options.BatchSize, 1, nameof(options));
        if (options.Rule is not (OptimizerRule.Momentum or OptimizerRule.Adam))
            throw new ArgumentException($"A curve is trained by momentum or by Adam, not by {options.Rule}.", nameof(options));
        evaluator.Require(start);
        evaluator.Require(end);
        var curve = ParameterCurve.Straight(options.Kind, start, end, options.Bends);
        var (size, count) = (evaluator.Size, evaluator.Examples.Count);
        var rows = evaluator.StepRows(options.BatchSize);
        using var batch = new BatchSums(evaluator.Network, evaluator.Loss, evaluator.Examples, rows, rows, Curvature.Sums.Gradient, evaluator.Team);
        var draws = new RandomSequence(options.Seed, "landscape/connection");
        var (positions, orders) = (draws.For("/position"), draws.For("/order"));
        double[] point = new double[size], gradient = new double[size + 1], velocity = new double[options.Bends * size], squares = new double[options.Rule == OptimizerRule.Adam ? options.Bends * size : 0], coefficients = new double[options.Bends + 2];
        var order = new int[count];
        Span<double> t = stackalloc double[1];
        var steps = count / rows;
        for (var epoch = 0; epoch < options.Epochs; epoch++)
        {
            orders.FillPermutation(epoch, order);
            var rate = options.LearningRate * Factor(epoch / (double)options.Epochs);
            for (var step = 0; step < steps; step++)
            {
                cancellation.ThrowIfCancellationRequested();
                positions.FillUniform(((long)epoch * steps) + step, t);
                curve.Coefficients(t[0], coefficients);
                curve.Point(t[0], point);
                batch.Load(order.AsSpan(step * rows, rows));
                batch.MoveTo(point);
                batch.Run(gradient);
                Dense.Add(options.WeightDecay, point, gradient);
                for (var bend = 0; bend < options.Bends; bend++)
                {
                    var own = velocity.AsSpan(bend * size, size);
                    if (options.Rule == OptimizerRule.Adam)
                    {
                        Adam(coefficients[bend + 1], gradient.AsSpan(0, size), own, squares.AsSpan(bend * size, size), rate, (epoch * steps) + step + 1, curve.Points[bend + 1]);
                        continue;
                    }

                    Vectors.Scale(options.Momentum, own);
                    Dense.Add(coefficients[bend + 1], gradient.AsSpan(0, size), own);
                    Dense.Add(-rate, own, curve.Points[bend + 1]);
                }
            }

            progress?.Report((epoch + 1.0) / options.Epochs);
        }

        return curve;
    }

    private static void Adam(double coefficient, ReadOnlySpan<double> gradient, Span<double> mean, Span<double> square, double rate, int step, double[] bend)
    {
        const double First = 0.9, Second = 0.999, Epsilon = 1e-8;
        var (firstScale, secondScale) = (1 / (1 - Math.Pow(First, step)), 1 / (1 - Math.Pow(Second, step)));
        for (var i = 0; i < bend.Length; i++)
        {
            var own = coefficient * gradient[i];
            mean[i] = (First * mean[i]) + ((1 - First) * own);
            square[i] = (Second * square[i]) + ((1 - Second) * own * own);
            bend[i] -= rate * firstScale * mean[i] / (Math.Sqrt(secondScale * square[i]) + Epsilon);
        }
    }

    /// <summary>By which the step size is multiplied when a share of the epochs is over: 1 until half, linear to 0.01 at 90 %, then constant.</summary>
    internal static double Factor(double share)
        => share <= 0.5 ? 1 : share <= 0.9 ? 1 - (0.99 * (share - 0.5) / 0.4) : 0.01;
}
