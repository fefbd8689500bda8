namespace Understudy.Engine.LinearAlgebra.Krylov;

/// <summary>An operator that counts its products: the currency in which methods are compared.</summary>
public sealed class CountedOperator : ISymmetricOperator
{
    private readonly ISymmetricOperator _matrix;

    /// <summary>Counts what goes to <paramref name="matrix"/>.</summary>
    public CountedOperator(ISymmetricOperator matrix)
    {
        ArgumentNullException.ThrowIfNull(matrix);
        _matrix = matrix;
    }

    /// <inheritdoc/>
    public int Size => _matrix.Size;

    /// <summary>Vectors that were multiplied.</summary>
    public long Products { get; private set; }

    /// <summary>Blocks that were multiplied.</summary>
    public long Calls { get; private set; }

    /// <inheritdoc/>
    public void Apply(ReadOnlySpan<double> vectors, Span<double> products)
    {
        Products += Block.Count(Size, vectors, products);
        Calls++;
        _matrix.Apply(vectors, products);
    }
}
