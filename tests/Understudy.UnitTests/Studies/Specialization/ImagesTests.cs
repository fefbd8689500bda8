using Understudy.Engine.Random;
using Understudy.Engine.Threading;
using Understudy.Lab.Configuration;
using Understudy.Lab.Figures;
using Understudy.Learning.Training;
using Understudy.Studies.Parts;
using Understudy.Studies.Specialization;
using Understudy.Studies.Specialization.Experiments;

namespace Understudy.UnitTests.Studies.Specialization;

public class ImagesTests
{
    private static readonly SpecializationStudy Study = new();

    /// <summary>2 epochs of 6 steps, 1 of 6 after pruning, and 2 of 12 for students.</summary>
    private static readonly string[] Tiny =
    [
        "parts=[images]", "images.seeds=2", "images.data.set=digits", "images.data.pooling=1", "images.data.training=192", "images.data.validation=64",
        "images.teacher.channels=[4,3]", "images.teacher.pruning=[0.3,0.4]", "images.teacher.fineTuningEpochs=1", "images.teacher.training.batch=32", "images.teacher.training.epochs=2",
        "images.students.ofUnpruned=[1,2]", "images.students.ofPruned=[1]", "images.students.training.batch=16", "images.students.training.epochs=2",
        "images.measures.evaluation=96", "images.measures.during=64", "images.measures.stages=2", "images.measures.statistics=64",
    ];

    private static readonly Lazy<MemoryRun> OnTwoThreads = new(() => Run(2));

    [Fact]
    public void Stages_follow_one_another_and_the_steps_run_through()
    {
        var plan = Plan();

        Assert.Equal([(0L, 12L), (12L, 18L), (18L, 42L)], plan.Stages.Select(stage => (stage.Begin, stage.End)));
        Assert.Equal([3, 2], plan.Widths(TeacherChannels.Pruned));
        Assert.All(plan.Stages, stage => Assert.Equal(64, stage.ChunkSteps));
        // 24 students of up to 11 Gflop an image
        Assert.Equal(1, new ImagesPlan((SpecializationConfig)ConfigReader.Read(Study, ["@paper", "parts=[images]", "seeds=4"])).Stages[^1].ChunkSteps);
        Assert.Equal([8, 6], plan.Widths(new ImageCell(TeacherChannels.Unpruned, 2)));
        Assert.Equal([ImageStageKind.Teachers, ImageStageKind.Students], Plan("images.students.ofPruned=[]").Stages.Select(stage => stage.Kind));
        Assert.Equal([0, 3, 5, 8, 10], Enumerable.Range(0, 11).Where(Plan("images.students.training.epochs=10", "images.measures.stages=4").IsEvaluated));
    }

    [Fact]
    public void Learning_rates_begin_at_their_share_of_the_epochs()
    {
        var training = new ImagesTrainingConfig { Epochs = 100, LearningRates = [0.001, 0.002, 0.005, 0.01, 0.001], RateStarts = [0, 0.05, 0.1, 0.3, 0.7] };

        Assert.Equal([0.001, 0.002, 0.002, 0.005, 0.01, 0.01, 0.001, 0.001], new[] { 4, 5, 9, 10, 30, 69, 70, 99 }.Select(training.Rate));
    }

    [Fact]
    public void Images_are_pooled_standardised_and_in_one_split_only()
    {
        using var team = new Team(1);
        var whole = Load(1, team);
        var pooled = Load(2, team);

        Assert.Equal((192, 64, 96), (whole.Training.Count, whole.Validation.Count, whole.Test.Count));
        Assert.Equal(16, pooled.Image.Count);
        for (var i = 0; i < 192; i++)
        {
            var mine = whole.Training.Pixels.AsSpan(64 * i, 64).ToArray();
            // the pixel of row 2 and column 6 of the small image is the mean of four
            Assert.Equal((mine[(4 * 8) + 6] + mine[(4 * 8) + 7] + mine[(5 * 8) + 6] + mine[(5 * 8) + 7]) / 4, pooled.Training.Pixels[(16 * i) + (2 * 4) + 3], 1e-5f);
        }

        // constants of the whole set: 352 of 1,797 images have nearly its mean and deviation
        var all = whole.Training.Pixels.Concat(whole.Validation.Pixels).Concat(whole.Test.Pixels).Select(value => (double)value).ToArray();
        Assert.Equal(0, all.Average(), 0.05);
        Assert.Equal(1, all.Average(value => value * value), 0.05);
        string[] texts = [.. new[] { whole.Training, whole.Validation, whole.Test }.SelectMany(rows => rows.Pixels.Chunk(64)).Select(image => string.Join(",", image))];
        // no two of the digits are alike
        Assert.Equal(texts.Length, texts.Distinct().Count());
    }

