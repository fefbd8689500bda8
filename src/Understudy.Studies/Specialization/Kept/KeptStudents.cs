using Understudy.Data;
using Understudy.Lab.Runs;
using Understudy.Learning.Losses;
using Understudy.Studies.Kept;
using Understudy.Studies.Specialization.Experiments;
using Understudy.Studies.Specialization.Parts;

namespace Understudy.Studies.Specialization.Kept;

/// <summary>Two-layer students of a part, with what their teachers say of the inputs that the run drew.</summary>
/// <remarks>The loss is half the squared error, summed over outputs, which was descended; the one that was recorded is a mean over outputs, without the half.</remarks>
internal sealed class KeptStudents
{
    private readonly ExperimentPlan _plan;
    private readonly RecordedRun _run;
    private readonly Lazy<SeedSets> _sets;
    private readonly Lazy<IReadOnlyList<EvaluationRow>> _rows;

    private KeptStudents(ExperimentPlan plan, RecordedRun run, RunContext context, SharedInputs inputs)
    {
        (_plan, _run) = (plan, run);
        _sets = new(() =>
        {
            var source = inputs.Of(plan, CancellationToken.None);
            return new SeedSets(plan, source, ((SpecializationConfig)run.Config).Data.Deviation, plan.ReadTeacher(source.Dimension), context);
        });
        _rows = new(() => run.Table<EvaluationRow>(PartNames.Evaluations(plan.Part)));
    }

    private string Array => $"{_plan.Part}.weights";

    /// <summary>The students of every cell of a plan, one per seed.</summary>
    internal static IEnumerable<KeptNetwork> Of(ExperimentPlan plan, RecordedRun run, RunContext context, SharedInputs inputs)
    {
        var kept = new KeptStudents(plan, run, context, inputs);
        var steps = run.Steps(kept.Array);
        return steps.Count == 0 ? [] : plan.Student.OverRealization.SelectMany(plan.Cells).Select(cell => kept.Of(cell, steps));
    }

    private KeptNetwork Of(Cell cell, IReadOnlyList<long> steps) => new(Name(cell), _plan.Seeds, steps, OutputLoss.HalfSquared)
    {
        Sets = [KeptNetwork.Training, SpecializationNetworks.Evaluation],
        Point = (seed, step) => Point(cell, seed, step),
        Examples = (seed, set) =>
        {
            var samples = set == KeptNetwork.Training ? _sets.Value.Training(seed, cell) : _sets.Value.Evaluation(seed, cell);
            return SpecializationNetworks.Examples(samples.Inputs, samples.Targets, samples.Count);
        },
        Recorded = (seed, step, set) => _rows.Value.FirstOrDefault(row => row.Seed == seed && row.Step == step && row.Cell == cell) is { Diverged: false } row
            ? _plan.Teacher.Outputs / 2.0 * (set == KeptNetwork.Training ? row.TrainLoss : row.Loss)
            : null,
    };

    /// <summary>The part and the width, and whatever else differs among its students.</summary>
    private string Name(Cell cell)
    {
        var name = FormattableString.Invariant($"{_plan.Part}.r{cell.OverRealization}");
        if (_plan.Teacher.FanOutDecay.Count > 1)
            name += FormattableString.Invariant($".p{cell.FanOutDecay}");
        if (_plan.Sets.Select(set => set.Samples).Distinct().Count() > 1)
            name += FormattableString.Invariant($".n{cell.Samples}");
        return _plan.Sets.Select(set => set.Set).Distinct().Count() > 1 ? $"{name}.{Word(cell.Set)}" : name;
    }

    private static string Word(TrainingSet set) => set switch
    {
        TrainingSet.TeacherAware => "teacher-aware",
        TrainingSet.TeacherAgnostic => "teacher-agnostic",
        _ => set.ToString().ToLowerInvariant(),
    };

    private KeptPoint Point(Cell cell, int seed, long step)
    {
        var file = StackFile.Open(_run, Array, step);
        var first = _plan.Cells(_plan.Student.OverRealization[0]).First();
        if (!IsSame(Read(file, "teacher", _sets.Value.Teacher(seed, first), seed), _sets.Value.Teacher(seed, first)))
        {
            throw new UnreadableFileException(
                file.Path, $"the teacher of seed {seed} that the settings of the run give is not the one it kept: its settings, its teacher file or its files were changed, or another version drew it ({_run.Run.Version}); run it again");
        }

        var teacher = _sets.Value.Teacher(seed, cell);
        var shape = new TwoLayerNetwork(teacher.Inputs, InitialStudent.Nodes(cell.OverRealization, teacher.Nodes), teacher.Outputs, _plan.Student.ToActivation(teacher.Activation));
        var (name, index) = (FormattableString.Invariant($"r{cell.OverRealization}"), (_plan.Cells(cell.OverRealization).ToList().IndexOf(cell) * _plan.Seeds) + seed);
        var student = Read(file, name, shape, index);
        return new KeptPoint(student.Shape(), student.ToFlat(), file.Path, $"{name}, {index}");
    }

    /// <summary>As <see cref="Recorder"/> writes them: output weights are [outputs, nodes].</summary>
    private static TwoLayerNetwork Read(StackFile file, string name, TwoLayerNetwork shape, int index)
    {
        var network = new TwoLayerNetwork(shape.Inputs, shape.Nodes, shape.Outputs, shape.Activation);
        file.Entry($"{name}.hidden.weight", index, shape.Nodes, shape.Inputs).CopyTo(network.Weights, 0);
        file.Entry($"{name}.hidden.bias", index, shape.Nodes).CopyTo(network.Biases, 0);
        file.Entry($"{name}.output.bias", index, shape.Outputs).CopyTo(network.OutputBiases, 0);
        var output = file.Entry($"{name}.output.weight", index, shape.Outputs, shape.Nodes);
        for (var k = 0; k < shape.Nodes; k++)
        {
            for (var c = 0; c < shape.Outputs; c++)
                network.FanOut(k)[c] = output[(c * shape.Nodes) + k];
        }

        return network;
    }

    /// <summary>Whether a kept network is a drawn one in single precision.</summary>
    private static bool IsSame(TwoLayerNetwork kept, TwoLayerNetwork drawn) => kept.ToFlat().Zip(drawn.ToFlat()).All(pair => pair.First.Equals((float)pair.Second));
}
