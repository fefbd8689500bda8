using Understudy.Lab.Figures;

namespace Understudy.Studies.RandomTeacher.Drawing;

/// <summary>Students while they are distilled.</summary>
internal static class TrainingFigures
{
    /// <summary>Divergence, gradient norm, distance and effective rank over the logarithm of the step.</summary>
    /// <param name="rows">The students.</param>
    /// <param name="kept">Which of them were kept before their end.</param>
    /// <param name="name">Of the figure.</param>
    /// <param name="title">Of the figure.</param>
    /// <param name="caption">What to see.</param>
    internal static Figure Progress(IReadOnlyList<TrainingRow> rows, IReadOnlyList<KeptRow> kept, string name, string title, string caption)
    {
        var axis = new Axis("step", Logarithmic: true);
        IReadOnlyList<Layer> Lines(Func<TrainingRow, double> value) =>
        [
            .. rows.GroupBy(row => (row.Condition, row.Seed)).Select(student => new LineLayer(
                student.Key.Condition, [.. student.OrderBy(row => row.TrainingSteps).Where(row => value(row) > 0).Select(row => new XY(row.TrainingSteps, value(row)))], Opacity: 0.7)),
        ];
        // as of the lines: a logarithmic axis has no place for 0
        IReadOnlyList<Layer> Points(StudentMoment moment) => kept.Any(row => row.Moment == moment)
            ? [new PointLayer("kept", [.. kept.Where(row => row.Moment == moment && row.Value > 0).Select(row => new XY(row.TrainingSteps, row.Value))], SeriesRole.Reference, Size: 40, Opacity: 1)]
            : [];
        var points = kept.Any(row => row.Moment is StudentMoment.LargestLoss or StudentMoment.LeastRank) ? " Points: students that were kept where KL is largest, and where the rank is least." : "";
        return new Figure(
            name, title,
            $"One line per student.{points} {caption}",
            [
                new Panel("KL to the teacher (nats)", axis, new Axis("KL", Logarithmic: true), [.. Lines(row => row.Divergence), .. Points(StudentMoment.LargestLoss)]),
                new Panel("norm of the gradient", axis, new Axis("‖∇L‖", Logarithmic: true), Lines(row => row.GradientNorm)),
                new Panel("distance from the start", axis, new Axis("‖θ − θ_S‖", Logarithmic: true), Lines(row => row.Distance)),
                new Panel("effective rank of the embedding", axis, new Axis("effective rank", Min: 0), [.. Lines(row => row.EffectiveRank), .. Points(StudentMoment.LeastRank)]),
            ], Columns: 2);
    }
}
