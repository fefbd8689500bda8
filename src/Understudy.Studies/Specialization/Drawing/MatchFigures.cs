using Understudy.Data.Formats;
using Understudy.Lab.Figures;
using Understudy.Lab.Runs;
using Understudy.Studies.Specialization.Judging;
using Understudy.Studies.Specialization.Parts;

namespace Understudy.Studies.Specialization.Drawing;

/// <summary>F-node: the correlation matrix of one student before and after training, students ordered by their best match.</summary>
internal static class MatchFigures
{
    private const string Array = PartNames.TwoLayer + ".correlations";

    internal static IEnumerable<Figure> Draw(Evidence evidence, RunRecord run)
    {
        var steps = run.Steps(Array);
        if (steps.Count == 0)
            yield break;
        var config = (SpecializationConfig)run.Config;
        var plan = TwoLayerPlans.Recovery(config);
        var width = plan.Student.OverRealization.Contains(2) ? 2 : plan.Student.OverRealization[0];
        var cells = plan.Cells(width).ToList();
        var shown = Math.Max(0, cells.FindIndex(cell => cell.FanOutDecay.Equals(1.0)));
        var name = FormattableString.Invariant($"r{width}");
        var order = Order(Matrix(run.Arrays(Array, steps[^1])[name], shown * plan.Seeds));
        yield return new Figure(
            "matching", "Correlation of every student node with every teacher node",
            $"Correlations of teacher nodes (rows) with student nodes (columns) for seed 0, {RecoveryFigures.Words(cells[shown].FanOutDecay)} and {RecoveryFigures.Width(cells[shown])}, before and after training; "
            + "students in the order of the teacher node they match best after training.",
            [.. steps.Select(step => Panel(step == 0 ? "before training" : $"after {step:N0} steps", Matrix(run.Arrays(Array, step)[name], shown * plan.Seeds), order))]);
    }

    /// <summary>The correlations [teacher, student] of one replica.</summary>
    internal static double[][] Matrix(Tensor tensor, int replica)
    {
        var (m, n) = (tensor.Shape[1], tensor.Shape[2]);
        var values = tensor.Floats.Slice(replica * m * n, m * n).ToArray();
        return [.. Enumerable.Range(0, m).Select(j => Enumerable.Range(0, n).Select(k => (double)values[(j * n) + k]).ToArray())];
    }

    /// <summary>Students by the teacher node they match best, the best student of each first.</summary>
    internal static int[] Order(double[][] matrix) =>
    [
        .. Enumerable.Range(0, matrix[0].Length)
            .OrderBy(k => Enumerable.Range(0, matrix.Length).MaxBy(j => matrix[j][k]))
            .ThenByDescending(k => matrix.Max(row => row[k])),
    ];

    internal static Panel Panel(string title, double[][] matrix, int[] order) => new(
        title,
        new Axis("student node", Categories: [.. order.Select(k => $"{k}")]),
        new Axis("teacher node", Categories: [.. Enumerable.Range(0, matrix.Length).Select(j => $"{j}")]),
        [new MatrixLayer("correlation", matrix.Length, order.Length, [.. matrix.SelectMany(row => order.Select(k => row[k]))], -1, 1)]);
}
