namespace Understudy.Engine.LinearAlgebra.Estimation;

/// <summary>How the random vectors v of an estimate are drawn; all have E v vᵀ = I.</summary>
public enum ProbeDistribution
{
    /// <summary>Signs: exact for diagonal matrices, and of least variance where the diagonal dominates.</summary>
    Rademacher,

    /// <summary>Standard normal components: the same after any rotation.</summary>
    Gaussian,

    /// <summary>Uniform on the sphere |v|² = n: the same after any rotation, and exact for multiples of the identity.</summary>
    Sphere,
}
