using Understudy.Engine.LinearAlgebra.Estimation;
using Understudy.Engine.LinearAlgebra.Krylov;
using Understudy.Engine.Threading;
using Understudy.Learning.Networks;

namespace Understudy.Studies.Hessian.Parts;

/// <summary>What is kept of the whole matrices of a network besides the ends of its spectrum.</summary>
internal static class SpectrumShape
{
    private const int Points = 241;
    private const int ResidualShown = 20;
    private const double Unit = 1e-4;
    private const double Margin = 0.05;

    /// <summary>Of the range of u: twice the distance of two points.</summary>
    private const double Smoothing = 0.01;

    /// <summary>How many stand out: what the density leaves to stems.</summary>
    internal static int Outliers(ReadOnlySpan<double> descending)
    {
        var count = OutlierCount.Of(descending);
        return count.Elbow.Count ?? count.Gap.Count ?? 0;
    }

    /// <summary>The density of all but the largest eigenvalues on an axis of both signs.</summary>
    /// <param name="ascending">All eigenvalues.</param>
    /// <param name="outliers">How many of the largest are left out.</param>
    internal static SpectralDensity Density(double[] ascending, int outliers)
    {
        var largest = Math.Max(Math.Abs(ascending[0]), Math.Abs(ascending[^1]));
        // a network without any curvature has an axis all the same
        var axis = SpectralAxis.Asinh(largest > 0 ? Unit * largest : Unit);
        var (first, last) = (axis.Coordinate(ascending[0]), axis.Coordinate(ascending[^1]));
        var range = last > first ? last - first : 1;
        var grid = new SpectralGrid(axis, first - (Margin * range), last + (Margin * range), Points);
        return SpectralDensity.Of(SpectralMeasure.Exact(ascending.AsSpan(0, ascending.Length - outliers)), sigma: Smoothing * range, grid: grid);
    }

    /// <summary>The largest eigenvalues of R, from all its entries.</summary>
    internal static double[] Residual(double[] entries, int size, Team team, CancellationToken cancellation)
        => Curved.Pairs(new DenseOperator(entries, size, team), new EigenpairOptions { Top = Math.Min(ResidualShown, size), Tolerance = 1e-6, Seed = 1, Team = team }, cancellation).Top.Values.ToArray();

    /// <summary>Traces of the diagonal blocks of a matrix, tensor by tensor.</summary>
    internal static double[] Traces(ParameterLayout layout, double[] entries)
        => [.. layout.Slots.Select(slot => Enumerable.Range(slot.Offset, slot.Shape.Count).Sum(i => entries[(i * layout.Count) + i]))];

    /// <summary>Frobenius norms of the blocks of all pairs of tensors, row by row.</summary>
    internal static double[] BlockNorms(ParameterLayout layout, double[] entries)
    {
        var norms = new double[layout.Slots.Count * layout.Slots.Count];
        foreach (var (i, left) in layout.Slots.Index())
        {
            foreach (var (j, right) in layout.Slots.Index())
            {
                var sum = 0.0;
                for (var row = left.Offset; row < left.Offset + left.Shape.Count; row++)
                {
                    foreach (var entry in entries.AsSpan((row * layout.Count) + right.Offset, right.Shape.Count))
                        sum += entry * entry;
                }

                norms[(i * layout.Slots.Count) + j] = Math.Sqrt(sum);
            }
        }

        return norms;
    }
}
