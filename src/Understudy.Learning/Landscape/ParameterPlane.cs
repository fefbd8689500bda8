using Understudy.Engine.LinearAlgebra;
using Understudy.Learning.Geometry;

namespace Understudy.Learning.Landscape;

/// <summary>A plane, or a flat of more axes, in the space of parameters: origin + Σ c_k axis_k.</summary>
public sealed class ParameterPlane
{
    // eigenvalues of the axes' products below this share of the largest are no direction of their own
    private const double Dependent = 1e-12;

    private readonly double[] _origin;
    private readonly SymmetricEigen _gram;

    /// <summary>A flat through a point.</summary>
    /// <param name="origin">[P].</param>
    /// <param name="axes">Any number of directions [P]; need not be orthogonal.</param>
    /// <exception cref="ArgumentException">An axis is not as long as the origin, or there is none.</exception>
    public ParameterPlane(double[] origin, params double[][] axes)
    {
        ArgumentNullException.ThrowIfNull(origin);
        ArgumentNullException.ThrowIfNull(axes);
        if (axes.Length == 0 || axes.Any(axis => axis.Length != origin.Length))
            throw new ArgumentException($"A plane needs axes of {origin.Length} numbers.", nameof(axes));
        (_origin, Axes) = (origin, axes);
        var gram = new double[axes.Length * axes.Length];
        for (var i = 0; i < gram.Length; i++)
            gram[i] = Dense.Dot(axes[i / axes.Length], axes[i % axes.Length]);
        _gram = SymmetricEigen.Of(gram, axes.Length);
    }

    /// <summary>Where all coordinates are 0.</summary>
    public ReadOnlySpan<double> Origin => _origin;

    /// <summary>The directions.</summary>
    public IReadOnlyList<double[]> Axes { get; }

    /// <summary>The plane through three points: u = c − a, v = b − a less its part along u, both of length 1; a is the origin.</summary>
    /// <remarks>Garipov et al. 2018. Coordinates are distances.</remarks>
    /// <exception cref="ArgumentException">The points lie on a line.</exception>
    public static ParameterPlane Through(double[] a, double[] b, double[] c)
        => Span(a, b, c) is { } axes ? new ParameterPlane(a, axes.U, axes.V) : throw new ArgumentException("The three points lie on a line.");

    /// <summary>Whether no plane goes through three points alone, up to rounding.</summary>
    public static bool AreOnALine(double[] a, double[] b, double[] c) => Span(a, b, c) is null;

    /// <summary>Writes the point with given coordinates; coordinates of 0 give the origin to the bit.</summary>
    public void Point(ReadOnlySpan<double> coordinates, Span<double> into)
    {
        _origin.CopyTo(into);
        for (var axis = 0; axis < Axes.Count; axis++)
            Dense.Add(coordinates[axis], Axes[axis], into);
    }

    /// <summary>The coordinates of the nearest point of the flat, by least squares.</summary>
    /// <remarks>Of axes that depend on each other, the coordinates of least length.</remarks>
    public double[] Coordinates(double[] point)
    {
        ArgumentNullException.ThrowIfNull(point);
        var offset = Vectors.Difference(point, _origin);
        double[] along = [.. Axes.Select(axis => Dense.Dot(axis, offset))];
        var coordinates = new double[along.Length];
        for (var i = 0; i < along.Length; i++)
        {
            if (_gram.Values[i] > Dependent * _gram.Values[^1])
                Dense.Add(Dense.Dot(_gram.Vector(i), along) / _gram.Values[i], _gram.Vector(i), coordinates);
        }

        return coordinates;
    }

    /// <summary>Directions of length 1 along c − a, and along b − a less its part along the first; null where the points lie on a line.</summary>
    private static (double[] U, double[] V)? Span(double[] a, double[] b, double[] c)
    {
        ArgumentNullException.ThrowIfNull(a);
        ArgumentNullException.ThrowIfNull(b);
        ArgumentNullException.ThrowIfNull(c);
        double[] u = Vectors.Difference(c, a), v = Vectors.Difference(b, a);
        var (sides, length) = (Vectors.Norm(v), Vectors.Norm(u));
        if (length > 0)
        {
            Vectors.Scale(1 / length, u);
            // twice, as a v almost along u loses its digits in the first
            Dense.Add(-Dense.Dot(u, v), u, v);
            Dense.Add(-Dense.Dot(u, v), u, v);
        }

        var height = Vectors.Norm(v);
        if (!(length > 0) || !(height > 1e-12 * sides))
            return null;
        Vectors.Scale(1 / height, v);
        return (u, v);
    }
}
