using Understudy.Engine.Kernels;

namespace Understudy.Engine;

/// <summary>The kernels' transcendental functions of one number, for code outside of graphs that has to give the same bits on every processor.</summary>
/// <remarks>At most 2 units in the last place from the true value, which the mathematical library of a system need not be.</remarks>
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
