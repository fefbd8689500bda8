using Understudy.Engine.Kernels;
using Understudy.Engine.Threading;

namespace Understudy.Engine.LinearAlgebra;

/// <summary>Eigenvalues and eigenvectors of a symmetric matrix in double precision: all of them, or a range.</summary>
/// <remarks>
/// Householder reduction to a tridiagonal matrix, then implicit QL steps (Golub and Van Loan 2013, chapter 8). Costs O(n³), about
/// 8 n³ operations for all; the same to the bit with any team and on every processor. For a few leading eigenvectors of a large
/// positive semidefinite matrix see <see cref="LeadingEigenvectors"/>, for values without vectors <see cref="SymmetricEigenvalues"/>.
/// </remarks>
public sealed class SymmetricEigen
{
    // a quarter of the vectors, found by inverse iteration, costs about as much as all by rotations
    private const int SmallestShareOfAll = 4;

    private readonly int _size;
    private readonly double[] _spectrum;
    private readonly double[] _values;
    private readonly double[] _vectors;

    private SymmetricEigen(int size, double[] spectrum, double[] values, double[] vectors, bool isConverged)
    {
        _size = size;
        _spectrum = spectrum;
        _values = values;
        _vectors = vectors;
        IsConverged = isConverged;
    }

    /// <summary>The eigenvalues that were asked for, in ascending order.</summary>
    public ReadOnlySpan<double> Values => _values;

    /// <summary>All n eigenvalues in ascending order, also where only a range of vectors was asked for.</summary>
    public ReadOnlySpan<double> Spectrum => _spectrum;

    /// <summary>The eigenvectors [count, n]: row i belongs to value i, has length 1, and its component of largest magnitude is positive.</summary>
    public ReadOnlySpan<double> Vectors => _vectors;

    /// <summary>False where the matrix holds infinities or not-a-numbers, and then so are all values and vectors; otherwise only if an iteration met its limit.</summary>
    public bool IsConverged { get; }

    /// <summary>The eigenvector of value <paramref name="index"/>.</summary>
    public ReadOnlySpan<double> Vector(int index) => _vectors.AsSpan(index * _size, _size);

    /// <summary>Solves A v = λ v.</summary>
    /// <param name="matrix">A: [n, n], row-major; only the lower triangle is read.</param>
    /// <param name="size">n, which may be 0.</param>
    /// <param name="cancellation">Looked at once per panel of the matrix and once per eigenvalue.</param>
    /// <exception cref="ArgumentException">The span does not have n² elements.</exception>
    public static SymmetricEigen Of(ReadOnlySpan<double> matrix, int size, CancellationToken cancellation = default)
        => Of(matrix, size, null, cancellation);

    /// <summary>Solves A v = λ v on several threads.</summary>
    /// <param name="matrix">A: [n, n], row-major; only the lower triangle is read.</param>
    /// <param name="size">n, which may be 0.</param>
    /// <param name="team">Threads to use; null for the caller's alone.</param>
    /// <param name="cancellation">Looked at once per panel of the matrix and once per eigenvalue.</param>
    /// <exception cref="ArgumentException">The span does not have n² elements.</exception>
    public static SymmetricEigen Of(ReadOnlySpan<double> matrix, int size, Team? team, CancellationToken cancellation = default)
        => Of(matrix, size, .., team, null, cancellation);

    /// <summary>Solves A v = λ v for some of the eigenvalues, counted in ascending order: <c>^5..</c> are the five largest.</summary>
    /// <remarks>
    /// Costs 4/3 n³ operations for the values, and 4 n² for each vector, found by inverse iteration; more than a quarter of the vectors
    /// are taken from all. In a group of equal eigenvalues of which only some are asked for, the vectors are some of its space.
    /// </remarks>
    /// <param name="matrix">A: [n, n], row-major; only the lower triangle is read.</param>
    /// <param name="size">n, which may be 0.</param>
    /// <param name="indices">Which of the n eigenvalues.</param>
    /// <param name="team">Threads to use; null for the caller's alone.</param>
    /// <param name="progress">Told the share of the first reduction that is done, some dozens of times, and 1 at the end.</param>
    /// <param name="cancellation">Looked at once per panel of the matrix and once per eigenvalue.</param>
    /// <exception cref="ArgumentException">The span does not have n² elements, or the range reaches beyond them.</exception>
    public static SymmetricEigen Of(
        ReadOnlySpan<double> matrix, int size, Range indices, Team? team = null, IProgress<double>? progress = null, CancellationToken cancellation = default)
    {
        LowerTriangleScale.ThrowIfNotSquare(matrix, size);
        return Overwriting(LowerTriangleScale.Copy(matrix, size), size, indices, team, progress, cancellation);
    }

