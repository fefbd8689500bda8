using Understudy.Lab.Claims;
using Understudy.Lab.Figures;
using Understudy.Studies.Judging;
using Understudy.Studies.RandomTeacher.Judging;

namespace Understudy.Studies.RandomTeacher.Drawing;

/// <summary>What probes find.</summary>
internal static class ProbeFigures
{
    /// <summary>Accuracy of the four probes over steps: student, teacher and pixels.</summary>
    internal static Figure Curves(Probed main, string condition) => new(
        "probes", "What probes find in the student while it is distilled",
        "Test accuracy of four probes: student (mean and standard deviation over seeds), its teacher and the pixels (dashed). The plain probe is the paper's; only the others do not depend on the features' scale.",
        [
            .. DrawnProbes.All.Select(probe => new Panel(probe.Name, new Axis("step"), new Axis("accuracy (%)"),
            [
                .. Band(Moments(main, condition, probe.Of), "student", SeriesRole.Student),
                .. Band(Teacher(main, condition, probe.Of), "teacher", SeriesRole.Teacher),
                .. main.Input(probe.Of) is { } pixels ? [new RuleLayer("dashed: pixels", pixels)] : Array.Empty<Layer>(),
            ])),
        ], Columns: 2);

    /// <summary>Student less teacher by probe and condition.</summary>
    internal static Figure Gains(Probed main)
    {
        string[] conditions = [.. main.Rows.Where(item => item.Row.Subject == Subject.Student).Select(item => item.Row.Condition).Distinct()];
        string[] kinds = [.. conditions, .. main.Rows.Select(item => item.Row.Subject).Where(subject => subject is Subject.Kicked or Subject.Recalibrated).Distinct().Select(Word)];
        double? Value(string kind, SeedId seed, Func<ProbeRow, double> probe) => conditions.Contains(kind)
            ? main.Student(seed, kind, probe) - main.Teacher(seed, kind, probe)
            : main.Control(seed, kind == Word(Subject.Kicked) ? Subject.Kicked : Subject.Recalibrated, probe) - main.Teacher(seed, conditions[0], probe);
        return new Figure(
            "gains", "How much of the gain is left without scale, with noise, from far, and in controls",
            "Less the teacher, in percentage points, a point per seed: students of images, of noise and from an independent start; the teacher with batch statistics of the images (recalibrated); the teacher moved at random as far as its student (kicked).",
            [
                .. DrawnProbes.All.Select(probe => new Panel(probe.Name, new Axis("", Categories: kinds), new Axis("less teacher (pp)"),
                [
                    .. kinds.Select((kind, place) => new PointLayer(
                        "a seed", [.. main.Seeds.Select(seed => Value(kind, seed, probe.Of)).OfType<double>().Select(value => new XY(place, value))], SeriesRole.Student, Size: 40)),
                    new RuleLayer("dashed: the teacher", 0),
                ])),
            ], Columns: 2);
    }

    /// <summary>Accuracies at the end over what is swept.</summary>
    internal static Figure Sweep(Probed sweep, string name, string title, Axis axis, IReadOnlyList<(double At, string Condition)> places, double? mark = null) => new(
        name, title, "Test accuracy of the student at its end, mean and standard deviation over seeds; its teacher beside it.",
        [
            .. DrawnProbes.ScaleFree.Select(probe => new Panel(probe.Name, axis, new Axis("accuracy (%)"),
            [
                .. Band([.. places.Select(place => (place.At, Of(sweep, seed => sweep.Student(seed, place.Condition, probe.Of))))], "student", SeriesRole.Student),
                .. Band([.. places.Select(place => (place.At, Of(sweep, seed => sweep.Teacher(seed, place.Condition, probe.Of))))], "teacher", SeriesRole.Teacher),
                .. mark is { } at ? [new RuleLayer("dashed: k", at, Vertical: true)] : Array.Empty<Layer>(),
            ])),
        ], Columns: 3);

    /// <summary>Gains at the end by category.</summary>
    internal static Figure Categories(Probed sweep, string name, string title, IReadOnlyList<string> conditions) => new(
        name, title, "Student less teacher in percentage points, a point per seed.",
        [
            .. DrawnProbes.ScaleFree.Select(probe => new Panel(probe.Name, new Axis("student less teacher (pp)"), new Axis("", Categories: conditions),
            [
                .. conditions.Select((condition, place) => new PointLayer("a seed", [.. sweep.Gains(condition, probe.Of).Select(gain => new XY(gain, place))], SeriesRole.Student, Size: 40)),
                new RuleLayer("dashed: the teacher", 0, Vertical: true),
            ])),
        ], Columns: 1);

    private static (double, double[])[] Moments(Probed main, string condition, Func<ProbeRow, double> probe) =>
    [
        .. main.Rows.Where(item => item.Row.Subject == Subject.Student && item.Row.Condition == condition && item.Row.Set == main.Config.Data.Set)
            .GroupBy(item => item.Row.TrainingSteps).OrderBy(moment => moment.Key).Select(moment => ((double)moment.Key, moment.Select(item => probe(item.Row)).ToArray())).Prepend((0.0, Of(main, seed => main.Teacher(seed, condition, probe)))),
    ];

    private static (double, double[])[] Teacher(Probed main, string condition, Func<ProbeRow, double> probe)
    {
        var teacher = Of(main, seed => main.Teacher(seed, condition, probe));
        return [(0, teacher), (main.Steps, teacher)];
    }

    private static double[] Of(Probed probed, Func<SeedId, double?> value) => [.. probed.Seeds.Select(value).OfType<double>()];

    private static IEnumerable<Layer> Band(IReadOnlyList<(double At, double[] Values)> points, string name, SeriesRole role)
    {
        var full = points.Where(point => point.Values.Length > 0).ToArray();
        XY[] Curve(double deviations) => [.. full.Select(point => new XY(point.At, Statistics.Mean(point.Values) + (deviations * Statistics.Deviation(point.Values))))];
        yield return new BandLayer(name, Curve(-1), Curve(1), role);
        yield return new LineLayer(name, Curve(0), role, Markers: full.Length > 2);
    }

    private static string Word(Subject subject) => subject.ToString().ToLowerInvariant();
}
