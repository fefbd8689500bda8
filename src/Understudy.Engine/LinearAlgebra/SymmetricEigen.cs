namespace Understudy.Engine.LinearAlgebra;

/// <summary>All eigenvalues and eigenvectors of a symmetric matrix in double precision.</summary>
/// <remarks>
/// Householder reduction to a tridiagonal matrix, then implicit QL steps (Golub and Van Loan 2013, chapter 8). Costs O(n³), about
/// 9 n³ operations, on the calling thread; the same to the bit on every processor. For a few leading eigenvectors of a large matrix
/// see <see cref="LeadingEigenvectors"/>.
/// </remarks>
public sealed class SymmetricEigen
{
    private readonly double[] _values;
    private readonly double[] _vectors;

    private SymmetricEigen(double[] values, double[] vectors, bool isConverged)
    {
        _values = values;
        _vectors = vectors;
        IsConverged = isConverged;
    }

    /// <summary>The eigenvalues in ascending order.</summary>
    public ReadOnlySpan<double> Values => _values;

    /// <summary>The eigenvectors [n, n]: row i belongs to value i, has length 1, and its component of largest magnitude is positive.</summary>
    public ReadOnlySpan<double> Vectors => _vectors;

    /// <summary>False if the iteration met its limit, which happens only where the matrix holds infinities or not-a-numbers.</summary>
    public bool IsConverged { get; }

    /// <summary>The eigenvector of value <paramref name="index"/>.</summary>
    public ReadOnlySpan<double> Vector(int index) => _vectors.AsSpan(index * _values.Length, _values.Length);

    /// <summary>Solves A v = λ v.</summary>
    /// <param name="matrix">A: [n, n], row-major; only the lower triangle is read.</param>
    /// <param name="size">n, which may be 0.</param>
    /// <param name="cancellation">Looked at once per column.</param>
    /// <exception cref="ArgumentException">The span does not have n² elements.</exception>
    public static SymmetricEigen Of(ReadOnlySpan<double> matrix, int size, CancellationToken cancellation = default)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(size);
        if (matrix.Length != (long)size * size)
            throw new ArgumentException($"A matrix of {size} x {size} does not have {matrix.Length} elements.", nameof(matrix));
        var work = new double[matrix.Length];
        double scale = 0;
        for (int row = 0; row < size; row++)
        {
            for (int column = 0; column <= row; column++)
                scale = Math.Max(scale, Math.Abs(matrix[(row * size) + column]));
        }

        // Entries of at most 1 keep all squares below from overflowing.
        double inverse = scale > 0 ? 1 / scale : 1;
        for (int row = 0; row < size; row++)
        {
            for (int column = 0; column <= row; column++)
                work[(row * size) + column] = work[(column * size) + row] = matrix[(row * size) + column] * inverse;
        }

        var diagonal = new double[size];
        var beside = new double[size];
        var vectors = Reduce(work, size, diagonal, beside, cancellation);
        bool isConverged = TridiagonalQl.Diagonalize(diagonal, beside, vectors, size, cancellation);
        TridiagonalQl.Sort(diagonal, vectors, size);
        RowAlgebra.Scale(scale > 0 ? scale : 1, diagonal);
        for (int row = 0; row < size; row++)
            RowAlgebra.FixSign(vectors.AsSpan(row * size, size));
        return new SymmetricEigen(diagonal, vectors, isConverged);
    }

    /// <summary>A = Q T Qᵀ; leaves T in the two arrays and returns Qᵀ.</summary>
    private static double[] Reduce(double[] work, int size, double[] diagonal, double[] beside, CancellationToken cancellation)
    {
        // The reflections I - t v vᵀ; v of step k lies in row k of the work matrix, behind the diagonal, once the row is done with.
        var factors = new double[size];
        var image = new double[size];
        for (int k = 0; k < size - 1; k++)
        {
            cancellation.ThrowIfCancellationRequested();
            int rest = size - k - 1;
            var v = work.AsSpan((k * size) + k + 1, rest);
            double tail = RowAlgebra.Dot(v[1..], v[1..]);
            diagonal[k] = work[(k * size) + k];
            if (tail == 0)
            {
                beside[k] = v[0];
                continue;
            }

            double norm = Math.Sqrt((v[0] * v[0]) + tail);
            beside[k] = v[0] > 0 ? -norm : norm;
            v[0] -= beside[k];
            factors[k] = 2 / ((v[0] * v[0]) + tail);
            var p = image.AsSpan(0, rest);
            for (int row = 0; row < rest; row++)
                p[row] = factors[k] * RowAlgebra.Dot(v, work.AsSpan(((k + 1 + row) * size) + k + 1, rest));
            RowAlgebra.Add(-0.5 * factors[k] * RowAlgebra.Dot(p, v), v, p);
            for (int row = 0; row < rest; row++)
            {
                var target = work.AsSpan(((k + 1 + row) * size) + k + 1, rest);
                RowAlgebra.Add(-v[row], p, target);
                RowAlgebra.Add(-p[row], v, target);
            }
        }

        if (size > 0)
            diagonal[size - 1] = work[^1];
        return Accumulate(work, factors, size);
    }

    private static double[] Accumulate(double[] work, double[] factors, int size)
    {
        var vectors = new double[work.Length];
        for (int row = 0; row < size; row++)
            vectors[(row * size) + row] = 1;
        for (int k = size - 2; k >= 0; k--)
        {
            if (factors[k] == 0)
                continue;
            var v = work.AsSpan((k * size) + k + 1, size - k - 1);
            for (int row = k + 1; row < size; row++)
            {
                var target = vectors.AsSpan((row * size) + k + 1, size - k - 1);
                RowAlgebra.Add(-factors[k] * RowAlgebra.Dot(v, target), v, target);
            }
        }

        return vectors;
    }
}
