using Understudy.Lab.Claims;
using Understudy.Lab.Figures;
using Understudy.Learning.Probing;
using Understudy.Studies.Specialization.Judging;

namespace Understudy.Studies.Specialization.Drawing;

/// <summary>What "a teacher node has been found" can mean, side by side.</summary>
internal static class CriteriaFigures
{
    private const double Half = 0.5;

    private static readonly (string Name, Func<CertificateRow, bool> Holds)[] Criteria =
    [
        ("correlation: some student above 0.95", row => row.Best > SpecializationStatistics.Recovery),
        ("one to one: a student of its own above 0.95", row => row.MatchedCorrelation > SpecializationStatistics.Recovery),
        ("group: a sum of students explains 0.95²", row => row.GroupExplained > SpecializationStatistics.Recovery * SpecializationStatistics.Recovery),
        ("crease: half of it within 0.05 deviations", row => row.LocalizationRadius <= 0.05),
        ("certificate: proved at half of the probes", row => row.Certified >= Half),
    ];

    /// <summary>The share of teacher nodes by over-realization, for each meaning; null where nothing was measured along boundaries.</summary>
    internal static Figure? Draw(Evidence evidence)
    {
        var seeds = evidence.Certificates();
        if (seeds.Count == 0)
            return null;
        double[] widths = [.. evidence.Cells.Select(cell => cell.OverRealization).Distinct().Order()];
        return new Figure(
            "criteria", "Five meanings of \"found\", by over-realization",
            "Share of the teacher's nodes at the end of training, means over seeds with 95 % bootstrap intervals. A student may serve two teacher nodes unless matched one to one; several students may share one (group); "
            + "correlation and groups compare activations, creases and certificates the boundaries themselves.",
            [.. evidence.Cells.Select(cell => cell.FanOutDecay).Distinct().Order().Select(decay => new Panel(
                RecoveryFigures.Decay(decay), new Axis("over-realization r", Categories: [.. widths.Select(r => FormattableString.Invariant($"{r:0.##}"))]),
                new Axis("share of teacher nodes", Min: -0.03, Max: 1.03), [.. Criteria.SelectMany(criterion => Lines(seeds, decay, widths, criterion))]))],
            Columns: 3).Sharing(x: true, y: true);
    }

    private static IEnumerable<Layer> Lines(IReadOnlyList<IReadOnlyList<CertificateRow>> seeds, double decay, double[] widths, (string Name, Func<CertificateRow, bool> Holds) criterion)
    {
        var points = new List<(double X, Estimate Estimate)>();
        for (var i = 0; i < widths.Length; i++)
        {
            double[] shares =
            [
                .. seeds.Select(rows => rows.Where(row => row.OverRealization.Equals(widths[i]) && row.FanOutDecay.Equals(decay) && row.Role != TeacherRole.NotObserved).ToArray())
                    .Where(rows => rows.Length > 0).Select(rows => rows.Count(criterion.Holds) / (double)rows.Length),
            ];
            if (shares.Length > 0)
                points.Add((i, Statistics.Bootstrap(shares, Statistics.Mean)));
        }

        yield return new BandLayer(criterion.Name, [.. points.Select(point => new XY(point.X, point.Estimate.Low))], [.. points.Select(point => new XY(point.X, point.Estimate.High))]);
        yield return new LineLayer(criterion.Name, [.. points.Select(point => new XY(point.X, point.Estimate.Value))], Markers: true);
    }
}
