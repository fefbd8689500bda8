using Understudy.Engine.LinearAlgebra.Krylov;

namespace Understudy.Engine.LinearAlgebra.Estimation;

/// <summary>A density of eigenvalues, smoothed by a Gaussian, with its spread over the probes.</summary>
/// <remarks>
/// φ(u) = mean over probes of Σ ω N(u; u(θ), σ²), per unit of the axis. Stems are not part of the curve. A known spectrum gives its exact
/// smoothed density. Costs probes · nodes · 24 σ / step exponentials and no product.
/// </remarks>
public sealed class SpectralDensity
{
    // beyond so many σ a Gaussian is below 1e-31 of its peak
    private const double Reach = 12;

    private readonly double[] _mean;
    private readonly double[] _standardErrors;

    private SpectralDensity(SpectralGrid grid, double sigma, double massAtZero, double stemMass, double[] mean, double[] standardErrors)
    {
        (Grid, Sigma, MassAtZero, StemMass) = (grid, sigma, massAtZero, stemMass);
        (_mean, _standardErrors) = (mean, standardErrors);
    }

    /// <summary>Where the density is known.</summary>
    public SpectralGrid Grid { get; }

    /// <summary>The standard deviation of the Gaussian, in units of the axis.</summary>
    public double Sigma { get; }

    /// <summary>The number of probes behind the curve.</summary>
    public int Probes { get; private init; }

    /// <summary>The mean over probes [points], per unit of the axis.</summary>
    public ReadOnlySpan<double> Mean => _mean;

    /// <summary>The standard error of the mean over probes [points]: infinite for a single probe, zero for a known spectrum.</summary>
    public ReadOnlySpan<double> StandardErrors => _standardErrors;

    /// <summary>The share of eigenvalues that a logarithmic axis has no place for: those up to its floor, and of an axis for one sign those of the other.</summary>
    public double MassAtZero { get; }

    /// <summary>The largest magnitude without a place on a logarithmic axis; 0 on the others.</summary>
    public double Floor { get; private init; }

    /// <summary>The share of eigenvalues that are known exactly and stand beside the curve.</summary>
    public double StemMass { get; }

    /// <summary>The area below the curve, by the trapezium rule.</summary>
    public double CurveMass
    {
        get
        {
            double sum = -0.5 * (_mean[0] + _mean[^1]);
            foreach (double value in _mean)
                sum += value;
            return sum * Grid.Step;
        }
    }

    /// <summary>The mass of all parts: 1 unless the grid cuts something off, or is too coarse for the smoothing.</summary>
    public double Mass => CurveMass + StemMass + MassAtZero;

    /// <summary>Smooths a measure.</summary>
    /// <param name="measure">Nodes and weights.</param>
    /// <param name="axis">The coordinate of smoothing; linear unless told.</param>
    /// <param name="sigma">
    /// The width in units of the axis. By default 0.01 of the range of the nodes, and at least the range divided by twice the steps, below
    /// which single nodes show.
    /// </param>
    /// <param name="grid">The points; by default 1,101 over the range of the nodes with a margin of 5 %, or 5 σ where that is more. Its axis is taken.</param>
    /// <exception cref="ArgumentException">The grid is empty, or the width not positive.</exception>
    public static SpectralDensity Of(SpectralMeasure measure, SpectralAxis axis = default, double? sigma = null, SpectralGrid? grid = null)
    {
        ArgumentNullException.ThrowIfNull(measure);
        axis = grid?.Axis ?? axis;
        double zero = !axis.IsLogarithmic ? 0 : axis.Unit > 0 ? axis.Unit : OutlierCount.ZeroRule * Math.Max(Math.Abs(measure.Smallest), Math.Abs(measure.Largest));
        var (first, last) = Range(measure, axis, zero);
        double range = last > first ? last - first : Math.Max(Math.Abs(first), 1);
        double width = sigma ?? (range * Math.Max(0.01, measure.IsExhausted ? 0 : 0.5 / measure.Steps));
        if (!(width > 0))
            throw new ArgumentOutOfRangeException(nameof(sigma), width, "The width of smoothing is not positive.");
        double margin = Math.Max(0.05 * range, 5 * width);
        grid ??= new SpectralGrid(axis, first - margin, last + margin);
        grid.Check();

        int count = measure.Probes.Count;
        var (mean, squares, curve) = (new double[grid.Points], new double[grid.Points], new double[grid.Points]);
        double massAtZero = 0;
        for (int probe = 0; probe < count; probe++)
        {
            Array.Clear(curve);
            massAtZero += Smooth(measure.Probes[probe], grid, width, zero, curve);
            for (int i = 0; i < curve.Length; i++)
            {
                double value = curve[i] * measure.ProbedMass;
                double moved = mean[i] + ((value - mean[i]) / (probe + 1));
                squares[i] += (value - mean[i]) * (value - moved);
                mean[i] = moved;
            }
        }

        for (int i = 0; i < squares.Length && !measure.IsExact; i++)
            squares[i] = count == 1 ? double.PositiveInfinity : Math.Sqrt(squares[i] / (count * (count - 1.0)));
        return new SpectralDensity(grid, width, massAtZero * measure.ProbedMass / count, 1 - measure.ProbedMass, mean, squares) { Probes = count, Floor = zero };
    }

