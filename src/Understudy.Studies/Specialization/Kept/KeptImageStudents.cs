using Understudy.Lab.Runs;
using Understudy.Learning.Curvature;
using Understudy.Learning.Losses;
using Understudy.Studies.Kept;
using Understudy.Studies.Specialization.Experiments;

namespace Understudy.Studies.Specialization.Kept;

/// <summary>Convolutional students of part images, with what their teachers say of the images.</summary>
/// <remarks>In evaluation mode: the statistics of batch normalizations are part of the parameters that were kept (<see cref="ChannelNetworks.Folded"/>).</remarks>
internal sealed class KeptImageStudents
{
    private const string Test = "test";

    private readonly ImagesPlan _plan;
    private readonly SpecializationConfig _config;
    private readonly RecordedRun _run;
    private readonly Lazy<ImagePixels> _pixels;
    private readonly Lazy<IReadOnlyList<ChannelLayerRow>> _rows;

    private KeptImageStudents(RecordedRun run, RunContext context)
    {
        (_run, _config) = (run, (SpecializationConfig)run.Config);
        _plan = new ImagesPlan(_config);
        _pixels = new(() => ImagePixels.Load(_config.Images, context));
        _rows = new(() => run.Table<ChannelLayerRow>(PartNames.Evaluations(PartNames.Images)));
    }

    private static string Array => $"{PartNames.Images}.weights";

    private bool IsClass => _config.Images.Students.Loss == DistillationLoss.CrossEntropy;

    internal static IEnumerable<KeptNetwork> Of(RecordedRun run, RunContext context)
    {
        var steps = run.Steps(Array);
        if (steps.Count == 0)
            return [];
        var kept = new KeptImageStudents(run, context);
        return kept._plan.Cells.Select(cell => kept.Of(cell, steps));
    }

    private KeptNetwork Of(ImageCell cell, IReadOnlyList<long> steps)
    {
        var network = _plan.Network(_plan.Widths(cell)).InEvaluationMode();
        var tensors = StudentStage.Tensors(cell);
        return new KeptNetwork($"{PartNames.Images}.{tensors["student.".Length..]}", _plan.Seeds, steps, IsClass ? OutputLoss.CrossEntropy : OutputLoss.MeanSquared)
        {
            Sets = [KeptNetwork.Training, Test],
            Point = (seed, step) =>
            {
                var file = StackFile.Open(_run, Array, step);
                return new KeptPoint(network, file.Parameters(tensors, network.Layout, seed), file.Path, $"{tensors}, {seed}");
            },
            Examples = (seed, set) => Examples(cell, seed, set == Test ? _pixels.Value.Test : _pixels.Value.Training, steps[^1]),
            Recorded = (seed, step, set) => set == Test && _rows.Value.FirstOrDefault(row => row.Seed == seed && row.Step == step && row.Cell == cell) is { Diverged: false } row ? row.Loss : null,
        };
    }

    private ExampleSet Examples(ImageCell cell, int seed, ImageRows images, long step)
    {
        var teacher = _plan.Network(_plan.Widths(cell.Teacher));
        using var pass = new ChannelPass(teacher, keepsChannels: false);
        pass.SetParameters(StackFile.Open(_run, Array, step).Parameters($"teacher.{ChannelTeachers.Word(cell.Teacher)}", teacher.Layout, _plan.TeacherOf(seed)));
        var outputs = pass.Outputs(images.Pixels);
        return SpecializationNetworks.Examples(images.Pixels, IsClass ? LayeredNetworks.Classes(outputs, teacher.Outputs) : outputs, images.Count);
    }
}
