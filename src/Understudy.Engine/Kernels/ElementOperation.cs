namespace Understudy.Engine.Kernels;

/// <summary>The element-wise kernels: a nested type of that name in <c>Elementwise&lt;V, S&gt;</c> defines each.</summary>
internal enum ElementOperation
{
    /// <summary>p · a + q, rounded once.</summary>
    Affine,

    /// <summary>a + b.</summary>
    Add,

    /// <summary>a − b.</summary>
    Subtract,

    /// <summary>a · b.</summary>
    Multiply,

    /// <summary>a / b.</summary>
    Divide,

    /// <summary>a + c · b, rounded once.</summary>
    ScaledAdd,

    /// <summary>a · b + c, rounded once.</summary>
    MultiplyAdd,

    /// <summary>a².</summary>
    Square,

    /// <summary>√a.</summary>
    Sqrt,

    /// <summary>1 / √a: a square root and a division, each exactly rounded.</summary>
    Rsqrt,

    /// <summary>|a|.</summary>
    Abs,

    /// <summary>a.</summary>
    Copy,

    /// <summary>p.</summary>
    Fill,

    /// <summary>e^a.</summary>
    Exp,

    /// <summary>e^a − 1, accurate near 0.</summary>
    Expm1,

    /// <summary>ln a.</summary>
    Log,

    /// <summary>ln(1 + a), accurate near 0.</summary>
    Log1p,

    /// <summary>tanh a.</summary>
    Tanh,

    /// <summary>1 / (1 + e^−a).</summary>
    Sigmoid,

    /// <summary>ln(1 + e^a).</summary>
    Softplus,

    /// <summary>sin a, in radians.</summary>
    Sin,

    /// <summary>cos a, in radians.</summary>
    Cos,

    /// <summary>The error function.</summary>
    Erf,

    /// <summary>−1, 0 or 1; a itself where it is zero or not a number.</summary>
    Sign,

    /// <summary>a where a &gt; 0, p · a elsewhere: a leaky rectifier of slope p.</summary>
    Rectify,

    /// <summary>1 where a &gt; 0, p elsewhere: the derivative of Rectify.</summary>
    Step,

    /// <summary>b where a &gt; 0, p · b elsewhere: the cotangent b of Rectify at a.</summary>
    RectifyGrad,

    /// <summary>The larger; b at a tie; not-a-number where either is.</summary>
    Max,

    /// <summary>The smaller; b at a tie; not-a-number where either is.</summary>
    Min,

    /// <summary>1 where a &gt; b, 0 elsewhere.</summary>
    Greater,

    /// <summary>b where a is not 0, c elsewhere.</summary>
    Select,
}
