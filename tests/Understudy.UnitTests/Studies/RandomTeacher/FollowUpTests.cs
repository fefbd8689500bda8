using Understudy.Data;
using Understudy.Engine.LinearAlgebra.Krylov;
using Understudy.Engine.Threading;
using Understudy.Lab.Runs;
using Understudy.Studies.RandomTeacher;
using Understudy.Studies.RandomTeacher.FollowUps;
using Understudy.UnitTests.Engine.LinearAlgebra.Krylov;

namespace Understudy.UnitTests.Studies.RandomTeachers;

/// <summary>Follow-ups on the smoke run, against what the run measured itself and against what must be so.</summary>
public sealed class FollowUpTests(SmokeRuns runs)
{
    private static readonly RandomTeacherStudy Study = new();

    [Theory]
    [InlineData(0, 1)]
    [InlineData(1, 2)]
    public void A_segment_has_the_numbers_of_the_run_s_own_valley(int seed, int threads)
    {
        using var team = new Team(threads);
        var segment = SegmentFollowUp.Of(Whole(team), new SegmentOptions { Seed = seed, Points = 4, To = 2, Probes = LandscapeProbes.None }, cancellation: TestContext.Current.CancellationToken);

        var own = Whole(team).Segments.Single(row => row.Seed == seed);
        Assert.Equal(own.Divergences, own.Positions.Select(t => SegmentRow.Value(segment.Positions, segment.Ahead.Train, t)));
        Assert.Equal(own.RandomDivergences, own.RandomPositions.Select(t => SegmentRow.Value(segment.Positions, segment.Random.Train, t)));
        Assert.Equal((own.Distance, own.TeacherNorm), (segment.Distance, segment.TeacherNorm));
        // without batch normalization the teacher is the student at its parameters
        Assert.Equal(0, SegmentRow.Value(segment.Positions, segment.Ahead.Train, 0));
        Assert.Equal(own.At(-0.25) / own.At(0.25), segment.Asymmetries.Single(each => each.Position == 0.25).Ahead);
        Assert.Equal([-1, 0, 1, 2], segment.Positions.Where(t => Math.Abs(t - Math.Round(t)) < 1e-12));
        Assert.All(segment.Ahead.Ridge, value => Assert.Equal(double.NaN, value));
    }

    [Fact]
    public void Probes_of_a_segment_are_those_of_the_run_at_the_student()
    {
        using var team = new Team(2);
        var segment = SegmentFollowUp.Of(Whole(team), new SegmentOptions { Points = 2, To = 1 }, cancellation: TestContext.Current.CancellationToken);

        var own = Whole(team).Segments.Single(row => row.Seed == 0);
        Assert.Equal(own.RidgeAhead, SegmentRow.Value(segment.Positions, segment.Ahead.Ridge, 1));
        Assert.Equal(own.RidgeBehind, SegmentRow.Value(segment.Positions, segment.Ahead.Ridge, -1));
        Assert.All(segment.Random.Neighbors, value => Assert.InRange(value, 0, 100));
    }

    [Fact]
    public void With_batch_normalization_statistics_are_estimated_and_the_teacher_is_another_function_of_its_parameters()
    {
        using var team = new Team(2);
        var segment = SegmentFollowUp.Of(
            Whole(team, RandomTeacherPart.Distillation), new SegmentOptions { Points = 2, To = 1, Probes = LandscapeProbes.Ridge, Images = 40 }, cancellation: TestContext.Current.CancellationToken);

        Assert.True(segment.HasEstimatedStatistics);
        Assert.True(SegmentRow.Value(segment.Positions, segment.Ahead.Train, 0) > 0);
        Assert.Contains(segment.Summary, line => line.StartsWith("batch normalization: ", StringComparison.Ordinal));
    }

