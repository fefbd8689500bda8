using Understudy.Lab.Claims;
using Understudy.Lab.Figures;
using Understudy.Lab.Runs;
using Understudy.Studies.Specialization.Judging;

namespace Understudy.Studies.Specialization.Drawing;

/// <summary>Figures of what was measured along boundaries: creases, certificates, bounds of fan-outs, gradients.</summary>
internal static class GeometryFigures
{
    private const int MostPoints = 3000;
    private const int Bins = 12;

    /// <summary>Correlations are closer to 1 than single precision tells.</summary>
    private const double Smallest = 1e-8;

    internal static IEnumerable<Figure> Draw(Evidence evidence, RunRecord run)
    {
        var rows = evidence.Certificates().SelectMany(seed => seed).ToLookup(row => row.Cell);
        var cells = evidence.Cells.Where(cell => rows[cell].Any()).ToArray();
        if (cells.Length == 0)
            yield break;
        var columns = cells.Count(cell => cell.FanOutDecay.Equals(cells[0].FanOutDecay));
        yield return new Figure(
            "creases", "How much of a teacher node's crease the student has, by distance",
            "Crease recovery R(h) of the node with the largest fan-out and of that with the smallest: the student's second difference over a step h across the teacher's boundary, in units of the teacher's. "
            + "1 means the same crease within h, whichever students hold it and in whichever orientation. Medians over seeds, with the band between the quartiles.",
            [.. cells.Select(cell => new Panel(
                Title(cell), new Axis("step h (standard deviations)", Logarithmic: true), new Axis("crease recovery R(h)", Min: -0.05, Max: 1.1),
                [.. Creases(rows[cell]), new RuleLayer("dashed: localized above 0.5", Learning.Geometry.CreaseProfile.Half)]))],
            columns).Sharing(x: true, y: true);
        yield return new Figure(
            "certificates", "Probes with a proof that a student boundary is near, by best correlation",
            "One point per teacher node of all seeds: one minus its best correlation with a student on fresh data (recovered below 0.05; drawn at 1e-8 where it is smaller), and the share of points on its boundary at which the residual gradient is small enough to prove that a student boundary passes within the step of the probe.",
            [.. cells.Select(cell => new Panel(
                Title(cell), new Axis("1 − best correlation", Logarithmic: true), new Axis("certified share of probes", Min: -0.03, Max: 1.03), [.. Certificates(rows[cell], MostPoints / cells.Length)]))],
            columns).Sharing(x: true, y: true);
        if (FanOutBounds(run, cells, columns) is { } bounds)
            yield return bounds;
        if (Gradients(evidence) is { } gradients)
            yield return gradients;
    }

    private static string Title(Cell cell) => $"{RecoveryFigures.Words(cell.FanOutDecay)}, {RecoveryFigures.Width(cell)}";

    private static IEnumerable<Layer> Creases(IEnumerable<CertificateRow> rows)
    {
        var nodes = rows.GroupBy(row => row.Node).OrderBy(node => node.Key).ToArray();
        foreach (var (name, node) in (IEnumerable<(string, IGrouping<int, CertificateRow>)>)(nodes.Length == 1 ? [("only node", nodes[0])] : [("strongest node", nodes[0]), ("weakest node", nodes[^1])]))
        {
            var points = node.First().CreaseSteps.Select((h, i) => (Step: h, Values: (double[])[.. node.Select(row => row.Crease[i]).Where(double.IsFinite)]))
                .Where(item => item.Values.Length > 0).ToArray();
            XY[] At(double q) => [.. points.Select(item => new XY(item.Step, Statistics.Quantile(item.Values, q)))];
            yield return new BandLayer(name, At(0.25), At(0.75));
            yield return new LineLayer(name, At(0.5), Markers: true);
        }
    }

