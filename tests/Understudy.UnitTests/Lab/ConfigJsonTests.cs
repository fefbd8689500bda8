using Understudy.Lab.Configuration;

namespace Understudy.UnitTests.Lab;

public class ConfigJsonTests
{
    private static readonly ToyStudy Toy = new();

    [Fact]
    public void A_configuration_survives_the_round_trip()
    {
        var config = new ToyConfig { Seed = long.MaxValue, LearningRate = 0.1 + 0.2, Grid = [], Student = new ToyStudent { Kind = ToyKind.LeakyRelu, Label = "ä \"<b>" } };

        var text = ConfigJson.Write(config);

        Assert.Equal(text, ConfigJson.Write(ConfigJson.Read(Toy, text, "config.json")));
        Assert.Contains("\"kind\": \"leaky-relu\"", text, StringComparison.Ordinal);
        Assert.DoesNotContain("\r", text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(double.NaN, "\"NaN\"")]
    [InlineData(double.PositiveInfinity, "\"Infinity\"")]
    public void Numbers_json_does_not_know_are_words(double rate, string word)
    {
        var text = ConfigJson.Write(new ToyConfig { LearningRate = rate });

        Assert.Contains("\"learningRate\": " + word, text, StringComparison.Ordinal);
        Assert.Equal(rate, ((ToyConfig)ConfigJson.Read(Toy, text, "config.json")).LearningRate);
    }

    [Fact]
    public void A_setting_this_version_does_not_know_names_the_newer_version()
    {
        var error = Assert.Throws<ConfigException>(() => ConfigJson.Read(Toy, """{"steps": 3, "warmUp": 2}""", "runs/x/config.json"));

        Assert.Equal(
            "runs/x/config.json was written by a newer version of understudy, or by hand: warmUp is not a setting of toy\n"
            + "  update understudy to read this run, or run the study again with this version",
            error.Message);
    }

    [Fact]
    public void Differences_are_listed_by_path()
    {
        var differences = ConfigJson.Differences(Toy, new ToyConfig(), new ToyConfig { Seed = 3, Student = new ToyStudent { Width = 9 } });

        Assert.Equal([("student.width", "4", "9"), ("seed", "1", "3")], differences);
    }
}
