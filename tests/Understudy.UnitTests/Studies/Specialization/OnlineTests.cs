using Understudy.Lab;
using Understudy.Lab.Claims;
using Understudy.Lab.Configuration;
using Understudy.Lab.Runs;
using Understudy.Learning.OnlineLearning;
using Understudy.Studies.Specialization;

namespace Understudy.UnitTests.Studies.Specialization;

public class OnlineTests
{
    private static readonly SpecializationStudy Study = new();
    private static readonly string[] Tiny = ["@smoke", "parts=[online]"];

    [Fact]
    public void A_run_records_every_time_of_every_seed_and_the_noise_floors()
    {
        var run = Run(2, Tiny);
        var rows = run.Recorded().Table<OnlineRow>("online.evaluations");

        // 2 seeds, 10 evaluations after the first
        Assert.Equal(22, rows.Count);
        Assert.Equal([0, 0.5, 1, 1.5, 2, 2.5, 3, 3.5, 4, 4.5, 5], rows.Where(row => row.Seed == 1).Select(row => row.Time));
        Assert.All(rows, row => Assert.Equal((9, 6, 3), (row.Q.Count, row.R.Count, row.FanOut.Count)));
        // the equations start where the student does, and each seed has its own
        Assert.All(rows.Where(row => row.Step == 0), row => Assert.Equal(row.Error, row.Equations));
        Assert.Equal(2, rows.Where(row => row.Step == 0).Select(row => row.Error).Distinct().Count());
        // 5 · 1.15^j up to 20, and 20 itself
        var alone = run.Recorded().Table<OnlineEquationsRow>("online.equations");
        Assert.Equal(2 * 10, alone.Count);
        Assert.All(alone.Where(row => row.Seed == 0).Index(), item => Assert.Equal(Math.Min(5 * Math.Pow(1.15, item.Index + 1), 20), item.Item.Time, 1e-12));
        Assert.Equal([2, 3, 2, 3], run.Recorded().Table<NoiseFloorRow>("online.floor").Select(row => row.StudentNodes));
        Assert.Equal(run.Progress.Order(), run.Progress);
        Assert.All(run.Told, values => Assert.Equal(["error", "deviation"], values.Select(value => value.Name)));
    }

    [Fact]
    public void Threads_do_not_change_what_is_recorded() => Assert.Equal(Run(1, Tiny).Text(), Run(3, Tiny).Text());

    [Theory]
    [InlineData(40)]
    [InlineData(160)]
    public void A_cancelled_run_goes_on_to_the_same_rows(long step)
        => Assert.Equal(Run(2, Tiny).Text(), MemoryRun.Of(Study, Tiny, stopAt: (_, done) => done == step).Text());

    [Theory]
    [InlineData("online.activation=relu", "online.learningRate=0.1")]
    [InlineData("online.activation=linear", "online.learningRate=0.1")]
    [InlineData("online.layers=both", "online.initialization=small")]
    [InlineData("online.layers=both", "online.initialization=mixed")]
    [InlineData("online.initialization=informed", "online.noise=0.3")]
    [InlineData("online.layers=both", "online.initialization=denoiser")]
    public void Other_settings_run_and_are_drawn(params string[] settings)
    {
        var run = Run(1, [.. Tiny, .. settings]);

        Assert.All(run.Recorded().Table<OnlineRow>("online.evaluations"), row => Assert.False(row.Diverged));
        var figure = Assert.Single(((IStudy)Study).Draw([run.Recorded()]));
        Assert.Equal(("online-learning", settings[0].EndsWith("both", StringComparison.Ordinal) ? 6 : 5), (figure.Name, figure.Panels.Count));
    }

    [Fact]
    public void A_denoiser_starts_without_error_and_an_informed_student_with_little()
    {
        Assert.InRange(First("online.initialization=denoiser", "online.studentNodes=5").Error, 0, 1e-5);
        Assert.InRange(First("online.initialization=informed").Error, 0, 1e-5);
        Assert.InRange(First("online.initialization=small").R.Max(Math.Abs), 1e-9, 1e-3);
        Assert.InRange(First("online.initialization=large").Q[0], 0.3, 3);

        static OnlineRow First(params string[] settings) => Run(1, [.. Tiny, .. settings]).Recorded().Table<OnlineRow>("online.evaluations")[0];
    }

    [Fact]
    public void Diverged_students_are_told_and_left_out()
    {
        var run = Run(1, [.. Tiny, "online.activation=linear", "online.learningRate=9", "online.duration=30", "online.records=30"]);
        var last = run.Recorded().Table<OnlineRow>("online.evaluations")[^1];

        Assert.True(last.Diverged);
        var verdict = Verdict("S22", run.Recorded());
        Assert.Equal(Outcome.Inconclusive, verdict.Outcome);
        Assert.Contains("2 whose equations diverged left out", verdict.Measured, StringComparison.Ordinal);
        Assert.NotNull(((IStudy)Study).Draw([run.Recorded()]).Single());
    }

