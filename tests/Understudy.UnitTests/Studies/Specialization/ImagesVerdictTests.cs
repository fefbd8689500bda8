using Understudy.Lab;
using Understudy.Lab.Claims;
using Understudy.Lab.Configuration;
using Understudy.Lab.Runs;
using Understudy.Studies.Specialization;
using Understudy.Studies.Specialization.Experiments;

namespace Understudy.UnitTests.Studies.Specialization;

public class ImagesVerdictTests
{
    private static readonly SpecializationStudy Study = new();
    private static readonly string[] Published = ["images.data.pooling=1", "images.teacher.channels=[64,64,64,64]", "images.teacher.pruning=[0.3,0.5,0.5,0.7]", "images.students.training.epochs=100"];

    // a gain of 0.02 in layer 2 has the order, but not the bar
    [Theory]
    [InlineData(0.1, Outcome.Supported, Outcome.Supported)]
    [InlineData(0.02, Outcome.Supported, Outcome.NotSupported)]
    [InlineData(0.0, Outcome.NotSupported, Outcome.NotSupported)]
    public void More_specialization_is_judged_by_order_unless_the_network_is_the_published_one(double gain, Outcome small, Outcome published)
    {
        double Best(ImageCell cell, int layer) => 0.6 + (cell.OverRealization > 1 ? (layer == 2 ? gain : 0.1) : 0);

        Assert.Equal(small, Verdict("S16", Record(4, Best, _ => 0.8)).Outcome);
        Assert.Equal(published, Verdict("S16", Record(4, Best, _ => 0.8, Published)).Outcome);
        Assert.Equal(Outcome.Inconclusive, Verdict("S16", Record(2, Best, _ => 0.8)).Outcome);
    }

    [Theory]
    [InlineData(0.01, Outcome.Supported)]
    [InlineData(0.0, Outcome.NotSupported)]
    [InlineData(-0.01, Outcome.NotSupported)]
    public void Accuracies_are_compared_seed_by_seed(double gain, Outcome expected)
    {
        var verdict = Verdict("S17", Record(4, (_, _) => 0.6, cell => cell.OverRealization > 1 ? 0.8 + gain : 0.8));

        Assert.Equal((expected, 4), (verdict.Outcome, verdict.Seeds));
        Assert.Contains("teachers 0.810", verdict.Measured, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0.9, Outcome.Supported)]
    [InlineData(0.8, Outcome.NotSupported)]
    public void Medians_of_pruned_channels_are_judged_with_the_published_network_only(double median, Outcome expected)
    {
        Assert.Equal(expected, Verdict("S18", Record(4, (cell, _) => cell == new ImageCell(TeacherChannels.Pruned, 5) ? median : 0.1, _ => 0.8, Published)).Outcome);
        var small = Verdict("S18", Record(4, (_, _) => median, _ => 0.8));
        Assert.Equal(Outcome.NotRun, small.Outcome);
        Assert.EndsWith(FormattableString.Invariant($"here, r = 5, medians by layer {median - 0.0015:0.000} {median - 0.0015:0.000} {median - 0.0015:0.000}"), small.Measured, StringComparison.Ordinal);
    }

    [Fact]
    public void What_is_missing_is_named()
    {
        Assert.Equal(
            ["needs images.data.set=cifar10", "needs images.data.set=cifar10", "needs images.data.set=cifar10"],
            Measured("images.data.set=digits", "images.data.pooling=1", "images.data.training=500", "images.data.validation=100", "images.measures.evaluation=500", "images.measures.during=500", "images.measures.statistics=500"));
        Assert.Equal(
            ["needs 1 and 2 among images.students.ofUnpruned, trained to the end", "needs 1 and 2 among images.students.ofUnpruned, trained to the end", "needs images.students.ofPruned, trained to the end"],
            Measured("images.students.ofUnpruned=[1]", "images.students.ofPruned=[]"));

        static string[] Measured(params string[] settings)
        {
            var run = Record(4, (_, _) => 0.5, _ => 0.5, settings);
            return [.. new[] { "S16", "S17", "S18" }.Select(id => Verdict(id, run)).Select(verdict => verdict.Outcome == Outcome.NotRun ? verdict.Measured : "")];
        }
    }

