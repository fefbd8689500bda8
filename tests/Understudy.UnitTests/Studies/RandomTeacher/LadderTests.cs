using Understudy.Data.Datasets;
using Understudy.Lab.Configuration;
using Understudy.Lab.Figures;
using Understudy.Lab.Runs;
using Understudy.Learning.SelfDistillation;
using Understudy.Studies.RandomTeacher;
using Understudy.Studies.RandomTeacher.Drawing;
using Understudy.Studies.RandomTeacher.Parts;

namespace Understudy.UnitTests.Studies.RandomTeachers;

public sealed class LadderTests(SmokeRuns runs)
{
    private static readonly RandomTeacherStudy Study = new();

    private static readonly string[] Small = ["@smoke", "seeds=1", "parts=[ladder]", "ladder.views=2", "probes.moments=2"];

    [Fact]
    public void Every_rung_has_a_student_and_the_first_a_teacher_that_moved()
    {
        var rows = MemoryRun.Of(Study, [.. Small, "seeds=2"]).Recorded().Table<ProbeRow>("ladder.probes");

        Assert.Equal(
            ["dino", "frozen-teacher", "single-view", "plain-images", "random-teacher"], rows.Where(row => row is { Subject: Subject.Student, Seed: 1, TrainingSteps: 8 }).Select(row => row.Condition));
        Assert.Equal(["dino", "dino"], rows.Where(row => row is { Subject: Subject.MovedTeacher, TrainingSteps: 8 }).Select(row => row.Condition));
        Assert.All(rows.Where(row => row.Subject == Subject.MovedTeacher), row => Assert.True(row.Distance > 0));
        Assert.Equal(2, rows.Count(row => row.Subject == Subject.Teacher));
    }

    /// <summary>The last rung runs its teacher in every step, part distillation remembers it: the same but for rounding, which the first steps of Adam do not magnify where gradients are large.</summary>
    [Fact]
    public void The_last_rung_is_the_distillation_of_the_study()
    {
        string[] settings = ["@smoke", "seeds=1", "training.alpha=1", "training.steps=4", "probes.moments=1", "distillation.noise=false", "distillation.far=false", "distillation.controls=false", "distillation.keep=false"];
        var rung = MemoryRun.Of(Study, [.. settings, "parts=[ladder]", "ladder.rungs=[random-teacher]"]).Recorded().Table<TrainingRow>("ladder.training");
        var study = MemoryRun.Of(Study, [.. settings, "parts=[distillation]"]).Recorded().Table<TrainingRow>("distillation.training");

        Assert.Equal([1, 2, 4], rung.Select(row => row.TrainingSteps));
        Assert.All(study.Zip(rung), pair =>
        {
            Assert.Equal(pair.First.Distance, pair.Second.Distance, 1e-3 * pair.First.Distance);
            Assert.Equal(pair.First.Divergence, pair.Second.Divergence, 1e-2 * pair.First.Divergence);
            Assert.Equal(pair.First.GradientNorm, pair.Second.GradientNorm, 1e-2 * pair.First.GradientNorm);
        });
    }

    [Fact]
    public void Copied_teachers_start_anew_in_the_middle_of_an_epoch_of_their_own()
    {
        // four steps are an epoch: after five the teacher is the student after four
        var rows = MemoryRun.Of(Study, [.. Small, "ladder.rungs=[dino]", "ladder.copyEpochs=1", "training.steps=5", "probes.moments=5"]).Recorded().Table<ProbeRow>("ladder.probes");
        double Distance(Subject subject, int steps) => rows.Single(row => row.Subject == subject && row.TrainingSteps == steps).Distance;

        // what is drawn in double precision is trained in single
        Assert.Equal(0, Distance(Subject.MovedTeacher, 3), 1e-6);
        Assert.Equal(Distance(Subject.Student, 4), Distance(Subject.MovedTeacher, 4));
        Assert.Equal(Distance(Subject.Student, 4), Distance(Subject.MovedTeacher, 5));
        Assert.NotEqual(Distance(Subject.Student, 5), Distance(Subject.MovedTeacher, 5));
    }

    [Fact]
    public void A_ladder_that_is_stopped_goes_on_to_the_same_bytes()
    {
        var whole = Create();
        Assert.Equal(RunStatus.Completed, SmokeRuns.Go(Study, whole));

        Assert.All([0.3, 0.7], fraction =>
        {
            var run = Create();
            using var source = new CancellationTokenSource();
            Assert.Equal(RunStatus.Cancelled, SmokeRuns.Go(Study, run, threads: 1, cancellation: source.Token, told: progress =>
            {
                if (progress.Fraction >= fraction)
                    source.Cancel();
            }));
            Assert.Equal(RunStatus.Completed, SmokeRuns.Go(Study, run));
            Assert.Equal(SmokeRuns.Everything(whole), SmokeRuns.Everything(run));
        });
    }