    [Fact]
    public void A_run_records_teachers_and_every_layer_of_every_student_and_can_be_drawn()
    {
        var run = OnTwoThreads.Value.Recorded();

        // before training and after each epoch
        Assert.Equal(2 * (3 + 2), run.Table<TeacherTrainingRow>("images.training").Count);
        var teachers = run.Table<ChannelTeacherRow>("images.teachers");
        Assert.Equal([(0, 12L), (1, 12L), (0, 18L), (1, 18L)], teachers.Select(row => (row.Teacher, row.Step)));
        Assert.All(teachers, row => Assert.Equal(row.ValidationAccuracy, run.Table<TeacherTrainingRow>("images.training").Where(epoch => epoch.Teacher == row.Teacher && epoch.Channels == row.Channels).Max(epoch => epoch.Accuracy)));
        // 3 cells x 2 seeds x 2 layers at 3 evaluations
        var rows = run.Table<ChannelLayerRow>("images.evaluations");
        Assert.Equal(3 * 2 * 2 * 3, rows.Count);
        Assert.All(rows, row => Assert.InRange(row.MeanBest, row.SmallestBest, row.MeanBestSize));
        Assert.Equal([42], run.Steps("images.weights"));
        Assert.Equal([2, 4], run.Arrays("images.weights", 42)["student.unpruned.r1.layer.0.bias"].Shape);
        Assert.Equal(["images-layers", "images-channels", "images-accuracy"], Study.Draw([run]).Select(figure => figure.Name));
        Assert.All(Study.Draw([run]).SelectMany(figure => figure.Panels).SelectMany(panel => panel.Layers).OfType<LineLayer>(), line => Assert.NotEmpty(line.Points));
    }

    [Fact]
    public void Training_brings_students_to_their_teachers_and_teachers_to_the_labels()
    {
        var run = Run(2, "images.students.training.epochs=6", "images.teacher.training.epochs=6").Recorded();

        foreach (var student in run.Table<ChannelLayerRow>("images.evaluations").Where(row => row.Layer == 1).GroupBy(row => (row.Cell, row.Seed)))
            Assert.True(student.Last().Loss < 0.5 * student.First().Loss, $"{student.Key}");
        // a tenth is chance
        Assert.All(run.Table<ChannelTeacherRow>("images.teachers"), teacher => Assert.True(teacher.Accuracy > 0.4, $"{teacher}"));
    }

    [Fact]
    public void Threads_change_nothing() => Assert.Equal(OnTwoThreads.Value.Text(), Run(3).Text());

    // within and at the borders of epochs and stages
    [Theory]
    [InlineData(6)]
    [InlineData(12)]
    [InlineData(18)]
    [InlineData(30)]
    public void A_cancelled_run_goes_on_to_the_same_rows(long step)
        => Assert.Equal(OnTwoThreads.Value.Text(), MemoryRun.Of(Study, Tiny, stopAt: (_, done) => done == step).Text());

    [Fact]
    public void A_run_that_is_cancelled_within_an_epoch_goes_on_to_the_same_rows()
    {
        string[] settings = [.. Tiny, "images.teacher.training.batch=1", "images.teacher.training.epochs=1", "images.students.ofPruned=[]"];

        // 192 steps of an epoch, offered in pieces
        Assert.Equal(MemoryRun.Of(Study, settings).Text(), MemoryRun.Of(Study, settings, stopAt: (_, done) => done == 64).Text());
    }

    // step 40 is within an epoch whose images are not those of the first
    [Theory]
    [InlineData("images.students.loss=mse")]
    [InlineData("images.students.loss=cross-entropy")]
    public void Images_that_are_shifted_in_every_epoch_are_the_same_after_a_cancellation(string loss)
    {
        string[] settings = [.. Tiny, "images.data.shift=1", "images.students.training.batch=2", "images.students.ofUnpruned=[]", loss];

        var whole = MemoryRun.Of(Study, settings).Text();

        Assert.Equal(whole, MemoryRun.Of(Study, settings, threads: 1, stopAt: (_, done) => done == 18 + 96 + 64).Text());
        Assert.NotEqual(whole, MemoryRun.Of(Study, [.. settings, "images.data.shift=0"]).Text());
    }

