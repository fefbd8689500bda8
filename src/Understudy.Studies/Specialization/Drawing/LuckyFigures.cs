using Understudy.Lab.Figures;

namespace Understudy.Studies.Specialization.Drawing;

/// <summary>F-lucky: the fan-out of every student node, those that started near a teacher node first.</summary>
internal static class LuckyFigures
{
    private const int MostPoints = 4500;

    internal static Figure Norms(IReadOnlyList<(SpecializationConfig Config, LuckyRow Row)> rows)
    {
        var lucky = rows[0].Config.Lucky.Widths[1];
        var widths = rows.GroupBy(item => item.Row.OverRealization).OrderBy(group => group.Key).ToArray();
        return new Figure(
            "lucky-nodes", "Fan-out of student nodes, by where they started",
            "Norm of the fan-out of every student node at the end of training, all seeds; r is the number of student nodes per teacher node. The nodes to the left started near a teacher node, the others at random.",
            [.. widths.Select(width => new Panel(
                FormattableString.Invariant($"r = {width.Key:0.##}"), new Axis("student node (index)", Min: -0.5), new Axis("fan-out ‖v‖ at the end", Logarithmic: true),
                [
                    new PointLayer("student node that started near a teacher node", Points(width, 0, lucky), SeriesRole.Student),
                    new PointLayer("student node that started elsewhere", Points(width, lucky, int.MaxValue), SeriesRole.Alternative),
                ]))],
            Columns: Math.Min(2, widths.Length)).Sharing(x: false, y: true);
    }

    private static XY[] Points(IEnumerable<(SpecializationConfig Config, LuckyRow Row)> rows, int first, int end)
        => [.. RecoveryFigures.Thinned(
            from item in rows
            where !item.Row.Diverged
            from node in item.Row.Norms.Select((norm, index) => new XY(index, norm))
            where node.X >= first && node.X < end && node.Y > 0
            select node, MostPoints / 4)];
}
