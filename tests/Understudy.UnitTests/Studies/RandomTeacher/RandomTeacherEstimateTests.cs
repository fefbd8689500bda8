using Understudy.Engine.Threading;
using Understudy.Lab.Configuration;
using Understudy.Studies.RandomTeacher;
using Understudy.Studies.RandomTeacher.Parts;

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
    [InlineData("distillation", "probes.moments=2")]
    [InlineData("distillation", "network.normalization=none", "distillation.keep=false", "probes.moments=2", "probes.validation=0")]
    [InlineData("valley")]
    [InlineData("sizes", "sizes.images=[20,40]")]
    [InlineData("transfer", "transfer.set=mnist")]
    [InlineData("architectures", "architectures.encoders=[4 M 6,mlp-8-1]")]
    [InlineData("layers", "layers.width=20")]
    [InlineData("controls")]
    [InlineData("controls", "network.normalization=none")]
    [InlineData("targets", "probes.moments=2")]
    public void Measurements_take_as_long_as_is_estimated(string part, params string[] settings)
    {
        var config = (RandomTeacherConfig)ConfigReader.Read(Study, ["@smoke", $"parts=[{part}]", .. settings]);
        using var team = new Team(1);
        var (run, measured) = (new MemoryRun(config, team), RandomTeacherParts.Of(config).Single());
        var pictures = Pictures.Load(config.Data, run);
        using var training = new Distillation(measured.Conditions, [.. Enumerable.Range(0, config.Seeds)], 4, config.Training, pictures, network => new Teachers(network, config, run), run, TestContext.Current.CancellationToken);

        var seconds = measured.Tasks(part, training, new Probing(config, config.Data.Set, pictures, run), run).Sum(task => task.Seconds);

        // sums of the same numbers in another order
        Assert.Equal(seconds, measured.MeasuringSeconds, 1e-12 * seconds);
    }

    [Fact]
    public void Pixels_as_targets_are_held_once_for_all_seeds()
    {
        long Bytes(int seeds, string inputs) => Study.Estimate(ConfigReader.Read(Study, ["parts=[targets]", "training.batch=1", $"seeds={seeds}", $"targets.inputs={inputs}"]), threads: 1).Memory;
        var (one, two) = (Bytes(1, "true") - Bytes(1, "false"), Bytes(2, "true") - Bytes(2, "false"));

        // another seed adds a student, and no table of all images
        Assert.True(two - one < 4L * 20_000 * 16 * 16 * 3, $"{one} {two}");
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
