using Understudy.Lab.Runs;
using Understudy.Studies.Judging;

namespace Understudy.Studies.Specialization.Judging;

/// <summary>The rows of one part in all runs of one protocol, pooled by cell and seed.</summary>
/// <remarks>
/// <see cref="PooledRuns{TConfig}"/> says which runs are pooled; the others are counted in <see cref="LeftOut"/>.
/// </remarks>
internal sealed class Evidence
{
    private readonly Dictionary<(Cell Cell, int Epoch), SortedDictionary<SeedId, EvaluationRow>> _evaluations = [];
    private readonly Dictionary<(Cell Cell, int Epoch), SortedDictionary<SeedId, SortedDictionary<int, NodeRow>>> _nodes = [];
    private readonly Dictionary<(Cell Cell, SeedId Seed, int Node), CertificateRow> _certificates = [];

    private Evidence(PooledRuns<SpecializationConfig> pooled, int epochs, int earlyEpoch)
    {
        (Config, LeftOut, LastEpoch, EarlyEpoch) = (pooled.Config, pooled.LeftOut, epochs, earlyEpoch);
    }

    /// <summary>The configuration of the last of the pooled runs.</summary>
    internal SpecializationConfig Config { get; }

    internal int LastEpoch { get; }

    internal int EarlyEpoch { get; }

    /// <summary>Runs of the part with another protocol.</summary>
    internal int LeftOut { get; }

    /// <summary>Students that diverged, over all cells.</summary>
    internal int Diverged { get; private set; }

    /// <summary>Students of teachers none of whose boundaries the evaluation data cross, over all cells: nothing can be said of them.</summary>
    internal int Blind { get; private set; }

    /// <summary>All cells with rows at the last epoch, strong decay and wide students last.</summary>
    internal IReadOnlyList<Cell> Cells => [.. _evaluations.Keys.Where(key => key.Epoch == LastEpoch).Select(key => key.Cell)
        .OrderBy(cell => cell.FanOutDecay).ThenBy(cell => cell.OverRealization).ThenBy(cell => cell.Samples).ThenBy(cell => cell.Set)];

    /// <summary>What the runs recorded of a part, or null where no run holds it.</summary>
    internal static Evidence? Of(IReadOnlyList<RunRecord> runs, string part)
    {
        if (PooledRuns<SpecializationConfig>.Of(runs, PartNames.Evaluations(part), config => Protocol(config, part)) is not { } pooled)
            return null;
        var (epochs, early) = Epochs(pooled.Config, part);
        var evidence = new Evidence(pooled, epochs, early);
        foreach (var run in pooled.Runs)
            evidence.Take(run, part);
        return evidence;
    }

    /// <summary>The rows of a cell at an epoch by seed, without diverged students.</summary>
    internal IReadOnlyDictionary<SeedId, EvaluationRow> At(Cell cell, int epoch)
        => _evaluations.TryGetValue((cell, epoch), out var rows) ? rows : new SortedDictionary<SeedId, EvaluationRow>();

    /// <summary>The teacher nodes of a cell at an epoch by seed and index.</summary>
    internal IReadOnlyDictionary<SeedId, SortedDictionary<int, NodeRow>> Nodes(Cell cell, int epoch)
        => _nodes.TryGetValue((cell, epoch), out var rows) ? rows : new SortedDictionary<SeedId, SortedDictionary<int, NodeRow>>();