    private static IEnumerable<Layer> Certificates(IEnumerable<CertificateRow> rows, int most)
    {
        var all = RecoveryFigures.Thinned(rows, most).ToLookup(row => row.Role);
        foreach (var (role, name) in (IEnumerable<(TeacherRole, string)>)[(TeacherRole.Recovered, "recovered"), (TeacherRole.Missed, "missed"), (TeacherRole.Reversed, "reversed"), (TeacherRole.NotObserved, "not observed")])
        {
            if (all[role].Any())
                yield return new PointLayer(name, [.. all[role].Select(row => new XY(Math.Max(Smallest, 1 - row.Best), row.Certified))], Size: 14, Opacity: 0.6);
        }
    }

    /// <summary>The L-shape again, with what the small residual proves.</summary>
    private static Figure? FanOutBounds(RunRecord run, Cell[] cells, int columns)
    {
        var students = run.Table<StudentRow>($"{PartNames.TwoLayer}.students").Where(row => row.FanOutBound is not null && row.FanOut > 0).ToLookup(row => row.Cell);
        if (students.Count == 0)
            return null;
        return new Figure(
            "fan-out-bound", "Fan-out of student nodes and what the small residual proves of it",
            "One point per student node: its best correlation with a teacher node, and the norm of its fan-out. The line is the median, over students of about the same correlation, of an upper bound of the fan-out: "
            + "the smaller the residual beside the student's boundary, and the farther the next boundary, the lower. A student away from the teacher's boundaries can be removed where its bound is small; one near a teacher's boundary has a high bound.",
            [.. cells.Where(cell => students[cell].Any()).Select(cell => new Panel(
                Title(cell), new Axis("best correlation", Min: 0, Max: 1.03), new Axis("fan-out ‖v‖", Logarithmic: true),
                [
                    new PointLayer("student node", [.. RecoveryFigures.Thinned(students[cell], MostPoints / cells.Length).Select(row => new XY(row.TrainUsefulness, row.FanOut))], SeriesRole.Student, Size: 10, Opacity: 0.4),
                    new LineLayer("bound (median)", Medians(students[cell]), SeriesRole.Reference, Markers: true),
                ]))],
            columns).Sharing(x: true, y: true);
    }

    private static XY[] Medians(IEnumerable<StudentRow> rows) =>
    [
        .. rows.Where(row => row.FanOutBound > 0).GroupBy(row => Math.Clamp((int)(row.TrainUsefulness * Bins), 0, Bins - 1)).OrderBy(bin => bin.Key)
            .Select(bin => new XY(Statistics.Median([.. bin.Select(row => row.TrainUsefulness)]), Statistics.Median([.. bin.Select(row => row.FanOutBound!.Value)]))),
    ];

    /// <summary>S8 without a bar: the residual gradient against recovery, over students and epochs.</summary>
    private static Figure? Gradients(Evidence evidence)
    {
        var decays = evidence.Cells.Select(cell => cell.FanOutDecay).Distinct().ToArray();
        Panel[] panels =
        [
            .. decays.Select(decay => new Panel(
                RecoveryFigures.Decay(decay), new Axis("residual gradient, 99 % quantile over training samples", Logarithmic: true), new Axis("recovered share of teacher nodes", Min: -0.03, Max: 1.03),
                [.. evidence.Cells.Where(cell => cell.FanOutDecay.Equals(decay)).Select(cell => new PointLayer(
                    $"student {RecoveryFigures.Width(cell)}",
                    [.. new[] { evidence.EarlyEpoch, evidence.LastEpoch }.Distinct().SelectMany(epoch => evidence.At(cell, epoch).Values).Where(row => row.Gradient99 > 0).Select(row => new XY(row.Gradient99!.Value, row.Recovered))],
                    Size: 16))])),
        ];
        return panels.All(panel => panel.Layers.All(layer => ((PointLayer)layer).Points.Count == 0)) ? null : new Figure(
            "gradient", "Recovered teacher nodes, by residual gradient",
            "One point per student at the early epoch and at the end: the 99 % quantile over training samples of the largest |g₁|, and the share of teacher nodes it has recovered. No bar is set on this figure.",
            panels, Columns: 3).Sharing(x: false, y: true);
    }
}