    /// <summary>Half of the width of Student's 95 % band at a point.</summary>
    public double HalfWidth(int point) => new SampledValue(_mean[point], _standardErrors[point], Probes).HalfWidth;

    /// <summary>The mean [points] per unit of λ instead of the axis; per unit of |λ| where that is logarithmic.</summary>
    public double[] PerEigenvalue()
    {
        var values = new double[_mean.Length];
        for (int i = 0; i < values.Length; i++)
            values[i] = _mean[i] * Grid.Axis.Slope(Grid.Eigenvalue(i));
        return values;
    }

    /// <summary>∫ |φ − ψ| du by the trapezium rule, between 0 and 2.</summary>
    /// <exception cref="ArgumentException">The densities lie on different grids.</exception>
    public double DistanceTo(SpectralDensity other)
    {
        ArgumentNullException.ThrowIfNull(other);
        if (other.Grid != Grid)
            throw new ArgumentException("Densities on different grids have no distance.", nameof(other));
        double sum = -0.5 * (Math.Abs(_mean[0] - other._mean[0]) + Math.Abs(_mean[^1] - other._mean[^1]));
        for (int i = 0; i < _mean.Length; i++)
            sum += Math.Abs(_mean[i] - other._mean[i]);
        return sum * Grid.Step;
    }

    private static (double First, double Last) Range(SpectralMeasure measure, SpectralAxis axis, double zero)
    {
        var (first, last) = (double.PositiveInfinity, double.NegativeInfinity);
        foreach (var probe in measure.Probes)
        {
            foreach (double node in probe.Nodes)
            {
                if (!axis.Shows(node, zero))
                    continue;
                double u = axis.Coordinate(node);
                (first, last) = (Math.Min(first, u), Math.Max(last, u));
            }
        }

        return first <= last ? (first, last) : (0, 0);
    }

    /// <summary>Adds the Gaussians of one probe; returns the weight of the zeros that were left out.</summary>
    private static double Smooth(GaussQuadrature probe, SpectralGrid grid, double sigma, double zero, double[] curve)
    {
        // 1 / √(2π)
        double height = 0.3989422804014327 / sigma;
        double left = 0;
        for (int node = 0; node < probe.Nodes.Length; node++)
        {
            if (!grid.Axis.Shows(probe.Nodes[node], zero))
            {
                left += probe.Weights[node];
                continue;
            }

            double u = grid.Axis.Coordinate(probe.Nodes[node]);
            double from = Math.Ceiling((u - (Reach * sigma) - grid.First) / grid.Step);
            double to = Math.Floor((u + (Reach * sigma) - grid.First) / grid.Step);
            int end = (int)Math.Min(grid.Points - 1, to);
            for (int i = (int)Math.Min(grid.Points, Math.Max(0, from)); i <= end; i++)
            {
                double t = (grid.Coordinate(i) - u) / sigma;
                curve[i] += height * probe.Weights[node] * ScalarFunctions.Exp(-0.5 * t * t);
            }
        }

        return left;
    }
}
