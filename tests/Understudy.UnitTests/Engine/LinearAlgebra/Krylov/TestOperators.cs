using Understudy.Engine.LinearAlgebra;
using Understudy.Engine.LinearAlgebra.Krylov;
using Understudy.Engine.Random;

namespace Understudy.UnitTests.Engine.LinearAlgebra.Krylov;

/// <summary>A diagonal matrix: its eigenvalues are known, and its products do not depend on the block.</summary>
internal sealed class Diagonal(double[] values) : ISymmetricOperator
{
    public int Size => values.Length;

    internal int Calls { get; private set; }

    internal int Products { get; private set; }

    public void Apply(ReadOnlySpan<double> vectors, Span<double> products)
    {
        Calls++;
        for (int i = 0; i < vectors.Length; i++)
            products[i] = values[i % values.Length] * vectors[i];
        Products += vectors.Length / Size;
    }
}

internal static class TestOperators
{
    internal static DenseOperator Random(int n, ulong seed) => new(SymmetricMatrices.Random(n, seed), n);

    internal static double[] Vectors(int count, int n, ulong seed)
    {
        var vectors = new double[count * n];
        new RandomSequence(seed, "vectors").FillNormal(0, vectors.AsSpan());
        return vectors;
    }

    internal static double Dot(ReadOnlySpan<double> x, ReadOnlySpan<double> y)
    {
        double sum = 0;
        for (int i = 0; i < x.Length; i++)
            sum += x[i] * y[i];
        return sum;
    }

    internal static double[] Apply(ISymmetricOperator a, ReadOnlySpan<double> vectors)
    {
        var products = new double[vectors.Length];
        a.Apply(vectors, products);
        return products;
    }
}