    [Fact]
    public void Runs_of_one_protocol_are_pooled_and_scales_tell_the_settings()
    {
        RunRecord Of(params string[] settings) => Record(4, (_, _) => 0.5, _ => 0.5, settings);
        var verdict = Study.Judge([Of("images.students.training.batch=32"), Of("seed=2", "images.students.ofPruned=[]"), Of("images.teacher.shared=true"), Of("images.measures.stages=2"), Of("images.teacher.training.weightDecay=0"), Of()])
            .Single(item => item.Claim.Id == "S17");

        Assert.Equal(8, verdict.Seeds);
        Assert.Contains("3 runs of another protocol left out", verdict.Scale, StringComparison.Ordinal);
        Assert.StartsWith(
            "10,000 images of CIFAR-10 at 16 × 16, channels 12-16-16, teacher 10 epochs of batches of 128 by momentum, learning rate 0.05, then 0.01 after 70 % of the epochs, students 10 epochs",
            verdict.Scale, StringComparison.Ordinal);
        Assert.DoesNotContain(", with ", verdict.Scale, StringComparison.Ordinal);
        var shared = Verdict("S17", Of("images.teacher.shared=true", "images.students.training.weightDecay=0.1")).Scale;
        Assert.Contains("one teacher for all seeds, with images.students.training.weightDecay = 0.1;", shared, StringComparison.Ordinal);
    }

    [Fact]
    public void Contradictions_are_told_in_sentences()
    {
        var config = new SpecializationConfig
        {
            Images = new ImagesConfig
            {
                Seeds = 0,
                Data = new ImagesDataConfig { Training = 49_000, Validation = 2000, Pooling = 4, Shift = -1 },
                Teacher = new ImagesTeacherConfig { Channels = [8, 8, 8, 8], Pruning = [0.5, 1, 0.5] },
                Students = new ImagesStudentsConfig { OfUnpruned = [0.5], OfPruned = [1, 1], Training = new ImagesTrainingConfig { Batch = 50_000, RateStarts = [0.5], Momentum = 1 } },
                Measures = new ImagesMeasuresConfig { Evaluation = 20_000, During = 30_000, Statistics = 60_000 },
            },
        };

        Assert.Equal(
            [
                "images.seeds (0) must be at least 1.",
                "images.data.shift (-1) must not be negative.",
                "images.measures.during (30000) must not exceed images.measures.evaluation (20000).",
                "images.measures.statistics (60000) must not exceed images.data.training (49000).",
                "images.data.training and images.data.validation (49000 and 2000) are more than the 50000 training images of cifar10.",
                "images.measures.evaluation (20000) is more than the 10000 test images of cifar10.",
                "images.teacher.pruning must hold one share for each of the 4 convolutions, each at least 0 and below 1.",
                "images.teacher.channels asks for 4 convolutions, which each take 2 rows and columns away, of images of 8 × 8.",
                "images.students.ofUnpruned must hold at least one number, each at least 1.",
                "images.students.ofPruned must not hold a number twice.",
                "images.students.training.batch (50000) must not exceed images.data.training (49000): batches are drawn without replacement.",
                "images.students.training.rateStarts must begin with 0 and increase, each below 1.",
                "images.students.training.momentum (1) must be at least 0 and below 1.",
            ],
            config.Problems());
    }

