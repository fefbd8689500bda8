namespace Understudy.Engine.LinearAlgebra.Krylov;

/// <summary>Extreme eigenpairs by the locally optimal block preconditioned conjugate gradient method (Knyazev 2001).</summary>
/// <remarks>
/// The choice where a preconditioner or good start vectors are at hand; without them <see cref="ExtremeEigenpairs"/> needs fewer products. Iterates on a
/// block of k + 4 vectors X, their residuals R and the last directions P, in an orthonormal basis of all three (Hetmaniuk and Lehoucq 2006), so that
/// degenerate spectra and converged vectors do no harm. Memory: 6 (k + 4) vectors, whatever the number of iterations.
/// </remarks>
public static class Lobpcg
{
    /// <summary>Finds the wanted pairs, those of the top first, then those of the bottom.</summary>
    /// <param name="matrix">A.</param>
    /// <param name="options">Which pairs, how exactly, at what cost; the sizes of basis and block are not looked at.</param>
    /// <param name="inverseDiagonal">[n], positive: residuals are multiplied by it; empty for none. Near 1 / |A_ii - λ| it saves iterations.</param>
    /// <param name="progress">Told at every iteration; each end counts its own products.</param>
    /// <param name="cancellation">Ends the search with what it has; nothing is thrown.</param>
    /// <exception cref="ArgumentException">An option or a preconditioner that contradicts the operator or the memory; the message names it.</exception>
    /// <exception cref="ArithmeticException">A product is not finite.</exception>
    public static ExtremeEigenpairs Of(
        ISymmetricOperator matrix,
        EigenpairOptions options,
        ReadOnlySpan<double> inverseDiagonal = default,
        IProgress<EigenpairProgress>? progress = null,
        CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(matrix);
        ArgumentNullException.ThrowIfNull(options);
        options.Check(matrix.Size);
        if (inverseDiagonal.Length != 0 && inverseDiagonal.Length != matrix.Size)
            throw new ArgumentException($"A diagonal of {inverseDiagonal.Length} does not fit an operator of size {matrix.Size}.", nameof(inverseDiagonal));
        foreach (double value in inverseDiagonal)
        {
            if (!(value > 0) || !double.IsFinite(value))
                throw new ArgumentException($"The diagonal holds {value}; it has to be positive and finite.", nameof(inverseDiagonal));
        }

        var preconditioner = inverseDiagonal.ToArray();
        var top = Search(options, options.Top, 1, options.MaximumProducts);
        var bottom = Search(options with { Scale = top.Largest }, options.Bottom, -1, options.MaximumProducts - top.ProductsUsed);
        var result = new ExtremeEigenpairs
        {
            Top = top.Pairs,
            Bottom = bottom.Pairs,
            Products = top.ProductsUsed + bottom.ProductsUsed,
            Restarts = 0,
            Seed = options.Seed,
            IsConverged = top.Pairs.ConvergedCount == options.Top && bottom.Pairs.ConvergedCount == options.Bottom,
            IsCancelled = top.IsCancelled || bottom.IsCancelled,
        };
        return options.VerifiesResiduals ? result.Verified(matrix, cancellation) : result;

        LobpcgSearch Search(EigenpairOptions options, int count, double sign, int products)
        {
            var search = new LobpcgSearch(matrix, options, count, sign, preconditioner, progress, cancellation);
            search.Run(products);
            return search;
        }
    }
}
