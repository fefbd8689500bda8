using Understudy.Lab.Configuration;
using Understudy.Studies.Specialization;

namespace Understudy.UnitTests.Studies.Specialization;

public class ConfigurationTests
{
    private static readonly SpecializationStudy Study = new();

    [Fact]
    public void Defaults_are_those_of_the_preset_quick()
        => Assert.Equal(ConfigJson.Write(new SpecializationConfig()), ConfigJson.Write(ConfigReader.Read(Study, ["@quick"])));

    [Theory]
    [InlineData("quick")]
    [InlineData("standard")]
    [InlineData("paper")]
    [InlineData("smoke")]
    [InlineData("mnist")]
    [InlineData("fashion-mnist")]
    [InlineData("cifar10")]
    [InlineData("cifar10-small")]
    public void Presets_have_no_problems(string preset) => Assert.Empty(ConfigReader.Read(Study, ["@" + preset]).Problems());

    [Theory]
    [InlineData("quick")]
    [InlineData("standard")]
    [InlineData("paper")]
    public void What_measures_a_claim_alone_can_be_run(string preset)
        => Assert.All(SpecializationClaims.All, claim => Assert.Empty(ConfigReader.Read(Study, ["@" + preset, .. claim.Settings.Split(' ')]).Problems()));

    [Fact]
    public void All_dimensions_survive_a_round_trip()
    {
        var config = (SpecializationConfig)ConfigReader.Read(Study, ["@mnist", "data.dimension=all"]);

        Assert.Equal(Components.All, config.Data.Dimension);
        Assert.Contains("\"dimension\": \"all\"", ConfigJson.Write(config), StringComparison.Ordinal);
        Assert.Equal(config.Data, ((SpecializationConfig)ConfigJson.Read(Study, ConfigJson.Write(config), "config.json")).Data);
    }

    [Fact]
    public void Image_sets_are_needed_only_where_they_are_read()
    {
        Needs([], "@quick");
        Needs(["mnist"], "@mnist");
        Needs([], "@mnist", "parts=[lucky]");

        static void Needs(string[] expected, params string[] arguments)
            => Assert.Equal(expected, ((Understudy.Lab.IStudy)Study).Needs(ConfigReader.Read(Study, arguments)));
    }

    [Fact]
    public void Contradictions_are_told_in_sentences()
    {
        var config = new SpecializationConfig
        {
            Parts = [],
            Slope = 1,
            TwoLayer = new RecoveryConfig { Seeds = 0, Student = new StudentConfig { OverRealization = [0.5] } },
            Boundaries = new BoundariesConfig { Teacher = new TeacherConfig { Nodes = 2, Outputs = 90 }, Shown = [50] },
        };

        Assert.Equal(
            [
                "parts must name at least one part.",
                "slope (1) must be at least 0 and below 1.",
                "twoLayer.seeds (0) must be at least 1.",
                "twoLayer.student.overRealization must hold at least one number, each at least 1.",
                "boundaries.teacher.outputs (90) is more than the distinct rows the weight grid has for 2 nodes; use fewer outputs or more nodes.",
                "boundaries.shown must lie between 0 and boundaries.training.epochs (29).",
            ],
            config.Problems());
    }

    [Fact]
    public void Students_too_large_to_train_are_refused_before_anything_is_allocated()
    {
        var config = new SpecializationConfig { TwoLayer = new RecoveryConfig { Teacher = new TeacherConfig { Nodes = 1_000_000_000 } } };

        Assert.Matches(@"^twoLayer asks for students of [\d.]+E\+11 parameters, more than 10,000,000: lower twoLayer\.teacher\.nodes", Assert.Single(config.Problems()));
    }

    [Fact]
    public void Image_sets_cannot_give_more_images_than_they_have()
    {
        var config = new SpecializationConfig
        {
            Parts = [SpecializationPart.TwoLayer],
            Data = new InputsConfig { Kind = InputKind.Cifar10 },
            TwoLayer = new RecoveryConfig { Data = new SampleCountConfig { Samples = 60_000 } },
        };

        Assert.Equal(["twoLayer.data.samples (60000) is more than the 50000 training images of cifar10."], config.Problems());
    }
}
