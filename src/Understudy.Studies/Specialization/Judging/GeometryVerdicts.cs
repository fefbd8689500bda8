using System.Globalization;
using Understudy.Lab.Claims;
using Understudy.Learning.Geometry;
using Understudy.Studies.Judging;
using static Understudy.Studies.Specialization.SpecializationClaims;

namespace Understudy.Studies.Specialization.Judging;

/// <summary>The verdict on certificates (S8), and the sample counts beside the measured one of S9.</summary>
internal static class GeometryVerdicts
{
    /// <param name="evidence">Part two-layer, whose recovered nodes are judged.</param>
    /// <param name="others">Other parts: a violation there is an error of the program as well.</param>
    internal static Verdict Certificates(Evidence? evidence, IEnumerable<Evidence?> others)
    {
        if (evidence is null)
            return S8.NotRun("needs part two-layer: run again with parts=[two-layer]");
        var rows = evidence.Certificates();
        if (rows.Count == 0)
            return S8.NotRun("needs certificates: run again with twoLayer.measures.geometry.probes of at least 1");
        CertificateRow[] everywhere = [.. rows.Concat(others.OfType<Evidence>().SelectMany(part => part.Certificates())).SelectMany(seed => seed)];
        var (violations, probes) = (everywhere.Sum(row => (long)row.Violations), everywhere.Sum(row => (long)row.Probes));
        double[][] recovered = [.. rows.Select(Recovered).Where(seed => seed.Length > 0)];
        if (recovered.Length == 0 && violations == 0)
            return S8.NotRun("no teacher node was recovered, so the bar has nothing to measure: train longer");
        var median = Statistics.Bootstrap(recovered, sample => Statistics.Median([.. sample.SelectMany(seed => seed)]));
        var finding = Finding.Of("median certified share of recovered nodes", median, Bar.AtLeast(CertifiedShare), recovered.Length)
            .And(violations == 0, string.Create(CultureInfo.InvariantCulture, $"{violations:N0} violations at {probes:N0} probes of all parts"));
        // an error of the program is one whatever the number of seeds
        var outcome = violations > 0 ? Outcome.NotSupported : finding.Outcome;
        return S8.Judge(outcome, $"{finding.Words}; by p: {Decays(rows)}; {Weakest(rows)}; {Others(rows)}", Scales.TwoLayer(evidence), finding.Estimate, finding.Seeds);
    }

    /// <summary>The sample counts of section 2.4 beside the measured one, for S9.</summary>
    internal static string Counts(Evidence evidence, int dimension, double measured)
    {
        var (m, sine) = (evidence.Config.Samples.Teacher.Nodes, evidence.Config.Samples.Measures.Geometry.Sine);
        var n = InitialStudent.Nodes(SamplesVerdicts.Width, m);
        var order = SampleCounts.Order(m, n, dimension, sine);
        return string.Create(
            CultureInfo.InvariantCulture,
            $"; sufficient for a sine of {sine:0.###}: {SampleCounts.TeacherAware(m, n, dimension):N0} teacher-aware or {SampleCounts.TeacherAgnostic(n, dimension, sine):0.0e0} teacher-agnostic samples; order only of the theorem's bound: {order:0.0e0}, {order / measured:0.0e0} times as many as measured");
    }

    /// <summary>Medians of the claim's share by fan-out decay: a weak node has little fan-out to show above the residual.</summary>
    private static string Decays(IReadOnlyList<IReadOnlyList<CertificateRow>> rows) => string.Join(
        ", ",
        rows.SelectMany(seed => seed).Where(row => row.Role == TeacherRole.Recovered).GroupBy(row => row.FanOutDecay).OrderBy(decay => decay.Key)
            .Select(decay => string.Create(CultureInfo.InvariantCulture, $"{decay.Key:0.##}: {Finding.Text(Statistics.Median([.. decay.Select(row => row.Certified)]))}")));

    /// <summary>The cell the median over all cells says least about.</summary>
    private static string Weakest(IReadOnlyList<IReadOnlyList<CertificateRow>> rows)
    {
        var cells = rows.SelectMany(seed => seed).Where(row => row.Role == TeacherRole.Recovered).GroupBy(row => (row.FanOutDecay, row.OverRealization))
            .Select(cell => (cell.Key, Median: Statistics.Median([.. cell.Select(row => row.Certified)]))).ToArray();
        if (cells.Length == 0)
            return "no cell with recovered nodes";
        var ((decay, width), median) = cells.MinBy(cell => cell.Median);
        return string.Create(CultureInfo.InvariantCulture, $"weakest cell p = {decay:0.##}, r = {width:0.##}: {Finding.Text(median)}");
    }

    private static double[] Recovered(IReadOnlyList<CertificateRow> seed)
        => [.. seed.Where(row => row.Role == TeacherRole.Recovered).Select(row => row.Certified)];

    /// <summary>What has no bar: bounds, and nodes that are not recovered by correlation.</summary>
    private static string Others(IReadOnlyList<IReadOnlyList<CertificateRow>> rows)
    {
        CertificateRow[] all = [.. rows.SelectMany(seed => seed)];
        CertificateRow[] proved = [.. all.Where(row => row.SineBound < 1)];
        CertificateRow[] others = [.. all.Where(row => row.Role != TeacherRole.Recovered)];
        var sines = proved.Length == 0 ? "no sine bounded"
            : string.Create(CultureInfo.InvariantCulture, $"sine bounded for {proved.Length:N0} of {all.Length:N0} nodes, median bound {Finding.Text(Statistics.Median([.. proved.Select(row => row.SineBound)]))} where the true one is {Finding.Text(Statistics.Median([.. proved.Select(row => row.Sine)]))}");
        return others.Length == 0 ? sines
            : string.Create(CultureInfo.InvariantCulture, $"{sines}; of {others.Length:N0} nodes not recovered {others.Count(row => row.Certified > 0):N0} have a certified probe");
    }
}