    [Theory]
    [InlineData("images.data.pooling=3", "images.data.pooling (3) must divide 32, the rows and columns of the images.")]
    [InlineData("images.data.set=digits", "images.data.training, images.data.validation and images.measures.evaluation (10000, 2000 and 10000) are more than the 1797 digits.")]
    [InlineData("images.data.set=digits images.data.mirrored=true", "images.data.mirrored needs images.data.set=cifar10: the mirror image of a digit is none.")]
    [InlineData("images.students.ofUnpruned=[200]", "images asks for students of ")]
    [InlineData("images.teacher.channels=[]", "images.teacher.channels must hold at least one number of channels, each at least 1.")]
    public void Each_contradiction_is_told_by_itself(string setting, string problem)
        => Assert.Contains(problem, Assert.Throws<ConfigException>(() => ConfigReader.Read(Study, setting.Split(' '))).Message, StringComparison.Ordinal);

    [Fact]
    public void Students_need_an_over_realization()
        => Assert.Equal(
            "images.students must have an over-realization in ofUnpruned or ofPruned.",
            Assert.Throws<ConfigException>(() => ConfigReader.Read(Study, ["images.students.ofUnpruned=[]", "images.students.ofPruned=[]"])).Message);

    [Theory]
    [InlineData("images.students.training.epochs=20")]
    [InlineData("images.teacher.training.epochs=20")]
    [InlineData("images.teacher.fineTuningEpochs=10")]
    [InlineData("images.data.training=20000")]
    [InlineData("images.teacher.channels=[24,32,32]")]
    [InlineData("images.data.pooling=1")]
    [InlineData("images.data.shift=2")]
    [InlineData("images.students.ofPruned=[1,2,5,10]")]
    [InlineData("images.measures.stages=10")]
    [InlineData("seeds=8")]
    public void More_work_takes_longer(string setting)
        => Assert.True(Estimate("parts=[images]", setting).Time > Estimate("parts=[images]").Time);

    [Fact]
    public void A_shared_teacher_takes_less_and_larger_images_take_more_memory()
    {
        Assert.True(Estimate("parts=[images]", "images.teacher.shared=true").Time < Estimate("parts=[images]").Time);
        Assert.True(Estimate("parts=[images]", "images.data.pooling=1").Memory > Estimate("parts=[images]").Memory);
    }

    private static RunEstimate Estimate(params string[] settings) => ((IEstimatesRuns)Study).Estimate(ConfigReader.Read(Study, settings), 2);

    /// <summary>A record in which mean and median best correlation of every layer of every seed are what is given, but for a spread of 0.003 over seeds.</summary>
    private static MemoryRecord Record(int seeds, Func<ImageCell, int, double> best, Func<ImageCell, double> accuracy, params string[] settings)
    {
        var config = (SpecializationConfig)ConfigReader.Read(Study, settings);
        var (plan, epochs) = (new ImagesPlan(config), config.Images.Students.Training.Epochs);
        object[] rows =
        [
            .. from cell in plan.Cells
               from seed in Enumerable.Range(0, seeds)
               from layer in Enumerable.Range(1, config.Images.Teacher.Channels.Count)
               let value = best(cell, layer) - (0.001 * seed)
               select new ChannelLayerRow(
                   seed, 100, epochs, cell.Teacher, cell.OverRealization, layer, false, 0.1, 0.9, accuracy(cell) - (0.001 * seed), value, value, value, 0.1, 0.5, [1, 1, 1, 1, 1, 1], [value], 0, 0),
        ];
        object[] teachers = [.. Enumerable.Range(0, seeds).Select(teacher => new ChannelTeacherRow(teacher, 50, TeacherChannels.Unpruned, [12, 16, 16], 9, 0.8, 0.81))];
        return new MemoryRecord(
            config, new Dictionary<string, List<object>> { ["images.evaluations"] = [.. rows], ["images.teachers"] = [.. teachers] },
            new Dictionary<(string, long), IReadOnlyList<Understudy.Data.Formats.Tensor>>());
    }

    private static Verdict Verdict(string id, RunRecord run) => Study.Judge([run]).Single(verdict => verdict.Claim.Id == id);
}
