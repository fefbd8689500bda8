namespace Understudy.Engine.LinearAlgebra.Krylov;

/// <summary>What a Lanczos process does against the loss of orthogonality.</summary>
public enum Reorthogonalization
{
    /// <summary>Two sweeps against all earlier vectors in every step, which keeps the basis orthonormal to rounding.</summary>
    Full,

    /// <summary>
    /// Nothing: converged Ritz values appear again as ghosts. Good for quadrature alone, where ghosts share a weight; look at
    /// <see cref="LanczosProcess.LossOfOrthogonality"/>.
    /// </summary>
    None,
}
