using System.Runtime.InteropServices;
using Understudy.Data.Formats;
using Understudy.Engine;
using Understudy.Engine.Threading;
using Understudy.Lab.Configuration;
using Understudy.Lab.Figures;
using Understudy.Lab.Runs;
using Understudy.Studies.RandomTeacher;
using Understudy.Studies.RandomTeacher.FollowUps;

namespace Understudy.UnitTests.Studies.RandomTeachers;

/// <summary>Students that are kept as they were before their end, against what the tables recorded and against runs that end there.</summary>
public sealed class KeptMomentsTests(SmokeRuns runs)
{
    private static readonly RandomTeacherStudy Study = new();

    /// <summary>Every step is probed.</summary>
    private static readonly string[] Small = ["@smoke", "parts=[distillation]", "distillation.noise=false", "distillation.far=false", "distillation.controls=false", "probes.moments=8"];

    [Theory]
    [InlineData("batch", "f32")]
    [InlineData("none", "f32")]
    [InlineData("batch", "f64")]
    public void A_kept_student_is_the_last_one_of_a_run_that_ends_there(string normalization, string precision)
    {
        string[] settings = [.. Small, "seeds=1", $"network.normalization={normalization}", $"training.precision={precision}"];
        var whole = MemoryRun.Of(Study, settings);
        var rows = whole.Recorded().Table<KeptRow>("distillation.kept");

        Assert.Equal([StudentMoment.Best, StudentMoment.LeastRank, StudentMoment.LargestLoss], rows.Select(row => row.Moment));
        // another end than that of all, or it would not be told from it
        Assert.Contains(rows, row => row.TrainingSteps < 8);
        Assert.All(rows, row =>
        {
            var ended = MemoryRun.Of(Study, [.. settings, $"training.steps={row.TrainingSteps}", $"probes.moments={row.TrainingSteps}"]);
            var word = $"images-{(row.Moment == StudentMoment.Best ? "best" : row.Moment == StudentMoment.LeastRank ? "least-rank" : "largest-loss")}";
            Assert.Equal(Bytes(ended, $"distillation.student-images-{row.Seed}"), Bytes(whole, $"distillation.student-{word}-{row.Seed}"));
            Assert.Equal(Bytes(ended, $"distillation.head-images-{row.Seed}"), Bytes(whole, $"distillation.head-{word}-{row.Seed}"));
        });
    }

    [Fact]
    public void Moments_are_those_of_the_tables_the_first_of_equals()
    {
        var run = MemoryRun.Of(Study, [.. Small, "seeds=3"]).Recorded();
        var (kept, training, validation) = (run.Table<KeptRow>("distillation.kept"), run.Table<TrainingRow>("distillation.training"), run.Table<ValidationRow>("distillation.validation"));

        Assert.Equal(9, kept.Count);
        Assert.All(kept.GroupBy(row => row.Seed), seed =>
        {
            var (own, held) = (training.Where(row => row.Seed == seed.Key).OrderBy(row => row.TrainingSteps).ToArray(), validation.Where(row => row.Seed == seed.Key).OrderBy(row => row.TrainingSteps).ToArray());
            var (rank, loss, best) = (own.MinBy(row => row.EffectiveRank)!, own.MaxBy(row => row.Divergence)!, held.MaxBy(row => row.Ridge)!);
            (int, double) Of(StudentMoment moment) => seed.Where(row => row.Moment == moment).Select(row => (row.TrainingSteps, row.Value)).Single();
            Assert.Equal((rank.TrainingSteps, rank.EffectiveRank), Of(StudentMoment.LeastRank));
            Assert.Equal((loss.TrainingSteps, loss.Divergence), Of(StudentMoment.LargestLoss));
            Assert.Equal((best.TrainingSteps, best.Ridge), Of(StudentMoment.Best));
        });
    }

