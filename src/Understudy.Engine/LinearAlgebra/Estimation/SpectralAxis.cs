namespace Understudy.Engine.LinearAlgebra.Estimation;

/// <summary>The coordinate u in which a density is smoothed and drawn.</summary>
public enum SpectralScale
{
    /// <summary>u = λ.</summary>
    Linear,

    /// <summary>u = asinh(λ/λ₀): linear within λ₀ of zero and logarithmic beyond, for both signs.</summary>
    Asinh,

    /// <summary>u = ln |λ|, as Papyan 2019 draws spectra; zeros have no place on it.</summary>
    LogMagnitude,

    /// <summary>u = ln λ of the positive eigenvalues alone.</summary>
    LogPositive,

    /// <summary>u = ln (−λ) of the negative eigenvalues alone.</summary>
    LogNegative,
}

/// <summary>A change of variable for spectra that reach over many orders of magnitude.</summary>
public readonly record struct SpectralAxis
{
    private SpectralAxis(SpectralScale scale, double unit) => (Scale, Unit) = (scale, unit);

    /// <summary>The kind of the coordinate.</summary>
    public SpectralScale Scale { get; }

    /// <summary>λ₀ of an asinh axis; on a logarithmic axis the floor, the largest magnitude without a place on it, 0 for 1e-10 of the largest there is; 0 on a linear axis.</summary>
    public double Unit { get; }

    /// <summary>Whether u is a logarithm.</summary>
    public bool IsLogarithmic => Scale is SpectralScale.LogMagnitude or SpectralScale.LogPositive or SpectralScale.LogNegative;

    /// <summary>u = λ.</summary>
    public static SpectralAxis Linear => default;

    /// <summary>u = ln |λ|.</summary>
    public static SpectralAxis LogMagnitude => new(SpectralScale.LogMagnitude, 0);

    /// <summary>A logarithmic axis with a floor.</summary>
    /// <param name="branch"><see cref="SpectralScale.LogMagnitude"/> for both signs together, or that of one sign.</param>
    /// <param name="floor">The largest magnitude that has no place on it; 0 for 1e-10 of the largest there is.</param>
    public static SpectralAxis Logarithm(SpectralScale branch, double floor = 0)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(floor);
        var axis = new SpectralAxis(branch, floor);
        return axis.IsLogarithmic ? axis : throw new ArgumentOutOfRangeException(nameof(branch), branch, "The axis is not logarithmic.");
    }

    /// <summary>u = asinh(λ/λ₀).</summary>
    /// <param name="unit">λ₀, about the width of the bulk, positive.</param>
    public static SpectralAxis Asinh(double unit)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(unit);
        return new SpectralAxis(SpectralScale.Asinh, unit);
    }

    /// <summary>u of an eigenvalue; −∞ for zero where the axis is logarithmic.</summary>
    public double Coordinate(double eigenvalue)
    {
        switch (Scale)
        {
            case SpectralScale.Asinh:
                double x = Math.Abs(eigenvalue / Unit);
                // x + √(1 + x²) - 1 without cancellation
                return Math.CopySign(ScalarFunctions.Log1p(x + (x * (x / (1 + Math.Sqrt(1 + (x * x)))))), eigenvalue);
            case SpectralScale.LogMagnitude or SpectralScale.LogPositive or SpectralScale.LogNegative:
                return ScalarFunctions.Log(Math.Abs(eigenvalue));
            default:
                return eigenvalue;
        }
    }

    /// <summary>The eigenvalue at u; its magnitude where the axis is logarithmic.</summary>
    public double Eigenvalue(double coordinate)
    {
        switch (Scale)
        {
            case SpectralScale.Asinh:
                double e = ScalarFunctions.Expm1(Math.Abs(coordinate));
                return Math.CopySign(Unit * 0.5 * (e + (e / (e + 1))), coordinate);
            case SpectralScale.LogMagnitude or SpectralScale.LogPositive:
                return ScalarFunctions.Exp(coordinate);
            case SpectralScale.LogNegative:
                return -ScalarFunctions.Exp(coordinate);
            default:
                return coordinate;
        }
    }

    /// <summary>du/dλ: a density per u times this is one per λ.</summary>
    public double Slope(double eigenvalue) => Scale switch
    {
        SpectralScale.Asinh => 1 / Math.Sqrt((Unit * Unit) + (eigenvalue * eigenvalue)),
        SpectralScale.LogMagnitude or SpectralScale.LogPositive or SpectralScale.LogNegative => 1 / Math.Abs(eigenvalue),
        _ => 1,
    };

    /// <summary>Whether an eigenvalue has a place on the axis, where magnitudes up to some floor count as zero.</summary>
    internal bool Shows(double eigenvalue, double floor) => Scale switch
    {
        SpectralScale.LogMagnitude => Math.Abs(eigenvalue) > floor,
        SpectralScale.LogPositive => eigenvalue > floor,
        SpectralScale.LogNegative => eigenvalue < -floor,
        _ => true,
    };
}
