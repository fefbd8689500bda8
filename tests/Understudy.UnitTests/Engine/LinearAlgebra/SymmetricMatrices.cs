using Understudy.Engine.LinearAlgebra;
using Understudy.Engine.Random;

namespace Understudy.UnitTests.Engine.LinearAlgebra;

/// <summary>Symmetric matrices of the kinds that trouble eigensolvers.</summary>
internal static class SymmetricMatrices
{
    internal static double[] Random(int n, ulong seed)
    {
        var a = new double[n * n];
        new RandomSequence(seed, "matrix").FillNormal(0, a.AsSpan());
        for (int row = 0; row < n; row++)
        {
            for (int column = 0; column < row; column++)
                a[(column * n) + row] = a[(row * n) + column];
        }

        return a;
    }

    /// <summary>Qᵀ diag(values) Q with a random orthogonal Q.</summary>
    internal static double[] WithValues(double[] values, ulong seed)
    {
        int n = values.Length;
        var q = SymmetricEigen.Of(Random(n, seed), n).Vectors.ToArray();
        var scaled = (double[])q.Clone();
        for (int row = 0; row < n; row++)
        {
            for (int column = 0; column < n; column++)
                scaled[(row * n) + column] *= values[row];
        }

        var a = new double[n * n];
        Products.Multiply(n, n, n, q, scaled, a, transposeLeft: true);
        for (int row = 0; row < n; row++)
        {
            for (int column = 0; column < row; column++)
                a[(column * n) + row] = a[(row * n) + column];
        }

        return a;
    }

    internal static SymmetricEigen Solve(double[] a, int n) => SymmetricEigen.Of(a, n, TestContext.Current.CancellationToken);

    internal static double LargestMagnitude(ReadOnlySpan<double> values)
    {
        double largest = 0;
        foreach (double value in values)
            largest = Math.Max(largest, Math.Abs(value));
        return largest;
    }

    /// <summary>The largest entry of |V A - diag(λ) V| and of |V Vᵀ - I| for eigenvectors as rows.</summary>
    internal static (double Residual, double Skewness) Errors(double[] a, int n, ReadOnlySpan<double> values, ReadOnlySpan<double> vectors)
    {
        int count = values.Length;
        var images = new double[count * n];
        var gram = new double[count * count];
        Products.Multiply(count, n, n, vectors, a, images);
        Products.Multiply(count, count, n, vectors, vectors, gram, transposeRight: true);
        for (int row = 0; row < count; row++)
        {
            for (int column = 0; column < n; column++)
                images[(row * n) + column] -= values[row] * vectors[(row * n) + column];
            gram[(row * count) + row] -= 1;
        }

        return (LargestMagnitude(images), LargestMagnitude(gram));
    }
}
