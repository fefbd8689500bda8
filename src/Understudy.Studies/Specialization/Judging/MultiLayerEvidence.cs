using System.Globalization;
using Understudy.Lab.Runs;
using Understudy.Studies.Specialization.Parts;

namespace Understudy.Studies.Specialization.Judging;

/// <summary>The rows of part multi-layer in all runs of one protocol, pooled by cell and seed.</summary>
/// <remarks>Runs are pooled where everything but seeds and grids agrees with the last run that holds the part; a seed that two runs share is counted once.</remarks>
internal sealed class MultiLayerEvidence
{
    private readonly Dictionary<(LayerCell Cell, int Epoch), SortedDictionary<(long Run, int Seed), LayerRow[]>> _rows = [];

    private MultiLayerEvidence(SpecializationConfig config) => Config = config;

    /// <summary>The configuration of the last of the pooled runs.</summary>
    internal SpecializationConfig Config { get; }

    /// <summary>Runs of the part with another protocol.</summary>
    internal int LeftOut { get; private set; }

    /// <summary>Students that diverged, over all cells.</summary>
    internal int Diverged { get; private set; }

    /// <summary>All cells that were trained to their end, wide students and large training sets last.</summary>
    internal IReadOnlyList<LayerCell> Cells => [.. _rows.Keys.Where(key => key.Epoch == key.Cell.Epochs).Select(key => key.Cell)
        .OrderBy(cell => cell.OverRealization).ThenBy(cell => cell.Objective).ThenBy(cell => cell.Samples).ThenBy(cell => cell.Epochs)];

    internal int Layers => Config.MultiLayer.Networks.Hidden.Count;

    /// <summary>What the runs recorded, or null where no run holds the part.</summary>
    internal static MultiLayerEvidence? Of(IReadOnlyList<RunRecord> runs)
    {
        var holding = runs.Where(run => run.Tables.Contains($"{MultiLayerPart.Name}.evaluations")).ToArray();
        if (holding.Length == 0)
            return null;
        var evidence = new MultiLayerEvidence((SpecializationConfig)holding[^1].Config);
        foreach (var run in holding)
        {
            if (Protocol((SpecializationConfig)run.Config) == Protocol(evidence.Config))
                evidence.Take(run);
            else
                evidence.LeftOut++;
        }

        return evidence;
    }

    /// <summary>The layers of every seed of a cell at an epoch, without diverged students.</summary>
    internal IReadOnlyList<LayerRow[]> At(LayerCell cell, int epoch) => _rows.TryGetValue((cell, epoch), out var seeds) ? [.. seeds.Values] : [];

    /// <summary>The layers of every seed at the end of a cell.</summary>
    internal IReadOnlyList<LayerRow[]> End(LayerCell cell) => At(cell, cell.Epochs);

    /// <summary>The layers of two cells at their ends for every seed that has both: the seeds are paired.</summary>
    internal IReadOnlyList<(LayerRow[] First, LayerRow[] Second)> Paired(LayerCell first, LayerCell second)
        => _rows.TryGetValue((first, first.Epochs), out var left) && _rows.TryGetValue((second, second.Epochs), out var right)
            ? [.. left.Where(item => right.ContainsKey(item.Key)).Select(item => (item.Value, right[item.Key]))] : [];

    /// <summary>The evaluated epochs of a cell, ascending.</summary>
    internal IReadOnlyList<int> Epochs(LayerCell cell) => [.. _rows.Keys.Where(key => key.Cell == cell).Select(key => key.Epoch).Order()];

    /// <summary>What must agree for runs to be pooled: everything of the part but its seeds and its grids. Epochs are in the cell.</summary>
    private static string Protocol(SpecializationConfig config)
    {
        var (networks, data, training, measures) = (config.MultiLayer.Networks, config.MultiLayer.Data, config.MultiLayer.Training, config.MultiLayer.Measures);
        return string.Create(
            CultureInfo.InvariantCulture,
            $"{string.Join("-", networks.Hidden)} {networks.Outputs} {networks.Scale} {data.Dimension} {data.Deviation} {training.Batch} {Rates(training)} {measures.Evaluation} {measures.During} {measures.Jacobians} {config.Slope} {config.Precision}");
    }

    private static string Rates(MultiLayerTrainingConfig training)
        => string.Join(" ", training.LearningRates.Zip(training.RateStarts, (rate, start) => string.Create(CultureInfo.InvariantCulture, $"{start}:{rate}")));

    private void Take(RunRecord run)
    {
        foreach (var student in run.Table<LayerRow>($"{MultiLayerPart.Name}.evaluations").GroupBy(row => (row.Cell, row.Epoch, row.Seed)))
        {
            LayerRow[] layers = [.. student.OrderBy(row => row.Layer)];
            if (layers[0].Diverged)
            {
                Diverged += layers[0].Epoch == layers[0].Epochs ? 1 : 0;
                continue;
            }

            if (!_rows.TryGetValue((student.Key.Cell, student.Key.Epoch), out var seeds))
                _rows.Add((student.Key.Cell, student.Key.Epoch), seeds = []);
            seeds.TryAdd((run.Config.Seed, student.Key.Seed), layers);
        }
    }
}
