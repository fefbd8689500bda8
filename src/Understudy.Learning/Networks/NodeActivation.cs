using Understudy.Engine;
using Understudy.Engine.Graphs;

namespace Understudy.Learning.Networks;

/// <summary>The function ψ that a hidden node applies to its pre-activation.</summary>
/// <param name="Kind">Which function.</param>
/// <param name="Slope">The slope of <see cref="ActivationKind.Rectified"/> for negative arguments, in [0, 1]; 0 for the others.</param>
public readonly record struct NodeActivation(ActivationKind Kind, double Slope)
{
    private static readonly double HalfRoot = Math.Sqrt(0.5);

    /// <summary>max(z, 0).</summary>
    public static NodeActivation Relu => default;

    /// <summary>tanh z.</summary>
    public static NodeActivation Tanh => new(ActivationKind.Tanh, 0);

    /// <summary>z·Φ(z), with Φ the normal distribution function (Hendrycks and Gimpel 2016).</summary>
    public static NodeActivation Gelu => new(ActivationKind.Gelu, 0);

    /// <summary>erf(z/√2), the sigmoid of Saad and Solla 1995.</summary>
    public static NodeActivation Erf => new(ActivationKind.Erf, 0);

    /// <summary>Whether ψ is piecewise linear, so that a node has a boundary and a gate.</summary>
    public bool IsPiecewiseLinear => Kind == ActivationKind.Rectified;

    /// <summary>max(z, slope·z).</summary>
    /// <exception cref="ArgumentOutOfRangeException">A slope outside of [0, 1].</exception>
    public static NodeActivation LeakyRelu(double slope)
        => slope is >= 0 and <= 1 ? new(ActivationKind.Rectified, slope) : throw new ArgumentOutOfRangeException(nameof(slope), slope, "The slope must lie in [0, 1].");

    /// <summary>ψ of every element.</summary>
    public Sym Of(Sym z) => Kind switch
    {
        ActivationKind.Tanh => Ops.Tanh(z),
        ActivationKind.Gelu => 0.5 * z * (1 + Ops.Erf(HalfRoot * z)),
        ActivationKind.Erf => Ops.Erf(HalfRoot * z),
        _ => Ops.Rectify(z, Slope),
    };

    /// <summary>ψ(z).</summary>
    public double Of(double z) => Kind switch
    {
        ActivationKind.Tanh => ScalarFunctions.Tanh(z),
        ActivationKind.Gelu => 0.5 * z * (1 + ScalarFunctions.Erf(HalfRoot * z)),
        ActivationKind.Erf => ScalarFunctions.Erf(HalfRoot * z),
        _ => z > 0 ? z : Slope * z,
    };

    /// <summary>ψ'(z): of a rectifier 1 where z &gt; 0 and the slope elsewhere, at 0 too.</summary>
    public double Derivative(double z) => Kind switch
    {
        ActivationKind.Tanh => 1 - Square(ScalarFunctions.Tanh(z)),
        ActivationKind.Gelu => (0.5 * (1 + ScalarFunctions.Erf(HalfRoot * z))) + (z * NormalDensity(z)),
        ActivationKind.Erf => 2 * NormalDensity(z),
        _ => z > 0 ? 1 : Slope,
    };

    /// <summary>ψ''(z), which counts as 0 where a rectifier bends.</summary>
    public double SecondDerivative(double z) => Kind switch
    {
        ActivationKind.Tanh => -2 * ScalarFunctions.Tanh(z) * Derivative(z),
        ActivationKind.Gelu => (2 - (z * z)) * NormalDensity(z),
        ActivationKind.Erf => -2 * z * NormalDensity(z),
        _ => 0,
    };

    private static double Square(double value) => value * value;

    private static double NormalDensity(double z) => ScalarFunctions.Exp(-0.5 * z * z) / Math.Sqrt(2 * Math.PI);
}

/// <summary>Functions of hidden nodes.</summary>
public enum ActivationKind
{
    /// <summary>max(z, slope·z): ReLU, leaky ReLU, or with slope 1 linear.</summary>
    Rectified,

    /// <summary>tanh z.</summary>
    Tanh,

    /// <summary>z·Φ(z).</summary>
    Gelu,

    /// <summary>erf(z/√2).</summary>
    Erf,
}
