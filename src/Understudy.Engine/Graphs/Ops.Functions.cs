using System.Runtime.CompilerServices;
using Understudy.Engine.Primitives;

namespace Understudy.Engine.Graphs;

/// <content>Functions of one operand, element by element.</content>
public static partial class Ops
{
    /// <summary>e to the x.</summary>
    public static Sym Exp(Sym x, [CallerFilePath] string file = "", [CallerLineNumber] int line = 0)
        => Node(new Exp(), file, line, x);

    /// <summary>exp(x) − 1, accurate near zero.</summary>
    public static Sym Expm1(Sym x, [CallerFilePath] string file = "", [CallerLineNumber] int line = 0)
        => Node(new Expm1(), file, line, x);

    /// <summary>The natural logarithm.</summary>
    public static Sym Log(Sym x, [CallerFilePath] string file = "", [CallerLineNumber] int line = 0)
        => Node(new Log(), file, line, x);

    /// <summary>log(1 + x), accurate near zero.</summary>
    public static Sym Log1p(Sym x, [CallerFilePath] string file = "", [CallerLineNumber] int line = 0)
        => Node(new Log1p(), file, line, x);

    /// <summary>The hyperbolic tangent.</summary>
    public static Sym Tanh(Sym x, [CallerFilePath] string file = "", [CallerLineNumber] int line = 0)
        => Node(new Tanh(), file, line, x);

    /// <summary>The logistic function 1 / (1 + exp(−x)).</summary>
    public static Sym Sigmoid(Sym x, [CallerFilePath] string file = "", [CallerLineNumber] int line = 0)
        => Node(new Sigmoid(), file, line, x);

    /// <summary>log(1 + exp(x)); overflows nowhere.</summary>
    public static Sym Softplus(Sym x, [CallerFilePath] string file = "", [CallerLineNumber] int line = 0)
        => Node(new Softplus(), file, line, x);

    /// <summary>The square root; its derivative at zero is infinite.</summary>
    public static Sym Sqrt(Sym x, [CallerFilePath] string file = "", [CallerLineNumber] int line = 0)
        => Node(new Sqrt(), file, line, x);

    /// <summary>1 / √x.</summary>
    public static Sym Rsqrt(Sym x, [CallerFilePath] string file = "", [CallerLineNumber] int line = 0)
        => Node(new Rsqrt(), file, line, x);

    /// <summary>The sine of an angle in radians.</summary>
    public static Sym Sin(Sym x, [CallerFilePath] string file = "", [CallerLineNumber] int line = 0)
        => Node(new Sin(), file, line, x);

    /// <summary>The cosine of an angle in radians.</summary>
    public static Sym Cos(Sym x, [CallerFilePath] string file = "", [CallerLineNumber] int line = 0)
        => Node(new Cos(), file, line, x);

    /// <summary>The error function 2/√π ∫₀ˣ exp(−t²) dt; GELU is x (1 + erf(x/√2)) / 2.</summary>
    public static Sym Erf(Sym x, [CallerFilePath] string file = "", [CallerLineNumber] int line = 0)
        => Node(new Erf(), file, line, x);

    /// <summary>The absolute value; its derivative at zero is taken as zero.</summary>
    public static Sym Abs(Sym x, [CallerFilePath] string file = "", [CallerLineNumber] int line = 0)
        => Node(new Abs(), file, line, x);

    /// <summary>−1, 0 or 1; the derivative is zero.</summary>
    public static Sym Sign(Sym x, [CallerFilePath] string file = "", [CallerLineNumber] int line = 0)
        => Node(new Sign(), file, line, x);

    /// <summary>x².</summary>
    public static Sym Square(Sym x, [CallerFilePath] string file = "", [CallerLineNumber] int line = 0)
        => Node(new Square(), file, line, x);

    /// <summary>Leaky rectified linear unit: x where x &gt; 0, and slope · x elsewhere; slope 0 is ReLU.</summary>
    /// <remarks>The derivative at zero is the slope, the second derivative is zero everywhere.</remarks>
    public static Sym Rectify(Sym x, double slope = 0, [CallerFilePath] string file = "", [CallerLineNumber] int line = 0)
        => Node(new Rectify(slope), file, line, x);

    /// <summary>The derivative of <see cref="Rectify"/>: 1 where x &gt; 0, and the slope elsewhere. Its own derivative is zero.</summary>
    public static Sym Step(Sym x, double slope = 0, [CallerFilePath] string file = "", [CallerLineNumber] int line = 0)
        => Node(new Step(slope), file, line, x);
}
