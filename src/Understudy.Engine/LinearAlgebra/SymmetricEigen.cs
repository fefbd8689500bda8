namespace Understudy.Engine.LinearAlgebra;

/// <summary>All eigenvalues and eigenvectors of a symmetric matrix in double precision.</summary>
/// <remarks>
/// Householder reduction to a tridiagonal matrix, then implicit QL steps (Golub and Van Loan 2013, chapter 8). Costs O(n³), about
/// 9 n³ operations, on the calling thread; the same to the bit on every processor. For a few leading eigenvectors of a large matrix
/// see <see cref="LeadingEigenvectors"/>.
/// </remarks>
public sealed class SymmetricEigen
{
    /// <summary>QL needs fewer than two steps per eigenvalue on average; this is never met by finite input.</summary>
    private const int MaximumSteps = 60;

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
        bool isConverged = Diagonalize(diagonal, beside, vectors, size, cancellation);
        Sort(diagonal, vectors, size);
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

    private static bool Diagonalize(double[] diagonal, double[] beside, double[] vectors, int size, CancellationToken cancellation)
    {
        const double unit = 1.1102230246251565e-16;
        bool isConverged = true;
        for (int first = 0; first < size; first++)
        {
            cancellation.ThrowIfCancellationRequested();
            for (int step = 0; ; step++)
            {
                int last = first;
                while (last < size - 1 && Math.Abs(beside[last]) > unit * (Math.Abs(diagonal[last]) + Math.Abs(diagonal[last + 1])))
                    last++;
                if (last == first)
                    break;
                if (step == MaximumSteps)
                {
                    isConverged = false;
                    break;
                }

                Step(diagonal, beside, vectors, size, first, last);
            }
        }

        return isConverged;
    }

    /// <summary>One QL step with Wilkinson's shift on the block from first to last: a bulge is chased from its end to its beginning.</summary>
    private static void Step(double[] diagonal, double[] beside, double[] vectors, int size, int first, int last)
    {
        double half = (diagonal[first + 1] - diagonal[first]) / (2 * beside[first]);
        double root = Math.Sqrt((half * half) + 1);
        double shift = diagonal[first] - (beside[first] / (half + (half >= 0 ? root : -root)));
        double bulge = diagonal[last] - shift;
        double cosine = 1;
        double sine = 1;
        double moved = 0;
        for (int i = last - 1; i >= first; i--)
        {
            double f = sine * beside[i];
            double b = cosine * beside[i];
            double r = Math.Sqrt((f * f) + (bulge * bulge));
            beside[i + 1] = r;
            if (r == 0)
            {
                diagonal[i + 1] -= moved;
                beside[last] = 0;
                return;
            }

            sine = f / r;
            cosine = bulge / r;
            bulge = diagonal[i + 1] - moved;
            double t = ((diagonal[i] - bulge) * sine) + (2 * cosine * b);
            moved = sine * t;
            diagonal[i + 1] = bulge + moved;
            bulge = (cosine * t) - b;
            RowAlgebra.Rotate(cosine, sine, vectors.AsSpan(i * size, size), vectors.AsSpan((i + 1) * size, size));
        }

        diagonal[first] -= moved;
        beside[first] = bulge;
        beside[last] = 0;
    }

    private static void Sort(double[] values, double[] vectors, int size)
    {
        for (int i = 0; i < size - 1; i++)
        {
            int least = i;
            for (int j = i + 1; j < size; j++)
            {
                if (values[j] < values[least])
                    least = j;
            }

            if (least == i)
                continue;
            (values[i], values[least]) = (values[least], values[i]);
            for (int column = 0; column < size; column++)
                (vectors[(i * size) + column], vectors[(least * size) + column]) = (vectors[(least * size) + column], vectors[(i * size) + column]);
        }
    }
}
