namespace Understudy.Engine.LinearAlgebra.Krylov;

/// <summary>The largest and the smallest eigenvalues of a symmetric operator, with their vectors.</summary>
public sealed record ExtremeEigenpairs
{
    /// <summary>The largest eigenvalues, the largest first.</summary>
    public required Eigenpairs Top { get; init; }

    /// <summary>The smallest eigenvalues, the smallest first.</summary>
    public required Eigenpairs Bottom { get; init; }

    /// <summary>Products of A with a vector, those of a verification included.</summary>
    public required int Products { get; init; }

    /// <summary>How often the basis was full.</summary>
    public required int Restarts { get; init; }

    /// <summary>The seed of the start vectors.</summary>
    public required ulong Seed { get; init; }

    /// <summary>Whether all wanted pairs met the tolerance.</summary>
    public required bool IsConverged { get; init; }

    /// <summary>Whether the search was cancelled: the pairs are those of that moment, and <see cref="Eigenpairs.Converged"/> tells which are good.</summary>
    public required bool IsCancelled { get; init; }

    /// <summary>Lanczos with double re-orthogonalization and thick restarts (Wu and Simon 2000), in blocks if asked for.</summary>
    /// <remarks>
    /// <para>A = V T Vᵀ + rest, where T is what the orthogonalization measured, not only its diagonals; Ritz pairs come from T, and their residuals from the
    /// rest. A restart keeps k + max(5, k/2) Ritz vectors of each wanted end, converged ones of an end that is not wanted, and the rest.</para>
    /// <para>What a product holds along the vectors that the recurrence couples it to is taken away first, then what it holds along all of them; that again where it was
    /// more than a hundredth of what is left, as after a restart.</para>
    /// <para>Where the rest vanishes, V is invariant: its pairs are locked, and the search goes on from a random vector of the complement until that
    /// brings nothing new, so multiple eigenvalues are found. Where it does not vanish, one start vector sees one copy of a multiple eigenvalue until
    /// rounding shows the others: see <see cref="EigenpairOptions.SearchesForCopies"/> and <see cref="EigenpairOptions.BlockSize"/>.</para>
    /// <para>The same to the bit with any team. Ritz pairs are tested after every step from the tenth on while that costs less than a sweep over the basis; else when five vectors are new, less often in a long basis.</para>
    /// </remarks>
    /// <param name="matrix">A. Its products must not change between calls.</param>
    /// <param name="options">Which pairs, how exactly, at what cost.</param>
    /// <param name="progress">Told at every test.</param>
    /// <param name="cancellation">Ends the search with what it has; nothing is thrown.</param>
    /// <exception cref="ArgumentException">An option that contradicts the operator or the memory; the message names it.</exception>
    /// <exception cref="ArithmeticException">A product is not finite.</exception>
    public static ExtremeEigenpairs Of(
        ISymmetricOperator matrix, EigenpairOptions options, IProgress<EigenpairProgress>? progress = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(matrix);
        ArgumentNullException.ThrowIfNull(options);
        options.Check(matrix.Size);
        var result = options.Top + options.Bottom == 0
            ? Nothing(options)
            : new ThickRestart(matrix, options, progress, cancellation).Run();
        return options.VerifiesResiduals ? result.Verified(matrix, cancellation) : result;
    }

    /// <summary>The same with true residuals, for one product per pair.</summary>
    internal ExtremeEigenpairs Verified(ISymmetricOperator matrix, CancellationToken cancellation)
    {
        var top = Top.Verified(matrix, cancellation);
        var bottom = Bottom.Verified(matrix, cancellation);
        return this with { Top = top, Bottom = bottom, Products = Products + top.TrueResiduals.Length + bottom.TrueResiduals.Length };
    }

    private static ExtremeEigenpairs Nothing(EigenpairOptions options) => new()
    {
        Top = Eigenpairs.None,
        Bottom = Eigenpairs.None,
        Products = 0,
        Restarts = 0,
        Seed = options.Seed,
        IsConverged = true,
        IsCancelled = false,
    };
}
