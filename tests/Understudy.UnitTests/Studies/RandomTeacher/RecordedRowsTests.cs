using System.Reflection;
using Understudy.Engine.Threading;
using Understudy.Learning.Curvature;
using Understudy.Learning.Distillation;
using Understudy.Learning.Losses;
using Understudy.Learning.Networks;
using Understudy.Studies.RandomTeacher;
using Understudy.Studies.RandomTeacher.Parts;

namespace Understudy.UnitTests.Studies.RandomTeachers;

/// <summary>What rows hold; of a student while it is trained against naive computations from the networks that were kept.</summary>
public sealed class RecordedRowsTests
{
    [Theory]
    [InlineData("batch", "images")]
    [InlineData("batch", "far")]
    [InlineData("none", "noise")]
    public void The_last_glance_is_what_naive_sums_over_the_kept_student_give(string normalization, string condition)
    {
        var run = MemoryRun.Of(MadeUp.Study, ["@smoke", "seeds=1", "parts=[distillation]", $"network.normalization={normalization}"]);
        var config = (RandomTeacherConfig)run.Recorded().Config;
        var row = run.Recorded().Table<TrainingRow>("distillation.training").Single(one => one.Condition == condition && one.TrainingSteps == config.Training.Steps);
        using var team = new Team(2);
        var context = new MemoryRun(config, team);
        var (pictures, teachers) = (Pictures.Load(config.Data, context), new Teachers(Condition.Build(config.Network, Pictures.Shape(config.Data)), config, context));
        var network = teachers.Network;
        var (student, evaluated) = Kept(run, network, condition);
        var (teacher, start) = (teachers.Parameters(0), teachers.Start(0, condition == "far" ? 1 : config.Training.Alpha));

        double[][] Outputs(ProjectedEncoder of, double[] parameters)
            => [.. NetworkOutputs.Of(of, pictures.Train.Values, parameters, Teachers.Passes(config.Training, context), TestContext.Current.CancellationToken).Chunk(network.Outputs)];
        var (asked, answered) = (Outputs(teachers.Evaluated(0), teacher), Outputs(evaluated, student));
        Assert.Equal(80, asked.Length);
        // passes in single precision are the same ones, up to the layer that they are read at
        Assert.Equal(asked.Average(Entropy), row.TeacherEntropy, 1e-6);
        Assert.Equal(answered.Average(Entropy), row.Entropy, 1e-6);
        Assert.Equal(100 * asked.Zip(answered, (p, q) => Array.IndexOf(p, p.Max()) == Array.IndexOf(q, q.Max()) ? 1.0 : 0).Average(), row.Agreement, 1e-9);
        var encoder = network.Encoder.Layout.Count;
        Assert.Equal(Length(student), row.Norm, 1e-12 * row.Norm);
        Assert.Equal(Length(student[..encoder]), row.EncoderNorm, 1e-12 * row.Norm);
        Assert.Equal(Length(student[encoder..]), row.HeadNorm, 1e-12 * row.Norm);
        Assert.Equal(Cosine([.. student.Zip(start, (now, then) => now - then)], start), row.StartCosine, 1e-12);

        // along the way to the teacher the loss changes as the cosine says
        double[] inputs = [.. pictures.Train.Values.ToArray().Select(value => (double)value)];
        using var curvature = new NetworkCurvature(evaluated, OutputLoss.Distillation(1), new ExampleSet(inputs, [.. asked.SelectMany(output => output)], 80), student, new CurvatureOptions());
        double[] way = [.. teacher.Zip(student, (to, from) => to - from)];
        Assert.Equal(Cosine(curvature.Gradient(out _), way), row.GradientCosine, 1e-5);
        double Loss(double step) => asked.Zip(
            NetworkOutputs.Of(evaluated, inputs, [.. student.Zip(way, (at, along) => at + (step * along))], null, TestContext.Current.CancellationToken).Chunk(network.Outputs), (p, q) => OutputDivergence.Of(p, q)).Average();
        const double Step = 1e-5;
        Assert.Equal((Loss(Step) - Loss(-Step)) / (2 * Step), row.GradientCosine * Length(curvature.Gradient(out _)) * Length(way), 1e-3 * Length(curvature.Gradient(out _)) * Length(way));
        Assert.InRange(row.GradientCosine, -1, 1);
    }

    [Fact]
    public void Rows_have_no_member_that_their_tables_lack()
    {
        var rows = typeof(ProbeRow).Assembly.GetTypes().Where(type => type.Namespace == typeof(ProbeRow).Namespace && type.Name.EndsWith("Row", StringComparison.Ordinal)).ToArray();

        Assert.Contains(typeof(ProbeRow), rows);
        Assert.All(rows, row => Assert.DoesNotContain(
            row.GetProperties(BindingFlags.Instance | BindingFlags.NonPublic), property => property.Name != "EqualityContract"));
    }

    [Fact]
    public void A_student_that_has_not_moved_from_its_start_has_no_direction()
    {
        Assert.Equal(0, Distances.Cosine([0, 0], [1, 2]));
        Assert.Equal(-1, Distances.Cosine([1, 2], [-2, -4]), 1e-15);
        Assert.Equal([1, -3], Distances.Difference([3, 1], [2, 4]));
    }

    private static (double[] Parameters, ProjectedEncoder Evaluated) Kept(MemoryRun run, ProjectedEncoder network, string condition)
    {
        var encoder = run.Saved.Single(item => item.Key.Name == $"distillation.student-{condition}-0").Value.ToDictionary(tensor => tensor.Name);
        var head = run.Saved.Single(item => item.Key.Name == $"distillation.head-{condition}-0").Value;
        double[] parameters = [.. NetworkTensors.Parameters(network.Encoder, encoder, "encoder"), .. head.SelectMany(tensor => tensor.Floats.ToArray().Select(value => (double)value))];
        return (parameters, network.InEvaluationMode(NetworkTensors.Statistics(network.Encoder, encoder, "encoder")));
    }

    private static double Entropy(double[] outputs)
    {
        double[] powers = [.. outputs.Select(value => Math.Exp(value - outputs.Max()))];
        return -powers.Sum(power => power / powers.Sum() * Math.Log(power / powers.Sum()));
    }

    private static double Length(double[] values) => Math.Sqrt(values.Sum(value => value * value));

    private static double Cosine(double[] a, double[] b) => a.Zip(b, (x, y) => x * y).Sum() / Length(a) / Length(b);
}
