namespace Understudy.Engine.LinearAlgebra.Krylov;

/// <summary>The rows and columns of an operator that belong to a set of indices, such as the parameters of one layer.</summary>
/// <remarks>Its eigenvalues lie between those of the whole (Cauchy). A product is one of the whole operator, and holds two of its blocks.</remarks>
public sealed class PrincipalBlock : ISymmetricOperator
{
    private readonly ISymmetricOperator _matrix;
    private readonly int[] _indices;
    private double[] _vectors = [];
    private double[] _products = [];

    /// <summary>The indices of a range.</summary>
    /// <param name="matrix">A: [n, n].</param>
    /// <param name="range">A range within n.</param>
    /// <exception cref="ArgumentOutOfRangeException">The range leaves the operator.</exception>
    public PrincipalBlock(ISymmetricOperator matrix, Range range)
        : this(matrix, Indices(matrix, range))
    {
    }

    /// <summary>The indices of a set, in their order.</summary>
    /// <param name="matrix">A: [n, n].</param>
    /// <param name="indices">Different indices in [0, n); they are copied.</param>
    /// <exception cref="ArgumentException">An index leaves the operator or appears twice.</exception>
    public PrincipalBlock(ISymmetricOperator matrix, ReadOnlySpan<int> indices)
    {
        ArgumentNullException.ThrowIfNull(matrix);
        var isTaken = new bool[matrix.Size];
        foreach (int index in indices)
        {
            if (index < 0 || index >= matrix.Size)
                throw new ArgumentException($"An operator of size {matrix.Size} has no index {index}.", nameof(indices));
            if (isTaken[index])
                throw new ArgumentException($"The index {index} appears twice.", nameof(indices));
            isTaken[index] = true;
        }

        _matrix = matrix;
        _indices = indices.ToArray();
    }

    /// <inheritdoc/>
    public int Size => _indices.Length;

    /// <inheritdoc/>
    public void Apply(ReadOnlySpan<double> vectors, Span<double> products)
    {
        int count = Block.Count(Size, vectors, products);
        int whole = _matrix.Size;
        if (_vectors.Length < (long)count * whole)
        {
            _vectors = new double[count * whole];
            _products = new double[count * whole];
        }

        // what is outside of the indices is never written and stays zero
        for (int row = 0; row < count; row++)
        {
            for (int i = 0; i < Size; i++)
                _vectors[(row * whole) + _indices[i]] = vectors[(row * Size) + i];
        }

        _matrix.Apply(_vectors.AsSpan(0, count * whole), _products.AsSpan(0, count * whole));
        for (int row = 0; row < count; row++)
        {
            for (int i = 0; i < Size; i++)
                products[(row * Size) + i] = _products[(row * whole) + _indices[i]];
        }
    }

    private static int[] Indices(ISymmetricOperator matrix, Range range)
    {
        ArgumentNullException.ThrowIfNull(matrix);
        var (offset, length) = range.GetOffsetAndLength(matrix.Size);
        var indices = new int[length];
        for (int i = 0; i < length; i++)
            indices[i] = offset + i;
        return indices;
    }
}