    /// <summary>What was measured along teacher boundaries at the end, by seed and in the order of recording.</summary>
    internal IReadOnlyList<IReadOnlyList<CertificateRow>> Certificates()
        => [.. _certificates.GroupBy(item => item.Key.Seed, item => item.Value).OrderBy(seed => seed.Key).Select(seed => seed.ToArray())];

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
        PartNames.TwoLayer => (config.TwoLayer.Training.Epochs, config.TwoLayer.Measures.EarlyEpoch),
        PartNames.Dynamics => (config.Dynamics.Training.Epochs, config.Dynamics.Measures.EarlyEpoch),
        PartNames.Samples => (config.Samples.Training.Epochs, config.Samples.Measures.EarlyEpoch),
        _ when IsOptimizers(part) => (config.Optimizers.Epochs, 0),
        _ when IsLeaky(part) => (config.Leaky.Training.Epochs, config.Leaky.Measures.EarlyEpoch),
        _ => (config.Boundaries.Training.Epochs, 0),
    };

    /// <summary>What must agree for runs to be pooled: everything of the part but its seeds and its grids.</summary>
    private static SpecializationConfig Protocol(SpecializationConfig config, string part)
    {
        var shared = Protocols.Shared(config);
        return part switch
        {
            PartNames.TwoLayer => shared with { TwoLayer = Without(config.TwoLayer) },
            PartNames.Dynamics => shared with { Dynamics = Without(config.Dynamics) },
            PartNames.Samples => shared with
            {
                Samples = config.Samples with
                {
                    Seeds = 0,
                    Teacher = Without(config.Samples.Teacher),
                    Student = OfStep(config.Samples),
                    Measures = Without(config.Samples.Measures),
                    Data = config.Samples.Data with { Samples = [], Sets = [] },
                },
            },
            _ when IsOptimizers(part) => shared with
            {
                Optimizers = config.Optimizers with { Seeds = 0, Rules = [], LearningRates = Rate(config.Optimizers, part), Teacher = Without(config.Optimizers.Teacher), Student = Without(config.Optimizers.Student) },
            },
            _ when IsLeaky(part) => shared with
            {
                Slope = 0,
                Leaky = config.Leaky with { Slopes = [], Seeds = 0, Measures = Without(config.Leaky.Measures), Teacher = Without(config.Leaky.Teacher), Student = Without(config.Leaky.Student) },
            },
            _ => shared with
            {
                Boundaries = config.Boundaries with { Seeds = 0, Shown = [], Teacher = Without(config.Boundaries.Teacher), Student = Without(config.Boundaries.Student) },
            },
        };
    }

    private static bool IsLeaky(string part) => part.StartsWith(PartNames.Leaky + "-", StringComparison.Ordinal);

    private static bool IsOptimizers(string part) => part.StartsWith(PartNames.Optimizers + "-", StringComparison.Ordinal);

    private static RecoveryConfig Without(RecoveryConfig part) => part with
    {
        Seeds = 0,
        Teacher = Without(part.Teacher),
        Student = Without(part.Student),
        Measures = Without(part.Measures),
    };

    /// <summary>What is saved changes nothing that is measured.</summary>
    private static MeasuresConfig Without(MeasuresConfig measures) => measures with { Matrices = false, Curvature = 0 };

    /// <summary>Steps of the order of the theorem depend on the widest student.</summary>
    private static StudentConfig OfStep(SamplesConfig part) => part.Data.Augmentation.Step == AugmentationStep.Order
        ? part.Student with { OverRealization = [part.Student.OverRealization.DefaultIfEmpty().Max()] } : Without(part.Student);

    /// <summary>The learning rate of the one rule that a part is.</summary>
    private static double[] Rate(OptimizersConfig part, string name)
        => [.. part.Rules.Zip(part.LearningRates).Where(rule => PartNames.OptimizersAt(rule.First) == name).Select(rule => rule.Second)];

    private static StudentConfig Without(StudentConfig student) => student with { OverRealization = [] };

    private static TeacherConfig Without(TeacherConfig teacher) => teacher with { FanOutDecay = [] };

    private void Take(RunRecord run, string part)
    {
        foreach (var row in run.Table<EvaluationRow>($"{part}.evaluations"))
        {
            if (row.Diverged)
                Diverged += row.Epoch == LastEpoch ? 1 : 0;
            else if (double.IsNaN(row.MeanBest))
                Blind += row.Epoch == LastEpoch ? 1 : 0;
            else
                Add(_evaluations, (row.Cell, row.Epoch)).TryAdd(new SeedId(run.Config.Seed, row.Seed), row);
        }

        foreach (var row in run.Table<CertificateRow>($"{part}.certificates"))
            _certificates.TryAdd((row.Cell, new SeedId(run.Config.Seed, row.Seed), row.Node), row);
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
            table.Add(key, rows = new SortedDictionary<SeedId, T>());
        return rows;
    }
}