    [Theory]
    [InlineData(0, "probes.keep=true", "distillation.keptMoments=[]")]
    [InlineData(0, "probes.keep=true", "distillation.keep=false")]
    [InlineData(2, "probes.keep=true", "probes.moments=1")]
    [InlineData(2, "probes.keep=true", "probes.validation=0")]
    [InlineData(1, "probes.keep=true", "distillation.keptMoments=[largest-loss]")]
    public void Settings_say_which_are_kept_and_change_nothing_else(int count, params string[] settings)
    {
        var (run, plain) = (MemoryRun.Of(Study, [.. Small, "seeds=1", .. settings]), MemoryRun.Of(Study, [.. Small, "seeds=1", .. settings, "distillation.keptMoments=[]"]));

        Assert.Equal(count, run.Rows.GetValueOrDefault("distillation.kept")?.Count ?? 0);
        Assert.Equal(plain.Saved.Count + (2 * count), run.Saved.Count);
        Assert.All(plain.Saved, item => Assert.Equal(item.Value.SelectMany(Bytes), run.Saved[item.Key].SelectMany(Bytes)));
    }

    [Fact]
    public void The_valley_validates_where_it_is_to_keep_the_best()
    {
        string[] settings = ["@smoke", "seeds=1", "parts=[valley]", "probes.moments=3"];
        var (usual, best) = (MemoryRun.Of(Study, settings).Recorded(), MemoryRun.Of(Study, [.. settings, "valley.keptMoments=[best]"]).Recorded());

        Assert.Equal([StudentMoment.LeastRank, StudentMoment.LargestLoss], usual.Table<KeptRow>("valley.kept").Select(row => row.Moment));
        Assert.DoesNotContain("valley.validation", usual.Tables);
        var first = best.Table<ValidationRow>("valley.validation").OrderBy(row => row.TrainingSteps).MaxBy(row => row.Ridge)!;
        var row = Assert.Single(best.Table<KeptRow>("valley.kept"));
        Assert.Equal((StudentMoment.Best, first.TrainingSteps, first.Ridge), (row.Moment, row.TrainingSteps, row.Value));
    }

    [Fact]
    public void Every_task_takes_kept_students_by_their_words()
    {
        string[] settings = ["@smoke", "parts=[distillation,valley]", "distillation.controls=false", "distillation.noise=false", "probes.moments=3", "valley.keptMoments=[best,least-rank,largest-loss]", "probes.keep=false"];
        using var team = new Team(2);
        var directory = RunDirectory.CreateAt(runs.NewPath(), Study, ConfigReader.Read(Study, settings), settings);
        Assert.Equal(RunStatus.Completed, SmokeRuns.Go(Study, directory));
        var (valley, cancellation) = (Open(directory, RandomTeacherPart.Valley, team), TestContext.Current.CancellationToken);
        var record = RecordedRun.Open(Study, directory);
        var loss = record.Table<KeptRow>("valley.kept").Single(row => row.Seed == 1 && row.Moment == StudentMoment.LargestLoss);
        var seen = record.Table<TrainingRow>("valley.training").Single(row => row.Condition == "images" && row.Seed == 1 && row.TrainingSteps == loss.TrainingSteps);

        Assert.Equal(["images-best", "images-largest-loss", "images-least-rank"], valley.Moments.Order());
        var segment = SegmentFollowUp.Of(valley, new SegmentOptions { Seed = 1, Student = "images-largest-loss", Points = 2, To = 1, Probes = LandscapeProbes.None, Images = 80 }, cancellation: cancellation);
        // over the same images, in double precision
        Assert.Equal(seen.Divergence, SegmentRow.Value(segment.Positions, segment.Ahead.Train, 1), 1e-5 * seen.Divergence);
        var plane = PlaneFollowUp.Of(valley, new PlaneOptions { Points = 3, Through = ("images-least-rank", "far") }, cancellation: cancellation);
        Assert.Equal(["teacher", "images-least-rank", "far"], plane.Networks.Select(each => each.Network));
        Assert.Equal("images-best", FiltersFollowUp.Of(valley, 0, "images-best").Student);
        var restart = RestartFollowUp.Of(Open(directory, RandomTeacherPart.Distillation, team), new RestartOptions { Student = "images-best", Steps = 3 }, cancellation: cancellation);
        var best = record.Table<KeptRow>("distillation.kept").Where(row => row.Moment == StudentMoment.Best).ToArray();
        Assert.Equal(best.Select(row => row.TrainingSteps), restart.DistilledSteps);
        Assert.All(restart.Students, each =>
        {
            var own = record.Table<ProbeRow>("distillation.probes").Single(row => row.Subject == Subject.Student && row.Condition == "images" && row.Seed == each.Seed && row.TrainingSteps == best[each.Seed].TrainingSteps);
            Assert.Equal((own.Ridge, own.Knn, own.EffectiveRank, own.Distance), (each.First.Ridge, each.First.Neighbors, each.First.EffectiveRank, each.Way));
            Assert.All(restart.FirstTraining.Where(row => row.Seed == each.Seed), row => Assert.InRange(row.TrainingSteps, 1, best[each.Seed].TrainingSteps));
        });
    }

