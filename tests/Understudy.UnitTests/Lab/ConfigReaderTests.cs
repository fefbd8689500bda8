using Understudy.Lab.Configuration;

namespace Understudy.UnitTests.Lab;

public class ConfigReaderTests
{
    private static readonly ToyStudy Toy = new();

    [Fact]
    public void Without_arguments_the_defaults_stand() => Assert.Equal(ConfigJson.Write(new ToyConfig()), ConfigJson.Write(Read()));

    [Fact]
    public void Presets_then_the_file_then_assignments_win()
    {
        using var folder = new TestFolder();
        File.WriteAllText(folder["mine.yaml"], "student:\n  width: 20\n  depth: 3\nseed: 7\n");

        var config = (ToyConfig)ConfigReader.Read(Toy, ["student.depth=5", "@long", "seed=8", "seed=9"], folder["mine.yaml"]);

        Assert.Equal((9, 200, 20, 5, ToyKind.LeakyRelu), (config.Seed, config.Steps, config.Student.Width, config.Student.Depth, config.Student.Kind));
        Assert.Equal(["first"], config.Parts);
    }

    [Fact]
    public void A_json_file_is_read_like_a_yaml_file()
    {
        using var folder = new TestFolder();
        File.WriteAllText(folder["mine.json"], """{ "student": { "kind": "leakyRelu" }, "grid": [3] } // mine""");

        var config = (ToyConfig)ConfigReader.Read(Toy, [], folder["mine.json"]);

        Assert.Equal(ToyKind.LeakyRelu, config.Student.Kind);
        Assert.Equal([3], config.Grid);
    }

    [Theory]
    [InlineData("steps=1e3")]
    [InlineData("steps=1000")]
    [InlineData("steps=1000.0")]
    public void A_whole_number_may_be_written_in_several_ways(string argument) => Assert.Equal(1000, Read(argument).Steps);

    [Fact]
    public void Values_are_json_or_bare_words()
    {
        var config = Read("student.label=100", "parts=[second]", "seeds=null", "grid=[4,5,6]", "student.kind=leaky-relu", "learningRate=2.5e-3");

        Assert.Equal("100", config.Student.Label);
        Assert.Equal(["second"], config.Parts);
        Assert.Null(config.Seeds);
        Assert.Equal([4, 5, 6], config.Grid);
        Assert.Equal((ToyKind.LeakyRelu, 0.0025), (config.Student.Kind, config.LearningRate));
    }

    [Theory]
    [InlineData("student.widht=3", "student.widht is not a setting of toy; did you mean student.width?\n  settings in student: width, depth, kind, label\n  see: understudy show toy student")]
    [InlineData("stepps=3", "stepps is not a setting of toy; did you mean steps?\n  settings: steps, learningRate, seeds, parts, grid, student, seed\n  see: understudy show toy")]
    [InlineData("studnet.width=3", "studnet.width is not a setting of toy; did you mean student.width?\n  settings: steps, learningRate, seeds, parts, grid, student, seed\n  see: understudy show toy")]
    [InlineData("momentum=3", "momentum is not a setting of toy\n  settings: steps, learningRate, seeds, parts, grid, student, seed\n  see: understudy show toy")]
    [InlineData("student.width.x=3", "student.width.x is not a setting of toy; student.width is a value and has none below it\n  see: understudy show toy student.width")]
    [InlineData("student=3", "student is a section of settings, not a value\n  settings in student: width, depth, kind, label\n  see: understudy show toy student")]
    [InlineData("student.width=ten", "student.width takes a whole number, not ten\n  see: understudy show toy student.width")]
    [InlineData("student.width=2.5", "student.width takes a whole number, not 2.5\n  see: understudy show toy student.width")]
    [InlineData("student.kind=tanh", "student.kind takes one of relu, leaky-relu, not tanh\n  see: understudy show toy student.kind")]
    [InlineData("steps=null", "steps takes a whole number, not null\n  see: understudy show toy steps")]
    [InlineData("grid=3", "grid takes a list of whole numbers, not 3\n  see: understudy show toy grid")]
    [InlineData("seeds=many", "seeds takes a whole number or null, not many\n  see: understudy show toy seeds")]
    [InlineData("fast", "fast is neither a preset nor an assignment\n  write @NAME for a preset, or PATH=VALUE for a setting\n  see: understudy show toy")]
    [InlineData("@qiuck", "@qiuck is not a preset of toy; did you mean @quick?\n  presets: @long, @quick\n  see: understudy show toy")]
    [InlineData("seed=1,2", "seed=1,2 asks for 2 runs, and run makes one\n  several runs: understudy sweep toy seed=1,2")]
    [InlineData("seed=1..9", "seed=1..9 asks for 9 runs, and run makes one\n  several runs: understudy sweep toy seed=1..9")]
    [InlineData("grid=1,2", "grid=1,2 asks for 2 runs, and run makes one\n  several runs: understudy sweep toy grid=1,2\n  one run over all of them: understudy run toy grid=[1,2]")]
    [InlineData("steps=0", "steps (0) must be at least 1.")]
    public void What_cannot_be_used_is_said_in_words(string argument, string message)
        => Assert.Equal(message, Assert.Throws<ConfigException>(() => Read(argument)).Message);

