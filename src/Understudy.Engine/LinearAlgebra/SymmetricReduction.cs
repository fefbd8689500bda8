using Understudy.Engine.Threading;

namespace Understudy.Engine.LinearAlgebra;

/// <summary>A = Q B Qᵀ with a band matrix B, and the eigenvalues.</summary>
/// <remarks>
/// B is tridiagonal, or in large matrices wider: that is reached in products of matrices, made tridiagonal for the values alone, and
/// eigenvectors are found from B, so that no others than the reflections of Q have to be undone.
/// </remarks>
internal sealed class SymmetricReduction
{
    // measured in November 2026: below, the detour by a band matrix costs more than its products save
    private const int SmallestInTwoStages = 400;

    private SymmetricReduction(SymmetricBand band, Reflections reflections, double[] values, bool isConverged)
        => (Band, Reflections, Values, IsConverged) = (band, reflections, values, isConverged);

    internal SymmetricBand Band { get; }

    /// <summary>Q, whose vectors are in the matrix.</summary>
    internal Reflections Reflections { get; }

    /// <summary>The eigenvalues in ascending order.</summary>
    internal double[] Values { get; }

    /// <summary>Whether the iteration for the values ended within its limit.</summary>
    internal bool IsConverged { get; }

    /// <summary>Reduces a matrix, of which the lower triangle is read, in its memory.</summary>
    internal static SymmetricReduction Of(Span<double> matrix, int size, Team? team, IProgress<double>? progress, CancellationToken cancellation)
    {
        if (size < SmallestInTwoStages)
        {
            var reduced = Tridiagonalization.Of(matrix, size, team, progress, cancellation);
            return new SymmetricReduction(reduced.ToBand(), reduced.Reflections, reduced.Diagonal, Find(reduced.Diagonal, reduced.Beside));
        }

        var first = BandReduction.Of(matrix, size, BandReduction.BestWidth(size), team, progress, cancellation);
        var (diagonal, beside) = (new double[size], new double[size]);
        BandChase.Reduce(first.Band.Clone(), diagonal, beside, team, cancellation);
        return new SymmetricReduction(first.Band, first.Reflections, diagonal, Find(diagonal, beside));

        bool Find(double[] diagonal, double[] beside) => TridiagonalValues.Find(diagonal, beside, cancellation);
    }
}