    /// <summary>Solves A v = λ v for some of the eigenvalues in the memory of the matrix.</summary>
    /// <remarks>Needs the memory of the result and some 500 vectors of n elements more; that of two more matrices where all vectors are computed.</remarks>
    /// <param name="matrix">A: [n, n], row-major; only the lower triangle is read; all of it is destroyed.</param>
    /// <param name="size">n, which may be 0.</param>
    /// <param name="indices">Which of the n eigenvalues, in ascending order.</param>
    /// <param name="team">Threads to use; null for the caller's alone.</param>
    /// <param name="progress">Told the share of the first reduction that is done, some dozens of times, and 1 at the end.</param>
    /// <param name="cancellation">Looked at once per panel of the matrix and once per eigenvalue.</param>
    /// <exception cref="ArgumentException">The span does not have n² elements, or the range reaches beyond them.</exception>
    public static SymmetricEigen Overwriting(
        Span<double> matrix, int size, Range indices, Team? team = null, IProgress<double>? progress = null, CancellationToken cancellation = default)
    {
        LowerTriangleScale.ThrowIfNotSquare(matrix, size);
        var (first, count) = indices.GetOffsetAndLength(size);
        double scale = LowerTriangleScale.Normalize(matrix, size);
        var eigen = double.IsNaN(scale) ? None(size, count)
            : count > size / SmallestShareOfAll ? All(matrix, size, team, progress, cancellation).Part(first, count)
            : Selected(matrix, size, first, count, team, progress, cancellation);
        RowAlgebra.Scale(scale, eigen._spectrum);
        RowAlgebra.Scale(scale, eigen._values);
        for (int row = 0; row < count; row++)
            RowAlgebra.FixSign(eigen._vectors.AsSpan(row * size, size));
        progress?.Report(1);
        return eigen;
    }

    private static SymmetricEigen All(Span<double> matrix, int size, Team? team, IProgress<double>? progress, CancellationToken cancellation)
    {
        var reduced = Tridiagonalization.Of(matrix, size, team, progress, cancellation);
        var vectors = new double[matrix.Length];
        for (int row = 0; row < size; row++)
            vectors[(row * size) + row] = 1;
        reduced.Reflections.Apply(matrix, vectors, size, team, cancellation, areUnits: true);
        var rotated = new RotatedRows(vectors, size, team);
        bool isConverged = TridiagonalQl.Diagonalize(reduced.Diagonal, reduced.Beside, rotated, cancellation);
        rotated.Flush();

        var order = new int[size];
        for (int row = 0; row < size; row++)
            order[row] = row;
        reduced.Diagonal.AsSpan().Sort(order.AsSpan());
        for (int row = 0; row < size; row++)
            rotated.CopyRow(order[row], vectors.AsSpan(row * size, size));
        return new SymmetricEigen(size, reduced.Diagonal, (double[])reduced.Diagonal.Clone(), vectors, isConverged);
    }

    private static SymmetricEigen Selected(
        Span<double> matrix, int size, int first, int count, Team? team, IProgress<double>? progress, CancellationToken cancellation)
    {
        var reduced = SymmetricReduction.Of(matrix, size, team, progress, cancellation);
        var values = reduced.Values.AsSpan(first, count).ToArray();
        var vectors = new double[count * size];
        bool isConverged = InverseIteration.Find(reduced.Band, values, vectors, cancellation);
        reduced.Reflections.Apply(matrix, vectors, count, team, cancellation);
        return new SymmetricEigen(size, reduced.Values, values, vectors, reduced.IsConverged && isConverged);
    }

    private SymmetricEigen Part(int first, int count)
        => count == _size
            ? this
            : new(_size, _spectrum, _values[first..(first + count)], _vectors[(first * _size)..((first + count) * _size)], IsConverged);

    private static SymmetricEigen None(int size, int count)
    {
        var (spectrum, values, vectors) = (new double[size], new double[count], new double[count * size]);
        Array.Fill(spectrum, double.NaN);
        Array.Fill(values, double.NaN);
        Array.Fill(vectors, double.NaN);
        return new SymmetricEigen(size, spectrum, values, vectors, false);
    }
}
