using Understudy.Engine.Random;

namespace Understudy.Engine.LinearAlgebra.Krylov;

/// <summary>Power iteration with deflation: a baseline, kept because much published work rests on it.</summary>
/// <remarks>
/// What it misses: it finds the largest magnitudes, so that a negative eigenvalue takes the place of a smaller positive one without notice; the error
/// falls by |λ₂ / λ₁| per product, so that close values cost hundreds of products and equal magnitudes of both signs never converge; each pair carries
/// the errors of those before it. Use <see cref="ExtremeEigenpairs"/>.
/// </remarks>
public static class PowerIteration
{
    /// <summary>Finds <see cref="EigenpairOptions.Top"/> pairs of largest magnitude, one after another.</summary>
    /// <remarks>
    /// Ends a pair where its residual in the complement of the earlier ones meets the tolerance; what is told is the residual with A itself.
    /// </remarks>
    /// <param name="matrix">A.</param>
    /// <param name="options">How many, how exactly, at what cost; a bottom cannot be asked for.</param>
    /// <param name="progress">Told at every pair.</param>
    /// <param name="cancellation">Ends the search with what it has; nothing is thrown.</param>
    /// <exception cref="ArgumentException">An option that contradicts the operator, or a bottom.</exception>
    /// <exception cref="ArithmeticException">A product is not finite.</exception>
    public static ExtremeEigenpairs Of(
        ISymmetricOperator matrix, EigenpairOptions options, IProgress<EigenpairProgress>? progress = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(matrix);
        ArgumentNullException.ThrowIfNull(options);
        options.Check(matrix.Size);
        if (options.Bottom > 0)
            throw EigenpairOptions.Wrong($"{nameof(EigenpairOptions.Bottom)} is {options.Bottom}; power iteration does not find the bottom of a spectrum.");

        var found = new OrthonormalRows(matrix.Size, options.Top, options.Team);
        var values = new List<double>();
        var residuals = new List<double>();
        int products = 0;
        bool isCancelled = false;
        while (values.Count < options.Top && products < options.MaximumProducts && !isCancelled)
        {
            var search = new Pair(matrix, options, found, values.Count > 0 ? Math.Abs(values[0]) : 0);
            products += search.Run(options.MaximumProducts - products, cancellation, out isCancelled);
            if (found.Count == values.Count)
                break;
            values.Add(search.Value);
            residuals.Add(search.Residual);
            progress?.Report(new EigenpairProgress(products, 0, [.. values], [.. residuals]));
        }

        var pairs = Result(options, found, values, residuals);
        var result = new ExtremeEigenpairs
        {
            Top = pairs,
            Bottom = Eigenpairs.None,
            Products = products,
            Restarts = 0,
            Seed = options.Seed,
            IsConverged = pairs.ConvergedCount == options.Top,
            IsCancelled = isCancelled,
        };
        return options.VerifiesResiduals ? result.Verified(matrix) : result;
    }

    private static Eigenpairs Result(EigenpairOptions options, OrthonormalRows found, List<double> values, List<double> residuals)
    {
        double largest = 0;
        var converged = new bool[values.Count];
        foreach (double value in values)
            largest = Math.Max(largest, Math.Abs(value));
        for (int i = 0; i < values.Count; i++)
        {
            converged[i] = residuals[i] <= options.Acceptable(values[i], largest);
            RowAlgebra.FixSign(found.Row(i));
        }

        int size = found.Rows.Length / Math.Max(1, options.Top);
        return new Eigenpairs([.. values], found.Rows[..(values.Count * size)], [.. residuals], converged, []);
    }

    /// <summary>The iteration for one pair.</summary>
    private sealed class Pair(ISymmetricOperator matrix, EigenpairOptions options, OrthonormalRows found, double largest)
    {
        internal double Value { get; private set; }

        internal double Residual { get; private set; }

        internal int Products { get; private set; }

        /// <summary>Returns the products it took; the vector is appended to those found unless the search was cancelled.</summary>
        internal int Run(int maximumProducts, CancellationToken cancellation, out bool isCancelled)
        {
            int rank = found.Count;
            var vector = new double[matrix.Size];
            var image = new double[matrix.Size];
            Begin(vector, rank);
            isCancelled = false;
            while (Products < maximumProducts)
            {
                isCancelled = !Multiplication.TryApply(matrix, vector, image, cancellation);
                if (isCancelled)
                    break;
                double length = Math.Sqrt(RowAlgebra.Dot(image, image));
                if (!double.IsFinite(length))
                    throw new ArithmeticException("A product of the operator is not finite.");
                Products++;
                Value = RowAlgebra.Dot(vector, image);
                RowAlgebra.Add(-Value, vector, image);
                Residual = Math.Sqrt(RowAlgebra.Dot(image, image));
                found.Remove(image, 0, []);
                double inside = Math.Sqrt(RowAlgebra.Dot(image, image));
                if (inside <= options.Acceptable(Value, Math.Max(largest, Math.Abs(Value))) || Products == maximumProducts)
                    break;
                RowAlgebra.Add(Value, vector, image);
                RowAlgebra.Scale(1 / Math.Sqrt(RowAlgebra.Dot(image, image)), image);
                found.Remove(image, 0, []);
                (vector, image) = (image, vector);
            }

            if (Products > 0 && !isCancelled)
                found.Append(vector, 0, [], 0);
            return Products;
        }

        private void Begin(double[] vector, int rank)
        {
            int size = matrix.Size;
            if ((rank + 1) * size <= options.WarmStart.Length)
                options.WarmStart.Span.Slice(rank * size, size).CopyTo(vector);
            else
                new RandomSequence(options.Seed, "krylov/start").FillNormal(rank, vector.AsSpan());
            found.RemoveTwice(vector, 0, []);
            double length = Math.Sqrt(RowAlgebra.Dot(vector, vector));
            if (!(length > 0))
                throw EigenpairOptions.Wrong($"Vector {rank} of the warm start depends on those before it.");
            RowAlgebra.Scale(1 / length, vector);
        }
    }
}
