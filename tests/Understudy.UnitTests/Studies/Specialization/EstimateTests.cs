using Understudy.Engine.Threading;
using Understudy.Lab;
using Understudy.Lab.Configuration;
using Understudy.Studies.Specialization;

namespace Understudy.UnitTests.Studies.Specialization;

public class EstimateTests
{
    private static readonly SpecializationStudy Study = new();

    public static TheoryData<string> AllPresets => [.. Presets.Names(Study)];

    [Theory]
    [MemberData(nameof(AllPresets))]
    public void Every_preset_has_an_estimate_of_time_and_memory(string preset)
    {
        var estimate = Estimate(2, "@" + preset);

        Assert.InRange(estimate.Time, TimeSpan.FromSeconds(1), TimeSpan.FromHours(1));
        Assert.InRange(estimate.Memory, 50_000_000, 4_000_000_000);
    }

    [Fact]
    public void A_step_over_all_samples_costs_as_many_times_more_as_there_are_batches()
    {
        var (batches, full) = (Estimate(1, "parts=[two-layer]", "twoLayer.training.batch=16"), Estimate(1, "parts=[two-layer]", "twoLayer.training.fullBatch=true"));

        Assert.InRange(full.Time / batches.Time, 50, 5000 / 16);
        Assert.True(full.Memory > batches.Memory);
    }

    [Theory]
    [InlineData("two-layer", "twoLayer")]
    [InlineData("dynamics", "dynamics")]
    [InlineData("samples", "samples")]
    [InlineData("leaky", "leaky")]
    [InlineData("lucky", "lucky")]
    [InlineData("boundaries", "boundaries")]
    [InlineData("phase", "phase")]
    public void More_epochs_steps_and_seeds_take_longer_and_more_seeds_take_more_memory(string part, string path)
    {
        var once = Estimate(1, $"parts=[{part}]", "seeds=8", $"{path}.training.epochs=50");

        Assert.True(Estimate(1, $"parts=[{part}]", "seeds=8", $"{path}.training.epochs=100").Time > once.Time);
        Assert.True(Estimate(1, $"parts=[{part}]", "seeds=8", $"{path}.training.epochs=50", $"{path}.training.epochSteps=9999").Time > once.Time);
        Assert.True(Estimate(1, $"parts=[{part}]", "seeds=16", $"{path}.training.epochs=50").Time > once.Time);
        Assert.True(Estimate(1, $"parts=[{part}]", "seeds=16", $"{path}.training.epochs=50").Memory > once.Memory);
    }

    [Theory]
    [InlineData("two-layer", "twoLayer")]
    [InlineData("dynamics", "dynamics")]
    [InlineData("samples", "samples")]
    public void Curvature_takes_the_memory_of_the_widest_Hessian_and_the_time_of_all(string part, string path)
    {
        RunEstimate With(int samples, int dimension = 50, int seeds = 2) => Estimate(
            1, $"parts=[{part}]", $"seeds={seeds}", $"{path}.teacher.nodes=10", $"{path}.teacher.outputs=20", $"{path}.student.overRealization=[1,10]", $"{path}.data.dimension={dimension}", $"{path}.measures.curvature={samples}");
        // 100 nodes of 51 + 20 parameters, or of 26 + 20, and 20 biases
        const double parameters = 7120, fewer = 4620;

        var (without, with, smallerWithout, smaller) = (With(0), With(100), With(0, dimension: 25), With(100, dimension: 25));

        // beside the matrix there are the examples in work, as many for both
        Assert.InRange(with.Memory - without.Memory - (8 * parameters * parameters), 0, 64 << 20);
        Assert.Equal(8 * ((parameters * parameters) - (fewer * fewer)), with.Memory - without.Memory - (smaller.Memory - smallerWithout.Memory), 2.0);
        Assert.Equal(with.Memory - without.Memory, With(100, seeds: 4).Memory - With(0, seeds: 4).Memory);
        var time = with.Time - without.Time;
        Assert.Equal(2, (With(100, seeds: 4).Time - With(0, seeds: 4).Time) / time, 1e-3);
        // 100 samples hardly count beside P³
        Assert.Equal(Math.Pow(parameters / fewer, 3), time / (smaller.Time - smallerWithout.Time), 0.05);
        Assert.True(With(200).Time > with.Time);
    }

    [Fact]
    public void Threads_shorten_a_run_and_double_precision_lengthens_it()
    {
        Assert.True(Estimate(2).Time < Estimate(1).Time);
        Assert.True(Estimate(1, "precision=f64").Time > Estimate(1).Time);
    }

    [Theory]
    [InlineData("two-layer", "recovered")]
    [InlineData("lucky", "ratio")]
    public void Progress_tells_the_loss_and_what_the_part_is_about(string part, string name)
    {
        using var team = new Team(1);
        var run = new MemoryRun(ConfigReader.Read(Study, ["@smoke", $"parts=[{part}]"]), team);
        ((IStudy)Study).Run(run.Recorded().Config, run, CancellationToken.None);

        Assert.Equal(4, run.Told.Count);
        Assert.All(run.Told, values => Assert.Equal(["loss", name], values.Select(value => value.Name)));
        Assert.All(run.Told, values => Assert.All(values, value => Assert.True(value.Value >= 0)));
        Assert.True(run.Told[^1][0].Value < run.Told[0][0].Value);
    }

    private static RunEstimate Estimate(int threads, params string[] settings) => Study.Estimate(ConfigReader.Read(Study, settings), threads);
}
