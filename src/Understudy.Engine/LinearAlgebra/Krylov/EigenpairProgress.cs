namespace Understudy.Engine.LinearAlgebra.Krylov;

/// <summary>Where a search for eigenpairs stands.</summary>
/// <param name="Products">Products of A with a vector so far.</param>
/// <param name="Restarts">Restarts so far.</param>
/// <param name="Values">The present Ritz values: those of the top, the largest first, then those of the bottom, the smallest first.</param>
/// <param name="Residuals">Their residual norms.</param>
public sealed record EigenpairProgress(int Products, int Restarts, IReadOnlyList<double> Values, IReadOnlyList<double> Residuals);
