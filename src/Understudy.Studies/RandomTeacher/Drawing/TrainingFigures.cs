using Understudy.Lab.Figures;

namespace Understudy.Studies.RandomTeacher.Drawing;

/// <summary>Students while they are distilled.</summary>
internal static class TrainingFigures
{
    /// <summary>Divergence, gradient norm, distance and effective rank over the logarithm of the step.</summary>
    /// <param name="rows">The students.</param>
    /// <param name="name">Of the figure.</param>
    /// <param name="title">Of the figure.</param>
    /// <param name="caption">What to see.</param>
    internal static Figure Progress(IReadOnlyList<TrainingRow> rows, string name, string title, string caption)
    {
        var axis = new Axis("step", Logarithmic: true);
        IReadOnlyList<Layer> Lines(Func<TrainingRow, double> value) =>
        [
            .. rows.GroupBy(row => (row.Condition, row.Seed)).Select(student => new LineLayer(
                student.Key.Condition, [.. student.OrderBy(row => row.TrainingSteps).Where(row => value(row) > 0).Select(row => new XY(row.TrainingSteps, value(row)))], Opacity: 0.7)),
        ];
        return new Figure(
            name, title,
            $"One line per student. {caption}",
            [
                new Panel("KL to the teacher (nats)", axis, new Axis("KL", Logarithmic: true), Lines(row => row.Divergence)),
                new Panel("norm of the gradient", axis, new Axis("‖∇L‖", Logarithmic: true), Lines(row => row.GradientNorm)),
                new Panel("distance from the start", axis, new Axis("‖θ − θ_S‖", Logarithmic: true), Lines(row => row.Distance)),
                new Panel("effective rank of the embedding", axis, new Axis("effective rank", Min: 0), Lines(row => row.EffectiveRank)),
            ], Columns: 2);
    }
}
