namespace Understudy.Engine.LinearAlgebra.Krylov;

/// <summary>The most negative eigenvalues of an operator with a few large outliers, such as the Hessian of a loss.</summary>
public static class NegativeTail
{
    // leaves room for what the outliers add to the residual
    private const double Tightening = 0.9;

    /// <summary>Finds the outliers at the top, deflates them, and finds the bottom of what is left.</summary>
    /// <remarks>
    /// <para>Pays where a basis of all needed steps does not fit: a restart then does not have to carry the outliers, and the range of the spectrum is that of
    /// the bulk. Where it fits, one search of <see cref="ExtremeEigenpairs"/> for both ends needs fewer products, because a basis that is kept whole
    /// deflates the outliers by itself.</para>
    /// <para>A Rayleigh-Ritz step with A itself, for one product per pair of the bottom, takes away what outliers that are not exact leave in the tail. The
    /// residuals of the bottom are those of A, with a bound in the place of what the residuals of the outliers add; where it was cancelled they are those of
    /// the deflated operator.</para>
    /// </remarks>
    /// <param name="matrix">A.</param>
    /// <param name="options">The outliers as <see cref="EigenpairOptions.Top"/>, the tail as <see cref="EigenpairOptions.Bottom"/>.</param>
    /// <param name="progress">Told by both searches; each counts its own products.</param>
    /// <param name="cancellation">Ends the search with what it has; nothing is thrown.</param>
    /// <exception cref="ArgumentException">An option that contradicts the operator or the memory; the message names it.</exception>
    /// <exception cref="ArithmeticException">A product is not finite.</exception>
    public static ExtremeEigenpairs Of(
        ISymmetricOperator matrix, EigenpairOptions options, IProgress<EigenpairProgress>? progress = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(matrix);
        ArgumentNullException.ThrowIfNull(options);
        options.Check(matrix.Size);
        if (options.Top + options.Bottom > matrix.Size)
            throw EigenpairOptions.Wrong($"An operator of size {matrix.Size} does not have {options.Top} outliers and {options.Bottom} others.");

        if (options.Top == 0 || options.Bottom == 0)
            return ExtremeEigenpairs.Of(matrix, options, progress, cancellation);
        var outliers = ExtremeEigenpairs.Of(matrix, options with { Bottom = 0, VerifiesResiduals = false }, progress, cancellation);
        int left = options.MaximumProducts - outliers.Products - options.Bottom;
        if (outliers.IsCancelled || left < 1)
            return outliers with { IsConverged = false };

        // the lowest outlier is not below the rest: moved there, outliers are not taken for a tail that has no negative values
        double place = outliers.Top.Values[^1];
        var forTail = options with
        {
            Top = 0,
            MaximumProducts = left,
            WarmStart = default,
            VerifiesResiduals = false,
            Tolerance = Tightening * options.Tolerance,
            Scale = Math.Max(Math.Abs(outliers.Top.Values[0]), Math.Abs(place)),
            MemoryBytes = options.MemoryBytes - (2L * outliers.Top.Count * matrix.Size * sizeof(double)),
        };
        var tail = ExtremeEigenpairs.Of(new DeflatedOperator(matrix, outliers.Top.Vectors, place, options.Team), forTail, progress, cancellation);
        int products = outliers.Products + tail.Products;
        var bottom = tail.Bottom;
        var refined = bottom.Count > 0 ? Refined(matrix, outliers.Top, bottom, options, cancellation) : null;
        if (refined != null)
        {
            bottom = refined;
            products += bottom.Count;
        }

        var result = outliers with
        {
            Bottom = bottom,
            Products = products,
            Restarts = outliers.Restarts + tail.Restarts,
            IsConverged = outliers.IsConverged && tail.IsConverged && refined?.ConvergedCount == options.Bottom,
            IsCancelled = tail.IsCancelled || (bottom.Count > 0 && refined == null),
        };
        return options.VerifiesResiduals ? result.Verified(matrix, cancellation) : result;
    }

    /// <summary>The lowest Ritz pairs of A in the span of both ends; null where the product was cancelled.</summary>
    private static Eigenpairs? Refined(
        ISymmetricOperator matrix, Eigenpairs top, Eigenpairs bottom, EigenpairOptions options, CancellationToken cancellation)
    {
        int size = matrix.Size;
        int outliers = top.Count;
        int count = bottom.Count;
        int all = outliers + count;
        var basis = new OrthonormalRows(size, all, options.Team);
        top.Vectors.CopyTo(basis.Rows);
        basis.Count = outliers;
        var vectors = bottom.Vectors.ToArray();
        for (int i = 0; i < count; i++)
            basis.Append(vectors, i * size, [], 0);

        // A of the outliers is known up to their residuals: Θ U and the coupling that A of the tail shows
        var images = new double[all * size];
        if (!Multiplication.TryApply(matrix, basis.Rows.AsSpan(outliers * size), images.AsSpan(outliers * size), cancellation))
            return null;
        var t = new double[all * all];
        for (int row = 0; row < outliers; row++)
        {
            t[(row * all) + row] = top.Values[row];
            RowAlgebra.Add(top.Values[row], basis.Row(row), images.AsSpan(row * size, size));
        }

        for (int row = outliers; row < all; row++)
        {
            for (int column = 0; column <= row; column++)
                t[(row * all) + column] = RowAlgebra.Dot(images.AsSpan(row * size, size), basis.Row(column));
        }

        return Lowest(SymmetricEigen.Of(t, all, CancellationToken.None), basis, images, top, count, options);
    }

    private static Eigenpairs Lowest(SymmetricEigen ritz, OrthonormalRows basis, double[] images, Eigenpairs top, int count, EigenpairOptions options)
    {
        int all = basis.Count;
        int size = basis.Rows.Length / all;
        double largest = Math.Max(Math.Abs(ritz.Values[0]), Math.Abs(ritz.Values[^1]));
        var vectors = new double[count * size];
        var residuals = new double[count];
        var converged = new bool[count];
        var rest = new double[size];
        for (int i = 0; i < count; i++)
        {
            var y = ritz.Vector(i);
            var vector = vectors.AsSpan(i * size, size);
            double bound = 0;
            rest.AsSpan().Clear();
            for (int row = 0; row < all; row++)
            {
                RowAlgebra.Add(y[row], basis.Row(row), vector);
                RowAlgebra.Add(y[row], images.AsSpan(row * size, size), rest);
                bound += row < top.Count ? Math.Abs(y[row]) * top.Residuals[row] : 0;
            }

            RowAlgebra.Add(-ritz.Values[i], vector, rest);
            residuals[i] = Math.Sqrt(RowAlgebra.Dot(rest, rest)) + bound;
            converged[i] = residuals[i] <= options.Acceptable(ritz.Values[i], largest);
            RowAlgebra.FixSign(vector);
        }

        return new Eigenpairs(ritz.Values[..count].ToArray(), vectors, residuals, converged, []);
    }
}
