using Understudy.Engine.Threading;

namespace Understudy.Engine.LinearAlgebra;

/// <summary>All eigenvalues of a symmetric matrix in double precision, without vectors.</summary>
/// <remarks>
/// Reduction to a tridiagonal matrix, of large matrices by way of a band, then QL steps without roots. Costs 4/3 n³ operations; the same
/// to the bit with any team and on any processor. The error is of the order of the rounding unit times the largest magnitude of an eigenvalue. For vectors
/// see <see cref="SymmetricEigen"/>.
/// </remarks>
public sealed class SymmetricEigenvalues
{
    private readonly double[] _values;

    private SymmetricEigenvalues(double[] values, bool isConverged)
    {
        _values = values;
        IsConverged = isConverged;
    }

    /// <summary>The eigenvalues in ascending order; not-a-numbers where the matrix holds infinities or not-a-numbers.</summary>
    public ReadOnlySpan<double> Values => _values;

    /// <summary>False where the matrix holds infinities or not-a-numbers; the limit of the iteration is not met otherwise.</summary>
    public bool IsConverged { get; }

    /// <summary>Finds the eigenvalues of a matrix that is left as it is; works on a copy.</summary>
    /// <param name="matrix">A: [n, n], row-major; only the lower triangle is read.</param>
    /// <param name="size">n, which may be 0.</param>
    /// <param name="team">Threads to use; null for the caller's alone.</param>
    /// <param name="progress">Told the share of the first reduction that is done, some dozens of times, and 1 at the end.</param>
    /// <param name="cancellation">Looked at once per panel of the matrix and once per eigenvalue.</param>
    /// <exception cref="ArgumentException">The span does not have n² elements.</exception>
    public static SymmetricEigenvalues Of(
        ReadOnlySpan<double> matrix, int size, Team? team = null, IProgress<double>? progress = null, CancellationToken cancellation = default)
    {
        LowerTriangleScale.ThrowIfNotSquare(matrix, size);
        return Overwriting(LowerTriangleScale.Copy(matrix, size), size, team, progress, cancellation);
    }

    /// <summary>Finds the eigenvalues in the memory of the matrix, and that of some 500 vectors of n elements.</summary>
    /// <param name="matrix">A: [n, n], row-major; only the lower triangle is read; all of it is destroyed.</param>
    /// <param name="size">n, which may be 0.</param>
    /// <param name="team">Threads to use; null for the caller's alone.</param>
    /// <param name="progress">Told the share of the first reduction that is done, some dozens of times, and 1 at the end.</param>
    /// <param name="cancellation">Looked at once per panel of the matrix and once per eigenvalue.</param>
    /// <exception cref="ArgumentException">The span does not have n² elements.</exception>
    public static SymmetricEigenvalues Overwriting(
        Span<double> matrix, int size, Team? team = null, IProgress<double>? progress = null, CancellationToken cancellation = default)
    {
        LowerTriangleScale.ThrowIfNotSquare(matrix, size);
        double scale = LowerTriangleScale.Normalize(matrix, size);
        if (double.IsNaN(scale))
        {
            var none = new double[size];
            Array.Fill(none, double.NaN);
            return new SymmetricEigenvalues(none, false);
        }

        var reduced = SymmetricReduction.Of(matrix, size, team, progress, cancellation);
        RowAlgebra.Scale(scale, reduced.Values);
        progress?.Report(1);
        return new SymmetricEigenvalues(reduced.Values, reduced.IsConverged);
    }
}
