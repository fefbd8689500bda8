using Understudy.Lab.Claims;
using Understudy.Lab.Configuration;
using Understudy.Lab.Runs;
using Understudy.Studies.Specialization;

namespace Understudy.UnitTests.Studies.Specialization;

public class GeometryTests
{
    private static readonly SpecializationStudy Study = new();

    /// <summary>A leaky student that has found most of its teacher.</summary>
    private static readonly Lazy<MemoryRun> Trained = new(() => Run(
        "@smoke", "parts=[two-layer]", "slope=0.2", "twoLayer.training.epochSteps=2500", "twoLayer.training.learningRate=0.05", "twoLayer.teacher.nodes=3"));

    [Fact]
    public void Certificates_of_trained_students_are_never_violated_and_their_bounds_hold()
    {
        var rows = Table<CertificateRow>(Trained.Value, "two-layer.certificates");

        // 2 decays x 2 widths x 2 seeds x 3 nodes
        Assert.Equal(24, rows.Length);
        Assert.All(rows, row => Assert.Equal(0, row.Violations));
        Assert.All(rows, row => Assert.InRange(row.Sine, 0, row.SineBound));
        Assert.All(rows, row => Assert.Equal(300, row.Probes));
        Assert.Contains(rows, row => row.Certified > 0.5 && row.SineBound < 1);
    }

    [Fact]
    public void Recovered_nodes_have_their_crease_and_others_less_of_it()
    {
        var rows = Table<CertificateRow>(Trained.Value, "two-layer.certificates");
        var wide = rows.Where(row => row.Best > 0.999).ToArray();

        Assert.NotEmpty(wide);
        Assert.All(wide, row => Assert.InRange(row.Crease[3], 0.5, 1.5));
        Assert.All(wide, row => Assert.InRange(row.LocalizationRadius!.Value, 0, 0.2));
        Assert.All(rows, row => Assert.Equal(row.Best > 0.95, row.Role == TeacherRole.Recovered));
    }

    [Fact]
    public void Matched_students_are_different_and_no_better_than_the_best()
    {
        foreach (var student in Table<CertificateRow>(Trained.Value, "two-layer.certificates").GroupBy(row => (row.Seed, row.Cell)))
        {
            Assert.Equal(3, student.Select(row => row.Matched).Distinct().Count());
            Assert.All(student, row => Assert.True(row.MatchedCorrelation <= row.Best));
        }
    }

    [Fact]
    public void Fan_outs_are_below_their_bounds()
    {
        var rows = Table<StudentRow>(Trained.Value, "two-layer.students").Where(row => row.FanOutBound is not null).ToArray();

        Assert.NotEmpty(rows);
        Assert.All(rows, row => Assert.InRange(row.FanOut, 0, row.FanOutBound!.Value));
    }

    [Fact]
    public void Pruned_students_keep_what_is_useful()
    {
        var students = Table<StudentRow>(Trained.Value, "two-layer.students").ToLookup(row => (row.Seed, row.Cell));
        foreach (var row in Table<PrunedRow>(Trained.Value, "two-layer.pruned"))
        {
            var useful = students[(row.Seed, row.Cell)].Count(student => student.Role is not (StudentRole.Unspecialized or StudentRole.Dead));
            Assert.Equal(useful, row.Useful);
            Assert.InRange(row.Merged, 0, row.Useful);
            // nothing taken out: the same function but for single precision, in which the loss was measured while training
            if (row.Useful == row.Nodes)
                Assert.Equal(row.Loss, row.UsefulLoss, 1e-11 + (0.01 * row.Loss));
        }
    }

    [Fact]
    public void No_probes_measure_nothing_and_say_so()
    {
        var run = Run("@smoke", "parts=[two-layer]", "twoLayer.training.epochSteps=10", "twoLayer.measures.geometry.probes=0");

        Assert.DoesNotContain("two-layer.certificates", run.Rows.Keys);
        Assert.All(Table<StudentRow>(run, "two-layer.students"), row => Assert.Null(row.FanOutBound));
        Assert.Equal("needs certificates: run again with twoLayer.measures.geometry.probes of at least 1", Verdict(run.Recorded()).Measured);
    }

