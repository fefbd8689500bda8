using Understudy.Lab.Figures;

namespace Understudy.Studies.RandomTeacher.Drawing;

/// <summary>Supervised trainings from a student and from a fresh start.</summary>
internal static class SupervisedFigures
{
    /// <summary>Test error over epochs.</summary>
    internal static Figure Errors(IReadOnlyList<ErrorsRow> rows) => new(
        "supervised", "Supervised training from a student and from a fresh start", "Test error over epochs, a line for each seed and order of images.",
        [
            new Panel("", new Axis("epoch"), new Axis("test error (%)"),
                [.. rows.Select(row => new LineLayer(Word(row.Start), [.. row.Epochs.Zip(row.TestErrors, (epoch, error) => new XY(epoch, error))], Role(row.Start), Opacity: 0.7))]),
        ]);

    /// <summary>Errors along lines between trainings of one start.</summary>
    internal static Figure Lines(IReadOnlyList<InstabilityRow> rows)
    {
        var axis = new Axis("position γ between two orders");
        IReadOnlyList<Layer> Layers(Func<InstabilityRow, IReadOnlyList<double>> of)
            => [.. rows.Select(row => new LineLayer(Word(row.Start), [.. row.Positions.Zip(of(row), (at, error) => new XY(at, error))], Role(row.Start), Opacity: 0.6))];
        return new Figure(
            "connectivity", "Lines between trainings that differ by the order of images alone", "Error along the line between every two trainings of one start: a hump is a barrier.",
            [new Panel("training images", axis, new Axis("error (%)"), Layers(row => row.TrainErrors)), new Panel("test images", axis, new Axis("error (%)"), Layers(row => row.TestErrors))], Columns: 2);
    }

    /// <summary>Accuracy over what is left.</summary>
    internal static Figure Tickets(IReadOnlyList<TicketRow[]> seeds)
    {
        var axis = new Axis("weights left (%), fewer to the left", Logarithmic: true);
        IReadOnlyList<Layer> Layers(Func<TicketRow, double> of) =>
        [
            .. seeds.SelectMany(seed => seed.GroupBy(row => row.Start)).Select(run => new LineLayer(
                Word(run.Key), [.. run.OrderBy(row => row.Remaining).Select(row => new XY(100 * row.Remaining, of(row)))], Role(run.Key), Markers: true, Opacity: 0.8)),
        ];
        return new Figure(
            "tickets", "Iterative magnitude pruning, rewound to the start", "Test accuracy of what is left after every round, a line per seed: at the end of its training, and the best over epochs as the paper plots it.",
            [new Panel("at the end", axis, new Axis("accuracy (%)"), Layers(row => row.LastAccuracy)), new Panel("best over epochs", axis, new Axis("accuracy (%)"), Layers(row => row.BestAccuracy))], Columns: 2);
    }

    private static string Word(StartKind start) => start == StartKind.Student ? "from a student" : "from a fresh start";

    private static SeriesRole Role(StartKind start) => start == StartKind.Student ? SeriesRole.Student : SeriesRole.Teacher;
}
