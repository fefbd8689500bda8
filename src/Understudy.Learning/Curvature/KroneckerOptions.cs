using Understudy.Engine.Threading;

namespace Understudy.Learning.Curvature;

/// <summary>Which matrix Kronecker factors stand for.</summary>
public enum KroneckerMatrix
{
    /// <summary>G, the Gauss-Newton matrix, for a softmax the Fisher matrix: the sum over all classes, not over sampled ones.</summary>
    GaussNewton,

    /// <summary>S, the second moment of the examples' gradients; with targets of <see cref="SampledLabels"/> an unbiased estimate of the same for G.</summary>
    SecondMoment,
}

/// <summary>What factors of a convolution make of the positions that share its weights.</summary>
/// <remarks>Where a layer has one position, as every fully connected one, both are the same. Source: Eschenhagen, Immer, Turner, Schneider and Hennig 2023, whose words these are.</remarks>
public enum KroneckerSetting
{
    /// <summary>Positions are examples of their own: A is the mean over examples of the sum over positions, B the mean over both (Grosse and Martens 2016, KFC).</summary>
    Expand,

    /// <summary>One example again: A is made of the means of its inputs over positions, B of the sums of its derivatives.</summary>
    Reduce,
}

/// <summary>How Kronecker factors are computed.</summary>
public sealed record KroneckerOptions
{
    /// <summary>Which matrix they stand for.</summary>
    public KroneckerMatrix Matrix { get; init; } = KroneckerMatrix.GaussNewton;

    /// <summary>What becomes of the positions of a convolution.</summary>
    public KroneckerSetting Setting { get; init; } = KroneckerSetting.Expand;

    /// <summary>Threads; null for the caller's alone. Results do not depend on it.</summary>
    public Team? Team { get; init; }
}