    [Fact]
    public void Students_before_their_end_are_probed_at_home_where_the_run_did_not()
    {
        using var folder = new Lab.TestFolder();
        StartingFollowUpTests.Pictured(folder);
        using var team = new Team(2);
        TransferFollowUp Transferred(int moments, string student)
        {
            string[] settings = [.. Small, "seeds=1", $"probes.moments={moments}"];
            var directory = RunDirectory.CreateAt(runs.NewPath(), Study, ConfigReader.Read(Study, settings), settings);
            Assert.Equal(RunStatus.Completed, SmokeRuns.Go(Study, directory));
            var run = Open(directory, null, team);
            return TransferFollowUp.Of(run, new TransferOptions { Images = ProbeFollowUp.Images(run.Config, ImageSource.Folder, folder.Path, 60, 20), Student = student }, cancellation: TestContext.Current.CancellationToken);
        }

        var (recorded, probed) = (Transferred(8, "images-least-rank"), Transferred(1, "images-least-rank"));

        Assert.Equal(recorded.Home, probed.Home);
        Assert.Equal(recorded.Elsewhere, probed.Elsewhere);
        Assert.Equal(["pixels", "teacher", "images-least-rank"], probed.Elsewhere.Select(each => each.Network).Distinct());
        Assert.Equal("images-least-rank", Assert.Single(probed.Gains).Student);
        var steps = Assert.Single(Assert.Single(probed.Students).DistilledSteps);
        Assert.InRange(steps, 1, 7);
        Assert.StartsWith($"student of images-least-rank after {steps} step{(steps == 1 ? "" : "s")} less teacher on ", probed.Summary[1], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("connectivity", StudentMoment.LargestLoss)]
    [InlineData("connectivity", StudentMoment.Best)]
    [InlineData("tickets", StudentMoment.LargestLoss)]
    public void Parts_start_from_the_moment_they_are_told_as_follow_ups_on_kept_students_do(string part, StudentMoment moment)
    {
        var word = moment == StudentMoment.Best ? "best" : "largest-loss";
        string[] settings =
        [
            "@smoke", "seeds=1", $"parts=[valley,{part}]", "probes.moments=3", "valley.keptMoments=[best,least-rank,largest-loss]", $"{part}.moment={word}", $"{part}.steps=6",
            "training.learningRate=0.02", "connectivity.orders=2", "connectivity.positions=3", "connectivity.lineImages=40", "connectivity.training.images=80", "connectivity.training.batch=20",
            "connectivity.training.epochs=4", "connectivity.training.learningRate=0.2", "tickets.rounds=2", "tickets.evaluation=1", "tickets.training.images=40", "tickets.training.batch=20", "tickets.training.epochs=2",
        ];
        using var team = new Team(2);
        var directory = RunDirectory.CreateAt(runs.NewPath(), Study, ConfigReader.Read(Study, settings), settings);
        Assert.Equal(RunStatus.Completed, SmokeRuns.Go(Study, directory));
        var (run, record, cancellation) = (Open(directory, null, team), RecordedRun.Open(Study, directory), TestContext.Current.CancellationToken);
        var (kept, chosen) = (record.Table<KeptRow>("valley.kept").Single(row => row.Moment == moment), Assert.Single(record.Table<KeptRow>($"{part}.kept")));

        Assert.Equal((kept.Moment, kept.TrainingSteps, kept.Value), (chosen.Moment, chosen.TrainingSteps, chosen.Value));
        // at the end it could not be told from the student that is taken where no moment is named
        Assert.True(kept.TrainingSteps < 6);
        if (part == "connectivity")
        {
            var (found, last) = (
                ConnectivityFollowUp.Of(run, new ConnectivityOptions { Student = $"images-{word}", Connectivity = run.Config.Connectivity }, cancellation: cancellation),
                ConnectivityFollowUp.Of(run, new ConnectivityOptions { Connectivity = run.Config.Connectivity }, cancellation: cancellation));
            double[] Errors(IEnumerable<ErrorsRow> rows) => [.. rows.SelectMany(row => row.TestErrors)];
            double[] Lines(IEnumerable<InstabilityRow> rows) => [.. rows.SelectMany(row => row.TrainErrors.Concat(row.TestErrors))];
            Assert.Equal(Errors(record.Table<ErrorsRow>("connectivity-supervised.errors")), Errors(found.Errors));
            Assert.Equal(Lines(record.Table<InstabilityRow>("connectivity-supervised.lines")), Lines(found.Lines));
            Assert.Equal([kept.TrainingSteps], found.DistilledSteps);
            Assert.Equal(run.Config.Connectivity, found.Settings);
            Assert.Equal(StudentMoment.Last, last.Settings.Moment);
            Assert.NotEqual(Errors(last.Errors).Concat(Lines(last.Lines)), Errors(found.Errors).Concat(Lines(found.Lines)));
            return;
        }

        TicketsFollowUp Tickets(string student) => TicketsFollowUp.Of(run, new TicketsOptions { Student = student, Tickets = run.Config.Tickets }, cancellation: cancellation);
        var (pruned, ended) = (Tickets($"images-{word}"), Tickets("images"));
        Assert.Equal(record.Table<TicketRow>("tickets-supervised.rounds"), pruned.Rounds);
        Assert.Equal([kept.TrainingSteps], pruned.DistilledSteps);
        Assert.Equal((run.Config.Tickets, StudentMoment.Last), (pruned.Settings, ended.Settings.Moment));
        Assert.NotEqual(ended.Rounds, pruned.Rounds);
    }

    [Fact]
    public void Every_task_tells_how_long_a_student_was_distilled()
    {
        using var team = new Team(2);
        var (run, cancellation) = (Open(runs.Whole(Study), RandomTeacherPart.Valley, team), TestContext.Current.CancellationToken);
        const string Early = "images-largest-loss";
        var rows = RecordedRun.Open(Study, runs.Whole(Study)).Table<KeptRow>("valley.kept").Where(row => row.Moment == StudentMoment.LargestLoss).OrderBy(row => row.Seed);
        // another step than the last, which is 6, and one that is written without a plural
        Assert.Equal([1, 1], rows.Select(row => row.TrainingSteps));

        var segment = SegmentFollowUp.Of(run, new SegmentOptions { Student = Early, Points = 2, To = 1, Probes = LandscapeProbes.None, Images = 20 }, cancellation: cancellation);
        var curve = CurveFollowUp.Of(run, new CurveOptions { Student = Early, Points = 2, Epochs = 1, Images = 20 }, cancellation: cancellation);
        var curvature = CurvatureFollowUp.Of(run, new StudentCurvatureOptions { Student = Early, Top = 1, Images = 10 }, cancellation: cancellation);
        var filters = FiltersFollowUp.Of(run, 0, Early);
        var plane = PlaneFollowUp.Of(run, new PlaneOptions { Points = 2, Images = 20, Through = (Early, "far") }, cancellation: cancellation);
        var around = PlaneFollowUp.Of(run, new PlaneOptions { Points = 2, Images = 20, Around = "far-start" }, cancellation: cancellation);
        var probe = ProbeFollowUp.Of(run, new ProbeOptions { Images = ProbeFollowUp.Images(run.Config, ImageSource.Digits, train: 60, test: 30), Student = Early }, cancellation: cancellation);

        Assert.All(new[] { segment.DistilledSteps, curve.DistilledSteps, curvature.DistilledSteps, filters.DistilledSteps }, steps => Assert.Equal(1, steps));
        Assert.StartsWith("part valley, seed 0, from its teacher to its student of images-largest-loss after 1 step: ", segment.Summary[0], StringComparison.Ordinal);
        Assert.StartsWith("part valley, seed 0, from its teacher to its student of images-largest-loss after 1 step; ", curve.Summary[0], StringComparison.Ordinal);
        Assert.StartsWith("part valley, seed 0, teacher and its student of images-largest-loss after 1 step: ", curvature.Summary[0], StringComparison.Ordinal);
        Assert.EndsWith("teacher and student of images-largest-loss after 1 step", filters.Summary[0], StringComparison.Ordinal);
        Assert.StartsWith("part valley, seed 0, through teacher, images-largest-loss after 1 step, far after 6 steps: 2 x 2 points", plane.Summary[0], StringComparison.Ordinal);
        Assert.StartsWith("part valley, seed 0, around far-start after 0 steps: 2 x 2 points", around.Summary[0], StringComparison.Ordinal);
        Assert.Equal([1, 1], Assert.Single(probe.Students).DistilledSteps);
        Assert.StartsWith("student of images-largest-loss after 1 step less teacher, mean over seeds: ", probe.Summary[1], StringComparison.Ordinal);
    }

    [Fact]
    public void Rounds_of_two_lengths_are_not_held_against_a_claim_about_one()
    {
        using var team = new Team(2);
        var run = Open(runs.Whole(Study), RandomTeacherPart.Valley, team);
        RestartFollowUp Restarted(int? steps) => RestartFollowUp.Of(run, new RestartOptions { Student = "images-largest-loss", Seed = 0, Steps = steps }, cancellation: TestContext.Current.CancellationToken);

        var (usual, same) = (Restarted(null), Restarted(1));

        Assert.Equal((6, false, true), (usual.Steps, usual.AreAsLong, same.AreAsLong));
        Assert.Equal("part valley, student of images-largest-loss after 1 step, seed 0: distilled again, 6 steps with the student as the teacher", usual.Summary[0]);
        Assert.EndsWith(" points", usual.Summary[1], StringComparison.Ordinal);
        Assert.Equal("claim C16 compares two rounds of one length: to students after 1 step there are no bars and no ratio of ways of a second of 6 steps; --steps sets the second, --seed takes one student", usual.Summary[2]);
        Assert.EndsWith("distilled again, 1 step with the student as the teacher", same.Summary[0], StringComparison.Ordinal);
        Assert.EndsWith("(C16: ridge within ±1.5)", same.Summary[1], StringComparison.Ordinal);
        Assert.EndsWith("(C16: at most 0.3)", same.Summary[2], StringComparison.Ordinal);
    }

    [Fact]
    public void A_moment_that_was_not_kept_is_told_with_how_it_is()
    {
        using var team = new Team(1);
        var run = Open(runs.Whole(Study), RandomTeacherPart.Valley, team);
        string Failed(string word) => Assert.Throws<FollowUpException>(() => RestartFollowUp.Of(run, new RestartOptions { Student = word }, cancellation: TestContext.Current.CancellationToken)).Message;

        Assert.Equal(
            $"part valley of {run.Path} did not keep its student of images at the moment best\n  kept are: teacher, images, far, images-least-rank, images-largest-loss, images-start, far-start; "
            + "students of images are kept at the moments of valley.keptMoments, best among them with probes.moments and probes.validation that leave a choice", Failed("images-best"));
        Assert.StartsWith($"part valley of {run.Path} did not keep its student of far at the moment largest-loss\n", Failed("far-largest-loss"), StringComparison.Ordinal);
        Assert.Equal($"part valley of {run.Path} kept no student images-bst\n  one of: images, far, images-least-rank, images-largest-loss", Failed("images-bst"));
    }

    [Fact]
    public void A_file_that_was_removed_is_told()
    {
        string[] settings = [.. Small, "seeds=1", "probes.moments=1", "distillation.keptMoments=[largest-loss]"];
        var directory = RunDirectory.CreateAt(runs.NewPath(), Study, ConfigReader.Read(Study, settings), settings);
        Assert.Equal(RunStatus.Completed, SmokeRuns.Go(Study, directory));
        using var team = new Team(1);
        var run = Open(directory, null, team);
        string Removed(string name)
        {
            File.Delete(Directory.EnumerateFiles(directory.File("arrays"), $"{name}-*.safetensors").Single());
            return Assert.Throws<FollowUpException>(() => run.Parameters("images-largest-loss", 0)).Message;
        }

        Assert.Equal($"{run.Path}/arrays has no distillation.student-images-largest-loss-0: the file was removed\n  put it back, or run again", Removed("distillation.student-images-largest-loss-0"));
        Assert.Equal($"{run.Path}/arrays has no distillation.head-images-largest-loss-0: the file was removed\n  put it back, or run again", Removed("distillation.head-images-largest-loss-0"));
        File.Delete(directory.File("metrics/distillation.kept.jsonl"));
        Assert.StartsWith($"part distillation of {run.Path} did not keep its student of images at the moment largest-loss\n", Assert.Throws<FollowUpException>(() => Open(directory, null, team).Parameters("images-largest-loss", 0)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_figure_of_the_training_marks_them_where_they_are()
    {
        var run = MemoryRun.Of(Study, [.. Small, "probes.moments=1"]).Recorded();
        var kept = run.Table<KeptRow>("distillation.kept");

        var figure = Study.Draw([run]).Single(one => one.Name == "training");

        XY[] Points(string panel) => [.. figure.Panels.Single(one => one.Title == panel).Layers.OfType<PointLayer>().Single().Points];
        Assert.Equal(kept.Where(row => row.Moment == StudentMoment.LargestLoss).Select(row => new XY(row.TrainingSteps, row.Value)), Points("KL to the teacher (nats)"));
        Assert.Equal(kept.Where(row => row.Moment == StudentMoment.LeastRank).Select(row => new XY(row.TrainingSteps, row.Value)), Points("effective rank of the embedding"));
        Assert.Contains("Points: students that were kept", figure.Caption, StringComparison.Ordinal);
    }

    private static FinishedRun Open(RunDirectory directory, RandomTeacherPart? part, Team team)
        => FinishedRun.Open(directory, part, team, set => throw new InvalidOperationException($"{set} is not needed."));

    private static byte[] Bytes(MemoryRun run, string name) => [.. run.Saved.Single(item => item.Key.Name == name).Value.SelectMany(Bytes)];

    private static byte[] Bytes(Tensor tensor) => tensor.Type == DType.F32 ? MemoryMarshal.AsBytes(tensor.Floats).ToArray() : tensor.Type == DType.U8 ? tensor.Bytes.ToArray() : MemoryMarshal.AsBytes(tensor.Doubles).ToArray();
}