    [Theory]
    [InlineData("network.encoder=convnet-4-2", "ladder.smallViews=3")]
    [InlineData("ladder.objective=cosine", "ladder.predictor=[6]")]
    [InlineData("ladder.objective=cosine", "ladder.predictor=[6]", "ladder.teacherMomentum=0")]
    public void Small_views_and_predictors_go_on_to_the_same_bytes_too(params string[] own)
    {
        string[] settings = [.. Small, "ladder.rungs=[dino,frozen-teacher]", .. own];
        RunDirectory[] run = [.. Enumerable.Range(0, 2).Select(_ => RunDirectory.CreateAt(runs.NewPath(), Study, ConfigReader.Read(Study, settings), settings))];
        Assert.Equal(RunStatus.Completed, SmokeRuns.Go(Study, run[0]));
        using var source = new CancellationTokenSource();

        Assert.Equal(RunStatus.Cancelled, SmokeRuns.Go(Study, run[1], threads: 1, cancellation: source.Token, told: progress =>
        {
            if (progress.Fraction >= 0.5)
                source.Cancel();
        }));
        Assert.Equal(RunStatus.Completed, SmokeRuns.Go(Study, run[1], threads: 3));

        Assert.Equal(SmokeRuns.Everything(run[0]), SmokeRuns.Everything(run[1]));
    }

    [Theory]
    [InlineData("cos(0.996, 1)", 1)]
    [InlineData("0", 0)]
    public void Students_that_are_their_own_teachers_have_none_that_moved(string momentum, int moved)
    {
        var run = MemoryRun.Of(Study, [.. Small, "ladder.objective=cosine", "ladder.predictor=[6]", $"ladder.teacherMomentum=\"{momentum}\""]).Recorded();
        var rows = run.Table<ProbeRow>("ladder.probes");

        Assert.Equal(moved, rows.Count(row => row is { Subject: Subject.MovedTeacher, TrainingSteps: 8 }));
        Assert.Equal(5, rows.Count(row => row is { Subject: Subject.Student, TrainingSteps: 8 }));
        Assert.All(rows.Where(row => row is { Subject: Subject.Student, TrainingSteps: 8 }), row => Assert.True(row.Distance > 0));
        Assert.NotEmpty(Study.Draw([run]));
    }

    /// <summary>What small views take in memory, by a training that is compiled with and without them.</summary>
    [Fact]
    public void The_memory_of_small_views_is_about_what_it_is()
    {
        (double Estimated, double Held) Of(int views)
        {
            var config = (RandomTeacherConfig)ConfigReader.Read(Study, ["parts=[ladder]", "seeds=1", "data.train=200", "training.steps=3", "network.encoder=convnet-16-3", $"ladder.smallViews={views}"]);
            var network = Condition.Of(config, "").Build(Pictures.Shape(config.Data));
            var images = new FloatImages(16, 16, 3, new float[200 * network.Inputs], new int[200], 10);
            using var training = new ViewDistillation(Rungs.Options(config, LadderRung.Dino, network, new Pictures(images, images, [0, 0, 0], [1, 1, 1])), images.Values.ToArray(), [new(1, "batch")]);
            return (CostModel.ViewBytes(config, LadderRung.Dino, network), training.Bytes);
        }

        var (without, with) = (Of(0), Of(4));

        // the model counts the values between layers of a plain network of a certain shape
        Assert.InRange((with.Estimated - without.Estimated) / (with.Held - without.Held), 0.4, 2.5);
    }

    [Theory]
    [InlineData(false, "data.size=32")]
    [InlineData(true, "data.size=64")]
    [InlineData(true, "ladder.blur=true")]
    [InlineData(false, "data.size=64", "ladder.blur=false")]
    public void Views_of_64_rows_are_blurred_where_nothing_else_is_said(bool isBlurred, params string[] settings)
    {
        var config = (RandomTeacherConfig)ConfigReader.Read(Study, ["parts=[ladder]", "network.encoder=convnet-4-2", "ladder.smallViews=1", .. settings]);
        var shape = Pictures.Shape(config.Data);
        var images = new FloatImages(shape[0], shape[1], shape[2], new float[shape.Count], [0], 10);
        ViewDistillationOptions Options(LadderRung rung) => Rungs.Options(config, rung, Condition.Of(config, "").Build(shape), new Pictures(images, images, [0, 0, 0], [1, 1, 1]));

        var options = Options(LadderRung.Dino);

        Assert.Equal(isBlurred ? [1, 0.1] : null, options.View!.Blur?.Probabilities);
        Assert.Equal(isBlurred ? [0.5] : null, options.SmallView!.Blur?.Probabilities);
        Assert.Equal(isBlurred, Options(LadderRung.SingleView).View!.Blur is not null);
        Assert.Null(Options(LadderRung.PlainImages).View);
        Assert.Equal(isBlurred, RungSentences.Of(config).First().Contains(", blur, ", StringComparison.Ordinal));
    }

