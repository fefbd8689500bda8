using Understudy.Lab.Claims;
using Understudy.Lab.Figures;
using Understudy.Studies.RandomTeacher.Judging;
using Understudy.Studies.RandomTeacher.Parts;

namespace Understudy.Studies.RandomTeacher.Drawing;

/// <summary>How sure the main result is, and how much the choice of a moment adds to it.</summary>
internal static class IntervalFigures
{
    private static readonly (string Name, string Array, Func<ProbeRow, double> Of, Func<ValidationRow, double> Validated)[] Probes =
    [
        ("plain", RightImages.Lin, row => row.Lin, row => row.Lin), ("standardized", RightImages.LinStd, row => row.LinStd, row => row.LinStd), ("ridge", RightImages.Ridge, row => row.Ridge, row => row.Ridge),
        ("neighbours", RightImages.Knn, row => row.Knn, row => row.Knn),
    ];

    /// <summary>The gain of each probe with its interval over seeds, and over seeds and test images; null where it was not kept which images are right.</summary>
    internal static Figure? Intervals(Probed main)
    {
        var images = Probes.Select(probe => main.OverImages(PartNames.Images, probe.Array)).ToArray();
        if (images.Any(interval => interval is null))
            return null;
        var seeds = Probes.Select(probe => Statistics.MeanInterval(main.Gains(PartNames.Images, probe.Of))).ToArray();
        IEnumerable<Layer> Bars(string name, SeriesRole role, IEnumerable<Estimate> intervals, double shift)
        {
            foreach (var (place, interval) in intervals.Index())
            {
                // of one seed the interval over seeds is unbounded
                if (double.IsFinite(interval.Low))
                    yield return new LineLayer(name, [new XY(interval.Low, place + shift), new XY(interval.High, place + shift)], role);
                yield return new PointLayer(name, [new XY(interval.Value, place + shift)], role, Size: 40, Opacity: 1);
            }
        }

        var told = images.Min(interval => interval!.Seeds);
        var seen = told < main.Seeds.Count ? FormattableString.Invariant($" {told} of {main.Seeds.Count} seeds tell which test images are right.") : "";
        return new Figure(
            "intervals", "How sure the gain is",
            "Student of images less its teacher at the end in percentage points, with 95 % intervals: over seeds (Student's t), and over seeds and test images drawn anew 10,000 times, paired. Verdicts on standardized features, ridge and neighbours take the wider end of both, but at the paper's size." + seen,
            [
                new Panel("", new Axis("student less teacher (pp)"), new Axis("", Categories: [.. Probes.Select(probe => probe.Name)]),
                [
                    .. Bars("over seeds", SeriesRole.Teacher, seeds, -0.12), .. Bars("over seeds and test images", SeriesRole.Student, images.Select(interval => interval!.Interval), 0.12),
                    new RuleLayer("dashed: the teacher", 0, Vertical: true),
                ]),
            ]);
    }

    /// <summary>The gain by the rule that takes a moment; null where there was nothing to choose.</summary>
    internal static Figure? Rules(Probed main)
    {
        var chosen = Probes.Select(probe => Selection.Of(main, probe.Of, probe.Validated)).ToArray();
        if (chosen.Any(seeds => seeds.Count == 0))
            return null;
        (string Name, Func<Chosen, double> Of)[] rules = [("last", one => one.Last), ("held-out images", one => one.BestValidation), ("test images", one => one.BestTest)];
        return new Figure(
            "selection", "What choosing a moment adds",
            "Student of images less its teacher in percentage points, a point per seed, by the moment that is taken: the last, which verdicts are about; the best on training images that were held out; the best on the test images themselves, on which it is scored then, as the paper's curves are read.",
            [
                .. Probes.Index().Select(probe => new Panel(probe.Item.Name, new Axis("student less teacher (pp)"), new Axis("", Categories: [.. rules.Select(rule => rule.Name)]),
                [
                    .. rules.Index().Select(rule => new PointLayer("a seed", [.. chosen[probe.Index].Select(one => new XY(rule.Item.Of(one) - one.Teacher, rule.Index))], SeriesRole.Student, Size: 40)),
                    new RuleLayer("dashed: the teacher", 0, Vertical: true),
                ])),
            ], Columns: 2);
    }
}
