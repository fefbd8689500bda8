using System.Text.Json;
using Understudy.Data;
using Understudy.Engine.Threading;
using Understudy.Lab.Configuration;
using Understudy.Lab.Runs;
using Understudy.Studies.RandomTeacher;
using Understudy.Studies.RandomTeacher.FollowUps;
using Understudy.UnitTests.Lab;

namespace Understudy.UnitTests.Studies.RandomTeachers;

/// <summary>Follow-ups that start from kept students, against what the parts of a run recorded of students of their own.</summary>
public sealed class StartingFollowUpTests(SmokeRuns runs)
{
    private static readonly RandomTeacherStudy Study = new();

    // students of both supervised parts are those of the valley: one network, as many steps
    private static readonly string[] Supervised =
    [
        "@smoke", "parts=[valley,connectivity,tickets]", "connectivity.steps=6", "connectivity.orders=2", "connectivity.positions=3", "connectivity.lineImages=20", "connectivity.training.images=40",
        "connectivity.training.batch=20", "connectivity.training.epochs=2", "tickets.steps=6", "tickets.rounds=5", "tickets.evaluation=1", "tickets.rewind=0.5", "tickets.training.images=40",
        "tickets.training.batch=20", "tickets.training.epochs=2",
    ];

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void Restarting_from_kept_students_gives_the_numbers_of_part_restart(int threads)
    {
        using var team = new Team(threads);
        var found = RestartFollowUp.Of(Whole(team, RandomTeacherPart.Distillation), new RestartOptions(), cancellation: TestContext.Current.CancellationToken);

        var record = RecordedRun.Open(Study, runs.Whole(Study));
        ProbeRow Row(string table, Subject subject, int seed) => record.Table<ProbeRow>(table).Single(row => row.Subject == subject && row.Seed == seed);
        Assert.Equal([0, 1], found.Students.Select(each => each.Seed));
        Assert.All(found.Students, each =>
        {
            var (teacher, first, second) = (Row("restart.probes", Subject.Teacher, each.Seed), Row("restart.probes", Subject.Student, each.Seed), Row("restart-again.probes", Subject.Student, each.Seed));
            Assert.Equal(Numbers(teacher), Numbers(each.Teacher));
            Assert.Equal(Numbers(first), Numbers(each.First));
            Assert.Equal(Numbers(second), Numbers(each.Second));
            Assert.Equal((first.Distance, second.Distance, second.Distance / first.Distance), (each.Way, each.SecondWay, each.WayRatio));
        });
        Assert.Equal(Json(record.Table<TrainingRow>("restart-again.training")), Json(found.Training));
        Assert.Equal(record.Table<TrainingRow>("distillation.training").Count(row => row.Condition == "images"), found.FirstTraining.Count);
        Assert.Contains("means over the seeds of one run, without intervals and without a verdict: for these run part restart", found.Summary);
    }

    [Fact]
    public void One_seed_gives_what_it_gives_among_all_and_steps_are_those_that_are_asked_for()
    {
        using var team = new Team(2);
        var run = Whole(team, RandomTeacherPart.Valley);
        RestartFollowUp Of(int? seed) => RestartFollowUp.Of(run, new RestartOptions { Seed = seed, Student = "far", Steps = 3 }, cancellation: TestContext.Current.CancellationToken);

        var (one, all) = (Of(1), Of(null));

        Assert.Equal(all.Students[1], Assert.Single(one.Students));
        Assert.Equal((6, 3), (one.DistilledSteps.Single(), one.Steps));
        Assert.Equal(3, one.Training.Max(row => row.TrainingSteps));
        // at the start of its second round a student is a ten-thousandth of the way to another draw away from its teacher
        Assert.True(one.Students[0].SecondWay > 0);
    }