    [Theory]
    [InlineData(1.05, 1.02, 8, Outcome.Supported)]
    [InlineData(1.3, 1.0, 8, Outcome.Partly)]
    [InlineData(0.8, 0.85, 8, Outcome.NotSupported)]
    [InlineData(1.05, 1.02, 2, Outcome.Inconclusive)]
    public void The_overlay_is_judged_by_the_largest_error_of_each_seed(double some, double most, int seeds, Outcome expected)
    {
        // two of eight seeds deviate by the first factor, and by less at other times
        var rows = new List<object>();
        for (var seed = 0; seed < seeds; seed++)
        {
            for (var time = 0; time <= 40; time++)
            {
                // what happens after t = 30 is not asked
                var factor = time > 30 ? 5 : time == 20 ? (seed < 2 ? some : most) : 1;
                rows.Add(Row(seed, time, 0.02 * factor, 0.02));
            }
        }

        var verdict = Verdict("S22", Record(new SpecializationConfig(), ("online.evaluations", rows)));

        Assert.Equal((expected, seeds), (verdict.Outcome, verdict.Seeds));
        Assert.Contains("N = 1,000", verdict.Scale, StringComparison.Ordinal);
    }

    [Fact]
    public void A_simulation_that_leaves_the_numbers_where_the_equations_stay_is_a_deviation()
    {
        List<object> Rows(double error, int last) => [.. Enumerable.Range(0, 8).SelectMany(seed => Enumerable.Range(0, last + 1).Select(time => Row(seed, time, seed == 0 && time > 20 ? error : 0.02, 0.02)))];

        Assert.Equal(Outcome.NotSupported, Verdict("S22", Record(new SpecializationConfig(), ("online.evaluations", Rows(double.NaN, 30)))).Outcome);
        Assert.Equal(Outcome.Supported, Verdict("S22", Record(new SpecializationConfig(), ("online.evaluations", Rows(0.02, 30)))).Outcome);
        Assert.StartsWith("needs a part online that went on to t = 30", Verdict("S22", Record(new SpecializationConfig(), ("online.evaluations", Rows(0.02, 29)))).Measured, StringComparison.Ordinal);
    }

