using Understudy.Engine.Threading;
using Understudy.Studies.Specialization;

namespace Understudy.UnitTests.Studies.Specialization;

public class OnlineOptionTests
{
    private static readonly SpecializationStudy Study = new();
    private static readonly string[] Tiny = ["@smoke", "parts=[online]"];

    [Theory]
    [InlineData("online.batch=3")]
    [InlineData("online.trainingSet=2")]
    [InlineData("online.mixedSigns=true")]
    [InlineData("online.teacherDensity=0.3")]
    [InlineData("online.teacherGain=1000")]
    [InlineData("online.stopAt=0.3")]
    [InlineData("online.signSamples=0")]
    [InlineData("online.noiseFloor.simulatedDuration=3", "online.noiseFloor.simulatedInputs=50")]
    public void Every_option_changes_what_is_recorded_and_a_cancelled_run_goes_on_to_the_same_rows(params string[] options)
    {
        string[] settings = [.. Tiny, .. options];
        var whole = Run(settings).Text();

        Assert.Equal(whole, Run(settings, stopAt: 40).Text());
        Assert.NotEqual(Run(Tiny).Text(), whole);
        Assert.Equal(options[0].EndsWith("signSamples=0", StringComparison.Ordinal) ? 4 : 5, Assert.Single(Study.Draw([Run(settings).Recorded()])).Panels.Count);
    }

    [Fact]
    public void A_run_ends_when_every_seed_is_good_enough()
    {
        var (all, some) = (Rows(), Rows("online.stopAt=0.3"));

        Assert.True(some.Count < all.Count);
        Assert.Equal(all.Take(some.Count).Select(row => row.Error), some.Select(row => row.Error));
        Assert.All(some.TakeLast(2), row => Assert.InRange(row.Error, 0, 0.3));
        Assert.Contains(some.SkipLast(2).TakeLast(2), row => row.Error > 0.3);
    }

    [Fact]
    public void Sparse_teachers_keep_their_lengths_and_steep_ones_grow()
    {
        var (dense, sparse, steep) = (Teacher(new OnlineConfig()), Teacher(new OnlineConfig { TeacherDensity = 0.2 }), Teacher(new OnlineConfig { TeacherGain = 10 }));

        Assert.InRange(sparse.Count(weight => weight != 0) / (double)sparse.Length, 0.15, 0.25);
        Assert.InRange(sparse.Average(weight => weight * weight), 0.8, 1.2);
        Assert.Equal(dense.Select(weight => 10 * weight), steep);
    }

    [Theory]
    [InlineData("informed")]
    [InlineData("denoiser")]
    public void Copies_of_a_teacher_of_mixed_signs_have_its_signs(string start)
        => Assert.InRange(Rows("online.mixedSigns=true", $"online.initialization={start}", "online.studentNodes=4")[0].Error, 0, 1e-5);

    [Fact]
    public void Sign_errors_lie_below_a_half_and_begin_alike()
    {
        var rows = Rows();

        Assert.All(rows.Where(row => row.Step == 0), row => Assert.Equal(row.SignError, row.EquationsSignError));
        Assert.All(rows.Where(row => row.Time > 2), row => Assert.InRange(row.SignError!.Value, 0.01, 0.5));
        Assert.All(Rows("online.signSamples=0"), row => Assert.Null(row.SignError));
    }

    [Fact]
    public void A_simulated_floor_settles_near_the_fixed_point()
    {
        var run = Run([.. Tiny, "seeds=4", "online.noiseFloor.simulatedDuration=300", "online.noiseFloor.simulatedInputs=100", "online.noiseFloor.extraNodes=[0]", "online.noiseFloor.duration=2000"]);
        var rows = run.Recorded().Table<SimulatedFloorRow>("online.floor-simulated");

        Assert.Equal(4, rows.Count);
        Assert.InRange(rows.Average(row => row.Error / row.Equations), 0.6, 1.6);
        Assert.All(rows, row => Assert.Equal((2, 30_000L), (row.StudentNodes, row.Step)));
    }

    [Fact]
    public void Contradictions_are_told_in_sentences()
    {
        var part = new OnlineConfig
        {
            Batch = 0,
            TrainingSet = 1e-9,
            TeacherDensity = 0,
            TeacherGain = 0,
            StopAt = -1,
            SignSamples = -5,
            NoiseFloor = new NoiseFloorConfig { SimulatedInputs = 1, SimulatedDuration = 5 },
        };

        Assert.Equal(
            [
                "online.batch (0) must be at least 1.",
                "online.teacherGain (0) must be positive.",
                "online.stopAt (-1) must not be negative.",
                "online.signSamples (-5) must not be negative.",
                "online.teacherDensity (0) must be above 0 and at most 1.",
                "online.trainingSet (1E-09) must give at least one sample of online.inputs (1000), and no more than 2,147,483,647, or be null.",
                "online.noiseFloor.simulatedInputs (1) must be at least online.teacherNodes (2): the teacher's nodes are orthogonal.",
            ],
            OnlineProblems.Of(part));
        Assert.Equal(
            ["online.noiseFloor.simulatedDuration (10000000) times online.noiseFloor.simulatedInputs (784) is more than 4,294,967,295 samples."],
            OnlineProblems.Of(new OnlineConfig { NoiseFloor = new NoiseFloorConfig { SimulatedDuration = 1e7 } }));
    }

    private static float[] Teacher(OnlineConfig part)
    {
        using var team = new Team(1);
        return Understudy.Studies.Specialization.Experiments.OnlineNetworks.Teacher(part, new MemoryRun(new SpecializationConfig(), team), 0).Weights;
    }

    private static IReadOnlyList<OnlineRow> Rows(params string[] settings) => Run([.. Tiny, .. settings]).Recorded().Table<OnlineRow>("online.evaluations");

    private static MemoryRun Run(string[] settings, long? stopAt = null) => MemoryRun.Of(Study, settings, stopAt: stopAt is { } step ? (_, done) => done == step : null);
}
