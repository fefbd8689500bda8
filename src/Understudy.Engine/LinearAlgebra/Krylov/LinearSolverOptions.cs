namespace Understudy.Engine.LinearAlgebra.Krylov;

/// <summary>How exactly a system (A + μ I) x = b is solved, and what that may cost.</summary>
public sealed record LinearSolverOptions
{
    /// <summary>μ, the damping; raise it where A is singular or has small negative eigenvalues.</summary>
    public double Shift { get; init; }

    /// <summary>The residual, relative to |b|, that counts as solved.</summary>
    public double Tolerance { get; init; } = 1e-8;

    /// <summary>The solver ends with what it has after so many products.</summary>
    public int MaximumProducts { get; init; } = 1000;

    internal void Check(ISymmetricOperator matrix, ReadOnlySpan<double> right)
    {
        if (right.Length != matrix.Size)
            throw new ArgumentException($"An operator of size {matrix.Size} does not fit a right side of {right.Length}.", nameof(right));
        double square = RowAlgebra.Dot(right, right);
        if (!double.IsFinite(square))
            throw new ArgumentException("The right side is not finite.", nameof(right));
        if (!(Tolerance > 0))
            throw EigenpairOptions.Wrong($"{nameof(Tolerance)} is {Tolerance}; it has to be positive.");
        if (MaximumProducts < 0)
            throw EigenpairOptions.Wrong($"{nameof(MaximumProducts)} is {MaximumProducts}; it cannot be negative.");
        if (!double.IsFinite(Shift))
            throw EigenpairOptions.Wrong($"{nameof(Shift)} is {Shift}; it has to be finite.");
    }
}
