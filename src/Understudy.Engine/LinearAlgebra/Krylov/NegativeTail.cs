namespace Understudy.Engine.LinearAlgebra.Krylov;

/// <summary>The most negative eigenvalues of an operator with a few large outliers, such as the Hessian of a loss.</summary>
public static class NegativeTail
{
    // coupling to the outliers is bounded by their residuals, and the tail is far smaller than they are
    private const double Tightening = 0.03;

    /// <summary>Finds the outliers at the top, deflates them, and finds the bottom of what is left.</summary>
    /// <remarks>
    /// Pays where a basis of all needed steps does not fit: a restart then does not have to carry the outliers, and the range of the spectrum is that of the
    /// bulk. The residuals of the bottom are true ones of A itself, for one product each, since the search has seen those of the deflated operator.
    /// </remarks>
    /// <param name="matrix">A.</param>
    /// <param name="options">The outliers as <see cref="EigenpairOptions.Top"/>, the tail as <see cref="EigenpairOptions.Bottom"/>.</param>
    /// <param name="progress">Told by both searches; each counts its own products.</param>
    /// <param name="cancellation">Ends the search with what it has; nothing is thrown.</param>
    /// <exception cref="ArgumentException">An option that contradicts the operator or the memory; the message names it.</exception>
    public static ExtremeEigenpairs Of(
        ISymmetricOperator matrix, EigenpairOptions options, IProgress<EigenpairProgress>? progress = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(matrix);
        ArgumentNullException.ThrowIfNull(options);
        options.Check(matrix.Size);
        if (options.Top + options.Bottom > matrix.Size)
            throw EigenpairOptions.Wrong($"An operator of size {matrix.Size} does not have {options.Top} outliers and {options.Bottom} others.");

        var forTop = options with { Bottom = 0, Tolerance = options.Bottom > 0 ? Tightening * options.Tolerance : options.Tolerance };
        var outliers = ExtremeEigenpairs.Of(matrix, forTop, progress, cancellation);
        int left = options.MaximumProducts - outliers.Products;
        if (options.Bottom == 0 || outliers.IsCancelled || left < 1)
            return outliers with { IsConverged = outliers.IsConverged && options.Bottom == 0 };

        var forTail = options with { Top = 0, MaximumProducts = left, WarmStart = default, VerifiesResiduals = false };
        // the lowest outlier is not below the rest: moved there, outliers are not taken for a tail that has no negative values
        double place = outliers.Top.Count > 0 ? outliers.Top.Values[^1] : 0;
        var tail = ExtremeEigenpairs.Of(new DeflatedOperator(matrix, outliers.Top.Vectors, place), forTail, progress, cancellation);
        double largest = 0;
        foreach (double value in outliers.Top.Values)
            largest = Math.Max(largest, Math.Abs(value));
        var bottom = tail.Bottom.Judged(matrix, options, largest);
        return outliers with
        {
            Bottom = bottom,
            Products = outliers.Products + tail.Products + bottom.Count,
            Restarts = outliers.Restarts + tail.Restarts,
            IsConverged = outliers.IsConverged && tail.IsConverged && bottom.ConvergedCount == options.Bottom,
            IsCancelled = tail.IsCancelled,
        };
    }
}
