using Understudy.Engine.Kernels;

namespace Understudy.Engine;

/// <summary>The kernels' transcendental functions of one number, for code outside of graphs that has to give the same bits on every processor.</summary>
/// <remarks>At most 2 units in the last place from the true value, 4 for Expm1 and Log1p, which the mathematical library of a system need not be.</remarks>
public static class ScalarFunctions
{
    /// <summary>eˣ.</summary>
    public static double Exp(double x)
    {
        var value = Transcendental<D1, double>.Exp(D1.Constant(x));
        return Number(value);
    }

    /// <summary>The hyperbolic tangent.</summary>
    public static double Tanh(double x)
    {
        var value = Transcendental<D1, double>.Tanh(D1.Constant(x));
        return Number(value);
    }

    /// <summary>eˣ − 1, accurate near 0.</summary>
    public static double Expm1(double x) => Number(Transcendental<D1, double>.Expm1(D1.Constant(x)));

    /// <summary>The natural logarithm; −∞ at 0, not a number below.</summary>
    public static double Log(double x) => Number(Transcendental<D1, double>.Log(D1.Constant(x)));

    /// <summary>ln(1 + x), accurate near 0.</summary>
    public static double Log1p(double x) => Number(Transcendental<D1, double>.Log1p(D1.Constant(x)));

    /// <summary>The error function 2/√π ∫₀ˣ exp(−t²) dt.</summary>
    public static double Erf(double x)
    {
        var value = Transcendental<D1, double>.Erf(D1.Constant(x));
        return Number(value);
    }

    private static unsafe double Number(D1 value)
    {
        double number;
        D1.Store(&number, value);
        return number;
    }
}
