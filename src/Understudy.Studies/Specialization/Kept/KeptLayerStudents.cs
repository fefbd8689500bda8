using Understudy.Lab.Runs;
using Understudy.Learning.Curvature;
using Understudy.Learning.Losses;
using Understudy.Studies.Kept;
using Understudy.Studies.Specialization.Experiments;

namespace Understudy.Studies.Specialization.Kept;

/// <summary>Students with several hidden layers, with the outputs of their teachers, or the largest of them as a class.</summary>
internal sealed class KeptLayerStudents
{
    private readonly MultiLayerPlan _plan;
    private readonly SpecializationConfig _config;
    private readonly RecordedRun _run;
    private readonly Func<int, LayerSeed> _seeds;
    private readonly Lazy<IReadOnlyList<LayerRow>> _rows;

    private KeptLayerStudents(RecordedRun run, RunContext context)
    {
        (_run, _config) = (run, (SpecializationConfig)run.Config);
        (_plan, var part, var drawn) = (new MultiLayerPlan(_config), _config.MultiLayer, new Dictionary<int, LayerSeed>());
        var given = new Lazy<double[]?>(() => part.Networks.TeacherFile.Length == 0 ? null : TeacherFile.Load(part.Networks, _plan.Teacher));
        _seeds = seed => drawn.TryGetValue(seed, out var own) ? own : drawn[seed] = new LayerSeed(_plan, part, given.Value, context, seed);
        _rows = new(() => run.Table<LayerRow>(PartNames.Evaluations(PartNames.MultiLayer)));
    }

    private static string Array => $"{PartNames.MultiLayer}.weights";

    internal static IEnumerable<KeptNetwork> Of(RecordedRun run, RunContext context)
    {
        var ticks = run.Steps(Array);
        if (ticks.Count == 0)
            return [];
        var kept = new KeptLayerStudents(run, context);
        return kept._plan.Cells.Select(cell => kept.Of(cell, ticks));
    }

    private KeptNetwork Of(LayerCell cell, IReadOnlyList<long> ticks)
    {
        var isClass = cell.Objective == DistillationLoss.CrossEntropy;
        var network = _plan.Network(cell.OverRealization);
        var tensors = MultiLayerExperiment.Named(cell);
        // files are named by the tick, which is the same for cells that take different numbers of steps
        var steps = ticks.ToDictionary(tick => _plan.Step(cell, (int)tick));
        return new KeptNetwork($"{PartNames.MultiLayer}.{tensors}", _plan.Seeds, [.. steps.Keys.Order()], isClass ? OutputLoss.CrossEntropy : OutputLoss.MeanSquared)
        {
            Sets = [KeptNetwork.Training, SpecializationNetworks.Evaluation],
            Point = (seed, step) =>
            {
                var file = StackFile.Open(_run, Array, steps[step]);
                return new KeptPoint(network, file.Parameters(tensors, network.Layout, seed), file.Path, $"{tensors}, {seed}");
            },
            Examples = (seed, set) => Examples(cell, _seeds(seed), set, isClass),
            // before the end evaluations are over fewer samples
            Recorded = (seed, step, set) => _rows.Value.FirstOrDefault(row => row.Seed == seed && row.Step == step && row.Cell == cell) is { Diverged: false } row && steps[step] == _plan.Ticks
                ? set == KeptNetwork.Training ? row.TrainLoss : row.Loss
                : null,
        };
    }

    private ExampleSet Examples(LayerCell cell, LayerSeed seed, string set, bool isClass)
    {
        var (d, outputs, isTraining) = (_plan.Teacher.Widths[0], _plan.Teacher.Widths[^1], set == KeptNetwork.Training);
        var count = isTraining ? cell.Samples : _config.MultiLayer.Measures.Evaluation;
        var inputs = (isTraining ? seed.Training : seed.Evaluation).AsSpan(0, count * d);
        var targets = isTraining ? seed.Targets.AsSpan(0, count * outputs) : LayeredNetworks.Outputs(_plan.Teacher, seed.Teacher, inputs);
        return SpecializationNetworks.Examples(inputs, isClass ? LayeredNetworks.Classes(targets, outputs) : targets, count);
    }
}
