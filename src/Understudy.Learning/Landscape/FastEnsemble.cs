using Understudy.Engine.Random;
using Understudy.Learning.Geometry;

namespace Understudy.Learning.Landscape;

/// <summary>How a fast ensemble is collected.</summary>
public sealed record FastEnsembleOptions
{
    /// <summary>Members, one for each cycle.</summary>
    public int Cycles { get; init; } = 6;

    /// <summary>Passes over the examples in a cycle. Of an odd number of steps the middle is the first one beyond its half, whose rate is a little above the smallest.</summary>
    public int CycleEpochs { get; init; } = 4;

    /// <summary>α₁, the rate at the ends of a cycle.</summary>
    public double LargestRate { get; init; } = 0.05;

    /// <summary>α₂, the rate in its middle, at which a member is taken.</summary>
    public double SmallestRate { get; init; } = 5e-4;

    /// <summary>How much of the last step is kept.</summary>
    public double Momentum { get; init; } = 0.9;

    /// <summary>μ of (μ/2)‖θ‖², added to the loss.</summary>
    public double WeightDecay { get; init; }

    /// <summary>Examples in a step; at most all of them.</summary>
    public int BatchSize { get; init; } = 128;

    /// <summary>The seed of orders.</summary>
    public ulong Seed { get; init; } = 1;
}

/// <summary>Networks along one training whose rate goes up and down: their predictions together, and the mean of their weights.</summary>
/// <remarks>
/// <para>From a trained network on, each cycle of c steps falls from α₁ to α₂ and rises back, linearly; a copy is taken where the rate is smallest (fast geometric ensembling, Garipov et al. 2018, section 4). The mean
/// of the copies' weights is what stochastic weight averaging takes (Izmailov et al. 2018). Momentum goes on from cycle to cycle.</para>
/// <para>Costs a gradient of one batch per step. Networks with batch normalization see whole sets, or with <see cref="LossEvaluator.Calibration"/> batches with statistics of their own.</para>
/// </remarks>
public static class FastEnsemble
{
    /// <summary>Collects members.</summary>
    /// <param name="start">A trained network, which stays as it is.</param>
    /// <param name="evaluator">The network, its loss, the training examples, and the threads within a step.</param>
    /// <param name="options">Cycles and steps.</param>
    /// <param name="progress">Takes the share that is done.</param>
    /// <param name="cancellation">Looked at once per step.</param>
    /// <returns>One parameter vector for each cycle, in order.</returns>
    /// <exception cref="ArgumentException">The start is not as long as the network's parameters, a cycle has a single step, or statistics would be trained.</exception>
    public static IReadOnlyList<double[]> Collect(
        double[] start, LossEvaluator evaluator, FastEnsembleOptions? options = null, IProgress<double>? progress = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(evaluator);
        options ??= new FastEnsembleOptions();
        ArgumentOutOfRangeException.ThrowIfLessThan(options.Cycles, 1, nameof(options));
        ArgumentOutOfRangeException.ThrowIfLessThan(options.CycleEpochs, 1, nameof(options));
        ArgumentOutOfRangeException.ThrowIfLessThan(options.BatchSize, 1, nameof(options));
        evaluator.Require(start);
        var (size, count) = (evaluator.Size, evaluator.Examples.Count);
        var rows = evaluator.StepRows(options.BatchSize);
        using var batch = new BatchSums(evaluator.Network, evaluator.Loss, evaluator.Examples, rows, rows, Curvature.Sums.Gradient, evaluator.Team);
        var orders = new RandomSequence(options.Seed, "landscape/ensemble/order");
        double[] point = [.. start], gradient = new double[size + 1], velocity = new double[size];
        var (order, members, steps) = (new int[count], new List<double[]>(), count / rows);
        var cycle = steps * options.CycleEpochs;
        if (cycle < 2)
            throw new ArgumentException("A cycle of a single step has no middle: take more epochs or smaller batches.", nameof(options));
        for (var step = 0; step < options.Cycles * cycle; step++)
        {
            cancellation.ThrowIfCancellationRequested();
            if (step % steps == 0)
                orders.FillPermutation(step / steps, order);
            batch.Load(order.AsSpan(step % steps * rows, rows));
            batch.MoveTo(point);
            batch.Run(gradient);
            Dense.Add(options.WeightDecay, point, gradient.AsSpan(0, size));
            Vectors.Scale(options.Momentum, velocity);
            Dense.Add(1, gradient.AsSpan(0, size), velocity);
            Dense.Add(-Rate(step % cycle, cycle, options), velocity, point);
            if (step % cycle == Middle(cycle))
                members.Add([.. point]);
            progress?.Report((step + 1.0) / (options.Cycles * cycle));
        }

        return members;
    }

    /// <summary>The rate of a step of a cycle, with t = (step + 1)/c: (1 − 2t) α₁ + 2t α₂ up to t = ½, and the same way back to α₁ at t = 1.</summary>
    internal static double Rate(int step, int cycle, FastEnsembleOptions options)
    {
        var t = (step + 1.0) / cycle;
        var high = Math.Abs((2 * t) - 1);
        return (high * options.LargestRate) + ((1 - high) * options.SmallestRate);
    }

    /// <summary>The step behind which a member is taken: t = ½, or the first one beyond it that an odd cycle has.</summary>
    private static int Middle(int cycle) => ((cycle + 1) / 2) - 1;
}
