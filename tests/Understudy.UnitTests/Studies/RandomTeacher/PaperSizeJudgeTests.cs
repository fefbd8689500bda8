using System.Globalization;
using Understudy.Lab.Claims;
using Understudy.Lab.Configuration;
using Understudy.Studies.RandomTeacher;
using Understudy.Studies.RandomTeacher.Judging;
using static Understudy.UnitTests.Studies.RandomTeachers.MadeUp;

namespace Understudy.UnitTests.Studies.RandomTeachers;

/// <summary>Which runs have the bars of the paper, and what they are.</summary>
public class PaperSizeJudgeTests
{
    private static readonly Dictionary<string, RandomTeacherConfig> Papers = new[] { "vgg11", "resnet18" }.ToDictionary(encoder => encoder, encoder => (RandomTeacherConfig)ConfigReader.Read(Study, [$"@paper-{encoder}"]));

    [Theory]
    [InlineData("C1", "vgg11", 53.75, 38, Outcome.Supported)]
    [InlineData("C1", "vgg11", 54, 38, Outcome.NotSupported)]
    [InlineData("C1", "vgg11", 49.75, 38, Outcome.NotSupported)]
    [InlineData("C1", "vgg11", 53.75, 38.25, Outcome.NotSupported)]
    [InlineData("C1", "resnet18", 48, 34, Outcome.Supported)]
    [InlineData("C1", "resnet18", 48.25, 34, Outcome.NotSupported)]
    [InlineData("C1", "resnet18", 48, 33.75, Outcome.NotSupported)]
    [InlineData("C2", "vgg11", 49.5, 0, Outcome.Supported)]
    [InlineData("C2", "vgg11", 49.25, 0, Outcome.NotSupported)]
    [InlineData("C2", "resnet18", 46.5, 0, Outcome.Supported)]
    [InlineData("C2", "resnet18", 46.75, 0, Outcome.NotSupported)]
    [InlineData("C3", "vgg11", 49, 0, Outcome.Supported)]
    [InlineData("C3", "vgg11", 48.75, 0, Outcome.NotSupported)]
    [InlineData("C3", "resnet18", 44, 0, Outcome.Supported)]
    [InlineData("C3", "resnet18", 43.75, 0, Outcome.NotSupported)]
    public void At_the_size_of_the_paper_its_own_numbers_are_the_bars(string claim, string preset, double student, double teacher, Outcome expected)
        => Assert.Equal(expected, Judge(claim, Run(Paper(preset), change: On<ProbeRow>("distillation.probes", row => row.Subject switch
        {
            Subject.Student => row with { Lin = student, Knn = student },
            Subject.Teacher => row with { Lin = teacher },
            _ => row,
        }))).Outcome);

    [Theory]
    [InlineData(40, Outcome.Supported)]
    [InlineData(40.25, Outcome.NotSupported)]
    public void At_the_size_of_the_paper_noise_stays_below_the_teacher(double noise, Outcome expected)
        => Assert.Equal(expected, Judge("C6", Run(Paper("vgg11"), change: OnStudents("distillation", "noise", row => row with { Lin = noise, LinStd = 90 }))).Outcome);

    [Theory]
    [InlineData(1.75, Outcome.Supported)]
    [InlineData(3.625, Outcome.Supported)]
    [InlineData(1.625, Outcome.NotSupported)]
    [InlineData(3.75, Outcome.NotSupported)]
    public void At_the_size_of_the_paper_the_slope_is_the_paper_s(double slope, Outcome expected)
        => Assert.Equal(expected, Judge("C7", Run(Paper("vgg11"), change: On<ProbeRow>("sizes.probes", row => row.Subject != Subject.Student ? row : row with
        {
            LinStd = 30 + (slope * Math.Log10(int.Parse(row.Condition, CultureInfo.InvariantCulture))),
        }))).Outcome);

    [Theory]
    [InlineData("data.gray=true")]
    [InlineData("data.train=49999")]
    [InlineData("data.test=9999")]
    [InlineData("training.batch=128")]
    [InlineData("training.steps=28999")]
    [InlineData("network.normalization=batch")]
    [InlineData("network.encoder=vgg13")]
    public void Anything_smaller_than_the_paper_has_the_bars_of_small_networks(string setting)
        => Assert.Equal(Outcome.Supported, PixelsAtThePaperWith(setting));

    [Fact]
    public void The_size_in_words_and_fewer_steps_of_the_last_epochs_are_still_the_paper()
        => Assert.Equal(Outcome.NotSupported, PixelsAtThePaperWith("data.size=32", "training.steps=29000"));

    [Fact]
    public void A_verdict_tells_how_its_run_differs_from_the_paper()
        => Assert.Equal(
            "20,000 images of Cifar10 at 16 x 16 x 1, 16 16 M 32 32 M 64 64 M 128 128 M (no normalization), 99 steps of 64, 3 seeds, with valley.steps = 99; the paper: 50,000 images of CIFAR-10, VGG11 or ResNet18, 29,400 steps of 256, 3 seeds.",
            Judge("C9", Run(["valley.steps=99"])).Scale);

    [Theory]
    [InlineData("training.alpha=1")]
    [InlineData("training.objective=mean-squared")]
    [InlineData("training.rule=momentum")]
    [InlineData("training.learningRate=0.01")]
    [InlineData("training.weightDecay=0.01")]
    [InlineData("training.clipNorm=1")]
    [InlineData("training.studentTemperature=0.1")]
    [InlineData("network.bottleneck=64")]
    [InlineData("network.outputs=1024")]
    [InlineData("network.head=[256,256]")]
    [InlineData("network.shape=-/lb/-/-/l/-")]
    [InlineData("probes.neighbors=5")]
    [InlineData("probes.epochs=2")]
    public void Only_the_papers_own_settings_have_its_bars(string setting)
    {
        string[] paper = ["@paper-vgg11"];

        Assert.True(Scales.IsPaper((RandomTeacherConfig)ConfigReader.Read(Study, paper)));
        Assert.False(Scales.IsPaper((RandomTeacherConfig)ConfigReader.Read(Study, [.. paper, setting])));
    }

    /// <summary>C3 of a student one point above pixels, which is enough for a small network and not at the paper's size.</summary>
    private static Outcome PixelsAtThePaperWith(params string[] settings)
        => Judge("C3", Run((RandomTeacherConfig)ConfigReader.Read(Study, ["@paper-vgg11", .. settings]), change: OnStudents("distillation", "images", row => row with { Lin = 41 }))).Outcome;

    private static RandomTeacherConfig Paper(string encoder) => Papers[encoder];
}
