using Understudy.Engine.Threading;
using Understudy.Lab.Configuration;
using Understudy.Lab.Runs;
using Understudy.Learning.Curvature;
using Understudy.Learning.Distillation;
using Understudy.Studies.RandomTeacher;
using Understudy.Studies.RandomTeacher.FollowUps;

namespace Understudy.UnitTests.Studies.RandomTeachers;

/// <summary>Runs whose heads have batch normalization: kept, read again and followed up.</summary>
public sealed class NormalizedHeadRunTests(SmokeRuns runs)
{
    private static readonly RandomTeacherStudy Study = new();

    [Theory]
    [InlineData("batch")]
    [InlineData("none")]
    public void Kept_students_have_the_statistics_of_their_heads(string normalization)
    {
        using var team = new Team(2);
        var (directory, run) = Finished(team, "network.normalizedHead=true", $"network.normalization={normalization}", "parts=[distillation,restart]");
        var (record, cancellation) = (RecordedRun.Open(Study, directory), TestContext.Current.CancellationToken);
        var images = run.Pictures.Train.Values.ToArray();

        var row = record.Table<TrainingRow>("distillation.training").Single(row => row.Condition == "images" && row.Seed == 1 && row.TrainingSteps == 8);
        var (statistics, outputs) = (run.Statistics("images", 1)!, run.Network.Outputs);
        double[] Outputs(ProjectedEncoder evaluated, string word) => NetworkOutputs.Of(evaluated, images, run.Parameters(word, 1), cancellation: cancellation);
        var (own, teachers) = (Outputs(run.Network.InEvaluationMode(statistics), "images"), Outputs(run.Network.InEvaluationMode(), "teacher"));
        double Divergence(double[] student) => Enumerable.Range(0, 80).Average(image => OutputDivergence.Of(teachers.AsSpan(image * outputs, outputs), student.AsSpan(image * outputs, outputs)));

        Assert.Equal(normalization == "batch" ? 3 : 1, statistics.Count);
        Assert.Equal(8, statistics[^1].Mean.Length);
        // a glance sees all 80 images, in single precision
        Assert.Equal(row.Divergence, Divergence(own), 1e-4 * row.Divergence);
        Assert.NotEqual(row.Divergence, Divergence(Outputs(run.Network.InEvaluationMode([.. run.Network.EncoderPart(statistics), new(new double[8], [.. Enumerable.Repeat(1.0, 8)])]), "images")), 1e-3 * row.Divergence);

        var restart = RestartFollowUp.Of(run, new RestartOptions(), cancellation: cancellation);
        Assert.Equal(record.Table<TrainingRow>("restart-again.training"), restart.Training);
        var least = CurvatureFollowUp.Of(run, new StudentCurvatureOptions { Seed = 1, Top = 1, Images = 20 }, cancellation: cancellation);
        Assert.Equal(0, least.AtTeacher.Divergence, 1e-15);
        var segment = SegmentFollowUp.Of(run, new SegmentOptions { Points = 2, To = 1, Probes = LandscapeProbes.Ridge, Images = 40 }, cancellation: cancellation);
        Assert.True(segment.HasEstimatedStatistics);
        Assert.All(segment.Ahead.Ridge, value => Assert.InRange(value, 0, 100));
    }

    [Fact]
    public void Every_part_that_trains_students_takes_such_heads()
    {
        var run = MemoryRun.Of(Study,
        [
            "@smoke", "seeds=1", "network.normalizedHead=true", "parts=[distillation,layers,controls,targets,bottlenecks,outputs,ladder,connectivity]", "bottlenecks.shapes=[-/lb/fn/wn/l/-,-/-/-/-/l/-]", "outputs.outputs=[2,16]", "ladder.mirror=false",
            "tracking.tables=[vectors,tensors,activations,features]", "tracking.images=4", "connectivity.steps=4", "connectivity.orders=2", "connectivity.positions=3", "connectivity.lineImages=20", "connectivity.training.images=40",
            "connectivity.training.batch=20", "connectivity.training.epochs=1",
        ]).Recorded();

        Assert.Equal(["images", "noise", "far"], run.Table<ProbeRow>("distillation.probes").Where(row => row.Subject == Subject.Student).Select(row => row.Condition));
        Assert.Contains(run.Table<ActivationRow>("distillation.activations"), row => row.Layer.StartsWith("normalization", StringComparison.Ordinal) && row.Place > run.Table<ActivationRow>("distillation.activations").First(one => one.Layer == "embedding").Place);
        Assert.Equal(5, run.Table<ProbeRow>("ladder.probes").Where(row => row.Subject == Subject.Student).Select(row => row.Condition).Distinct().Count());
        Assert.All(new[] { "layers.probes", "controls.probes", "targets.probes", "bottlenecks.probes", "outputs.probes", "connectivity.probes" }, table => Assert.NotEmpty(run.Table<ProbeRow>(table)));
    }

    [Fact]
    public void Byol_and_SimSiam_have_such_heads()
    {
        string[] settings = ["@smoke", "seeds=1", "parts=[ladder]", "ladder.rungs=[dino]", "ladder.mirror=false", "ladder.objective=cosine", "ladder.predictor=[6]", "training.steps=4"];
        foreach (var teacher in new[] { "0.99", "0" })
        {
            double[] Of(string setting) => [.. MemoryRun.Of(Study, [.. settings, $"ladder.teacherMomentum={teacher}", setting]).Recorded().Table<TrainingRow>("ladder.training").Select(row => row.Divergence)];

            var (normalized, plain) = (Of("network.normalizedHead=true"), Of("network.normalizedHead=false"));
            Assert.All(normalized, value => Assert.True(double.IsFinite(value)));
            Assert.NotEqual(plain, normalized);
        }
    }

    private (RunDirectory Directory, FinishedRun Run) Finished(Team team, params string[] settings)
    {
        string[] all = ["@smoke", "distillation.controls=false", "distillation.noise=false", .. settings];
        var directory = RunDirectory.CreateAt(runs.NewPath(), Study, ConfigReader.Read(Study, all), all);
        Assert.Equal(RunStatus.Completed, SmokeRuns.Go(Study, directory));
        return (directory, FinishedRun.Open(directory, RandomTeacherPart.Distillation, team, set => throw new InvalidOperationException(set)));
    }
}
