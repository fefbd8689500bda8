using Understudy.Data.Datasets;
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

    /// <summary>Labelled images, their classes as targets [N, 1].</summary>
    public static ExampleSet Of(FloatImages images)
    {
        ArgumentNullException.ThrowIfNull(images);
        var (inputs, targets) = (new double[images.Values.Length], new double[images.Count]);
        for (var i = 0; i < inputs.Length; i++)
            inputs[i] = images.Values[i];
        for (var i = 0; i < targets.Length; i++)
            targets[i] = images.Labels[i];
        return new(inputs, targets, images.Count);
    }

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

    /// <exception cref="ArgumentException">The widths are not those of the network and the loss, or a label is not a class.</exception>
    internal void Check(INetwork network, OutputLoss loss)
    {
        if (InputWidth != network.Inputs || TargetWidth != loss.TargetWidth(network.Outputs))
            throw new ArgumentException($"The network reads {network.Inputs} numbers and its loss {loss.TargetWidth(network.Outputs)}, but the examples have {InputWidth} and {TargetWidth}.");
        if (loss == OutputLoss.CrossEntropy)
            CheckLabels(network.Outputs);
    }

    // one path would take the label of no class for none, another read outside of an array
    private void CheckLabels(int classes)
    {
        for (var row = 0; row < _targets.Length; row++)
        {
            if (!(_targets[row] >= 0 && _targets[row] < classes && double.IsInteger(_targets[row])))
                throw new ArgumentException($"The label of example {row} is {_targets[row]}, but a class is a whole number from 0 to {classes - 1}.");
        }
    }
}
