using Understudy.Lab.Figures;
using static System.FormattableString;

namespace Understudy.Cli.Commands.Hessian;

/// <summary>Ends of a spectrum over models in their order.</summary>
internal static class TrackFigure
{
    // of the largest magnitude: outliers and the small negative end are both seen
    private const double LinearWithin = 1e-3;

    /// <summary>Draws what was found; null where that is at less than two models.</summary>
    /// <param name="material">The models.</param>
    /// <param name="matrix">The word of the matrix.</param>
    /// <param name="found">Loss and values at both ends of each, as many as were finished.</param>
    internal static Figure? Of(Material material, string matrix, IReadOnlyList<(double Loss, double[] Top, double[] Bottom)> found)
    {
        if (found.Count < 2)
            return null;
        var steps = material.Provenance.Run?.Steps;
        double X(int model) => steps?[model] ?? model + 1;
        var x = new Axis(steps is null ? "model" : "training step");
        IEnumerable<LineLayer> Lines(string name, SeriesRole role, Func<int, double[]> values) => Enumerable.Range(0, values(0).Length)
            .Select(rank => new LineLayer(name, [.. found.Select((_, model) => new XY(X(model), values(model)[rank]))], role, Markers: rank == 0));
        var most = found.Max(at => at.Top.Concat(at.Bottom).Select(Math.Abs).DefaultIfEmpty(0).Max());
        return new Figure("track", Invariant($"Ends of the spectrum of {matrix} over {found.Count} {(steps is null ? "models" : "steps of training")}"),
            Invariant($"Eigenvalues by rank, the largest and the smallest with marks, on an axis that is linear within {LinearWithin} of the largest; and the loss at the same models."),
            [
                new Panel("", x, new Axis("eigenvalue λ", LinearWithin: most > 0 ? LinearWithin * most : null),
                    [.. Lines("largest", SeriesRole.Student, model => found[model].Top), .. Lines("smallest", SeriesRole.Alternative, model => found[model].Bottom)]),
                new Panel("", x, new Axis("loss", Logarithmic: found.All(at => at.Loss > 0)), [new LineLayer("loss", [.. found.Select((at, model) => new XY(X(model), at.Loss))], SeriesRole.Teacher, Markers: true)]),
            ]);
    }
}
