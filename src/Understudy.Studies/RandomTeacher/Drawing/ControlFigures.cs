using Understudy.Lab.Claims;
using Understudy.Lab.Figures;
using Understudy.Studies.RandomTeacher.Judging;

namespace Understudy.Studies.RandomTeacher.Drawing;

/// <summary>Part controls.</summary>
internal static class ControlFigures
{
    /// <summary>Students of images and of permuted pixels, the shuffled student and the teacher with batch statistics, less the teacher.</summary>
    internal static Figure Gains(Probed controls)
    {
        (string Name, Func<Studies.Judging.SeedId, Func<ProbeRow, double>, double?> Of)[] kinds =
        [
            ("images", (seed, probe) => controls.Student(seed, PartNames.Images, probe)),
            ("permuted pixels", (seed, probe) => controls.Student(seed, PartNames.Permuted, probe)),
            ("weights shuffled", (seed, probe) => controls.Control(seed, Subject.Shuffled, probe)),
            ("batch statistics", (seed, probe) => controls.Control(seed, Subject.Recalibrated, probe)),
        ];
        var present = kinds.Where(kind => controls.Seeds.Any(seed => kind.Of(seed, row => row.Ridge) is not null)).ToArray();
        return new Figure(
            "controls", "What is left of the gain without structure in images, or in weights",
            "Less the teacher, in percentage points, a point per seed: students of images and of images whose pixels are permuted; the student of images with the entries of every tensor in another order (weights shuffled); the teacher with batch statistics of the images.",
            [
                .. DrawnProbes.ScaleFree.Select(probe => new Panel(probe.Name, new Axis("less the teacher (pp)"), new Axis("", Categories: [.. present.Select(kind => kind.Name)]),
                [
                    .. present.Index().Select(kind => new PointLayer(
                        "a seed", [.. controls.Differences(seed => kind.Item.Of(seed, probe.Of), seed => controls.Teacher(seed, PartNames.Images, probe.Of)).Select(gain => new XY(gain, kind.Index))], SeriesRole.Student, Size: 40)),
                    new RuleLayer("dashed: the teacher", 0, Vertical: true),
                ])),
            ], Columns: 1);
    }

    /// <summary>The plain probe beside the converged one.</summary>
    internal static Figure Audit(IReadOnlyList<AuditRow> rows)
    {
        string[] probes = ["plain probe", "converged"];
        IEnumerable<Layer> Of(Subject subject, SeriesRole role)
        {
            var own = rows.Where(row => row.Subject == subject).ToArray();
            var name = subject.ToString().ToLowerInvariant();
            foreach (var row in own)
                yield return new LineLayer(name, [new XY(0, row.Lin), new XY(1, row.Converged)], role, Opacity: 0.35);
            yield return new LineLayer(name, [new XY(0, Statistics.Mean([.. own.Select(row => row.Lin)])), new XY(1, Statistics.Mean([.. own.Select(row => row.Converged)]))], role, Markers: true);
        }

        return new Figure(
            "audit", "How far the plain linear probe ends from convergence",
            $"Test accuracy of the paper's probe, 10 epochs of AdamW by default, and of the same classifiers on standardized features with a slight penalty, led to convergence; seeds (faint) and their mean. What the lines close in on each other is scale and steps.{(rows.All(row => row.IsConverged) ? "" : $" {rows.Count(row => !row.IsConverged)} of {rows.Count} did not converge.")}",
            [new Panel("", new Axis("", Categories: probes), new Axis("accuracy (%)"), [.. Of(Subject.Teacher, SeriesRole.Teacher), .. Of(Subject.Student, SeriesRole.Student)])]);
    }
}
