using Understudy.Engine.Threading;

namespace Understudy.Learning.Curvature;

/// <summary>Which matrix of second order.</summary>
public enum CurvatureMatrix
{
    /// <summary>H = G + R, the second derivative of the loss.</summary>
    Hessian,

    /// <summary>G = (1/N) Σ J_iᵀ A_i J_i, the generalised Gauss-Newton matrix.</summary>
    GaussNewton,

    /// <summary>R = H − G, from the second derivatives of the network's outputs.</summary>
    Residual,
}

/// <summary>How a whole matrix is computed.</summary>
public sealed record ExactOptions
{
    /// <summary>Which matrix.</summary>
    public CurvatureMatrix Matrix { get; init; } = CurvatureMatrix.Hessian;

    /// <summary>Bytes that the matrix may take with what is needed beside it; a larger one is refused before anything is allocated.</summary>
    public long MemoryBytes { get; init; } = 2L << 30;

    /// <summary>Threads; null for the caller's alone. Results do not depend on it.</summary>
    public Team? Team { get; init; }
}
