namespace Understudy.Engine.LinearAlgebra;

/// <summary>Takes a symmetric matrix, given by its lower triangle, to a range in which squares neither overflow nor vanish.</summary>
internal static class LowerTriangleScale
{
    /// <summary>The power of two below it would be no number when inverted.</summary>
    private const int SmallestExponent = -1000;

    internal static void ThrowIfNotSquare(ReadOnlySpan<double> matrix, int size)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(size);
        if (matrix.Length != (long)size * size)
            throw new ArgumentException($"A matrix of {size} x {size} does not have {matrix.Length} elements.", nameof(matrix));
    }

    /// <summary>The lower triangle of the matrix, with zeros above.</summary>
    internal static double[] Copy(ReadOnlySpan<double> matrix, int size)
    {
        var copy = new double[matrix.Length];
        for (int row = 0; row < size; row++)
            matrix.Slice(row * size, row + 1).CopyTo(copy.AsSpan(row * size));
        return copy;
    }

    /// <summary>Divides by a power of two, which is returned, so that the largest magnitude is between 1 and 2; not a number if one is not finite.</summary>
    internal static double Normalize(Span<double> matrix, int size)
    {
        double largest = 0;
        for (int row = 0; row < size; row++)
        {
            foreach (double element in matrix.Slice(row * size, row + 1))
                largest = Math.Max(largest, Math.Abs(element));
        }

        if (!double.IsFinite(largest))
            return double.NaN;
        if (largest == 0)
            return 1;
        int exponent = Math.Max(SmallestExponent, Math.ILogB(largest));
        double inverse = Math.ScaleB(1, -exponent);
        for (int row = 0; row < size; row++)
            RowAlgebra.Scale(inverse, matrix.Slice(row * size, row + 1));
        return Math.ScaleB(1, exponent);
    }
}
