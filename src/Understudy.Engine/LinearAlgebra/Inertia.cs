namespace Understudy.Engine.LinearAlgebra;

/// <summary>The numbers of positive, negative and zero eigenvalues of a dense symmetric matrix, without the eigenvalues.</summary>
/// <param name="Positive">n₊.</param>
/// <param name="Negative">n₋.</param>
/// <param name="Zero">n₀, to the threshold.</param>
/// <remarks>
/// P A Pᵀ = L D Lᵀ with diagonal pivoting (Bunch and Kaufman 1977) has the signs of A (Sylvester). Costs 2/3 n³ operations on the calling thread: both triangles are updated. A sign of an
/// eigenvalue near the rounding of A, about n ε max|A|, is not reliable; nor is the threshold one of eigenvalues: it is one of the entries of D.
/// </remarks>
public readonly record struct Inertia(int Positive, int Negative, int Zero)
{
    // Bunch and Kaufman's bound of growth is least with this one
    private const double Alpha = 0.6403882032022076;

    /// <summary>Counts the signs.</summary>
    /// <param name="matrix">A: [n, n], row-major; only the lower triangle is read.</param>
    /// <param name="size">n, which may be 0.</param>
    /// <param name="threshold">Eigenvalues of blocks of D of at most this part of the largest entry of A count as zero.</param>
    /// <param name="cancellation">Looked at once per column.</param>
    /// <exception cref="ArgumentException">The span does not have n² elements, or an entry is not finite.</exception>
    public static Inertia Of(ReadOnlySpan<double> matrix, int size, double threshold = 1e-10, CancellationToken cancellation = default)
    {
        LowerTriangleScale.ThrowIfNotSquare(matrix, size);
        ArgumentOutOfRangeException.ThrowIfNegative(threshold);
        var work = new double[matrix.Length];
        double scale = 0;
        for (int row = 0; row < size; row++)
        {
            for (int column = 0; column <= row; column++)
            {
                double entry = matrix[(row * size) + column];
                if (!double.IsFinite(entry))
                    throw new ArgumentException($"Entry {row}, {column} is {entry}.", nameof(matrix));
                work[(row * size) + column] = work[(column * size) + row] = entry;
                scale = Math.Max(scale, Math.Abs(entry));
            }
        }

        // entries of at most 1 keep squares from leaving the range
        RowAlgebra.Scale(scale > 0 ? 1 / scale : 1, work);
        var counts = new int[3];
        for (int k = 0; k < size;)
        {
            cancellation.ThrowIfCancellationRequested();
            bool isPair = Pivot(work, size, k);
            if (isPair)
                RemovePair(work, size, k, counts, threshold);
            else
                RemoveOne(work, size, k, counts, threshold);
            k += isPair ? 2 : 1;
        }

        return new Inertia(counts[0], counts[1], counts[2]);
    }

    /// <summary>Brings a good pivot to place k, or a good pair of them to k and k + 1.</summary>
    private static bool Pivot(double[] work, int size, int k)
    {
        int other = Largest(work, size, k, k);
        double beside = other < 0 ? 0 : Math.Abs(work[(k * size) + other]);
        double own = Math.Abs(work[(k * size) + k]);
        if (beside == 0 || own >= Alpha * beside)
            return false;
        int third = Largest(work, size, k, other);
        double besideOther = Math.Abs(work[(other * size) + third]);
        if (own * besideOther >= Alpha * beside * beside)
            return false;
        if (Math.Abs(work[(other * size) + other]) >= Alpha * besideOther)
        {
            Swap(work, size, k, other);
            return false;
        }

        Swap(work, size, k + 1, other);
        return true;
    }

    /// <summary>The column from k on, other than the row itself, with the largest entry of a row; -1 if there is none.</summary>
    private static int Largest(double[] work, int size, int k, int row)
    {
        int largest = -1;
        for (int column = k; column < size; column++)
        {
            if (column != row && (largest < 0 || Math.Abs(work[(row * size) + column]) > Math.Abs(work[(row * size) + largest])))
                largest = column;
        }

        return largest;
    }

    private static void Swap(double[] work, int size, int i, int j)
    {
        if (i == j)
            return;
        for (int column = 0; column < size; column++)
            (work[(i * size) + column], work[(j * size) + column]) = (work[(j * size) + column], work[(i * size) + column]);
        for (int row = 0; row < size; row++)
            (work[(row * size) + i], work[(row * size) + j]) = (work[(row * size) + j], work[(row * size) + i]);
    }

    private static void RemoveOne(double[] work, int size, int k, int[] counts, double threshold)
    {
        double d = work[(k * size) + k];
        Count(d, counts, threshold);
        if (d == 0)
            return;
        var pivot = work.AsSpan((k * size) + k + 1, size - k - 1);
        for (int row = k + 1; row < size; row++)
            RowAlgebra.Add(-work[(row * size) + k] / d, pivot, work.AsSpan((row * size) + k + 1, size - k - 1));
    }

    private static void RemovePair(double[] work, int size, int k, int[] counts, double threshold)
    {
        double a = work[(k * size) + k];
        double b = work[(k * size) + k + 1];
        double c = work[((k + 1) * size) + k + 1];
        double middle = (a + c) / 2;
        double radius = Math.Sqrt((((a - c) / 2) * ((a - c) / 2)) + (b * b));
        Count(middle + radius, counts, threshold);
        Count(middle - radius, counts, threshold);

        // |b| is the largest of the three by the choice of the pivot, and divides out of the determinant
        double determinant = b * (((a / b) * (c / b)) - 1);
        int rest = size - k - 2;
        var first = work.AsSpan((k * size) + k + 2, rest);
        var second = work.AsSpan(((k + 1) * size) + k + 2, rest);
        for (int row = k + 2; row < size; row++)
        {
            double x = work[(row * size) + k];
            double y = work[(row * size) + k + 1];
            var target = work.AsSpan((row * size) + k + 2, rest);
            RowAlgebra.Add(-(((c / b) * x) - y) / determinant, first, target);
            RowAlgebra.Add(-(((a / b) * y) - x) / determinant, second, target);
        }
    }

    private static void Count(double value, int[] counts, double threshold)
        => counts[Math.Abs(value) <= threshold ? 2 : value > 0 ? 0 : 1]++;
}