    [Fact]
    public void Its_figures_name_every_rung_and_what_it_takes_away()
    {
        var run = MemoryRun.Of(Study, [.. Small, "ladder.rungs=[dino,frozen-teacher,random-teacher]"]).Recorded();

        Figure[] figures = [.. Study.Draw([run])];

        Assert.Equal(["ladder", "ladder-table"], figures.Select(figure => figure.Name));
        Assert.Contains("Frozen-teacher takes away a teacher that is the moving average of its student, and has a teacher that stays as it was drawn", figures[0].Caption, StringComparison.Ordinal);
        Assert.DoesNotContain("Single-view", figures[0].Caption, StringComparison.Ordinal);
        Assert.All(figures[0].Panels, panel => Assert.Equal(["dino", "frozen-teacher", "random-teacher"], panel.X.Categories));
        var table = Assert.Single(figures[1].Panels);
        Assert.Equal(["dino", "frozen-teacher", "random-teacher", "teacher of dino", "teacher as drawn"], table.Y.Categories);
        var student = run.Table<ProbeRow>("ladder.probes").Single(row => row is { Condition: "dino", Subject: Subject.Student, TrainingSteps: 8 });
        Assert.Equal([student.Lin, student.LinStd, student.Ridge, student.Knn], ((MatrixLayer)table.Layers[0]).Values.Take(4));
    }

    [Fact]
    public void Every_rung_takes_its_time_and_memory()
    {
        (TimeSpan Time, long Memory) Of(params string[] settings)
        {
            var estimate = Study.Estimate(ConfigReader.Read(Study, ["parts=[ladder]", .. settings]), threads: 1);
            return (estimate.Time, estimate.Memory);
        }

        var all = Of();

        Assert.True(Of("ladder.rungs=[frozen-teacher,random-teacher]").Time < all.Time);
        Assert.True(Of("ladder.rungs=[frozen-teacher,random-teacher]").Memory < all.Memory);
        Assert.True(Of("ladder.views=3").Time > all.Time);
        var (few, many) = (Of("network.encoder=convnet-16-3"), Of("network.encoder=convnet-16-3", "ladder.smallViews=4"));
        Assert.True(many.Time > few.Time && many.Memory > few.Memory);
        Assert.True(Of("network.encoder=convnet-16-3", "ladder.smallViews=4", "ladder.smallSize=12") is var larger && larger.Time > many.Time && larger.Memory > many.Memory);
        string[] byol = ["ladder.rungs=[dino]", "ladder.objective=cosine", "ladder.predictor=[512]"];
        Assert.True(Of(byol).Time > Of([.. byol, "ladder.predictor=[64]"]).Time && Of(byol).Memory > Of([.. byol, "ladder.predictor=[64]"]).Memory);
        Assert.True(Of(byol).Time > Of([.. byol, "ladder.teacherMomentum=0"]).Time);
        Assert.True(Of("ladder.rungs=[dino]").Time > Of("ladder.rungs=[dino]", "ladder.objective=cosine").Time);
        Assert.Equal(Of("ladder.rungs=[single-view]", "network.encoder=convnet-16-3"), Of("ladder.rungs=[single-view]", "network.encoder=convnet-16-3", "ladder.smallViews=4"));
        Assert.True(Of("training.steps=1000").Time > all.Time);
        Assert.True(Of("seeds=4").Memory > all.Memory);
    }