    [Fact]
    public void Impossible_probes_are_told_in_sentences()
    {
        var config = ConfigReader.Read(Study, ["@smoke"]) as SpecializationConfig;
        config = config! with
        {
            TwoLayer = config.TwoLayer with { Measures = config.TwoLayer.Measures with { Geometry = new GeometryConfig { Probes = -1 } } },
            Samples = config.Samples with { Measures = config.Samples.Measures with { Geometry = new GeometryConfig { Sine = 0 } } },
        };

        Assert.Equal(
            ["twoLayer.measures.geometry.probes (-1) must not be negative.", "samples.measures.geometry.sine (0) must lie above 0 and be at most 1."],
            config.Problems());
    }

    [Theory]
    [InlineData(0.9, 0.6, 0, Outcome.Supported)]
    [InlineData(0.9, 0.1, 0, Outcome.Partly)]
    [InlineData(0.4, 0.3, 0, Outcome.NotSupported)]
    [InlineData(0.9, 0.6, 1, Outcome.NotSupported)]
    public void Certificates_are_judged_by_their_violations_and_the_median_share_of_recovered_nodes(double most, double some, int violations, Outcome expected)
    {
        // three seeds of eight have the smaller share; missed nodes take no part in the median
        var rows = from seed in Enumerable.Range(0, 8)
                   from node in Enumerable.Range(0, 4)
                   select Row(seed, node) with
                   {
                       Certified = node == 3 ? 0 : seed < 3 ? some : most,
                       Role = node == 3 ? TeacherRole.Missed : TeacherRole.Recovered,
                       Violations = seed == 5 && node == 3 ? violations : 0,
                   };

        var verdict = Verdict(Record([.. rows]));

        Assert.Equal((expected, 8), (verdict.Outcome, verdict.Seeds));
        Assert.Contains($"{violations} violations at 12,800 probes", verdict.Measured, StringComparison.Ordinal);
    }

    [Fact]
    public void A_run_that_recovers_nothing_does_not_judge_certificates()
        => Assert.Equal(Outcome.NotRun, Verdict(Record([Row(0, 0) with { Role = TeacherRole.Missed }])).Outcome);

    [Fact]
    public void Sample_counts_stand_beside_the_measured_one()
    {
        var rows = new SpecializationConfig().Samples.Data.Samples.SelectMany(samples => Enumerable.Range(0, 4).Select(seed => Evaluation(seed, samples) with { MeanBest = samples >= 330 ? 0.97 : 0.2 }));
        var words = Study.Judge([new MemoryRecord(new SpecializationConfig(), new Dictionary<string, List<object>> { ["samples.evaluations"] = [.. rows] }, new Dictionary<(string, long), IReadOnlyList<Understudy.Data.Formats.Tensor>>())])
            .Single(verdict => verdict.Claim.Id == "S9").Measured;

        Assert.EndsWith("sufficient for a sine of 0.1: 60,000 teacher-aware or 4.0e8 teacher-agnostic samples; order only of the theorem's bound: 8.7e9, 2.6e7 times as many as measured", words, StringComparison.Ordinal);
    }

    private static CertificateRow Row(int seed, int node) => new(
        seed, 20_000, 2, 1, 5000, TrainingSet.Plain, node, 1, 0.99, 0.2, TeacherRole.Recovered, node, 0.99, 0.98, 1, 400, 1, 1, 0, 1e-3, 10, node, 1, 0.01, 0.01, 0.1,
        [0.02, 1], [0.9, 1], [0.1, 0], 0.02, 1, 1, 1, 1);

    private static EvaluationRow Evaluation(int seed, int samples) => new(
        seed, 20, 20, 2, 1, samples, TrainingSet.Plain, false, 1e-6, 1e-6, null, null, null, 1, 1, null, null, null, null, null, null, 1, 1, 1, [5, 5, 5, 5, 5, 5], 1, 0.8, 0, 0, 0, 0, samples);

    private static MemoryRecord Record(List<object> certificates) => new(
        new SpecializationConfig(),
        new Dictionary<string, List<object>> { ["two-layer.certificates"] = certificates, ["two-layer.evaluations"] = [Evaluation(0, 5000)] },
        new Dictionary<(string, long), IReadOnlyList<Understudy.Data.Formats.Tensor>>());

    private static Verdict Verdict(RunRecord run) => Study.Judge([run]).Single(verdict => verdict.Claim.Id == "S8");

    private static TRow[] Table<TRow>(MemoryRun run, string table) => [.. run.Recorded().Table<TRow>(table)];

    private static MemoryRun Run(params string[] settings) => MemoryRun.Of(Study, settings);
}
