using Understudy.Engine.Threading;

namespace Understudy.Engine.LinearAlgebra;

/// <summary>All eigenvalues of a symmetric matrix in double precision, without vectors.</summary>
/// <remarks>
/// Reduction to a tridiagonal matrix, then QL steps without roots. Costs 4/3 n³ operations; the same to the bit with any team and on
/// any processor. The error is of the order of the rounding unit times the largest magnitude of an eigenvalue. For vectors
/// see <see cref="SymmetricEigen"/>.
/// </remarks>
public sealed class SymmetricEigenvalues
{
    // measured in November 2026: below, the detour by a band matrix costs more than its products save
    internal const int SmallestInTwoStages = 400;

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
    /// <param name="progress">Told the share of the operations that is done, some dozens of times.</param>
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
    /// <param name="progress">Told the share of the operations that is done, some dozens of times.</param>
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

        double[] diagonal;
        double[] beside;
        if (size < SmallestInTwoStages)
        {
            var reduced = Tridiagonalization.Of(matrix, size, team, progress, cancellation);
            (diagonal, beside) = (reduced.Diagonal, reduced.Beside);
        }
        else
        {
            (diagonal, beside) = (new double[size], new double[size]);
            var reduced = BandReduction.Of(matrix, size, BandReduction.BestWidth(size), team, progress, cancellation);
            BandChase.Reduce(reduced.Band, diagonal, beside, team, cancellation);
        }

        bool isConverged = TridiagonalValues.Find(diagonal, beside, cancellation);
        RowAlgebra.Scale(scale, diagonal);
        progress?.Report(1);
        return new SymmetricEigenvalues(diagonal, isConverged);
    }
}