    [Fact]
    public void Few_times_are_not_judged()
    {
        var rows = Enumerable.Range(0, 8).SelectMany(seed => Enumerable.Range(0, 4).Select(at => (object)Row(seed, 10 * at, 0.02, 0.02))).ToList();

        Assert.StartsWith("needs more of online.records: 3 times", Verdict("S22", Record(new SpecializationConfig(), ("online.evaluations", rows))).Measured, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(1.05, 1.07, Outcome.Supported)]
    [InlineData(1.05, 1.09, Outcome.NotSupported)]
    [InlineData(1.05, 0.4, Outcome.NotSupported)]
    public void The_noise_floor_is_judged_for_every_number_of_nodes(double two, double three, Outcome expected)
    {
        var rows = Enumerable.Range(0, 8).SelectMany(seed => new object[] { Floor(seed, 2, 9.19e-5, two), Floor(seed, 3, 1.715e-4, three) }).ToList();

        Assert.Equal(expected, Verdict("S23", Record(new SpecializationConfig(), ("online.floor", rows))).Outcome);
    }

    [Fact]
    public void Noise_floors_that_do_not_grow_with_the_student_fail_the_claim()
    {
        // formulas that agree with both, so that the order alone decides
        var rows = Enumerable.Range(0, 8).SelectMany(seed => new object[] { Floor(seed, 2, 2e-4, 1), Floor(seed, 3, 1e-4, 1) }).ToList();

        var verdict = Verdict("S23", Record(new SpecializationConfig(), ("online.floor", rows)));

        Assert.Equal(Outcome.NotSupported, verdict.Outcome);
        Assert.EndsWith("not increasing with K", verdict.Measured, StringComparison.Ordinal);
    }

    [Fact]
    public void What_cannot_be_judged_says_what_it_needs()
    {
        var online = new OnlineConfig();
        List<object> rows = [.. Enumerable.Range(0, 8).SelectMany(seed => new[] { Row(seed, 0, 1, 1), Row(seed, 10, 1, 1) })];
        List<object> floors = [Floor(0, 2, 1e-4, 1) with { Speed = 1e-3 }, Floor(0, 3, 2e-4, 1)];

        Assert.StartsWith("needs online.trainingSet=null", Overlay(online with { TrainingSet = 4 }), StringComparison.Ordinal);
        Assert.Equal("needs online.duration of at least 30", Overlay(online with { Duration = 20 }));
        Assert.StartsWith("needs online.activation=erf", Overlay(online with { Activation = FieldActivation.Relu }), StringComparison.Ordinal);
        Assert.StartsWith("needs a longer online.noiseFloor.duration", Noise(online), StringComparison.Ordinal);
        Assert.StartsWith("needs online.noiseFloor.learningRate", Noise(online with { NoiseFloor = new NoiseFloorConfig { LearningRate = 0.2 } }), StringComparison.Ordinal);
        Assert.Equal("needs part online: run again with parts=[online]", Verdict("S23", Record(new SpecializationConfig())).Measured);

        string Overlay(OnlineConfig part) => Verdict("S22", Record(new SpecializationConfig { Online = part }, ("online.evaluations", rows))).Measured;
        string Noise(OnlineConfig part) => Verdict("S23", Record(new SpecializationConfig { Online = part }, ("online.floor", floors))).Measured;
    }

    [Fact]
    public void Equations_leave_their_plateau_and_specialize_after_the_simulation_has_ended()
    {
        var run = Run(2, ["parts=[online]", "online.inputs=100", "online.duration=1", "online.records=1", "online.seeds=3"]).Recorded();
        var seeds = run.Table<OnlineEquationsRow>("online.equations").GroupBy(row => row.Seed).Select(seed => seed.ToArray());

        Assert.All(seeds, rows =>
        {
            var plateau = rows.Last(row => row.Time < 40);
            // on the plateau every student node overlaps with both teacher nodes, at the end two have one each and the third is gone or shares
            Assert.InRange(plateau.Error, 0.01, 0.1);
            Assert.True(rows[^1].Error < plateau.Error / 5, $"{rows[^1].Error} after {plateau.Error}");
            Assert.True(rows[^1].R.Max() > 0.8);
        });
    }

    [Fact]
    public void The_fixed_points_are_the_recorded_ones()
    {
        // S23 of the specification; one seed, the starts agree to more digits than were printed
        var rows = Run(2, ["parts=[online]", "online.duration=1", "online.records=1", "online.seeds=3"]).Recorded().Table<NoiseFloorRow>("online.floor");

        Assert.All(rows.Where(row => row.StudentNodes == 2), row => Assert.Equal((9.39e-5, 9.19e-5), (Math.Round(row.Error, 7), Math.Round(row.Formula, 7))));
        Assert.All(rows.Where(row => row.StudentNodes == 3), row => Assert.Equal((1.778e-4, 1.715e-4), (Math.Round(row.Error, 7), Math.Round(row.Formula, 7))));
        Assert.All(rows, row => Assert.InRange(row.Speed, 0, 1e-7));
    }

    [Fact]
    public void Contradictions_are_told_in_sentences()
    {
        var config = new SpecializationConfig
        {
            Online = new OnlineConfig { Records = 60, Inputs = 10, Duration = 2, Noise = -1, StudentNodes = 60, NoiseFloor = new NoiseFloorConfig { ExtraNodes = [-1, 2, 2], LearningRate = 0 } },
        };

        Assert.Equal(
            [
                "online.teacherNodes (2) and online.studentNodes (60) together must be at most 50: the equations cost the fourth power of the number of nodes.",
                "online.noiseFloor.learningRate (0) must be positive.",
                "online.noise (-1) must not be negative.",
                "online.records (60) is more than the steps of the part, online.inputs times online.duration.",
                "online.noiseFloor.extraNodes must not be negative, and with twice online.teacherNodes (2) at most 50.",
                "online.noiseFloor.extraNodes must not hold a number twice.",
            ],
            config.Problems());
        Assert.Equal(
            ["online.inputs (2147483647) gives networks of more than 100,000,000 weights: lower it or the numbers of nodes.", "online.batch (1) samples of online.inputs (2147483647) numbers are more than 100,000,000: lower one of them.", "online.duration (30) times online.inputs (2147483647) and online.batch (1) is more than 4,294,967,295 samples."],
            new SpecializationConfig { Online = new OnlineConfig { Inputs = int.MaxValue } }.Problems());
    }

    [Fact]
    public void Longer_and_larger_simulations_are_estimated_to_take_longer()
    {
        var once = Estimate();

        Assert.All(["online.duration=60", "online.inputs=2000", "online.studentNodes=6", "seeds=16"], setting => Assert.True(Estimate(setting).Time > once.Time, setting));
        Assert.All(["online.inputs=2000", "online.studentNodes=6", "seeds=16"], setting => Assert.True(Estimate(setting).Memory > once.Memory, setting));

        static RunEstimate Estimate(params string[] settings) => Study.Estimate(ConfigReader.Read(Study, ["parts=[online]", "seeds=8", .. settings]), 1);
    }

    private static OnlineRow Row(int seed, int time, double error, double equations)
        => new(seed, 1000 * time, time, false, error, equations, new double[9], new double[6], new double[3], new double[9], new double[6], new double[3]);

    private static NoiseFloorRow Floor(int seed, int nodes, double formula, double factor) => new(seed, 0, nodes, 5000, 0, formula * factor, formula);

    private static MemoryRun Run(int threads, string[] settings) => MemoryRun.Of(Study, settings, threads);

    private static MemoryRecord Record(SpecializationConfig config, params (string Table, List<object> Rows)[] tables)
        => new(config, tables.ToDictionary(item => item.Table, item => item.Rows), new Dictionary<(string, long), IReadOnlyList<Understudy.Data.Formats.Tensor>>());

    private static Verdict Verdict(string id, RunRecord run) => ((IStudy)Study).Judge([run]).Single(verdict => verdict.Claim.Id == id);
}