    [Fact]
    public void A_plane_has_the_numbers_of_the_run_s_own_plane_and_its_networks_in_their_corners()
    {
        using var team = new Team(2);
        var run = Whole(team);
        var plane = PlaneFollowUp.Of(run, new PlaneOptions { Points = 3 }, cancellation: TestContext.Current.CancellationToken);

        var own = RecordedRun.Open(Study, runs.Whole(Study)).Table<PlaneRow>("valley.plane").Single();
        // places are rounded otherwise, and the loss is as steep as it is
        Assert.All(own.Divergences.Zip(plane.Values.Train), pair => Assert.Equal(pair.First, pair.Second, 1e-9));
        Assert.All(own.Norms.Zip(plane.Norms), pair => Assert.Equal(pair.First, pair.Second, 1e-9));
        Assert.Equal(["teacher", "images", "far"], plane.Networks.Select(each => each.Network));
        Assert.Equal(0, plane.NetworkValues.Train[0]);
        Assert.All(plane.Norms.Index(), each => Assert.Equal(each.Item * each.Item, Math.Pow(plane.EncoderNorms[each.Index], 2) + Math.Pow(plane.HeadNorms[each.Index], 2), 1e-12 * each.Item * each.Item));
        Assert.All(plane.Networks.Zip([(0.0, 0.0), (1, 0), (0, 1)]), pair => Assert.True(Math.Abs(pair.First.X - pair.Second.Item1) + Math.Abs(pair.First.Y - pair.Second.Item2) < 1e-9));
        Assert.InRange(plane.OutOfPlane, 0, 1e-4);
        var segment = SegmentFollowUp.Of(run, new SegmentOptions { Points = 2, To = 1, Probes = LandscapeProbes.None, Images = run.Config.Valley.PlaneImages }, cancellation: TestContext.Current.CancellationToken);
        Assert.Equal(SegmentRow.Value(segment.Positions, segment.Ahead.Train, 1), plane.NetworkValues.Train[1]);
        Assert.Equal(SegmentRow.Value(segment.Positions, segment.Ahead.Test, 1), plane.NetworkValues.Test[1]);
    }

    [Fact]
    public void Random_directions_have_the_norms_of_filters_and_the_network_in_the_middle()
    {
        using var team = new Team(2);
        var run = Whole(team);
        var plane = PlaneFollowUp.Of(run, new PlaneOptions { Points = 3, Around = "teacher", View = LandscapeView.Encoder, Probes = LandscapeProbes.Ridge }, cancellation: TestContext.Current.CancellationToken);

        Assert.Equal(0, plane.Values.Train[4]);
        Assert.All(plane.Values.Train.Where((_, i) => i != 4), value => Assert.True(value > 0));
        Assert.All(plane.Values.Ridge, value => Assert.InRange(value, 0, 100));
        // weights along one direction are added at their own lengths, nearly at right angles to them
        var weights = run.EncoderParameters("teacher", 0).Sum(value => value * value);
        Assert.Equal(2 * weights, plane.Norms[5] * plane.Norms[5], 1.2 * weights);
        Assert.Null(plane.Scale);
    }