    [Theory]
    [InlineData("ladder.rungs must hold rungs, at least one, none twice.", "ladder.rungs=[]")]
    [InlineData("ladder.rungs must hold rungs, at least one, none twice.", "ladder.rungs=[dino,dino]")]
    [InlineData("ladder.rungs must go downwards, in the order dino, frozen-teacher, single-view, plain-images, random-teacher.", "ladder.rungs=[random-teacher,dino]")]
    [InlineData("Part ladder is about the cross-entropy of outputs: leave training.objective at cross-entropy.", "training.objective=cosine")]
    [InlineData("ladder.views (9) must lie between 1 and 8.", "ladder.views=9")]
    [InlineData("ladder.pairing=opposite needs ladder.views of at least 2.", "ladder.views=1")]
    [InlineData("Rungs frozen-teacher and single-view are the same with one view: leave one out of ladder.rungs.", "ladder.views=1", "ladder.pairing=same")]
    [InlineData("Rungs frozen-teacher and single-view are the same with one view: leave one out of ladder.rungs.", "ladder.views=1", "ladder.pairing=all")]
    [InlineData("ladder.smallestCrop (0) and ladder.largestCrop (1) must be above 0 and at most 1, the smallest first.", "ladder.smallestCrop=0")]
    [InlineData("ladder.smallestCrop (0.4) and ladder.largestCrop (0.3) must be above 0 and at most 1, the smallest first.", "ladder.largestCrop=0.3")]
    [InlineData("ladder.smallViews (-1) must lie between 0 and 16.", "ladder.smallViews=-1")]
    [InlineData("ladder.smallViews (17) must lie between 0 and 16.", "ladder.smallViews=17")]
    [InlineData("ladder.smallSize (9) must lie between 1 and the rows of an image (8), or be null for half of them.", "ladder.smallSize=9")]
    [InlineData("ladder.smallestSmallCrop (0.5) and ladder.largestSmallCrop (0.4) must be above 0 and at most 1, the smallest first.", "ladder.smallestSmallCrop=0.5")]
    [InlineData("ladder.smallViews needs ladder.pairing=opposite or all: a small view is compared with the teacher's, which are large.", "network.encoder=convnet-4-2", "ladder.smallViews=1", "ladder.pairing=same")]
    [InlineData("ladder.smallViews: network.encoder (4 M 6) does not take views of [4, 4, 1] beside images of [8, 8, 1]: The network on [4, 4, 1] needs a result of [96] as on [8, 8, 1], but was given [24]. Take an encoder that ends in a mean over the image, such as convnet-16-3 or resnet18, another ladder.smallSize, or ladder.smallViews=0.", "ladder.smallViews=1")]
    [InlineData("ladder.smallViews: network.encoder (convnet-4-3) does not take views of [3, 3, 1] beside images of [8, 8, 1]: Pool needs images", "network.encoder=convnet-4-3", "ladder.smallViews=1", "ladder.smallSize=3")]
    [InlineData("ladder.predictor is for ladder.objective=cosine: leave it empty for the cross-entropy.", "ladder.predictor=[6]")]
    [InlineData("ladder.predictor must hold at most 4 numbers between 1 and 16384, or none.", "ladder.objective=cosine", "ladder.predictor=[6,0]")]
    [InlineData("ladder.predictor must hold at most 4 numbers between 1 and 16384, or none.", "ladder.objective=cosine", "ladder.predictor=[6,6,6,6,6]")]
    [InlineData("ladder.teacherMomentum=0 compares every view with itself where ladder.pairing=same and there is no predictor: take ladder.pairing=opposite, or a predictor.", "ladder.objective=cosine", "ladder.teacherMomentum=0", "ladder.pairing=same")]
    [InlineData("ladder.shift (9) must lie between 0 and the rows of an image (8).", "ladder.shift=9")]
    [InlineData("Rungs single-view and plain-images are the same without crops, mirroring, shifts, colors and blur: leave one out of ladder.rungs.", "ladder.smallestCrop=1", "ladder.mirror=false", "ladder.colors=false")]
    [InlineData("ladder.copyEpochs (-1) must be at least 1, or be 0 for a teacher that is an average.", "ladder.copyEpochs=-1")]
    [InlineData("ladder.centerMomentum (1) must be at least 0 and below 1.", "ladder.centerMomentum=1")]
    [InlineData("ladder.clipNorm (-1) must not be negative.", "ladder.clipNorm=-1")]
    [InlineData("ladder.lastLayerFrozen (-1) must not be negative.", "ladder.lastLayerFrozen=-1")]
    [InlineData("ladder.lastLayerFrozen must be 0: the head has no layer behind its bottleneck.", "network.bottleneck=0")]
    [InlineData("ladder.teacherMomentum (1.1) must lie between 0 and 1 at every step.", "ladder.teacherMomentum=1.1")]
    [InlineData("ladder.teacherTemperature (lin(0, 1)) must be positive at every step.", "ladder.teacherTemperature=\"lin(0, 1)\"")]
    [InlineData("ladder.studentTemperature (-1) must be positive at every step.", "ladder.studentTemperature=-1")]
    [InlineData("ladder.weightDecay (lin(0.1, -0.1)) must not be negative at every step.", "ladder.weightDecay=\"lin(0.1, -0.1)\"")]
    [InlineData("ladder.weightDecay (lin(0.00001, -0.0000000001)) must not be negative at every step.", "training.steps=120000", "ladder.weightDecay=\"lin(0.00001, -0.0000000001)\"")]
    [InlineData("ladder.learningRate: The schedule \"fast\"", "ladder.learningRate=fast")]
    public void Settings_that_contradict_each_other_are_told(string problem, params string[] settings)
    {
        var told = Assert.Throws<ConfigException>(() => ConfigReader.Read(Study, ["@smoke", "parts=[ladder]", .. settings]));

        Assert.StartsWith(problem, told.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', told.Message);
    }

    private RunDirectory Create() => RunDirectory.CreateAt(runs.NewPath(), Study, ConfigReader.Read(Study, Small), Small);
}
