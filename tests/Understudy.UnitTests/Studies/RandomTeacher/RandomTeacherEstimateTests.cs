using Understudy.Lab.Configuration;
using Understudy.Studies.RandomTeacher;

namespace Understudy.UnitTests.Studies.RandomTeachers;

public class RandomTeacherEstimateTests
{
    private static readonly RandomTeacherStudy Study = new();

    public static TheoryData<string> All => [.. Presets.Names(Study)];

    [Theory]
    [MemberData(nameof(All))]
    public void Every_preset_takes_time_that_threads_shorten(string preset)
    {
        var config = ConfigReader.Read(Study, ["@" + preset]);
        var (one, two) = (Study.Estimate(config, threads: 1), Study.Estimate(config, threads: 2));

        Assert.True(one.Time > two.Time && two.Time > TimeSpan.Zero);
        Assert.Equal(one.Memory, two.Memory);
        Assert.True(one.Memory > 0);
    }

    [Theory]
    [InlineData("distillation", "training")]
    [InlineData("valley", "valley")]
    [InlineData("locality", "training")]
    [InlineData("sizes", "training")]
    [InlineData("transfer", "training")]
    [InlineData("architectures", "training")]
    [InlineData("outputs", "training")]
    [InlineData("bottlenecks", "training")]
    [InlineData("restart", "training")]
    [InlineData("connectivity", "connectivity")]
    [InlineData("tickets", "tickets")]
    [InlineData("layers", "training")]
    [InlineData("controls", "training")]
    [InlineData("targets", "training")]
    [InlineData("ladder", "training")]
    public void More_seeds_steps_and_parts_take_longer(string part, string steps)
    {
        TimeSpan Time(params string[] settings) => Study.Estimate(ConfigReader.Read(Study, ["data.gray=true", $"parts=[{part}]", .. settings]), threads: 1).Time;

        var (other, own) = (part == "valley" ? "tickets" : "valley", Time());
        var both = Time($"parts=[{part},{other}]");

        Assert.True(own < Time("seeds=4"));
        Assert.True(own < Time($"{steps}.steps=5000"));
        Assert.True(own < both);
        Assert.True(Time($"parts=[{other}]") < both);
    }

    [Theory]
    [InlineData("distillation", "distillation.noise=false")]
    [InlineData("distillation", "distillation.far=false")]
    [InlineData("distillation", "distillation.controls=false")]
    [InlineData("distillation", "probes.moments=1")]
    [InlineData("valley", "valley.images=100")]
    [InlineData("connectivity", "connectivity.orders=2")]
    [InlineData("connectivity", "connectivity.positions=10")]
    [InlineData("connectivity", "connectivity.training.epochs=10")]
    [InlineData("tickets", "tickets.rounds=4")]
    [InlineData("locality", "locality.alphas=[0.1,1]")]
    [InlineData("layers", "layers.width=64")]
    [InlineData("layers", "layers.neighbors=false")]
    [InlineData("distillation", "probes.validation=0")]
    [InlineData("controls", "controls.permuted=false")]
    [InlineData("controls", "controls.shuffled=false")]
    [InlineData("controls", "controls.audit=false")]
    [InlineData("targets", "targets.inputs=false")]
    public void Less_to_do_takes_less_time(string part, string setting)
    {
        TimeSpan Time(params string[] settings) => Study.Estimate(ConfigReader.Read(Study, [$"parts=[{part}]", .. settings]), threads: 1).Time;

        Assert.True(Time(setting) < Time());
    }
}
