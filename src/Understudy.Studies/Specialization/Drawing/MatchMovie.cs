using Understudy.Lab.Figures;
using Understudy.Lab.Runs;
using Understudy.Learning.Probing;
using Understudy.Studies.Specialization.Parts;

namespace Understudy.Studies.Specialization.Drawing;

/// <summary>How teacher and student nodes of one pair find each other: ribbons between them and the correlation matrix, epoch by epoch.</summary>
internal static class MatchMovie
{
    private const string Array = PartNames.Dynamics + ".correlations";
    private const int MostFrames = 24;

    /// <summary>Weaker correlations would cover everything with faint lines.</summary>
    private const double WeakestRibbon = 0.3;
    private const string Correlated = "correlation above 0.3, the darker the higher";
    private const string Recovered = "recovered: above 0.95";

    internal static Figure Draw(RunRecord run)
    {
        var plan = TwoLayerPlans.Individual((SpecializationConfig)run.Config);
        var cell = plan.Cells(plan.Student.OverRealization[0]).First();
        var name = FormattableString.Invariant($"r{cell.OverRealization}");
        var steps = run.Steps(Array);
        var stride = Math.Max(1, (steps.Count + MostFrames - 1) / MostFrames);
        long[] shown = [.. steps.Where((_, i) => i % stride == 0 || i == steps.Count - 1)];
        var order = MatchFigures.Order(MatchFigures.Matrix(run.Arrays(Array, steps[^1])[name], 0));
        return Figure.Moving(
            "matching-movie", "Students find their teacher nodes",
            $"Seed 0 at {RecoveryFigures.Words(cell.FanOutDecay)} and {RecoveryFigures.Width(cell)}. Left: lines join teacher and student nodes whose correlation exceeds 0.3. Right: the same correlations as a matrix. "
            + "Teacher nodes from the largest fan-out (0) down, students in the order of the teacher node they match best at the end. Slide through the training.",
            [.. shown.Select(step => new Frame($"step {step:N0}", Panels(MatchFigures.Matrix(run.Arrays(Array, step)[name], 0), order)))], columns: 2);
    }

    private static Panel[] Panels(double[][] matrix, int[] order) => [Ribbons(matrix, order), MatchFigures.Panel("correlation matrix", matrix, order)];

    private static Panel Ribbons(double[][] matrix, int[] order)
    {
        var (m, n) = (matrix.Length, order.Length);
        var layers = new List<Layer> { new LineLayer(Correlated, []), new LineLayer(Recovered, []) };
        for (var j = 0; j < m; j++)
        {
            for (var place = 0; place < n; place++)
            {
                var rho = matrix[j][order[place]];
                if (rho <= WeakestRibbon)
                    continue;
                XY[] ends = [new XY(0, Height(j, m, n)), new XY(1, place)];
                layers.Add(rho > SpecializationStatistics.Recovery ? new LineLayer(Recovered, ends) : new LineLayer(Correlated, ends, Opacity: rho));
            }
        }

        layers.Add(new PointLayer("teacher node", [.. Enumerable.Range(0, m).Select(j => new XY(0, Height(j, m, n)))], SeriesRole.Teacher, Size: 110, Opacity: 1));
        layers.Add(new PointLayer("student node", [.. Enumerable.Range(0, n).Select(k => new XY(1, k))], SeriesRole.Student, Size: 110, Opacity: 1));
        return new Panel("", new Axis("", Min: -0.1, Max: 1.1, Categories: ["teacher", "student"]), new Axis("student node", Categories: [.. order.Select(k => $"{k}")]), layers);
    }

    /// <summary>Where a teacher node stands among n students: both sides fill the same height.</summary>
    private static double Height(int teacher, int m, int n) => ((teacher + 0.5) * n / m) - 0.5;
}