    [Fact]
    public void A_curve_ends_in_its_networks_and_lowers_what_stands_between_them()
    {
        using var team = new Team(2);
        var run = Whole(team);
        var curve = CurveFollowUp.Of(run, new CurveOptions { Points = 5, Epochs = 60, Student = "far", Images = 40 }, cancellation: TestContext.Current.CancellationToken);

        Assert.Equal((curve.Line.Train[0], curve.Line.Train[^1]), (curve.Curve.Train[0], curve.Curve.Train[^1]));
        Assert.Equal(0, curve.Curve.Train[0]);
        Assert.True(curve.Curve.Train.Average() < curve.Line.Train.Average(), string.Join("\n", curve.Summary));
        Assert.True(curve.Length >= curve.Distance);
        var problem = Assert.Throws<FollowUpException>(() => CurveFollowUp.Of(Whole(team, RandomTeacherPart.Distillation), new CurveOptions(), cancellation: TestContext.Current.CancellationToken));
        Assert.Contains("\n  take --part valley", problem.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(RandomTeacherPart.Valley)]
    [InlineData(RandomTeacherPart.Distillation)]
    public void At_the_teacher_the_Hessian_is_its_Gauss_Newton_part(RandomTeacherPart part)
    {
        using var team = new Team(2);
        var found = CurvatureFollowUp.Of(Whole(team, part), new StudentCurvatureOptions { Top = 3, Tolerance = 1e-8, Images = 20 }, cancellation: TestContext.Current.CancellationToken);

        Assert.Equal(0, found.AtTeacher.Divergence, 1e-15);
        Assert.Equal(0, found.AtTeacher.GradientNorm, 1e-12);
        Assert.All(found.AtTeacher.Hessian.Zip(found.AtTeacher.GaussNewton), pair => Assert.Equal(pair.First, pair.Second, 1e-7 * found.AtTeacher.Hessian[0]));
        Assert.InRange(found.AtTeacher.AlongLine, 0, found.AtTeacher.Hessian[0]);
        Assert.True(found.AtStudent.Divergence > 0);
        Assert.Equal((0.001, 0.001), (found.FirstRate, found.LastRate));
    }

    [Fact]
    public void Filters_of_a_start_are_those_of_the_teacher_and_of_another_draw_are_not()
    {
        using var team = new Team(1);
        var run = Whole(team);
        var (near, far) = (FiltersFollowUp.Of(run, 1, "images-start"), FiltersFollowUp.Of(run, 1, "far-start"));

        Assert.Equal([3, 3, 1], near.Shape);
        Assert.Equal(4, near.Correlations.Count);
        // a start is a ten-thousandth of the way to another draw away
        Assert.All(near.Correlations, value => Assert.InRange(value, 0.999999, 1 + 1e-12));
        Assert.All(far.Correlations, value => Assert.InRange(value, -0.99, 0.99));
        // weight (row, column, channel, filter) stands filter by filter
        var weights = run.EncoderParameters("teacher", 1);
        Assert.Equal(weights[(5 * 4) + 2], near.Teacher[2][5]);
    }

    [Fact]
    public void Probes_on_the_images_of_the_run_are_those_it_recorded()
    {
        using var team = new Team(2);
        var run = Whole(team, RandomTeacherPart.Distillation);
        var images = ProbeFollowUp.Images(run.Config, ImageSource.Digits);
        var found = ProbeFollowUp.Of(run, new ProbeOptions { Images = images }, cancellation: TestContext.Current.CancellationToken);

        Assert.Equal(run.Config.Data with { Size = 8 }, images);
        var rows = RecordedRun.Open(Study, runs.Whole(Study)).Table<ProbeRow>("distillation.probes");
        foreach (var each in found.Encoders.Where(each => each.Seed is not null))
        {
            var row = rows.Single(row => row.Seed == each.Seed && (each.Network == "teacher" ? row.Subject == Subject.Teacher : row.Subject == Subject.Student && row.Condition == each.Network));
            Assert.Equal((row.Lin, row.LinStd, row.Ridge, row.Knn), (each.Linear, each.Standardized, each.Ridge, each.Neighbors));
        }

        Assert.Equal(1 + (4 * 2), found.Encoders.Count);
    }

    [Fact]
    public void An_encoder_of_one_s_own_is_probed_beside_them()
    {
        using var team = new Team(1);
        var run = Whole(team);
        var file = Directory.GetFiles(runs.Whole(Study).File("arrays"), "valley.student-images-0-*.safetensors").Single();
        ProbeFollowUp Of(string encoder) => ProbeFollowUp.Of(
            run, new ProbeOptions { Images = run.Config.Data, File = file, Encoder = encoder, Normalization = Understudy.Learning.Networks.Encoders.Normalization.None }, cancellation: TestContext.Current.CancellationToken);

        var found = Of("4 M 6");
        Assert.Equal(found.Encoders.Single(each => each.Network == "images" && each.Seed == 0).Ridge, found.Encoders[^1].Ridge);
        Assert.Equal(Path.GetFileName(file), found.Encoders[^1].Network);
        Assert.Contains("but this network has [3, 3, 1, 5]", Assert.Throws<UnreadableFileException>(() => Of("5 M 6")).Message, StringComparison.Ordinal);
        Assert.StartsWith("There is no encoder banana; ", Assert.Throws<FollowUpException>(() => Of("banana")).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_run_that_cannot_be_followed_up_says_why()
    {
        using var team = new Team(1);
        var pending = runs.Create(Study);
        Assert.Equal($"{pending.Path} is not finished: it is pending\n  finish it: understudy resume {pending.Path}", Assert.Throws<FollowUpException>(() => Open(pending, null, team)).Message);

        var run = Whole(team);
        Assert.Equal($"{run.Path} has seeds from 0 to 1, not 2", Assert.Throws<FollowUpException>(() => run.Parameters("images", 2)).Message);
        Assert.Equal($"part valley of {run.Path} has no network noise\n  one of: teacher, images, far, images-least-rank, images-largest-loss, images-start, far-start", Assert.Throws<FollowUpException>(() => run.Parameters("noise", 0)).Message);
        Assert.Equal("part sizes keeps no networks\n  one of: valley, distillation", Assert.Throws<FollowUpException>(() => Open(runs.Whole(Study), RandomTeacherPart.Sizes, team)).Message);
    }

    [Fact]
    public void Files_that_were_changed_or_taken_away_are_told()
    {
        using var team = new Team(1);
        var copy = Copied();
        string Array(string name) => Directory.GetFiles(copy.File("arrays"), name + "-*.safetensors").Single();
        FinishedRun Run() => Open(copy, null, team);

        Change(Array("valley.teacher-0"));
        Assert.StartsWith($"the teacher of seed 0 drawn from the seed of {copy.Path} is not the one it kept: ", Assert.Throws<FollowUpException>(() => Run().Parameters("teacher", 0)).Message, StringComparison.Ordinal);
        // the other teacher is whole
        Assert.NotEmpty(Run().Parameters("teacher", 1));

        File.Delete(Array("valley.head-images-1"));
        Assert.Contains("but not their heads", Assert.Throws<FollowUpException>(() => Run().Parameters("images", 1)).Message, StringComparison.Ordinal);
        var encoder = SegmentFollowUp.Of(Run(), new SegmentOptions { Seed = 1, Points = 2, To = 1, Probes = LandscapeProbes.None, View = LandscapeView.Encoder }, cancellation: TestContext.Current.CancellationToken);
        Assert.Equal(0, SegmentRow.Value(encoder.Positions, encoder.Ahead.Train, 0));

        Change(Array("valley.images"));
        Assert.StartsWith($"the images are not those that {copy.Path} was run on: ", Assert.Throws<FollowUpException>(() => _ = Run().Pictures).Message, StringComparison.Ordinal);

        foreach (var file in Directory.GetFiles(copy.File("arrays"), "*.student-*"))
            File.Delete(file);
        Assert.Equal($"{copy.Path}/arrays has no valley.student-images-0: the file was removed\n  put it back, take --part distillation or run again", Assert.Throws<FollowUpException>(() => _ = Run()).Message);
        foreach (var file in Directory.GetFiles(copy.File("arrays"), "*.images-*"))
            File.Delete(file);
        Assert.StartsWith($"{copy.Path} kept no networks of its parts: it has parts distillation, valley, restart\n", Assert.Throws<FollowUpException>(() => _ = Run()).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_head_that_is_drawn_otherwise_than_in_the_run_is_told_by_KL_at_the_student()
    {
        using var team = new Team(2);
        var copy = Copied();
        var config = copy.File("config.json");
        var text = File.ReadAllText(config);
        var changed = text.Replace("\"-/lb/fn/wn/l/-\"", "\"-/lb/fn/-/l/-\"", StringComparison.Ordinal);
        Assert.NotEqual(text, changed);
        File.WriteAllText(config, changed);

        var run = Open(copy, null, team);
        var message = Assert.Throws<FollowUpException>(() => PlaneFollowUp.Of(run, new PlaneOptions { Points = 2, Images = 10 }, cancellation: TestContext.Current.CancellationToken)).Message;
        Assert.StartsWith("KL of the student of seed 0 is ", message, StringComparison.Ordinal);
        Assert.Equal(message, Assert.Throws<FollowUpException>(() => CurvatureFollowUp.Of(run, new StudentCurvatureOptions { Images = 10 }, cancellation: TestContext.Current.CancellationToken)).Message);
    }

    [Fact]
    public void A_plane_takes_the_part_that_has_two_students_unless_another_is_named()
    {
        using var team = new Team(2);
        var copy = Copied();
        foreach (var file in Directory.GetFiles(copy.File("arrays"), "valley.student-far-*"))
            File.Delete(file);
        PlaneFollowUp Of(RandomTeacherPart? part) => PlaneFollowUp.Of(Open(copy, part, team), new PlaneOptions { Points = 2, Images = 10 }, cancellation: TestContext.Current.CancellationToken);

        var plane = Of(null);
        Assert.Equal(("distillation", "valley", 10), (plane.Part, plane.InsteadOf, plane.Images));
        Assert.Contains("part valley kept one kind of student, so the networks are those of part distillation", plane.Summary);
        Assert.Contains("\n  take --part distillation where it kept two, ", Assert.Throws<FollowUpException>(() => Of(RandomTeacherPart.Valley)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_curve_that_diverged_has_no_barrier()
    {
        using var team = new Team(2);
        var curve = CurveFollowUp.Of(Whole(team), new CurveOptions { Points = 3, Epochs = 2, LearningRate = 1e300, Images = 10 }, cancellation: TestContext.Current.CancellationToken);

        Assert.True(curve.HasDiverged);
        Assert.False(double.IsFinite(curve.Barrier));
        Assert.EndsWith("lower --rate", curve.Summary[^1], StringComparison.Ordinal);
        Assert.True(double.IsFinite(curve.LineBarrier));
        Assert.StartsWith("<svg", curve.Svg, StringComparison.Ordinal);
        Assert.Equal(["t", "KL", "test KL", "line KL", "line test KL"], curve.Table.Headings);
    }

    [Fact]
    public void More_eigenvalues_than_parameters_or_memory_are_refused()
    {
        using var team = new Team(1);
        var run = Whole(team);
        var count = run.Network.Layout.Count;
        string Of(int top, long? memory = null)
            => Assert.Throws<FollowUpException>(() => CurvatureFollowUp.Of(run, new StudentCurvatureOptions { Top = top, MemoryBytes = memory }, cancellation: TestContext.Current.CancellationToken)).Message;

        Assert.Equal(FormattableString.Invariant($"the networks have {count:N0} parameters, and so not {count + 1:N0} eigenvalues\n  lower --top"), Of(count + 1));
        Assert.Contains(" GB, more than the 0.0 GB that are allowed\n  lower --top, ", Of(10, 1000), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(10)]
    [InlineData(101)]
    public void The_memory_that_is_asked_for_is_enough_for_a_search(int top)
    {
        var matrix = new Diagonal([.. Enumerable.Range(0, 3000).Select(i => 1 / (i + 1.0))]);

        var found = ExtremeEigenpairs.Of(
            matrix, new EigenpairOptions { Top = top, Bottom = 1, Tolerance = 0.1, MaximumProducts = 300, MemoryBytes = CurvatureFollowUp.LeastBytes(matrix.Size, top) }, cancellation: TestContext.Current.CancellationToken);

        Assert.Equal(top, found.Top.Count);
    }

    [Fact]
    public void Steps_of_momentum_leave_a_minimum_later()
    {
        Assert.Equal("descent with momentum 0.9 leaves a minimum above 3.8", CurvatureFollowUp.Stability(Understudy.Learning.Training.OptimizerRule.Momentum));
        Assert.EndsWith("above 2", CurvatureFollowUp.Stability(Understudy.Learning.Training.OptimizerRule.Sgd), StringComparison.Ordinal);
    }

    [Fact]
    public void Encoders_of_grey_images_are_probed_on_colours_in_grey_and_on_no_more_images_than_there_are()
    {
        using var team = new Team(1);
        var run = Whole(team);

        Assert.True(ProbeFollowUp.Images(run.Config, ImageSource.Cifar10).Gray);
        Assert.False(ProbeFollowUp.Images(run.Config, ImageSource.Mnist).Gray);
        var problem = Assert.Throws<FollowUpException>(() => PlaneFollowUp.Of(run, new PlaneOptions { Images = 1_000_000 }, cancellation: TestContext.Current.CancellationToken));
        Assert.EndsWith("training images, not 1,000,000\n  lower --images", problem.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Slopes_of_two_straight_sides_give_their_ratio()
    {
        double[] positions = [.. Enumerable.Range(-10, 21).Select(i => i / 10.0)];
        SlopeRatio Of(double behind, double ahead) => SlopeRatio.Of(positions, [.. positions.Select(t => t < 0 ? -behind * t : ahead * t)]);

        Assert.Equal(6, Of(3, 0.5).C, 1e-9);
        Assert.Equal(0.5, Of(3, 0.5).P, 1e-9);
        Assert.True(Of(3, 0.5).IsSteepBehind);
        Assert.False(Of(0.5, 3).IsSteepBehind);
        Assert.Equal(1, Of(2, 2).C, 1e-9);
        Assert.Equal(double.PositiveInfinity, Of(1, -1).C);
        Assert.True(SlopeRatio.Of(positions, [.. positions.Select(t => t * t)]).C < 1);
        Assert.Equal(double.NaN, SlopeRatio.Of([-0.1, 0, 0.1], [1, 0, 1]).C);
    }

    [Fact]
    public void Three_channels_are_colours_and_others_grey()
    {
        FiltersFollowUp Of(int channels, params double[] weights) => new()
        {
            Part = "valley",
            Seed = 0,
            Student = "images",
            DistilledSteps = 6,
            Shape = [1, 1, channels],
            Teacher = [weights],
            Learned = [[.. weights.Select(value => value / 2)]],
            Correlations = [1],
        };

        Assert.Contains("fill=\"#ff8000\"", Of(3, 1, 0, -1).Svg, StringComparison.Ordinal);
        Assert.Contains("fill=\"#bf8040\"", Of(3, 1, 0, -1).Svg, StringComparison.Ordinal);
        Assert.Contains("fill=\"#ffffff\"/>", Of(2, 1, 1).Svg, StringComparison.Ordinal);
        Assert.Contains("fill=\"#bfbfbf\"", Of(2, 1, 1).Svg, StringComparison.Ordinal);
    }

    private FinishedRun Whole(Team team, RandomTeacherPart? part = null) => Open(runs.Whole(Study), part, team);

    private static FinishedRun Open(RunDirectory directory, RandomTeacherPart? part, Team team)
        => FinishedRun.Open(directory, part, team, set => throw new InvalidOperationException($"{set} is not needed."));

    private RunDirectory Copied()
    {
        var (whole, path) = (runs.Whole(Study), runs.NewPath());
        foreach (var file in Directory.EnumerateFiles(whole.Path, "*", SearchOption.AllDirectories))
        {
            var copy = Path.Combine(path, Path.GetRelativePath(whole.Path, file));
            Directory.CreateDirectory(Path.GetDirectoryName(copy)!);
            File.Copy(file, copy);
        }

        return RunDirectory.Open(path);
    }

    /// <summary>Changes the last digits of the last number of a file.</summary>
    private static void Change(string path)
    {
        var content = File.ReadAllBytes(path);
        content[^3] ^= 1;
        File.WriteAllBytes(path, content);
    }
}
