using Understudy.Engine.LinearAlgebra;
using Understudy.Learning.Geometry;

namespace Understudy.Learning.Landscape;

/// <summary>What the coordinates of a plane through three points measure.</summary>
public enum PlaneScale
{
    /// <summary>Shares of the sides: with the first point in the centre, the points are (0, 0), (1, 0) and (0, 1).</summary>
    Affine,

    /// <summary>Distances: axes are the singular vectors of the sides, so that shapes are not distorted.</summary>
    L2Ortho,

    /// <summary>The same over √(P/2): the root mean square of both coordinates is that of the P parameters.</summary>
    RmsOrtho,
}

/// <summary>Where the coordinates of a plane are 0.</summary>
public enum PlaneCenter
{
    /// <summary>The first of the three points.</summary>
    First,

    /// <summary>Their mean.</summary>
    Mean,

    /// <summary>The point of the plane that is nearest to the origin of the space of parameters.</summary>
    MinNorm,
}

/// <summary>The plane through three points of the space of parameters, in coordinates of choice.</summary>
/// <remarks>Random-teacher specification, section 5.6. Signs of orthogonal axes are such that the first point lies to the lower left of the centre, or of the mean where it is the centre itself.</remarks>
public sealed class PlaneProjection
{
    private PlaneProjection(ParameterPlane plane, IReadOnlyList<double[]> places, double outOfPlane, double[] origin, double originDistance)
        => (Plane, Places, OutOfPlane, Origin, OriginDistance) = (plane, places, outOfPlane, origin, originDistance);

    /// <summary>The plane with its axes.</summary>
    public ParameterPlane Plane { get; }

    /// <summary>The coordinates of the three points.</summary>
    public IReadOnlyList<double[]> Places { get; }

    /// <summary>The largest distance of one of the three points from where its coordinates are, over its length: rounding.</summary>
    public double OutOfPlane { get; }

    /// <summary>The coordinates of the point of the plane that is nearest to the origin of the space of parameters.</summary>
    public double[] Origin { get; }

    /// <summary>How far that point is from the origin of the space of parameters.</summary>
    public double OriginDistance { get; }

    /// <summary>The plane through three points.</summary>
    /// <param name="first">v₀.</param>
    /// <param name="second">v₁, which the first axis goes towards where it is affine.</param>
    /// <param name="third">v₂, which the second axis goes towards.</param>
    /// <param name="scale">What coordinates measure.</param>
    /// <param name="center">Where they are 0.</param>
    /// <exception cref="ArgumentException">The points differ in length, or lie on a line.</exception>
    public static PlaneProjection Through(double[] first, double[] second, double[] third, PlaneScale scale = PlaneScale.Affine, PlaneCenter center = PlaneCenter.First)
    {
        ArgumentNullException.ThrowIfNull(first);
        ArgumentNullException.ThrowIfNull(second);
        ArgumentNullException.ThrowIfNull(third);
        if (first.Length != second.Length || first.Length != third.Length)
            throw new ArgumentException($"Points of {first.Length}, {second.Length} and {third.Length} numbers are not of one space.", nameof(third));
        if (ParameterPlane.AreOnALine(first, second, third))
            throw new ArgumentException("The three points lie on a line.", nameof(third));
        double[] u = Vectors.Difference(second, first), v = Vectors.Difference(third, first);
        var zero = new double[first.Length];
        var origin = center switch
        {
            PlaneCenter.Mean => [.. first.Select((value, i) => (value + second[i] + third[i]) / 3)],
            PlaneCenter.MinNorm => Nearest(new ParameterPlane(first, u, v), zero),
            _ => first,
        };
        var (along, across) = scale == PlaneScale.Affine ? (u, v) : Singular(u, v);
        if (scale != PlaneScale.Affine)
        {
            // from the first point to where it should lie to the lower left of; to the mean where it is the centre itself
            double[] rising = center == PlaneCenter.First ? [.. u.Zip(v, (a, b) => (a + b) / 3)] : Vectors.Difference(origin, first);
            foreach (var axis in new[] { along, across })
                Vectors.Scale((Dense.Dot(axis, rising) < 0 ? -1 : 1) * (scale == PlaneScale.RmsOrtho ? Math.Sqrt(first.Length / 2.0) : 1), axis);
        }

        var plane = new ParameterPlane(origin, along, across);
        double[][] points = [first, second, third], places = [.. points.Select(plane.Coordinates)];
        var nearest = plane.Coordinates(zero);
        return new PlaneProjection(
            plane, places, points.Zip(places).Max(pair => Vectors.Distance(pair.First, At(plane, pair.Second)) / Vectors.Norm(pair.First)), nearest, Vectors.Norm(At(plane, nearest)));
    }

    private static double[] Nearest(ParameterPlane plane, double[] point) => At(plane, plane.Coordinates(point));

    private static double[] At(ParameterPlane plane, double[] coordinates)
    {
        var point = new double[plane.Origin.Length];
        plane.Point(coordinates, point);
        return point;
    }

    /// <summary>The left singular vectors of [u, v], the one of the larger singular value first.</summary>
    private static (double[] First, double[] Second) Singular(double[] u, double[] v)
    {
        var mixed = Dense.Dot(u, v);
        var right = SymmetricEigen.Of([Dense.Dot(u, u), mixed, mixed, Dense.Dot(v, v)], 2);
        double[] Left(int index)
        {
            var (a, b) = (right.Vector(index)[0], right.Vector(index)[1]);
            double[] left = [.. u.Zip(v, (x, y) => (a * x) + (b * y))];
            Vectors.Scale(1 / Vectors.Norm(left), left);
            return left;
        }

        var (first, second) = (Left(1), Left(0));
        // of sides that are almost along each other the second loses its digits
        Dense.Add(-Dense.Dot(first, second), first, second);
        Vectors.Scale(1 / Vectors.Norm(second), second);
        return (first, second);
    }
}