    [Fact]
    public void Supervised_trainings_from_kept_students_give_the_numbers_of_part_connectivity()
    {
        using var team = new Team(2);
        var (directory, run) = SupervisedRun(team);
        var record = RecordedRun.Open(Study, directory);

        var found = ConnectivityFollowUp.Of(run, new ConnectivityOptions { Connectivity = run.Config.Connectivity }, cancellation: TestContext.Current.CancellationToken);

        Assert.Equal(Json(record.Table<ErrorsRow>("connectivity-supervised.errors")), Json(found.Errors));
        Assert.Equal(Json(record.Table<InstabilityRow>("connectivity-supervised.lines")), Json(found.Lines));
        Assert.Equal(4, found.Starts.Count);
        Assert.All(found.Starts, each =>
        {
            var (errors, lines) = (found.Errors.Where(row => row.Seed == each.Seed && row.Start == each.Start).ToArray(), found.Lines.Where(row => row.Seed == each.Seed && row.Start == each.Start).ToArray());
            Assert.Equal(errors.Average(row => row.TestErrors[^1]), each.TestError);
            Assert.Equal(lines.Average(row => row.TestErrors.Max() - ((row.TestErrors[0] + row.TestErrors[^1]) / 2)), each.TestBarrier, 1e-9);
            Assert.Equal(lines.Average(row => row.TrainErrors.Max() - ((row.TrainErrors[0] + row.TrainErrors[^1]) / 2)), each.TrainBarrier, 1e-9);
        });
        var alone = ConnectivityFollowUp.Of(run, new ConnectivityOptions { Seed = 1, Connectivity = run.Config.Connectivity }, cancellation: TestContext.Current.CancellationToken);
        Assert.Equal(Json(found.Errors.Where(row => row.Seed == 1)), Json(alone.Errors));
        Assert.Equal(Json(found.Lines.Where(row => row.Seed == 1).Select(row => row with { Step = 0 })), Json(alone.Lines.Select(row => row with { Step = 0 })));
        // another student has another start, and the fresh one of the seed stays
        var far = ConnectivityFollowUp.Of(run, new ConnectivityOptions { Seed = 1, Student = "far", Connectivity = run.Config.Connectivity }, cancellation: TestContext.Current.CancellationToken);
        Assert.Equal(alone.Starts.Single(each => each.Start == StartKind.Fresh), far.Starts.Single(each => each.Start == StartKind.Fresh));
        Assert.NotEqual(Json(alone.Errors.Where(row => row.Start == StartKind.Student)), Json(far.Errors.Where(row => row.Start == StartKind.Student)));
    }

    [Fact]
    public void Tickets_from_kept_students_give_the_numbers_of_part_tickets()
    {
        using var team = new Team(2);
        var (directory, run) = SupervisedRun(team);
        var rows = RecordedRun.Open(Study, directory).Table<TicketRow>("tickets-supervised.rounds");

        var found = TicketsFollowUp.Of(run, new TicketsOptions { Tickets = run.Config.Tickets }, cancellation: TestContext.Current.CancellationToken);

        Assert.Equal(Json(rows), Json(found.Rounds));
        // of five rounds the last two, with 51 and 41 % of the weights, are among those of the claim
        double Lost(StartKind start) => Enumerable.Range(0, 2).Average(seed =>
        {
            var own = rows.Where(row => row.Seed == seed && row.Start == start).OrderBy(row => row.Round).ToArray();
            return own[3..].Average(row => own[0].LastAccuracy - row.LastAccuracy);
        });
        Assert.Equal(Lost(StartKind.Fresh), found.FreshLoss, 1e-9);
        Assert.Equal(Lost(StartKind.Student), found.StudentLoss, 1e-9);
        Assert.Equal(10, found.Table.Rows.Count);
        Assert.Contains("claim C17 is about the start itself, --rewind 0", found.Summary);
        var alone = TicketsFollowUp.Of(run, new TicketsOptions { Seed = 1, Tickets = run.Config.Tickets with { Rounds = 2 } }, cancellation: TestContext.Current.CancellationToken);
        Assert.Equal(Json(rows.Where(row => row.Seed == 1 && row.Round < 2)), Json(alone.Rounds));
        Assert.True(double.IsNaN(alone.FreshLoss));
        Assert.Contains("raise --rounds, to 16 for the range of claim C17", alone.Summary[1], StringComparison.Ordinal);
    }

    [Fact]
    public void Students_of_double_precision_are_kept_as_they_were_trained()
    {
        string[] settings = ["@smoke", "seeds=1", "parts=[valley]", "training.precision=f64"];
        using var team = new Team(2);
        var directory = RunDirectory.CreateAt(runs.NewPath(), Study, ConfigReader.Read(Study, settings), settings);
        Assert.Equal(RunStatus.Completed, SmokeRuns.Go(Study, directory));
        var run = Open(directory, null, team);

        var segment = SegmentFollowUp.Of(run, new SegmentOptions { Points = 2, To = 1, Probes = LandscapeProbes.None }, cancellation: TestContext.Current.CancellationToken);

        var own = run.Segments.Single();
        Assert.Equal(own.Divergences, own.Positions.Select(t => SegmentRow.Value(segment.Positions, segment.Ahead.Train, t)));
        Assert.Contains(run.Parameters("images", 0)[run.Network.Encoder.Layout.Count..], value => value != (float)value);
    }