    [Fact]
    public void Shifted_images_are_bordered_by_black_and_change_with_the_epoch()
    {
        using var team = new Team(1);
        var config = Config("images.data.shift=2");
        var pixels = ImagePixels.Load(config.Images, new MemoryRun(config, team));
        using var training = new ChannelTraining(Plan().Network([2]), config.Images.Teacher.Training, TrainingLoss.CrossEntropy, TrainingPrecision.F32, [new double[Plan().Network([2]).Layout.Count]]);

        var epochs = new EpochImages(pixels, training, new RandomSequence(1, "shift"));
        Assert.True(epochs.Begin(0, team));
        var first = epochs.Pixels.ToArray();
        Assert.False(epochs.Begin(0, team));
        Assert.True(epochs.Begin(1, team));

        Assert.NotEqual(first, epochs.Pixels);
        // what comes from beyond the edge is black, the smallest number there is: the mean grey of 0 would be above it
        var border = Assert.Single(pixels.Augmentation()!.Border!);
        Assert.Equal(pixels.Training.Pixels.Min(), border, 1e-6f);
        Assert.True(border < 0);
        Assert.Equal(border, first.Min(), 1e-6f);
        Assert.Null(ImagePixels.Load(Config().Images, new MemoryRun(config, team)).Augmentation());
    }

    [Fact]
    public void Seeds_may_share_a_teacher()
    {
        var run = Run(1, "images.teacher.shared=true").Recorded();

        Assert.Equal([0, 0], run.Table<ChannelTeacherRow>("images.teachers").Select(row => row.Teacher));
        var first = OnTwoThreads.Value.Recorded().Table<ChannelLayerRow>("images.evaluations");
        var shared = run.Table<ChannelLayerRow>("images.evaluations");
        Assert.All(shared.Zip(first), pair => Assert.Equal(pair.First.Seed == 0, pair.First.MeanBest.Equals(pair.Second.MeanBest)));
    }

    [Fact]
    public void Cross_entropy_learns_the_teacher_s_class()
    {
        var rows = Run(1, "images.students.loss=cross-entropy", "images.students.training.epochs=6").Recorded().Table<ChannelLayerRow>("images.evaluations");

        Assert.All(rows.GroupBy(row => (row.Cell, row.Seed)), student => Assert.True(student.Last().Agreement > 0.4 && student.Last().Loss < student.First().Loss, $"{student.Key}"));
    }

    [Fact]
    public void Diverged_students_and_teachers_are_reported_as_diverged()
    {
        var students = Run(1, "images.students.training.learningRates=[1e9]", "images.students.training.rateStarts=[0]").Recorded().Table<ChannelLayerRow>("images.evaluations");
        var teachers = Run(1, "images.teacher.training.learningRates=[1e9]", "images.teacher.training.rateStarts=[0]", "images.teacher.normalization=none").Recorded();

        Assert.All(students, row => Assert.Equal(row.Epoch > 0, row.Diverged));
        Assert.Contains(teachers.Table<TeacherTrainingRow>("images.training"), row => row.Diverged);
        // what is kept is from before
        Assert.All(teachers.Table<ChannelTeacherRow>("images.teachers"), row => Assert.Equal(0, row.Epoch));
    }

    [Fact]
    public void Photographs_are_needed_only_where_they_are_read()
    {
        Assert.Equal(["cifar10"], Needs("@cifar10-small"));
        Assert.Empty(Needs(Tiny));
        Assert.Empty(Needs("parts=[two-layer]"));

        static IReadOnlyList<string> Needs(params string[] settings) => ((Understudy.Lab.IStudy)Study).Needs(ConfigReader.Read(Study, settings));
    }

    private static ImagePixels Load(int pooling, Team team)
    {
        var config = Config($"images.data.pooling={pooling}", "images.teacher.channels=[4]", "images.teacher.pruning=[0]");
        return ImagePixels.Load(config.Images, new MemoryRun(config, team));
    }

    private static ImagesPlan Plan(params string[] settings) => new(Config(settings));

    private static SpecializationConfig Config(params string[] settings) => (SpecializationConfig)ConfigReader.Read(Study, [.. Tiny, .. settings]);

    private static MemoryRun Run(int threads, params string[] settings) => MemoryRun.Of(Study, [.. Tiny, .. settings], threads);
}
