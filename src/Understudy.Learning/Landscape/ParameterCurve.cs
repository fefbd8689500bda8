using Understudy.Learning.Geometry;

namespace Understudy.Learning.Landscape;

/// <summary>How a curve follows its control points.</summary>
public enum CurveKind
{
    /// <summary>A Bézier curve: touches the ends alone.</summary>
    Bezier,

    /// <summary>A polygonal chain: through every control point, equally far apart in t.</summary>
    Chain,
}

/// <summary>A curve in the space of parameters between two fixed ends, with any number of bends.</summary>
/// <remarks>θ(t) = Σ c_k(t) θ_k, t in [0, 1], where c are Bernstein polynomials or hat functions; with one bend (1−t)² A + 2t(1−t) w + t² B, or A → w → B. At 0 and 1 the ends to the bit.</remarks>
public sealed class ParameterCurve
{
    /// <summary>A curve along control points.</summary>
    /// <param name="kind">How it follows them.</param>
    /// <param name="points">A, the bends, B.</param>
    /// <exception cref="ArgumentException">Fewer than two points, or of different lengths.</exception>
    public ParameterCurve(CurveKind kind, IReadOnlyList<double[]> points)
    {
        ArgumentNullException.ThrowIfNull(points);
        if (points.Count < 2 || points.Any(point => point.Length != points[0].Length))
            throw new ArgumentException("A curve needs two control points or more, all of the same length.", nameof(points));
        (Kind, Points) = (kind, points);
    }

    /// <summary>How the curve follows its control points.</summary>
    public CurveKind Kind { get; }

    /// <summary>A, the bends, B.</summary>
    public IReadOnlyList<double[]> Points { get; }

    /// <summary>A curve with its control points equally spaced on the straight line.</summary>
    public static ParameterCurve Straight(CurveKind kind, double[] start, double[] end, int bends = 1)
    {
        ArgumentNullException.ThrowIfNull(start);
        ArgumentNullException.ThrowIfNull(end);
        ArgumentOutOfRangeException.ThrowIfNegative(bends);
        if (start.Length != end.Length)
            throw new ArgumentException($"A curve cannot end in {end.Length} numbers where it starts with {start.Length}.", nameof(end));
        var points = new double[bends + 2][];
        for (var k = 0; k < points.Length; k++)
            Vectors.Between(start, end, k / (bends + 1.0), points[k] = new double[start.Length]);
        return new ParameterCurve(kind, points);
    }

    /// <summary>The coefficients c(t) of the control points; they add up to 1.</summary>
    public void Coefficients(double t, Span<double> coefficients)
    {
        var last = Points.Count - 1;
        coefficients.Clear();
        if (Kind == CurveKind.Chain)
        {
            var left = Math.Min((int)(t * last), last - 1);
            coefficients[left + 1] = (t * last) - left;
            coefficients[left] = 1 - coefficients[left + 1];
            return;
        }

        // each degree from the one below: no powers, and exact at the ends
        coefficients[0] = 1;
        for (var degree = 1; degree <= last; degree++)
        {
            for (var k = degree; k > 0; k--)
                coefficients[k] = ((1 - t) * coefficients[k]) + (t * coefficients[k - 1]);
            coefficients[0] *= 1 - t;
        }
    }

    /// <summary>Writes θ(t).</summary>
    public void Point(double t, Span<double> into)
    {
        Span<double> coefficients = stackalloc double[Points.Count];
        Coefficients(t, coefficients);
        into.Clear();
        for (var k = 0; k < coefficients.Length; k++)
        {
            if (coefficients[k] != 0)
                Dense.Add(coefficients[k], Points[k], into);
        }
    }
}