    [Fact]
    public void Students_with_batch_normalization_are_starts_too()
    {
        using var team = new Team(2);
        var run = Whole(team, RandomTeacherPart.Distillation);
        var usual = ConnectivityFollowUp.Usual(run.Config);

        var found = ConnectivityFollowUp.Of(
            run, new ConnectivityOptions { Seed = 0, Connectivity = usual with { Orders = 2, Positions = 3, Training = usual.Training with { Epochs = 1 } } }, cancellation: TestContext.Current.CancellationToken);

        // no more images than the run has
        Assert.Equal((80, 80), (found.Settings.Training.Images, found.Settings.Training.Batch));
        Assert.Equal((run.Config.Network.Normalization, 8), (found.Settings.Normalization, found.Settings.Steps));
        Assert.Equal(2, found.Lines.Count);
        Assert.All(found.Starts, each => Assert.InRange(each.TestError, 0, 100));
    }

    [Fact]
    public void Transfer_has_what_the_run_recorded_at_home_and_what_probes_find_elsewhere()
    {
        using var folder = new TestFolder();
        Pictured(folder);
        using var team = new Team(2);
        var run = Whole(team, RandomTeacherPart.Distillation);
        var images = ProbeFollowUp.Images(run.Config, ImageSource.Folder, folder.Path, 60, 20);

        var found = TransferFollowUp.Of(run, new TransferOptions { Images = images, Seed = 1 }, cancellation: TestContext.Current.CancellationToken);

        var all = ProbeFollowUp.Of(run, new ProbeOptions { Images = images }, cancellation: TestContext.Current.CancellationToken);
        Assert.Equal(all.Encoders.Where(each => each.Seed is null or 1), found.Elsewhere);
        var recorded = RecordedRun.Open(Study, runs.Whole(Study)).Table<ProbeRow>("distillation.probes");
        Assert.Equal(["pixels", "teacher", "images", "noise", "far"], found.Home.Select(each => each.Network));
        Assert.Equal(Numbers(recorded.Single(row => row.Subject == Subject.Student && row.Condition == "noise" && row.Seed == 1)), Numbers(found.Home[3]));
        Assert.Equal(found.Elsewhere[2].Ridge - found.Elsewhere[1].Ridge, found.Gains.Single(gain => gain.Student == "images").Elsewhere.Ridge);
        Assert.Equal(found.Home[4].Neighbors - found.Home[1].Neighbors, found.Gains.Single(gain => gain.Student == "far").Home.Neighbors);
        Assert.Equal($"{run.Path} was distilled on digits itself\n  take another set, or the task probe for other numbers of its images",
            Assert.Throws<FollowUpException>(() => TransferFollowUp.Of(run, new TransferOptions { Images = run.Config.Data }, cancellation: TestContext.Current.CancellationToken)).Message);
    }

