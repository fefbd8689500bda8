namespace Understudy.Engine.LinearAlgebra.Krylov;

/// <summary>What an iterative solver found for (A + μ I) x = b, and how good it is.</summary>
public sealed class LinearSolution
{
    private readonly double[] _solution;
    private readonly double[] _residuals;
    private readonly double[] _direction;

    internal LinearSolution(double[] solution, List<double> residuals, LinearSolverEnd end, int products, double[] direction, double curvature)
    {
        _solution = solution;
        _residuals = [.. residuals];
        _direction = direction;
        End = end;
        Products = products;
        Curvature = curvature;
    }

    /// <summary>x [n], the last iterate.</summary>
    public ReadOnlySpan<double> Solution => _solution;

    /// <summary>The norms |b - (A + μ I) x| after 0, 1, 2, … products, as the recurrence knows them: rounding lets the true ones stay behind.</summary>
    public ReadOnlySpan<double> Residuals => _residuals;

    /// <summary>Why the solver ended.</summary>
    public LinearSolverEnd End { get; }

    /// <summary>Products of A with a vector.</summary>
    public int Products { get; }

    /// <summary>Whether the residual met the tolerance.</summary>
    public bool IsConverged => End == LinearSolverEnd.Converged;

    /// <summary>pᵀ(A + μ I)p / pᵀp of the direction that ended conjugate gradients; not a number where none did.</summary>
    /// <remarks>Not above 0, and not below the smallest eigenvalue: a proof that A + μ I is not positive definite.</remarks>
    public double Curvature { get; }

    /// <summary>The direction p of length 1 [n] of <see cref="Curvature"/>; empty where there is none.</summary>
    public ReadOnlySpan<double> Direction => _direction;

    /// <summary>|b - (A + μ I) x| by one more product.</summary>
    /// <param name="matrix">A.</param>
    /// <param name="right">b.</param>
    /// <param name="shift">μ.</param>
    /// <exception cref="ArgumentException">The sizes differ.</exception>
    public double TrueResidual(ISymmetricOperator matrix, ReadOnlySpan<double> right, double shift)
    {
        ArgumentNullException.ThrowIfNull(matrix);
        if (matrix.Size != _solution.Length)
            throw new ArgumentException($"An operator of size {matrix.Size} does not fit a solution of {_solution.Length}.", nameof(matrix));
        if (right.Length != _solution.Length)
            throw new ArgumentException($"A right side of {right.Length} does not fit a solution of {_solution.Length}.", nameof(right));
        var rest = new double[_solution.Length];
        matrix.Apply(_solution, rest);
        RowAlgebra.Add(shift, _solution, rest);
        RowAlgebra.Add(-1, right, rest);
        return Math.Sqrt(RowAlgebra.Dot(rest, rest));
    }
}
