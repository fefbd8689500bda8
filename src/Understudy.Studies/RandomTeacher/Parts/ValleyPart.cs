using Understudy.Lab.Runs;
using Understudy.Learning.Curvature;
using Understudy.Learning.Distillation;
using Understudy.Learning.Landscape;
using Understudy.Learning.Losses;

namespace Understudy.Studies.RandomTeacher.Parts;

/// <summary>The loss along the line from teacher to student, along a random one, and on a plane, of a network in which student and teacher are one function of their parameters.</summary>
internal sealed class ValleyPart(RandomTeacherConfig config) : ConditionsPart(config, RandomTeacherPart.Valley, All(config), config.Valley.Steps)
{
    /// <summary>t of the line; fine near the teacher, where the barrier is.</summary>
    internal static readonly double[] Positions = [-1, -0.75, -0.5, -0.25, -0.1, -0.05, 0, 0.01, 0.02, 0.05, 0.1, 0.25, 0.5, 0.75, 1];

    /// <summary>t of the random direction.</summary>
    internal static readonly double[] RandomPositions = [-1, -0.5, -0.25, -0.1, 0, 0.1, 0.25, 0.5, 1];

    private const int BatchRows = 125;

    private const double KeepSeconds = 0.1;

    // the plane reaches a quarter beyond teacher and students
    private const double Beyond = 0.25;

    private double PointSeconds => CostModel.Double * CostModel.Pass(Network, 1);

    private double SegmentSeconds => (PointSeconds * Config.Valley.Images * (Positions.Length + RandomPositions.Length)) + (2 * ProbeSeconds(Conditions[0]));

    private double PlaneSeconds => PointSeconds * Config.Valley.PlaneImages * Config.Valley.Plane * Config.Valley.Plane;

    /// <inheritdoc/>
    protected override double FurtherSeconds => (Config.Seeds * SegmentSeconds) + PlaneSeconds + (Config.Valley.Keep ? KeepSeconds : 0);

    /// <inheritdoc/>
    protected override IEnumerable<MeasuringTask> FurtherTasks(Distillation training, Probing probing, Pictures pictures, RunContext run)
    {
        if (Config.Valley.Keep)
        {
            yield return new MeasuringTask(Config.Valley.Steps, "keeping students", KeepSeconds, (step, _) =>
            {
                foreach (var student in training.Students)
                    Keeping.Save(Name, student, step, run);
                foreach (var student in training.Students.Where(student => student.Condition == Conditions[0]))
                    Keeping.SaveTeacher(Name, student, step, run);
                Keeping.SaveImages(Name, pictures, step, run);
                return [];
            });
        }

        foreach (var student in training.Students.Where(student => student.Condition.Name == PartNames.Images))
        {
            yield return new MeasuringTask(Config.Valley.Steps, $"line from teacher to student, seed {student.Seed}", SegmentSeconds, (step, cancellation) =>
            {
                var row = Segment(student, probing, pictures, run, cancellation) with { Step = step };
                run.Record($"{Name}.segment", row);
                return [("KL behind", row.At(-0.25)), ("ahead", row.At(0.25))];
            });
        }

        if (Config.Valley.Plane > 0)
        {
            yield return new MeasuringTask(Config.Valley.Steps, "plane", PlaneSeconds, (step, cancellation) =>
            {
                var near = training.Students.First(student => student.Condition.Name == PartNames.Images);
                var far = training.Students.First(student => student.Condition.Name == PartNames.Far);
                run.Record($"{Name}.plane", Plane(near, far, pictures, run, cancellation) with { Step = step });
                return [];
            });
        }
    }

    private static IReadOnlyList<Condition> All(RandomTeacherConfig config)
    {
        var images = Condition.Of(config, PartNames.Images, config.Valley.Normalization);
        return [images with { Moments = config.Valley.Keep ? config.Valley.KeptMoments : [] }, .. config.Valley.Plane > 0 ? [images with { Name = PartNames.Far, Alpha = 1 }] : Array.Empty<Condition>()];
    }

    private SegmentRow Segment(Student student, Probing probing, Pictures pictures, RunContext run, CancellationToken cancellation)
    {
        var (teacher, parameters) = (student.Teacher, student.Parameters());
        double[] ahead = [.. parameters.Zip(teacher, (to, from) => to - from)];
        var random = RandomMove.Of(student.Network.Layout, teacher, parameters, slot => run.Random($"{Purposes.Kick}/{slot}", student.Seed));
        using var evaluator = Evaluator(student.Network, teacher, pictures, Config.Valley.Images, run, cancellation);
        double[] Along(double[] direction, double[] positions)
            => [.. evaluator.At(positions.Length, (i, into) => Point(teacher, direction, positions[i], into), cancellation: cancellation).Select(point => point.Loss)];
        double Ridge(double position)
        {
            var point = new double[teacher.Length];
            Point(teacher, ahead, position, point);
            return probing.Ridge(student.Network.Encoder, student.Network.EncoderPart(point), cancellation);
        }

        return new SegmentRow(
            student.Seed, 0, Positions, Along(ahead, Positions), RandomPositions, Along(random, RandomPositions), Distances.Between(parameters, teacher), Distances.Norm(teacher), Ridge(1), Ridge(-1));
    }

    private PlaneRow Plane(Student near, Student far, Pictures pictures, RunContext run, CancellationToken cancellation)
    {
        var teacher = near.Teacher;
        var plane = new ParameterPlane(teacher, [.. near.Parameters().Zip(teacher, (to, from) => to - from)], [.. far.Parameters().Zip(teacher, (to, from) => to - from)]);
        var count = Config.Valley.Plane;
        double[] places = [.. Enumerable.Range(0, count).Select(i => -Beyond + ((1 + (2 * Beyond)) * i / (count - 1)))];
        using var evaluator = Evaluator(near.Network, teacher, pictures, Config.Valley.PlaneImages, run, cancellation);
        var norms = new double[count * count];
        var losses = evaluator.At(count * count, (i, into) =>
        {
            plane.Point([places[i % count], places[i / count]], into);
            norms[i] = Distances.Norm(into);
        }, cancellation: cancellation);
        return new PlaneRow(near.Seed, 0, places, places, [.. losses.Select(point => point.Loss)], norms, plane.Coordinates(far.Start));
    }

    /// <summary>KL of the teacher's outputs to those of a point, over the first training images.</summary>
    internal static LossEvaluator Evaluator(ProjectedEncoder network, double[] teacher, Pictures pictures, int images, RunContext run, CancellationToken cancellation)
    {
        var inputs = new double[images * pictures.Train.Features];
        for (var i = 0; i < inputs.Length; i++)
            inputs[i] = pictures.Train.Values[i];
        var outputs = NetworkOutputs.Of(network, inputs, teacher, new OutputOptions { BatchRows = BatchRows, Team = run.Team }, cancellation);
        return new LossEvaluator(network, OutputLoss.Distillation(1), new ExampleSet(inputs, outputs, images), run.Team, BatchRows);
    }

    /// <summary>θ + t·direction.</summary>
    internal static void Point(double[] from, double[] direction, double position, Span<double> into)
    {
        for (var i = 0; i < from.Length; i++)
            into[i] = from[i] + (position * direction[i]);
    }
}