    [Fact]
    public void All_contradictions_are_listed_at_once()
    {
        var error = Assert.Throws<ConfigException>(() => Read("steps=0", "learningRate=-1"));

        Assert.Equal("2 things do not fit together:\n  steps (0) must be at least 1.\n  learningRate (-1) must be positive.", error.Message);
    }

    [Fact]
    public void A_sweep_has_every_combination_and_the_last_axis_is_fastest()
    {
        var plan = ConfigReader.ReadSweep(Toy, ["seed=1..3", "steps=7", "student.kind=relu,leaky-relu", "grid=[1,2],[3]"]);

        Assert.Equal(["seed", "student.kind", "grid"], plan.Axes.Select(axis => axis.Path));
        Assert.Equal(12, plan.Points.Count);
        Assert.All(plan.Points, point => Assert.Equal(7, ((ToyConfig)point.Config).Steps));
        Assert.Equal([1, 1, 1, 1, 2], plan.Points.Take(5).Select(point => point.Config.Seed));
        Assert.Equal([[1, 2], [3], [1, 2], [3]], plan.Points.Take(4).Select(point => ((ToyConfig)point.Config).Grid));
    }

    [Theory]
    [InlineData("seed=3..1", "seed=3..1 is not a range: write FIRST..LAST with FIRST at most LAST and at most 10000 values.")]
    [InlineData("seed=1..99999999999999999999", "seed=1..99999999999999999999 is not a range: write FIRST..LAST with FIRST at most LAST and at most 10000 values.")]
    public void A_range_that_is_none_is_refused(string argument, string message)
        => Assert.Equal(message, Assert.Throws<ConfigException>(() => ConfigReader.ReadSweep(Toy, [argument])).Message);

    [Fact]
    public void A_sweep_that_is_too_large_is_refused_before_it_is_made()
    {
        var error = Assert.Throws<ConfigException>(() => ConfigReader.ReadSweep(Toy, ["seed=1..10000", "steps=1..10000"]));

        Assert.Equal("this sweep has 100000000 points, and at most 10000 are allowed\n  make its axes shorter, or split it into several sweeps", error.Message);
    }

    [Fact]
    public void A_missing_file_is_named()
    {
        var error = Assert.Throws<ConfigException>(() => ConfigReader.Read(Toy, [], "no-such.yaml"));

        Assert.StartsWith("no-such.yaml cannot be read: ", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_quick_preset_equals_the_defaults() => Assert.Equal(ConfigJson.Write(new ToyConfig()), ConfigJson.Write(Read("@quick")));

    private static ToyConfig Read(params string[] arguments) => (ToyConfig)ConfigReader.Read(Toy, arguments);
}
