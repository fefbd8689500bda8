using Understudy.Data.Formats;
using Understudy.Lab.Claims;
using Understudy.Lab.Configuration;
using Understudy.Studies.Hessian;

namespace Understudy.UnitTests.Studies.Hessian;

/// <summary>Verdicts on rows that were made up: each claim at its bar, between its bars and beyond.</summary>
public class HessianJudgeTests
{
    private static readonly HessianStudy Study = new();
    private static readonly double[] Ladder = [.. Enumerable.Range(0, 20).Select(i => 1.0 / (i + 1))];

    [Theory]
    [InlineData(0.9, 0.5, 0.01, 100, Outcome.Supported, "H1")]
    [InlineData(0.9, 0.5, 0.2, 100, Outcome.Partly, "H1")]
    [InlineData(0.7, 0.65, 0.2, 100, Outcome.NotSupported, "H1")]
    [InlineData(0.9, 0.5, 0.005, 100, Outcome.Supported, "H5")]
    [InlineData(0.9, 0.5, 0.02, 100, Outcome.Partly, "H5")]
    [InlineData(0.9, 0.5, 0.2, 100, Outcome.NotSupported, "H5")]
    [InlineData(0.9, 0.5, 0.005, 0, Outcome.NotSupported, "H5")]
    public void Spectra_are_judged_by_their_bulk_and_their_negative_end(double end, double start, double smallest, int negative, Outcome expected, string claim)
        => Assert.Equal(expected, Widths(
            (row, isEnd) => row with { NearZero = isEnd ? end : start, Negative = negative, Bottom = [isEnd ? -smallest : -1.0] })[claim]);

    [Theory]
    [InlineData(1.5, 0, Outcome.Supported)]
    [InlineData(3.0, 0, Outcome.Partly)]
    [InlineData(5.0, 0, Outcome.NotSupported)]
    [InlineData(1.5, 3, Outcome.Partly)]
    [InlineData(3.0, 3, Outcome.NotSupported)]
    public void Outliers_over_widths_need_values_and_numbers(double ratio, int more, Outcome expected)
        => Assert.Equal(expected, Widths((row, _) => row with
        {
            Top = [.. Ladder.Select((value, rank) => (row.Hidden == 20 && rank < 5 ? ratio : 1) * (rank < 6 + (row.Hidden == 20 ? more : 0) ? Math.Max(value, 0.5) : 1e-3))],
        })["H3"]);

    [Theory]
    [InlineData(0.05, 0.9, 0.05, Outcome.Supported)]
    [InlineData(0.2, 0.9, 0.05, Outcome.Partly)]
    [InlineData(0.05, 0.9, 0.2, Outcome.Partly)]
    [InlineData(0.2, 0.9, 0.2, Outcome.Partly)]
    [InlineData(0.05, 0.9, 0.5, Outcome.NotSupported)]
    [InlineData(0.4, 0.9, 0.05, Outcome.NotSupported)]
    [InlineData(0.05, 0.01, 0.05, Outcome.NotSupported)]
    public void The_Gauss_Newton_matrix_needs_the_norm_and_the_eigenvalues(double end, double start, double difference, Outcome expected)
        => Assert.Equal(expected, Widths((row, isEnd) => row with { ResidualNorm = isEnd ? end : start, GaussNewtonTop = [.. Ladder.Select(value => value * (1 - difference))] })["H8"]);

    [Theory]
    [InlineData(2.0, 0, 57, Outcome.Supported)]
    [InlineData(2.0, 0, 56, Outcome.NotSupported)]
    [InlineData(2.0, 1e-9, 57, Outcome.NotSupported)]
    [InlineData(1.2, 0, 57, Outcome.NotSupported)]
    public void A_rescaled_network_keeps_its_outputs_and_its_signs(double change, double outputs, int negativeOfOneSeed, Outcome expected)
        => Assert.Equal(expected, Of("D1", "parts=[widths]", "widths.rescaling", seed => new RescalingRow(
            seed, 1, 10, 2, 1, change, outputs, 500, 500, 57, seed == 2 ? negativeOfOneSeed : 57)));

    [Theory]
    [InlineData(40, 40, Outcome.Supported)]
    [InlineData(14, 15, Outcome.Partly)]
    [InlineData(9, 15, Outcome.Partly)]
    [InlineData(6, 15, Outcome.NotSupported)]
    public void Counts_of_outliers_are_judged_with_their_interval(int within, int seeds, Outcome expected)
        => Assert.Equal(expected, Of("H2", "clusters.classes=[5]", "clusters.outliers", seeds, seed => [new OutlierRow(
            seed, seed + 1, 5, 1000, 0, 1, 0, null, 0, 0, null, seed < within ? 5 : 9, null, null, Ladder)]));