    [Fact]
    public void What_a_run_or_its_settings_do_not_allow_is_told()
    {
        using var team = new Team(1);
        var run = Whole(team, RandomTeacherPart.Valley);
        string Restarting(RestartOptions options) => Assert.Throws<FollowUpException>(() => RestartFollowUp.Of(run, options, cancellation: TestContext.Current.CancellationToken)).Message;
        var usual = ConnectivityFollowUp.Usual(run.Config);
        string Trained(SupervisedConfig training)
            => Assert.Throws<FollowUpException>(() => ConnectivityFollowUp.Of(run, new ConnectivityOptions { Connectivity = usual with { Training = training } }, cancellation: TestContext.Current.CancellationToken)).Message;

        Assert.Equal($"part valley of {run.Path} kept no student noise\n  one of: images, far, images-least-rank, images-largest-loss", Restarting(new RestartOptions { Student = "noise" }));
        Assert.Equal($"{run.Path} has seeds from 0 to 1, not 7", Restarting(new RestartOptions { Seed = 7 }));
        Assert.Equal("training.steps (0) must be at least 1\n  see: understudy help random-teacher", Restarting(new RestartOptions { Steps = 0 }));
        Assert.Equal("connectivity.training.images (81) must be at most data.train (80)\n  see: understudy help random-teacher", Trained(usual.Training with { Images = 81 }));
        Assert.EndsWith("\n  lower --rate", Assert.ThrowsAny<UserException>(() => ConnectivityFollowUp.Of(
            run, new ConnectivityOptions { Connectivity = usual with { Orders = 2, Training = usual.Training with { LearningRate = "1e30", Epochs = 3 } } }, cancellation: TestContext.Current.CancellationToken)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_follow_up_that_is_asked_to_stop_ends_without_a_result()
    {
        using var team = new Team(1);
        var run = Whole(team, RandomTeacherPart.Valley);
        using var source = new CancellationTokenSource();
        var usual = TicketsFollowUp.Usual(run.Config);
        var told = new List<string>();
        var progress = new Told(value =>
        {
            told.Add(value.Stage);
            source.Cancel();
        });

        Assert.Throws<OperationCanceledException>(() => TicketsFollowUp.Of(run, new TicketsOptions { Tickets = usual with { Rounds = 100 } }, progress, source.Token));

        Assert.StartsWith("tickets: round 1 of 100", told[0], StringComparison.Ordinal);
        Assert.InRange(told.Count, 1, 10);
    }

    [Fact]
    public void Time_is_estimated_in_proportion_to_what_is_done()
    {
        using var team = new Team(1);
        var run = Whole(team, RandomTeacherPart.Valley);
        var (orders, rounds) = (ConnectivityFollowUp.Usual(run.Config) with { Positions = 3, LineImages = 1 }, TicketsFollowUp.Usual(run.Config));

        double Orders(int count, int? seed) => ConnectivityFollowUp.Estimate(run, new ConnectivityOptions { Seed = seed, Connectivity = orders with { Orders = count } }).TotalSeconds;
        double Rounds(int count) => TicketsFollowUp.Estimate(run, new TicketsOptions { Tickets = rounds with { Rounds = count } }).TotalSeconds;
        double Steps(int? count) => RestartFollowUp.Estimate(run, new RestartOptions { Steps = count }).TotalSeconds;

        Assert.Equal(2, Orders(2, null) / Orders(2, 0), 1e-3);
        Assert.Equal(3, Rounds(12) / Rounds(4), 1e-3);
        Assert.Equal(Steps(null), Steps(run.Steps));
        Assert.True(Steps(1000) > Steps(100));
    }

    private FinishedRun Whole(Team team, RandomTeacherPart part) => Open(runs.Whole(Study), part, team);

    private (RunDirectory Directory, FinishedRun Run) SupervisedRun(Team team)
    {
        var directory = RunDirectory.CreateAt(runs.NewPath(), Study, ConfigReader.Read(Study, Supervised), Supervised);
        Assert.Equal(RunStatus.Completed, SmokeRuns.Go(Study, directory));
        return (directory, Open(directory, null, team));
    }

    private static FinishedRun Open(RunDirectory directory, RandomTeacherPart? part, Team team)
        => FinishedRun.Open(directory, part, team, set => throw new InvalidOperationException($"{set} is not needed."));

    /// <summary>The binary files of CIFAR-10 , small ones of ten classes in turn.</summary>
    internal static void Pictured(TestFolder folder)
    {
        var next = 1u;
        byte Draw() => (byte)((next = (next * 1664525) + 1013904223) >> 24);
        byte[] Images(int count) => [.. Enumerable.Range(0, count).SelectMany(i => Enumerable.Range(0, 3073).Select(at => at == 0 ? (byte)(i % 10) : (byte)((Draw() / 2) + (12 * (i % 10)))))];
        for (var batch = 1; batch <= 5; batch++)
            File.WriteAllBytes(Path.Combine(folder.Path, $"data_batch_{batch}.bin"), Images(20));
        File.WriteAllBytes(Path.Combine(folder.Path, "test_batch.bin"), Images(40));
    }

    private static (double, double, double, double, double) Numbers(ProbeRow row) => (row.Lin, row.LinStd, row.Ridge, row.Knn, row.EffectiveRank);

    private static (double, double, double, double, double) Numbers(ProbedEncoder each) => (each.Linear, each.Standardized, each.Ridge, each.Neighbors, each.EffectiveRank);

    private static string Json<TRow>(IEnumerable<TRow> rows) => JsonSerializer.Serialize(rows.ToArray(), LabJson.Indented);

    private sealed class Told(Action<RunProgress> tell) : IProgress<RunProgress>
    {
        public void Report(RunProgress value) => tell(value);
    }
}
