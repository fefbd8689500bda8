using Understudy.Engine.Threading;

namespace Understudy.Engine.LinearAlgebra.Krylov;

/// <summary>How a Lanczos process keeps its basis.</summary>
public sealed record LanczosOptions
{
    /// <summary>Whether earlier vectors are removed again from every new one.</summary>
    public Reorthogonalization Reorthogonalization { get; init; }

    /// <summary>Keeps the basis in the result; needed for Ritz vectors, not for quadrature.</summary>
    public bool KeepsBasis { get; init; }

    /// <summary>Ends all processes with the steps they have made, from one on, where they are cancelled, instead of throwing.</summary>
    public bool EndsWhenCancelled { get; init; }

    /// <summary>Threads for the work beside the products; null for the caller's alone.</summary>
    public Team? Team { get; init; }
}
