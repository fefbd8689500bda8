namespace Understudy.Engine.Kernels;

/// <summary>What a product applies to its result after bias: rounding is that of the element-wise kernel of the same name.</summary>
internal enum Activation
{
    None,

    /// <summary>x where x &gt; 0, slope · x elsewhere.</summary>
    Rectify,
    Tanh,
}
