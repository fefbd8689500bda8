using Understudy.Engine.LinearAlgebra;
using Understudy.Learning.Geometry;

namespace Understudy.Learning.Landscape;

/// <summary>The points of a rectangle in a plane of two axes at which a landscape is looked at.</summary>
/// <param name="Plane">The plane.</param>
/// <param name="X">The coordinates along the first axis, ascending.</param>
/// <param name="Y">The coordinates along the second axis, ascending.</param>
public sealed record PlaneGrid(ParameterPlane Plane, IReadOnlyList<double> X, IReadOnlyList<double> Y)
{
    /// <summary>The number of points.</summary>
    public int Count => X.Count * Y.Count;

    /// <summary>51 × 51 points, or others, on [−1, 1]²; the middle is the origin where their number is odd.</summary>
    /// <exception cref="ArgumentException">The plane does not have two axes.</exception>
    public static PlaneGrid Around(ParameterPlane plane, int points = 51, double extent = 1)
    {
        RequireTwo(plane);
        return new PlaneGrid(plane, Ticks(-extent, extent, points), Ticks(-extent, extent, points));
    }

    /// <summary>The rectangle around some points, on each side by a share of it larger: of three points (Garipov et al. 2018) or of a trajectory.</summary>
    /// <param name="plane">The plane.</param>
    /// <param name="corners">What the rectangle is put around, as coordinates.</param>
    /// <param name="points">Grid points of each axis.</param>
    /// <param name="margin">By which share of its length a side grows at each end.</param>
    /// <exception cref="ArgumentException">The plane does not have two axes, or there are no points.</exception>
    public static PlaneGrid Enclosing(ParameterPlane plane, IReadOnlyList<double[]> corners, int points = 21, double margin = 0.2)
    {
        RequireTwo(plane);
        ArgumentNullException.ThrowIfNull(corners);
        if (corners.Count == 0)
            throw new ArgumentException("There is nothing to put a rectangle around.", nameof(corners));
        return new PlaneGrid(plane, Side(0), Side(1));

        double[] Side(int axis)
        {
            var (low, high) = (corners.Min(corner => corner[axis]), corners.Max(corner => corner[axis]));
            return Ticks(low - (margin * (high - low)), high + (margin * (high - low)), points);
        }
    }

    /// <summary>Writes grid point number <paramref name="index"/>, which is column + row·columns.</summary>
    public void Point(int index, Span<double> into)
    {
        Span<double> coordinates = [X[index % X.Count], Y[index / X.Count]];
        Plane.Point(coordinates, into);
    }

    private static void RequireTwo(ParameterPlane plane)
    {
        ArgumentNullException.ThrowIfNull(plane);
        if (plane.Axes.Count != 2)
            throw new ArgumentException($"A grid needs a plane of two axes, not of {plane.Axes.Count}.", nameof(plane));
    }

    /// <summary>Equally spaced numbers; the middle of a symmetric range is exactly 0.</summary>
    private static double[] Ticks(double from, double to, int count)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 2);
        return [.. Enumerable.Range(0, count).Select(i => ((from * (count - 1 - i)) + (to * i)) / (count - 1))];
    }
}

/// <summary>The landscape over a plane.</summary>
public static class LossPlane
{
    /// <summary>Losses and accuracies, row by row of y: the value of column x and row y is number x + y·columns.</summary>
    /// <param name="grid">The points.</param>
    /// <param name="evaluator">The examples.</param>
    /// <param name="progress">Takes the share that is done.</param>
    /// <param name="cancellation">Looked at once per batch.</param>
    /// <exception cref="ArgumentException">The plane is not one of the network's parameters.</exception>
    public static LossAndAccuracy[] Evaluate(PlaneGrid grid, LossEvaluator evaluator, IProgress<double>? progress = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(grid);
        ArgumentNullException.ThrowIfNull(evaluator);
        if (grid.Plane.Origin.Length != evaluator.Size)
            throw new ArgumentException($"The network has {evaluator.Size} parameters, but the plane {grid.Plane.Origin.Length}.", nameof(grid));
        return evaluator.At(grid.Count, grid.Point, progress, cancellation);
    }

    /// <summary>The second derivatives of the loss by the coordinates of a plane, [axes, axes] row-major: u_iᵀ H u_j.</summary>
    /// <remarks>What a picture of the plane shows of the Hessian; λ_max and λ_min as a rule belong to other directions. One product per axis.</remarks>
    /// <param name="plane">The plane.</param>
    /// <param name="hessian">H at a point of it.</param>
    /// <exception cref="ArgumentException">The plane is not one of that many parameters.</exception>
    public static double[] Hessian(ParameterPlane plane, ISymmetricOperator hessian)
    {
        ArgumentNullException.ThrowIfNull(plane);
        ArgumentNullException.ThrowIfNull(hessian);
        if (plane.Origin.Length != hessian.Size)
            throw new ArgumentException($"The Hessian is of {hessian.Size} parameters, but the plane of {plane.Origin.Length}.", nameof(plane));
        var (axes, product) = (plane.Axes, new double[hessian.Size]);
        var entries = new double[axes.Count * axes.Count];
        for (var i = 0; i < axes.Count; i++)
        {
            hessian.Apply(axes[i], product);
            for (var j = 0; j <= i; j++)
                entries[(i * axes.Count) + j] = entries[(j * axes.Count) + i] = Dense.Dot(axes[j], product);
        }

        return entries;
    }

    /// <summary>The ends of the spectrum at every point, in the same order.</summary>
    /// <remarks>|smallest/largest| tells where the loss is nearly convex (Li et al. 2018). Points come one after the other, so the function may use a team of its own.</remarks>
    /// <param name="grid">The points.</param>
    /// <param name="ends">The extreme eigenvalues of the Hessian at a parameter vector, which it must not keep.</param>
    /// <param name="progress">Takes the share that is done.</param>
    /// <param name="cancellation">Looked at once per point.</param>
    public static SpectrumEnds[] Curvature(PlaneGrid grid, Func<double[], SpectrumEnds> ends, IProgress<double>? progress = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(grid);
        ArgumentNullException.ThrowIfNull(ends);
        var (results, point) = (new SpectrumEnds[grid.Count], new double[grid.Plane.Origin.Length]);
        for (var i = 0; i < results.Length; i++)
        {
            cancellation.ThrowIfCancellationRequested();
            grid.Point(i, point);
            results[i] = ends(point);
            progress?.Report((i + 1.0) / results.Length);
        }

        return results;
    }
}

/// <summary>The extreme eigenvalues of a symmetric matrix.</summary>
/// <param name="Smallest">λ_min.</param>
/// <param name="Largest">λ_max.</param>
public readonly record struct SpectrumEnds(double Smallest, double Largest)
{
    /// <summary>|λ_min / λ_max|; 0 of the zero matrix.</summary>
    public double Ratio => Smallest is 0 ? 0 : Math.Abs(Smallest / Largest);
}
