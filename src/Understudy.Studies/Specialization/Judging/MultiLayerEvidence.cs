using Understudy.Lab.Runs;
using Understudy.Studies.Judging;

namespace Understudy.Studies.Specialization.Judging;

/// <summary>The rows of part multi-layer in all runs of one protocol, pooled by cell and seed.</summary>
internal sealed class MultiLayerEvidence
{
    private readonly Dictionary<(LayerCell Cell, int Epoch), SortedDictionary<SeedId, LayerRow[]>> _rows = [];

    private MultiLayerEvidence(PooledRuns<SpecializationConfig> pooled) => (Config, LeftOut) = (pooled.Config, pooled.LeftOut);

    /// <summary>The configuration of the last of the pooled runs.</summary>
    internal SpecializationConfig Config { get; }

    /// <summary>Runs of the part with another protocol.</summary>
    internal int LeftOut { get; }

    /// <summary>Students that diverged, over all cells.</summary>
    internal int Diverged { get; private set; }

    /// <summary>All cells that were trained to their end, wide students and large training sets last.</summary>
    internal IReadOnlyList<LayerCell> Cells => [.. _rows.Keys.Where(key => key.Epoch == key.Cell.Epochs).Select(key => key.Cell)
        .OrderBy(cell => cell.OverRealization).ThenBy(cell => cell.Objective).ThenBy(cell => cell.Samples).ThenBy(cell => cell.Epochs)];

    internal int Layers => Config.MultiLayer.Networks.Hidden.Count;

    /// <summary>What the runs recorded, or null where no run holds the part.</summary>
    internal static MultiLayerEvidence? Of(IReadOnlyList<RunRecord> runs)
    {
        if (PooledRuns<SpecializationConfig>.Of(runs, PartNames.Evaluations(PartNames.MultiLayer), Protocol) is not { } pooled)
            return null;
        var evidence = new MultiLayerEvidence(pooled);
        foreach (var run in pooled.Runs)
            evidence.Take(run);
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
    private static SpecializationConfig Protocol(SpecializationConfig config)
    {
        var part = config.MultiLayer;
        return Protocols.WithoutData(config) with
        {
            MultiLayer = part with
            {
                Seeds = 0,
                Networks = part.Networks with { OverRealization = [] },
                Data = part.Data with { Samples = [] },
                Training = part.Training with { Losses = [], Epochs = [], SamplesSeen = null },
                Measures = part.Measures with { Stages = 0 },
            },
        };
    }

    private void Take(RunRecord run)
    {
        foreach (var student in run.Table<LayerRow>(PartNames.Evaluations(PartNames.MultiLayer)).GroupBy(row => (row.Cell, row.Epoch, row.Seed)))
        {
            LayerRow[] layers = [.. student.OrderBy(row => row.Layer)];
            if (layers[0].Diverged)
            {
                Diverged += layers[0].Epoch == layers[0].Epochs ? 1 : 0;
                continue;
            }

            if (!_rows.TryGetValue((student.Key.Cell, student.Key.Epoch), out var seeds))
                _rows.Add((student.Key.Cell, student.Key.Epoch), seeds = []);
            seeds.TryAdd(new SeedId(run.Config.Seed, student.Key.Seed), layers);
        }
    }
}
