using Understudy.Engine.LinearAlgebra;
using Understudy.Engine.LinearAlgebra.Krylov;

namespace Understudy.UnitTests.Engine.LinearAlgebra.Krylov;

public sealed class LinearSolverTests
{
    private delegate LinearSolution Solver(
        ISymmetricOperator matrix, ReadOnlySpan<double> right, LinearSolverOptions? options, CancellationToken cancellation);

    [Fact]
    public void Both_solve_a_positive_definite_system()
    {
        const int n = 120;
        var a = new CountedOperator(new DenseOperator(SymmetricMatrices.WithValues([.. Enumerable.Range(1, n).Select(i => i / 10.0)], 1), n));
        var b = TestOperators.Vectors(1, n, 2);

        foreach (Solver solve in new Solver[] { ConjugateGradients.Solve, Minres.Solve })
        {
            long before = a.Products;
            var solution = solve(a, b, new LinearSolverOptions { Shift = 0.5, Tolerance = 1e-10 }, default);

            Assert.True(solution.IsConverged);
            Assert.Equal(a.Products - before, solution.Products);
            Assert.Equal(solution.Products + 1, solution.Residuals.Length);
            double length = Math.Sqrt(TestOperators.Dot(b, b));
            Assert.True(solution.TrueResidual(a, b, 0.5) <= 1.1e-10 * length, $"{solution.TrueResidual(a, b, 0.5)}");
            Assert.Equal(length, solution.Residuals[0], 1e-12);
        }
    }

    [Fact]
    public void Minimal_residuals_never_rise_and_are_never_above_those_of_conjugate_gradients()
    {
        const int n = 100;
        var a = new DenseOperator(SymmetricMatrices.WithValues([.. Enumerable.Range(1, n).Select(i => (double)i * i)], 3), n);
        var b = TestOperators.Vectors(1, n, 4);

        var minres = Minres.Solve(a, b);
        var cg = ConjugateGradients.Solve(a, b);

        for (int i = 1; i < Math.Min(60, minres.Residuals.Length); i++)
        {
            Assert.True(minres.Residuals[i] <= minres.Residuals[i - 1]);
            Assert.True(minres.Residuals[i] <= cg.Residuals[i] * (1 + 1e-9));
        }

        bool hasRisen = false;
        for (int i = 1; i < cg.Residuals.Length; i++)
            hasRisen |= cg.Residuals[i] > cg.Residuals[i - 1];
        Assert.True(hasRisen, "those of conjugate gradients may rise");
    }

    [Fact]
    public void The_history_is_that_of_the_iterates()
    {
        const int n = 60;
        var a = TestOperators.Random(n, 5);
        var b = TestOperators.Vectors(1, n, 6);

        foreach (int products in new[] { 0, 1, 2, 3, 10, 25 })
        {
            var solution = Minres.Solve(a, b, new LinearSolverOptions { MaximumProducts = products, Shift = 1 });
            Assert.Equal(LinearSolverEnd.Limit, solution.End);
            Assert.Equal(solution.TrueResidual(a, b, 1), solution.Residuals[^1], 1e-10);
            var cg = ConjugateGradients.Solve(a, b, new LinearSolverOptions { MaximumProducts = products, Shift = 40 });
            Assert.Equal(cg.TrueResidual(a, b, 40), cg.Residuals[^1], 1e-10);
        }
    }

    [Fact]
    public void An_indefinite_system_is_solved_by_minimal_residuals_and_refused_with_proof_by_conjugate_gradients()
    {
        const int n = 80;
        var a = TestOperators.Random(n, 7);
        var b = TestOperators.Vectors(1, n, 8);

        var minres = Minres.Solve(a, b, new LinearSolverOptions { Tolerance = 1e-9 });
        var cg = ConjugateGradients.Solve(a, b);

        Assert.True(minres.IsConverged);
        Assert.True(minres.TrueResidual(a, b, 0) < 1e-7);
        Assert.Equal(LinearSolverEnd.NegativeCurvature, cg.End);
        var image = TestOperators.Apply(a, cg.Direction);
        Assert.Equal(1, TestOperators.Dot(cg.Direction, cg.Direction), 1e-12);
        Assert.Equal(cg.Curvature, TestOperators.Dot(cg.Direction, image), 1e-10);
        Assert.True(cg.Curvature < 0);
    }

    [Fact]
    public void A_singular_system_gives_the_least_squares_solution()
    {
        double[] values = [0, 0, 1, -2, 3, 4];
        double[] b = [3, 4, 1, 1, 1, 1];

        var solution = Minres.Solve(new Diagonal(values), b);

        Assert.Equal(LinearSolverEnd.LeastSquares, solution.End);
        Assert.Equal(5, solution.TrueResidual(new Diagonal(values), b, 0), 1e-9);
        Assert.Equal(5, solution.Residuals[^1], 1e-9);
        for (int i = 2; i < 6; i++)
            Assert.Equal(b[i] / values[i], solution.Solution[i], 1e-9);
    }

    [Fact]
    public void Degenerate_matrices_take_one_product_per_distinct_value()
    {
        double[] b = [1, -2, 3, 4, 0.5];
        foreach (Solver solve in new Solver[] { ConjugateGradients.Solve, Minres.Solve })
        {
            Assert.Equal(1, Check(solve, [2, 2, 2, 2, 2], 0));
            Assert.Equal(1, Check(solve, [0, 0, 0, 0, 0], 3));
            Assert.Equal(2, Check(solve, [0, 0, 7, 0, 0], 1));
            Assert.Equal(2, Check(solve, [1, 1, 4, 4, 1], 0));
            Assert.Equal(0, solve(new Diagonal([1, 2]), [0, 0], null, default).Products);
            Assert.Equal([0.5], solve(new Diagonal([4]), [2], null, default).Solution.ToArray());
        }

        Assert.Equal(LinearSolverEnd.LeastSquares, Minres.Solve(new Diagonal([0, 0]), [1, 2]).End);
        var zero = ConjugateGradients.Solve(new Diagonal([0, 0]), [1, 2]);
        Assert.Equal(LinearSolverEnd.NegativeCurvature, zero.End);
        Assert.Equal(0, zero.Curvature);

        int Check(Solver solve, double[] values, double shift)
        {
            var solution = solve(new Diagonal(values), b, new LinearSolverOptions { Shift = shift }, default);
            for (int i = 0; i < 5; i++)
                Assert.Equal(b[i] / (values[i] + shift), solution.Solution[i], 1e-12);
            return solution.Products;
        }
    }

    [Fact]
    public void Limits_cancellation_and_wrong_arguments_are_told()
    {
        var a = new Diagonal([1, 2, 3]);
        foreach (Solver solve in new Solver[] { ConjugateGradients.Solve, Minres.Solve })
        {
            var cancelled = solve(a, [1, 2, 3], null, new CancellationToken(true));
            Assert.Equal(LinearSolverEnd.Cancelled, cancelled.End);
            Assert.Equal(0, cancelled.Products);
            Assert.Equal("right", Assert.Throws<ArgumentException>(() => solve(a, [1, 2], null, default)).ParamName);
            Assert.Equal("right", Assert.Throws<ArgumentException>(() => solve(a, [1, 2, double.NaN], null, default)).ParamName);
            Assert.Equal("options", Assert.Throws<ArgumentException>(() => solve(a, [1, 2, 3], new() { Tolerance = 0 }, default)).ParamName);
            Assert.Throws<ArithmeticException>(() => solve(new Diagonal([1, double.NaN]), [1, 2], null, default));
        }
    }
}
