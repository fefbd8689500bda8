using Understudy.Engine.Kernels;
using Understudy.Engine.Random;

namespace Understudy.Engine.LinearAlgebra;

/// <summary>Eigenvectors of a symmetric band matrix for eigenvalues that are known to rounding.</summary>
/// <remarks>
/// Solves (B - λ I) y = x from a random x, at least twice, and orthogonalizes against all vectors found before, so that those of
/// clustered and of multiple eigenvalues span their space (Parlett 1998, sections 4.2 and 4.3). Costs 4 n w² operations per vector for
/// a band of width w, and some 8 n k² for k vectors.
/// </remarks>
internal static class InverseIteration
{
    private const int LeastSolutions = 2;
    private const int MostSolutions = 8;

    /// <summary>Fills the rows [k, n] with orthonormal eigenvectors of the k values; false if a residual did not come down to rounding.</summary>
    internal static bool Find(SymmetricBand band, ReadOnlySpan<double> values, Span<double> vectors, CancellationToken cancellation)
    {
        int size = band.Size;
        var start = new RandomSequence(1, "inverse iteration");
        var factors = new BandFactors(band);
        var image = new double[size];
        var dots = new double[values.Length];
        double norm = Norm(band, image);
        double smallestPivot = norm > 0 ? TridiagonalValues.Unit * norm : 1;
        double tolerance = 8 * TridiagonalValues.Unit * Math.Sqrt(size) * norm;
        bool isConverged = true;
        for (int i = 0; i < values.Length; i++)
        {
            cancellation.ThrowIfCancellationRequested();
            var vector = vectors.Slice(i * size, size);
            start.FillNormal(i, vector);
            factors.Factor(values[i], smallestPivot);
            bool isSolved = false;
            for (int solution = 1; solution <= MostSolutions && !(isSolved && solution > LeastSolutions); solution++)
            {
                factors.Solve(vector);
                Orthonormalize(vectors, dots.AsSpan(0, i), vector);
                Multiply(band, vector, image);
                RowAlgebra.Add(-values[i], vector, image);
                isSolved = Math.Sqrt(RowAlgebra.Dot(image, image)) <= tolerance;
            }

            isConverged &= isSolved;
        }

        return isConverged;
    }

    /// <summary>The largest sum of magnitudes in a row.</summary>
    private static double Norm(SymmetricBand band, Span<double> sums)
    {
        sums.Clear();
        double norm = 0;
        for (int row = 0; row < band.Size; row++)
        {
            int first = Math.Max(0, row - band.Width);
            var elements = band.Row(row, first, row - first + 1);
            for (int column = first; column <= row; column++)
            {
                double magnitude = Math.Abs(elements[column - first]);
                sums[row] += magnitude;
                if (column < row)
                    sums[column] += magnitude;
            }
        }

        foreach (double sum in sums)
            norm = Math.Max(norm, sum);
        return norm;
    }

    private static void Multiply(SymmetricBand band, ReadOnlySpan<double> x, Span<double> image)
    {
        image.Clear();
        for (int row = 0; row < band.Size; row++)
        {
            int first = Math.Max(0, row - band.Width);
            var left = band.Row(row, first, row - first);
            RowAlgebra.Add(x[row], left, image[first..]);
            image[row] += RowAlgebra.Dot(left, x[first..]) + (band.Row(row, row, 1)[0] * x[row]);
        }
    }

    /// <summary>Twice, since what is left of a vector near the span of the others is not orthogonal to rounding.</summary>
    private static void Orthonormalize(ReadOnlySpan<double> others, Span<double> dots, Span<double> vector)
    {
        Normalize(vector);
        for (int sweep = 0; sweep < 2; sweep++)
        {
            RowPanel.Dots(others, vector.Length, dots.Length, vector, dots);
            RowPanel.Subtract(others, vector.Length, dots, vector);
            Normalize(vector);
        }
    }

    /// <summary>To length 1; the largest component first, as the squares of a solution can overflow.</summary>
    private static void Normalize(Span<double> vector)
    {
        double largest = 0;
        foreach (double component in vector)
            largest = Math.Max(largest, Math.Abs(component));
        RowAlgebra.Scale(1 / largest, vector);
        RowAlgebra.Scale(1 / Math.Sqrt(RowAlgebra.Dot(vector, vector)), vector);
    }
}
