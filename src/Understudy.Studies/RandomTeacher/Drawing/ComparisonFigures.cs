using Understudy.Lab.Figures;
using Understudy.Studies.Judging;
using Understudy.Studies.RandomTeacher.Judging;

namespace Understudy.Studies.RandomTeacher.Drawing;

/// <summary>Students side by side: on two data sets, and in two rounds.</summary>
internal static class ComparisonFigures
{
    /// <summary>Teacher, student and pixels on the set that was distilled on and on the other.</summary>
    internal static Figure Transfer(Probed transfer)
    {
        ImageSource[] sets = [transfer.Config.Data.Set, transfer.Config.Transfer.Set];
        PointLayer Points(string series, SeriesRole role, Func<ProbeRow, double> probe, Func<ProbeRow, bool> isOne) => new(
            series, [.. transfer.Rows.Where(item => isOne(item.Row)).Select(item => new XY(Array.IndexOf(sets, item.Row.Set), probe(item.Row)))], role, Size: 40);
        return new Figure(
            "transfer", "The same students probed on the images they were distilled on, and on others",
            "Test accuracy, a point per seed: student at its end, its teacher, and the pixels.",
            [
                .. DrawnProbes.ScaleFree.Select(probe => new Panel(probe.Name, new Axis("probed on", Categories: [.. sets.Select(Word)]), new Axis("accuracy (%)"),
                [
                    Points("pixels", SeriesRole.Reference, probe.Of, row => row.Subject == Subject.Input),
                    Points("teacher", SeriesRole.Teacher, probe.Of, row => row.Subject == Subject.Teacher),
                    Points("student", SeriesRole.Student, probe.Of, row => row.Subject == Subject.Student && row.TrainingSteps == transfer.Steps),
                ])),
            ], Columns: 3);
    }

    /// <summary>Teacher, its student, and the student of that student, with the way that each round went.</summary>
    internal static Figure Restart(Probed first, Probed again)
    {
        Layer[] Points(params (Probed Round, Func<Probed, SeedId, double?> Of)[] places) =>
        [
            .. places.Select((place, at) => new PointLayer(
                "a seed", [.. first.Seeds.Select(seed => place.Of(place.Round, seed)).OfType<double>().Select(value => new XY(at, value))], SeriesRole.Student, Size: 40)),
        ];
        return new Figure(
            "restart", "A student as the next teacher",
            "A point per seed. Left: test accuracy of the first teacher, its student, and the student of that student. Last: how far each round went from its start.",
            [
                .. DrawnProbes.ScaleFree.Select(probe => new Panel(probe.Name, new Axis("", Categories: ["teacher", "student", "second"]), new Axis("accuracy (%)"), Points(
                    (first, (round, seed) => round.Teacher(seed, PartNames.Images, probe.Of)),
                    (first, (round, seed) => round.Student(seed, PartNames.Images, probe.Of)),
                    (again, (round, seed) => round.Student(seed, PartNames.Images, probe.Of))))),
                new Panel("way", new Axis("", Categories: ["student", "second"]), new Axis("distance from the start", Min: 0), Points(
                    (first, (round, seed) => round.Student(seed, PartNames.Images, row => row.Distance)),
                    (again, (round, seed) => round.Student(seed, PartNames.Images, row => row.Distance)))),
            ], Columns: 4);
    }

    private static string Word(ImageSource set) => set switch
    {
        ImageSource.Cifar10 => "CIFAR-10",
        ImageSource.FashionMnist => "Fashion-MNIST",
        ImageSource.Mnist => "MNIST",
        _ => set.ToString().ToLowerInvariant(),
    };
}