    [Theory]
    [InlineData(1.4, 0, Outcome.Supported)]
    [InlineData(1.2, 0, Outcome.Partly)]
    [InlineData(1.05, 0, Outcome.NotSupported)]
    [InlineData(1.4, 3, Outcome.Partly)]
    [InlineData(1.2, 3, Outcome.NotSupported)]
    public void Sharper_points_need_as_many_outliers(double ratio, int more, Outcome expected)
        => Assert.Equal(expected, Of("H6", "parts=[batches]", "batches.spectra", 3, seed =>
        [
            Batch(seed, 10, 1, 9),
            Batch(seed, 512, ratio, seed == 0 ? 9 + more : 9),
        ]));

    [Theory]
    [InlineData(1.02, 100, 100, Outcome.Supported)]
    [InlineData(1.3, 100, 100, Outcome.Partly)]
    [InlineData(1.7, 100, 100, Outcome.NotSupported)]
    [InlineData(1.02, 100, null, Outcome.Partly)]
    [InlineData(1.02, 100, 900, Outcome.Partly)]
    public void Who_did_not_reach_the_edge_or_reached_it_late_did_not_end_there(double mean, int crossing, int? last, Outcome expected)
        => Assert.Equal(expected, Of("D4", "edge.learningRates=[0.1]", "edge.sharpness", 4, seed =>
        {
            var own = seed == 3 ? last : crossing;
            int[] steps = [.. Enumerable.Range(0, 10).Select(i => 100 * i)];
            return [new EdgeRow(seed, seed + 1, 0.1, steps, [.. steps.Select(step => step < (own ?? int.MaxValue) ? 0.5 : mean)], [.. steps.Select(_ => 1.0)], [.. steps.Select(_ => 1.0)], own, 100, 0)];
        }));

    [Theory]
    [InlineData(0.51, "largest λ₁·η/2 0.510")]
    [InlineData(0.97, "largest λ₁·η/2 0.970")]
    public void Where_nobody_reached_the_edge_it_is_undecided_and_told_how_near_they_came(double sharpness, string told)
    {
        int[] steps = [0, 100, 200];
        var verdict = Judge(
            "edge.learningRates=[0.1]", "edge.sharpness",
            Enumerable.Range(0, 4).Select(seed => new EdgeRow(seed, seed + 1, 0.1, steps, [0.2, 0.3, sharpness], [1, 1, 1], [1, 1, 1], null, 100, 0)))["D4"];

        Assert.Equal(Outcome.Inconclusive, verdict.Outcome);
        Assert.Contains(told, verdict.Measured, StringComparison.Ordinal);
    }

    private static BatchRow Batch(int seed, int batch, double scale, int outliers)
        => new(seed, 1, batch, 0.01, 1, 0, outliers, 10, 0, [.. Ladder.Select(value => scale * value)], [-0.1]);

    private static Dictionary<string, Outcome> Widths(Func<SpectrumRow, bool, SpectrumRow> change)
    {
        var rows = from seed in Enumerable.Range(0, 3)
                   from hidden in new[] { 10, 20 }
                   from stage in new[] { TrainingStage.Start, TrainingStage.End }
                   select (object)change(
                       new SpectrumRow(seed, 1, hidden, stage, 1000, 1, 0, 500, 100, 0.9, 1, 1, 0.01, Ladder, [stage == TrainingStage.Start ? -1 : -0.001], Ladder), stage == TrainingStage.End);
        return Judge("widths.hidden=[10,20]", "widths.spectra", rows).ToDictionary(pair => pair.Key, pair => pair.Value.Outcome);
    }

    private static Outcome Of(string claim, string setting, string table, Func<int, object> row) => Of(claim, setting, table, 3, seed => [row(seed)]);

    private static Outcome Of(string claim, string setting, string table, int seeds, Func<int, object[]> rows)
        => Judge(setting, table, Enumerable.Range(0, seeds).SelectMany(rows))[claim].Outcome;

    private static Dictionary<string, Verdict> Judge(string setting, string table, IEnumerable<object> rows)
    {
        var record = new MemoryRecord(ConfigReader.Read(Study, [setting]), new Dictionary<string, List<object>> { [table] = [.. rows] }, new Dictionary<(string, long), IReadOnlyList<Tensor>>());
        return Study.Judge([record]).ToDictionary(verdict => verdict.Claim.Id);
    }
}
