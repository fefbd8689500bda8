namespace Understudy.Engine.LinearAlgebra.Krylov;

/// <summary>Why an iterative linear solver ended.</summary>
public enum LinearSolverEnd
{
    /// <summary>The residual met the tolerance.</summary>
    Converged,

    /// <summary>The system has no solution to the tolerance, and |A r| shows that the residual cannot become smaller.</summary>
    LeastSquares,

    /// <summary>A direction p with pᵀAp ≤ 0 was met, where the method of conjugate gradients has no next step.</summary>
    NegativeCurvature,

    /// <summary>The limit of products was met.</summary>
    Limit,

    /// <summary>The caller cancelled.</summary>
    Cancelled,
}
