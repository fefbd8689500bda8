using Understudy.Learning.Networks;

namespace Understudy.Studies.Specialization.Experiments;

/// <summary>What part multi-layer trains, and when it stops to look.</summary>
/// <remarks>
/// The training is cut into ticks, shares of the epochs of every cell rounded to whole epochs, after each of which a checkpoint may
/// be written. Evaluations and changes of the learning rate fall on ticks.
/// </remarks>
internal sealed class MultiLayerPlan
{
    private const int Finest = 40;

    private readonly MultiLayerConfig _part;
    private readonly double _slope;
    private readonly List<(double Fraction, bool IsEvaluated)> _ticks = [];

    internal MultiLayerPlan(SpecializationConfig config)
    {
        (_part, _slope) = (config.MultiLayer, config.Slope);
        Seeds = config.Seeds ?? _part.Seeds;
        Cells =
        [
            .. from r in _part.Networks.OverRealization
               from loss in _part.Training.Losses
               from set in _part.Data.Samples.Index()
               select new LayerCell(r, loss, set.Item, Epochs(set.Index)),
        ];
        Teacher = Network(1);
        var evaluated = Enumerable.Range(0, _part.Measures.Stages + 1).Select(i => (double)i / _part.Measures.Stages).Concat(_part.Training.RateStarts).ToHashSet();
        // nodes are suppressed after every epoch
        var finest = _part.Training.Suppression > 1 ? Cells.Max(cell => cell.Epochs) : Finest;
        foreach (var fraction in Enumerable.Range(0, finest + 1).Select(i => (double)i / finest).Concat(evaluated).Distinct().Order())
        {
            var isEvaluated = evaluated.Contains(fraction);
            // the same epochs of every cell are one tick
            if (_ticks.Count > 0 && Cells.All(cell => Epoch(cell, _ticks[^1].Fraction) == Epoch(cell, fraction)))
                _ticks[^1] = (fraction, isEvaluated || _ticks[^1].IsEvaluated);
            else
                _ticks.Add((fraction, isEvaluated));
        }
    }

    internal int Seeds { get; }

    internal IReadOnlyList<LayerCell> Cells { get; }

    internal Mlp Teacher { get; }

    /// <summary>The number of ticks after the one before training.</summary>
    internal int Ticks => _ticks.Count - 1;

    internal bool IsEvaluated(int tick) => _ticks[tick].IsEvaluated;

    /// <summary>Whether a cell is evaluated at a tick: once per epoch, and at the end.</summary>
    internal bool IsEvaluated(LayerCell cell, int tick)
    {
        var epoch = Epoch(cell, tick);
        return tick == Ticks || (IsEvaluated(tick) && epoch < cell.Epochs && !Enumerable.Range(0, tick).Any(earlier => IsEvaluated(earlier) && Epoch(cell, earlier) == epoch));
    }

    /// <summary>Epochs of a cell done at a tick.</summary>
    internal int Epoch(LayerCell cell, int tick) => Epoch(cell, _ticks[tick].Fraction);

    /// <summary>Whether nodes of a cell's students are suppressed at a tick: after every epoch but the last.</summary>
    internal bool IsSuppressed(LayerCell cell, int tick)
        => _part.Training.Suppression > 1 && tick > 0 && Epoch(cell, tick) > Epoch(cell, tick - 1) && Epoch(cell, tick) < cell.Epochs;

    internal long Step(LayerCell cell, int tick) => Epoch(cell, tick) * (long)(cell.Samples / _part.Training.Batch);

    /// <summary>The learning rate from a tick to the next.</summary>
    internal double Rate(int tick)
    {
        var last = 0;
        for (var i = 0; i < _part.Training.RateStarts.Count; i++)
        {
            if (_part.Training.RateStarts[i] <= _ticks[tick].Fraction)
                last = i;
        }

        return _part.Training.LearningRates[last];
    }

    internal Mlp Network(double overRealization)
        => Mlp.LeakyRelu(_slope, [_part.Data.Dimension, .. _part.Networks.Hidden.Select(width => InitialStudent.Nodes(overRealization, width)), _part.Networks.Outputs]);

    /// <summary>Cells that can be trained in one plan: the same network and loss, and the same steps from tick to tick.</summary>
    internal IEnumerable<LayerCell[]> Groups()
        => Cells.GroupBy(cell => (cell.OverRealization, cell.Objective, Steps: string.Join(",", Enumerable.Range(0, Ticks + 1).Select(tick => Step(cell, tick))))).Select(group => group.ToArray());

    /// <summary>Multiplications and additions of the whole training.</summary>
    internal double Cost() => Seeds * Cells.Sum(cell =>
    {
        var network = Network(cell.OverRealization);
        var weights = (6.0 * network.Layout.Count) - (2.0 * network.Widths[0] * network.Widths[1]);
        var ascent = _part.Training.Adversary is { Radius: > 0, Steps: var steps } ? steps : 0;
        return Step(cell, Ticks) * _part.Training.Batch * weights * (1 + ascent + (_part.Training.JacobianPenalty > 0 ? 1 : 0));
    });

    private int Epochs(int set)
    {
        var (training, samples) = (_part.Training, _part.Data.Samples[set]);
        return training.SamplesSeen is { } seen ? (int)Math.Max(1, seen / samples) : training.Epochs[training.Epochs.Count == 1 ? 0 : set];
    }

    private static int Epoch(LayerCell cell, double fraction) => (int)Math.Floor((fraction * cell.Epochs) + 0.5);
}
