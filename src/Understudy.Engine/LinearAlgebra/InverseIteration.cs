using Understudy.Engine.Random;

namespace Understudy.Engine.LinearAlgebra;

/// <summary>Eigenvectors of a symmetric tridiagonal matrix for eigenvalues that are known to rounding.</summary>
/// <remarks>
/// Solves (T - λ I) y = x from a random x, at least twice, and orthogonalizes against all vectors found before, so that those of
/// clustered and of multiple eigenvalues span their space (Parlett 1998, sections 4.2 and 4.3). Costs O(n k²) operations for k vectors.
/// </remarks>
internal sealed class InverseIteration
{
    private const int LeastSolutions = 2;
    private const int MostSolutions = 8;

    private readonly double[] _diagonal;
    private readonly double[] _beside;
    private readonly double _norm;

    // the factors of T - λ I with exchanges of rows: U has two elements right of its diagonal
    private readonly double[] _pivots;
    private readonly double[] _right;
    private readonly double[] _farRight;
    private readonly double[] _multipliers;
    private readonly bool[] _exchanged;

    /// <param name="diagonal">[n].</param>
    /// <param name="beside">[n]: element i stands beside the diagonal in rows i and i + 1; the last is not read.</param>
    internal InverseIteration(double[] diagonal, double[] beside)
    {
        (_diagonal, _beside) = (diagonal, beside);
        int size = diagonal.Length;
        for (int row = 0; row < size; row++)
            _norm = Math.Max(_norm, Math.Abs(diagonal[row]) + Beside(row - 1) + Beside(row));
        (_pivots, _right, _farRight, _multipliers, _exchanged) = (new double[size], new double[size], new double[size], new double[size], new bool[size]);
    }

    /// <summary>Fills the rows [k, n] with orthonormal eigenvectors of the k values; false if a residual did not come down to rounding.</summary>
    internal bool Find(ReadOnlySpan<double> values, Span<double> vectors, CancellationToken cancellation)
    {
        int size = _diagonal.Length;
        var start = new RandomSequence(1, "inverse iteration");
        var residual = new double[size];
        double tolerance = 8 * TridiagonalValues.Unit * Math.Sqrt(size) * _norm;
        bool isConverged = true;
        for (int i = 0; i < values.Length; i++)
        {
            cancellation.ThrowIfCancellationRequested();
            var vector = vectors.Slice(i * size, size);
            start.FillNormal(i, vector);
            Factor(values[i]);
            bool isSolved = false;
            for (int solution = 1; solution <= MostSolutions && !(isSolved && solution > LeastSolutions); solution++)
            {
                Solve(vector);
                Orthonormalize(vectors[..(i * size)], vector);
                isSolved = Residual(values[i], vector, residual) <= tolerance;
            }

            isConverged &= isSolved;
        }

        return isConverged;
    }

    private double Beside(int row) => row >= 0 && row < _diagonal.Length - 1 ? Math.Abs(_beside[row]) : 0;

    private void Factor(double value)
    {
        int size = _diagonal.Length;
        double smallest = _norm > 0 ? TridiagonalValues.Unit * _norm : 1;
        double pivot = _diagonal[0] - value;
        double right = size > 1 ? _beside[0] : 0;
        for (int row = 0; row < size - 1; row++)
        {
            double below = _beside[row];
            double next = _diagonal[row + 1] - value;
            double nextRight = row + 1 < size - 1 ? _beside[row + 1] : 0;
            _exchanged[row] = Math.Abs(below) > Math.Abs(pivot);
            if (_exchanged[row])
            {
                (_pivots[row], _right[row], _farRight[row]) = (below, next, nextRight);
                _multipliers[row] = pivot / below;
                (pivot, right) = (right - (_multipliers[row] * next), -_multipliers[row] * nextRight);
            }
            else
            {
                pivot = AwayFromZero(pivot, smallest);
                (_pivots[row], _right[row], _farRight[row]) = (pivot, right, 0);
                _multipliers[row] = below / pivot;
                (pivot, right) = (next - (_multipliers[row] * right), nextRight);
            }
        }

        (_pivots[size - 1], _right[size - 1], _farRight[size - 1]) = (AwayFromZero(pivot, smallest), 0, 0);
    }

    private static double AwayFromZero(double pivot, double smallest)
        => Math.Abs(pivot) >= smallest ? pivot : pivot < 0 ? -smallest : smallest;

    private void Solve(Span<double> x)
    {
        int size = x.Length;
        for (int row = 0; row < size - 1; row++)
        {
            if (_exchanged[row])
                (x[row], x[row + 1]) = (x[row + 1], x[row] - (_multipliers[row] * x[row + 1]));
            else
                x[row + 1] -= _multipliers[row] * x[row];
        }

        double after = 0;
        double farAfter = 0;
        for (int row = size - 1; row >= 0; row--)
        {
            double solved = (x[row] - (_right[row] * after) - (_farRight[row] * farAfter)) / _pivots[row];
            x[row] = solved;
            (after, farAfter) = (solved, after);
        }
    }

    /// <summary>Twice, since what is left of a vector near the span of the others is not orthogonal to rounding.</summary>
    private static void Orthonormalize(ReadOnlySpan<double> others, Span<double> vector)
    {
        Normalize(vector);
        for (int sweep = 0; sweep < 2; sweep++)
        {
            for (int at = 0; at < others.Length; at += vector.Length)
            {
                var other = others.Slice(at, vector.Length);
                RowAlgebra.Add(-RowAlgebra.Dot(other, vector), other, vector);
            }

            Normalize(vector);
        }
    }

    /// <summary>To length 1; the largest component first, as the squares of a solution can overflow.</summary>
    private static void Normalize(Span<double> vector)
    {
        double largest = 0;
        foreach (double component in vector)
            largest = Math.Max(largest, Math.Abs(component));
        RowAlgebra.Scale(1 / largest, vector);
        RowAlgebra.Scale(1 / Math.Sqrt(RowAlgebra.Dot(vector, vector)), vector);
    }

    private double Residual(double value, ReadOnlySpan<double> vector, Span<double> residual)
    {
        for (int row = 0; row < vector.Length; row++)
        {
            double image = (_diagonal[row] - value) * vector[row];
            if (row > 0)
                image += _beside[row - 1] * vector[row - 1];
            if (row < vector.Length - 1)
                image += _beside[row] * vector[row + 1];
            residual[row] = image;
        }

        return Math.Sqrt(RowAlgebra.Dot(residual, residual));
    }
}
