using Understudy.Learning.Losses;
using Understudy.Learning.Networks;

namespace Understudy.Learning.Curvature;

/// <summary>The examples on which curvature is taken: inputs [N, d] and targets [N, w], row-major.</summary>
public sealed class ExampleSet
{
    private readonly double[] _inputs;
    private readonly double[] _targets;

    /// <summary>Takes the arrays as they are, without a copy.</summary>
    /// <param name="inputs">[N, d].</param>
    /// <param name="targets">[N, w]: what the loss compares with.</param>
    /// <param name="count">N, at least 1.</param>
    /// <exception cref="ArgumentException">The arrays are not N rows.</exception>
    public ExampleSet(double[] inputs, double[] targets, int count)
    {
        ArgumentNullException.ThrowIfNull(inputs);
        ArgumentNullException.ThrowIfNull(targets);
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 1);
        if (inputs.Length == 0 || targets.Length == 0 || inputs.Length % count != 0 || targets.Length % count != 0)
            throw new ArgumentException($"{inputs.Length} inputs and {targets.Length} targets are not {count} rows.", nameof(count));
        (_inputs, _targets, Count) = (inputs, targets, count);
    }

    /// <summary>N.</summary>
    public int Count { get; }

    /// <summary>d.</summary>
    public int InputWidth => _inputs.Length / Count;

    /// <summary>w.</summary>
    public int TargetWidth => _targets.Length / Count;

    /// <summary>[N, d].</summary>
    public ReadOnlySpan<double> Inputs => _inputs;

    /// <summary>[N, w].</summary>
    public ReadOnlySpan<double> Targets => _targets;

    /// <summary>The same inputs with other targets.</summary>
    public ExampleSet WithTargets(double[] targets) => new(_inputs, targets, Count);

    /// <summary>A part of it: at most <paramref name="count"/> examples from <paramref name="first"/> on.</summary>
    /// <exception cref="ArgumentOutOfRangeException">There is no such example, or none is asked for.</exception>
    public ExampleSet Slice(int first, int count)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(first);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(first, Count);
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 1);
        count = Math.Min(count, Count - first);
        var (inputs, targets) = Rows(first, count);
        return new(inputs, targets, count);
    }

    /// <summary>Examples of a batch: as many as wanted, but all where they see each other.</summary>
    internal int BatchRows(INetwork network, int wanted) => network.CouplesExamples ? Count : wanted;

    /// <summary>Rows from <paramref name="first"/> on.</summary>
    internal (double[] Inputs, double[] Targets) Rows(int first, int rows)
        => (Inputs.Slice(first * InputWidth, rows * InputWidth).ToArray(), Targets.Slice(first * TargetWidth, rows * TargetWidth).ToArray());

    /// <exception cref="ArgumentException">The widths are not those of the network and the loss.</exception>
    internal void Check(INetwork network, OutputLoss loss)
    {
        if (InputWidth != network.Inputs || TargetWidth != loss.TargetWidth(network.Outputs))
            throw new ArgumentException($"The network reads {network.Inputs} numbers and its loss {loss.TargetWidth(network.Outputs)}, but the examples have {InputWidth} and {TargetWidth}.");
    }
}
