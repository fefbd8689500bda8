namespace Understudy.Engine.LinearAlgebra.Estimation;

/// <summary>Singular values of a few rows.</summary>
/// <remarks>
/// One-sided Jacobi (Hestenes 1958; Demmel and Veselić 1992): pairs of rows are rotated until all are orthogonal, and the lengths are the singular
/// values. The Gram matrix would lose those below 1e-8 of the largest.
/// </remarks>
internal static class SingularValues
{
    // rows whose cosine is below are orthogonal to rounding
    private const double Orthogonal = 1e-15;

    // converges quadratically; six to ten sweeps are usual
    private const int MostSweeps = 40;

    /// <summary>The singular values [rows] in descending order; the matrix [rows, n] is destroyed.</summary>
    internal static double[] Of(double[] matrix, int rows, int n)
    {
        for (int sweep = 0; sweep < MostSweeps && Sweep(matrix, rows, n); sweep++)
        {
        }

        var values = new double[rows];
        for (int i = 0; i < rows; i++)
            values[i] = Math.Sqrt(RowAlgebra.Dot(matrix.AsSpan(i * n, n), matrix.AsSpan(i * n, n)));
        Array.Sort(values);
        Array.Reverse(values);
        return values;
    }

    private static bool Sweep(double[] matrix, int rows, int n)
    {
        bool isTurned = false;
        for (int i = 0; i < rows - 1; i++)
        {
            for (int j = i + 1; j < rows; j++)
            {
                var x = matrix.AsSpan(i * n, n);
                var y = matrix.AsSpan(j * n, n);
                double product = RowAlgebra.Dot(x, y);
                double xx = RowAlgebra.Dot(x, x);
                double yy = RowAlgebra.Dot(y, y);
                if (Math.Abs(product) <= Orthogonal * Math.Sqrt(xx) * Math.Sqrt(yy))
                    continue;
                isTurned = true;
                double ratio = (yy - xx) / (2 * product);
                double tangent = Math.CopySign(1, ratio) / (Math.Abs(ratio) + Math.Sqrt(1 + (ratio * ratio)));
                double cosine = 1 / Math.Sqrt(1 + (tangent * tangent));
                RowAlgebra.Rotate(cosine, cosine * tangent, x, y);
            }
        }

        return isTurned;
    }
}
