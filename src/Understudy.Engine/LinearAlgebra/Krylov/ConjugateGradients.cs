namespace Understudy.Engine.LinearAlgebra.Krylov;

/// <summary>Solves (A + μ I) x = b where A + μ I is positive definite, or tells that it is not.</summary>
/// <remarks>
/// Hestenes and Stiefel 1952, from x = 0. Iterate k minimizes the energy xᵀ(A + μ I)x / 2 - bᵀx over k products, so the error falls at least by
/// (√κ - 1) / (√κ + 1) per product. The residual may rise in between. For indefinite matrices see <see cref="Minres"/>.
/// </remarks>
public static class ConjugateGradients
{
    /// <summary>Iterates until the residual meets the tolerance or a direction of negative curvature is met.</summary>
    /// <param name="matrix">A: [n, n].</param>
    /// <param name="right">b: [n].</param>
    /// <param name="options">Damping, tolerance and limit; null for the defaults.</param>
    /// <param name="cancellation">Ends with the present iterate; nothing is thrown.</param>
    /// <exception cref="ArgumentException">An option, or a right side that is not finite or of another length.</exception>
    /// <exception cref="ArithmeticException">A product is not finite.</exception>
    public static LinearSolution Solve(
        ISymmetricOperator matrix, ReadOnlySpan<double> right, LinearSolverOptions? options = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(matrix);
        options ??= new LinearSolverOptions();
        options.Check(matrix, right);

        var x = new double[right.Length];
        var r = right.ToArray();
        var p = right.ToArray();
        var image = new double[right.Length];
        double square = RowAlgebra.Dot(r, r);
        double goal = options.Tolerance * Math.Sqrt(square);
        var residuals = new List<double> { Math.Sqrt(square) };
        for (int products = 0; ; products++)
        {
            if (residuals[^1] <= goal)
                return Ended(LinearSolverEnd.Converged, products);
            if (products == options.MaximumProducts)
                return Ended(LinearSolverEnd.Limit, products);
            if (!Multiplication.TryApply(matrix, p, image, cancellation))
                return Ended(LinearSolverEnd.Cancelled, products);
            RowAlgebra.Add(options.Shift, p, image);
            double curvature = RowAlgebra.Dot(p, image);
            if (!double.IsFinite(curvature))
                throw new ArithmeticException($"The product of iteration {products + 1} is not finite.");
            if (curvature <= 0)
            {
                double length = RowAlgebra.Dot(p, p);
                RowAlgebra.Scale(1 / Math.Sqrt(length), p);
                return new LinearSolution(x, residuals, LinearSolverEnd.NegativeCurvature, products + 1, p, curvature / length);
            }

            double step = square / curvature;
            RowAlgebra.Add(step, p, x);
            RowAlgebra.Add(-step, image, r);
            double next = RowAlgebra.Dot(r, r);
            RowAlgebra.Scale(next / square, p);
            RowAlgebra.Add(1, r, p);
            square = next;
            residuals.Add(Math.Sqrt(square));
        }

        LinearSolution Ended(LinearSolverEnd end, int products) => new(x, residuals, end, products, [], double.NaN);
    }
}
