using Understudy.Lab.Claims;
using Understudy.Lab.Figures;
using Understudy.Studies.Judging;
using Understudy.Studies.RandomTeacher.Judging;
using Understudy.Studies.RandomTeacher.Parts;

namespace Understudy.Studies.RandomTeacher.Drawing;

/// <summary>What probes find on the rungs of the ladder.</summary>
internal static class LadderFigures
{
    /// <summary>Accuracy by rung and probe: a point per seed, the mean, the teacher as it was drawn, and the teachers that moved.</summary>
    internal static Figure Accuracies(Probed ladder)
    {
        var rungs = ladder.Config.Ladder.Rungs;
        string[] names = [.. rungs.Select(Rungs.Name)];
        IEnumerable<XY> Points(int place, Func<SeedId, double?> value) => ladder.Seeds.Select(value).OfType<double>().Select(accuracy => new XY(place, accuracy));
        Panel Drawn(string title, Func<ProbeRow, double> probe) => new(title, new Axis("", Categories: names), new Axis("accuracy (%)"),
        [
            new LineLayer("student", [.. names.Select((name, place) => new XY(place, ladder.Mean(name, probe)))], SeriesRole.Student, Markers: true),
            .. names.Select((name, place) => new PointLayer("a seed", [.. Points(place, seed => ladder.Student(seed, name, probe))], SeriesRole.Student, Size: 30, Opacity: 0.5)),
            .. names.Select((name, place) => new PointLayer("teacher that moved", [.. Points(place, seed => ladder.MovedTeacher(seed, name, probe))], SeriesRole.Teacher, Size: 50)).Where(layer => layer.Points.Count > 0),
            new RuleLayer("dashed: the teacher as it was drawn", Statistics.Mean([.. ladder.Seeds.Select(seed => ladder.Teacher(seed, names[0], probe)).OfType<double>()])),
        ]);
        return new Figure(
            "ladder", "On the ladder from DINO to a frozen random teacher",
            $"Test accuracy at the end, a point per seed and their mean; the dashed line is the mean of the teachers as they were drawn. {string.Join(' ', RungSentences.Of(ladder.Config))}",
            [.. DrawnProbes.All.Select(probe => Drawn(probe.Name, probe.Of))], Columns: 2);
    }

    /// <summary>The means as a table.</summary>
    internal static Figure Table(Probed ladder)
    {
        string[] rungs = [.. ladder.Config.Ladder.Rungs.Select(Rungs.Name)];
        var rows = rungs.Select(name => (Name: name, Means: DrawnProbes.All.Select(probe => ladder.Mean(name, probe.Of)).ToArray())).ToList();
        foreach (var name in rungs.Where(name => ladder.Seeds.Any(seed => ladder.MovedTeacher(seed, name, row => row.Ridge) is not null)))
            rows.Add(($"teacher of {name}", [.. DrawnProbes.All.Select(probe => Mean(ladder, seed => ladder.MovedTeacher(seed, name, probe.Of)))]));
        rows.Add(("teacher as drawn", [.. DrawnProbes.All.Select(probe => Mean(ladder, seed => ladder.Teacher(seed, rungs[0], probe.Of)))]));
        double[] values = [.. rows.SelectMany(row => row.Means)];
        return new Figure(
            "ladder-table", "The rungs in numbers", "Mean test accuracy over seeds in percent, at the end of the training: students by rung, then teachers.",
            [
                new Panel("", new Axis("", Categories: ["plain linear", "standardized", "ridge", "neighbours"]), new Axis("", Categories: [.. rows.Select(row => row.Name)]),
                    [new MatrixLayer("accuracy (%)", rows.Count, DrawnProbes.All.Length, values, values.Min(), values.Max(), IsLabelled: true)]),
            ]);
    }

    private static double Mean(Probed ladder, Func<SeedId, double?> value) => Statistics.Mean([.. ladder.Seeds.Select(value).OfType<double>()]);
}
