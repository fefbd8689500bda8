namespace Understudy.Engine.LinearAlgebra.Krylov;

/// <summary>Solves (A + μ I) x = b for any symmetric A by minimal residuals.</summary>
/// <remarks>
/// Paige and Saunders 1975, from x = 0: iterate k has the smallest residual that k products allow, so the history never rises. Where b is not in the
/// range of a singular A + μ I, it ends with a least-squares solution.
/// </remarks>
public static class Minres
{
    private const double Unit = 2.220446049250313e-16;

    // |A r| / (|A| |r|) of a residual that no direction makes smaller; a small eigenvalue that can still be seen is far above
    private const double Stationary = 1e-10;

    /// <summary>Iterates until the residual meets the tolerance or cannot become smaller.</summary>
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
        return new Iteration(matrix, right, options).Run(cancellation);
    }

    /// <summary>The Lanczos recurrence, the QR factors of its tridiagonal matrix by rotations, and the directions V R⁻¹.</summary>
    private sealed class Iteration
    {
        private readonly ISymmetricOperator _matrix;
        private readonly LinearSolverOptions _options;
        private readonly double[] _x;
        private readonly List<double> _residuals;
        private readonly double _goal;
        private double[] _previous;
        private double[] _current;
        private double[] _next;
        private double[] _direction;
        private double[] _before;
        private double _scale;

        internal Iteration(ISymmetricOperator matrix, ReadOnlySpan<double> right, LinearSolverOptions options)
        {
            _matrix = matrix;
            _options = options;
            int size = right.Length;
            _x = new double[size];
            _previous = new double[size];
            _next = new double[size];
            _direction = new double[size];
            _before = new double[size];
            _current = right.ToArray();
            double length = Math.Sqrt(RowAlgebra.Dot(right, right));
            if (length > 0)
                RowAlgebra.Scale(1 / length, _current);
            _residuals = [length];
            _goal = options.Tolerance * length;
        }

        internal LinearSolution Run(CancellationToken cancellation)
        {
            double signed = _residuals[0];
            double beta = 0;
            var (cosine, sine) = (1.0, 0.0);
            var (olderCosine, olderSine) = (1.0, 0.0);
            for (int products = 0; ; products++)
            {
                if (_residuals[^1] <= _goal)
                    return Ended(LinearSolverEnd.Converged, products);
                if (products == _options.MaximumProducts)
                    return Ended(LinearSolverEnd.Limit, products);
                if (!Multiplication.TryApply(_matrix, _current, _next, cancellation))
                    return Ended(LinearSolverEnd.Cancelled, products);
                double alpha = Advance(beta, out double ahead);
                _scale = Math.Max(_scale, Math.Abs(alpha) + beta + ahead);

                // column k of the tridiagonal matrix, after the two rotations before it
                double second = olderSine * beta;
                double first = (cosine * olderCosine * beta) + (sine * alpha);
                double diagonal = (cosine * alpha) - (sine * olderCosine * beta);
                double normal = Math.Abs(signed) * Math.Sqrt((diagonal * diagonal) + (cosine * cosine * ahead * ahead));
                double pivot = Math.Sqrt((diagonal * diagonal) + (ahead * ahead));
                if (normal <= Stationary * _scale * Math.Abs(signed) || pivot <= Unit * _scale)
                    return Ended(LinearSolverEnd.LeastSquares, products + 1);

                (olderCosine, olderSine) = (cosine, sine);
                (cosine, sine) = (diagonal / pivot, ahead / pivot);
                RowAlgebra.Scale(-second, _before);
                RowAlgebra.Add(1, _current, _before);
                RowAlgebra.Add(-first, _direction, _before);
                RowAlgebra.Scale(1 / pivot, _before);
                (_before, _direction) = (_direction, _before);
                RowAlgebra.Add(cosine * signed, _direction, _x);
                signed *= -sine;
                _residuals.Add(Math.Abs(signed));
                beta = ahead;
                (_previous, _current, _next) = (_current, _next, _previous);
            }
        }

        /// <summary>One Lanczos step; the next vector is normalized unless the subspace is exhausted, where it and β are zero.</summary>
        private double Advance(double beta, out double ahead)
        {
            RowAlgebra.Add(_options.Shift, _current, _next);
            RowAlgebra.Add(-beta, _previous, _next);
            double alpha = RowAlgebra.Dot(_current, _next);
            RowAlgebra.Add(-alpha, _current, _next);
            ahead = Math.Sqrt(RowAlgebra.Dot(_next, _next));
            if (!double.IsFinite(alpha) || !double.IsFinite(ahead))
                throw new ArithmeticException("A product of the operator is not finite.");
            bool isExhausted = ahead <= 10 * Unit * Math.Max(_scale, Math.Abs(alpha) + beta);
            RowAlgebra.Scale(isExhausted ? 0 : 1 / ahead, _next);
            ahead = isExhausted ? 0 : ahead;
            return alpha;
        }

        private LinearSolution Ended(LinearSolverEnd end, int products) => new(_x, _residuals, end, products, [], double.NaN);
    }
}
