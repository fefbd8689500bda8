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

/// <summary>How Kronecker factors are computed.</summary>
public sealed record KroneckerOptions
{
    /// <summary>Which matrix they stand for.</summary>
    public KroneckerMatrix Matrix { get; init; } = KroneckerMatrix.GaussNewton;

    /// <summary>Threads; null for the caller's alone. Results do not depend on it.</summary>
    public Team? Team { get; init; }
}
