using Understudy.Lab.Runs;

namespace Understudy.Studies.Specialization.Judging;

/// <summary>A seed of one of several pooled runs.</summary>
internal readonly record struct SeedId(long Run, int Seed);

/// <summary>The rows of one part in all runs of one protocol, pooled by cell and seed.</summary>
/// <remarks>
/// Runs are pooled where everything but seeds and grids agrees with the last run that holds the part; the others are counted in
/// <see cref="LeftOut"/>. A seed that two runs share is counted once.
/// </remarks>
internal sealed class Evidence
{
    private readonly Dictionary<(Cell Cell, int Epoch), SortedDictionary<SeedId, EvaluationRow>> _evaluations = [];
    private readonly Dictionary<(Cell Cell, int Epoch), SortedDictionary<SeedId, SortedDictionary<int, NodeRow>>> _nodes = [];
    private static readonly Comparer<SeedId> BySeed = Comparer<SeedId>.Create((a, b) => (a.Run, a.Seed).CompareTo((b.Run, b.Seed)));

    private Evidence(SpecializationConfig config, int epochs, int earlyEpoch)
    {
        (Config, LastEpoch, EarlyEpoch) = (config, epochs, earlyEpoch);
    }

    /// <summary>The configuration of the last of the pooled runs.</summary>
    internal SpecializationConfig Config { get; }

    internal int LastEpoch { get; }

    internal int EarlyEpoch { get; }

    /// <summary>Runs of the part with another protocol.</summary>
    internal int LeftOut { get; private set; }

    /// <summary>Students that diverged, over all cells.</summary>
    internal int Diverged { get; private set; }

    /// <summary>All cells with rows at the last epoch, strong decay and wide students last.</summary>
    internal IReadOnlyList<Cell> Cells => [.. _evaluations.Keys.Where(key => key.Epoch == LastEpoch).Select(key => key.Cell)
        .OrderBy(cell => cell.FanOutDecay).ThenBy(cell => cell.OverRealization).ThenBy(cell => cell.Samples).ThenBy(cell => cell.Boundary)];

    /// <summary>What the runs recorded of a part, or null where no run holds it.</summary>
    internal static Evidence? Of(IReadOnlyList<RunRecord> runs, string part)
    {
        var holding = runs.Where(run => run.Tables.Contains($"{part}.evaluations")).ToArray();
        if (holding.Length == 0)
            return null;
        var config = (SpecializationConfig)holding[^1].Config;
        var (epochs, early) = Epochs(config, part);
        var evidence = new Evidence(config, epochs, early);
        foreach (var run in holding)
        {
            if (Protocol((SpecializationConfig)run.Config, part).Equals(Protocol(config, part)))
                evidence.Take(run, part);
            else
                evidence.LeftOut++;
        }

        return evidence;
    }

    /// <summary>The rows of a cell at an epoch by seed, without diverged students.</summary>
    internal IReadOnlyDictionary<SeedId, EvaluationRow> At(Cell cell, int epoch)
        => _evaluations.TryGetValue((cell, epoch), out var rows) ? rows : new SortedDictionary<SeedId, EvaluationRow>(BySeed);

    /// <summary>The teacher nodes of a cell at an epoch by seed and index.</summary>
    internal IReadOnlyDictionary<SeedId, SortedDictionary<int, NodeRow>> Nodes(Cell cell, int epoch)
        => _nodes.TryGetValue((cell, epoch), out var rows) ? rows : new SortedDictionary<SeedId, SortedDictionary<int, NodeRow>>(BySeed);

    /// <summary>One value of every seed that has rows in all of the cells at an epoch: the seeds are paired over cells.</summary>
    internal IReadOnlyList<double[]> Paired(IReadOnlyList<Cell> cells, int epoch, Func<EvaluationRow, double> value)
    {
        var columns = cells.Select(cell => At(cell, epoch)).ToArray();
        return columns.Length == 0 ? [] :
            [.. columns[0].Keys.Where(seed => columns.All(column => column.ContainsKey(seed)))
                .Select(seed => columns.Select(column => value(column[seed])).ToArray())];
    }

    private static (int Last, int Early) Epochs(SpecializationConfig config, string part) => part switch
    {
        Parts.TwoLayerParts.TwoLayer => (config.TwoLayer.Training.Epochs, config.TwoLayer.Measures.EarlyEpoch),
        Parts.TwoLayerParts.Dynamics => (config.Dynamics.Training.Epochs, config.Dynamics.Measures.EarlyEpoch),
        Parts.TwoLayerParts.Samples => (config.Samples.Training.Epochs, config.Samples.Measures.EarlyEpoch),
        _ when IsLeaky(part) => (config.Leaky.Training.Epochs, config.Leaky.Measures.EarlyEpoch),
        _ => (config.Boundaries.Training.Epochs, 0),
    };

    /// <summary>What must agree for runs to be pooled: everything of the part but its seeds and its grids.</summary>
    private static object Protocol(SpecializationConfig config, string part)
    {
        object own = part switch
        {
            Parts.TwoLayerParts.TwoLayer => Without(config.TwoLayer),
            Parts.TwoLayerParts.Dynamics => Without(config.Dynamics),
            Parts.TwoLayerParts.Samples => config.Samples with
            {
                Seeds = 0,
                Teacher = Without(config.Samples.Teacher),
                Student = config.Samples.Student with { OverRealization = [] },
                Data = config.Samples.Data with { Samples = [], Boundary = true },
            },
            _ when IsLeaky(part) => Without(config.Leaky.ToRecovery()),
            _ => config.Boundaries with { Seeds = 0, Shown = [], Teacher = Without(config.Boundaries.Teacher), Student = config.Boundaries.Student with { OverRealization = [] } },
        };
        return (own, config.Data, IsLeaky(part) ? 0 : config.Slope, config.Precision);
    }

    private static bool IsLeaky(string part) => part.StartsWith(Parts.TwoLayerParts.Leaky + "-", StringComparison.Ordinal);

    private static RecoveryConfig Without(RecoveryConfig part) => part with
    {
        Seeds = 0,
        Teacher = Without(part.Teacher),
        Student = part.Student with { OverRealization = [] },
    };

    private static TeacherConfig Without(TeacherConfig teacher) => teacher with { FanOutDecay = [] };

    private void Take(RunRecord run, string part)
    {
        foreach (var row in run.Table<EvaluationRow>($"{part}.evaluations"))
        {
            if (row.Diverged)
                Diverged += row.Epoch == LastEpoch ? 1 : 0;
            else
                Add(_evaluations, (row.Cell, row.Epoch)).TryAdd(new SeedId(run.Config.Seed, row.Seed), row);
        }

        foreach (var row in run.Table<NodeRow>($"{part}.nodes"))
        {
            var seeds = Add(_nodes, (row.Cell, row.Epoch));
            var seed = new SeedId(run.Config.Seed, row.Seed);
            if (!seeds.TryGetValue(seed, out var nodes))
                seeds.Add(seed, nodes = []);
            nodes.TryAdd(row.Node, row);
        }
    }

    private static SortedDictionary<SeedId, T> Add<T>(Dictionary<(Cell Cell, int Epoch), SortedDictionary<SeedId, T>> table, (Cell Cell, int Epoch) key)
    {
        if (!table.TryGetValue(key, out var rows))
            table.Add(key, rows = new SortedDictionary<SeedId, T>(BySeed));
        return rows;
    }
}
