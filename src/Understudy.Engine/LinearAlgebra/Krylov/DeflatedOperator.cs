namespace Understudy.Engine.LinearAlgebra.Krylov;

/// <summary>(I - UᵀU) A (I - UᵀU) + μ UᵀU: A with the eigenvalues of orthonormal rows U moved to one place.</summary>
/// <remarks>
/// With converged outliers as U, the range of the spectrum shrinks to that of the rest. A pair (θ, u) of it is one of A up to a residual of |A Uᵀ - Uᵀ Θ|.
/// Costs up to 10 k n operations per vector beside the product, and holds a block of vectors: not for two threads at once.
/// </remarks>
public sealed class DeflatedOperator : ISymmetricOperator
{
    private readonly ISymmetricOperator _matrix;
    private readonly double[] _vectors;
    private readonly int _count;
    private readonly double _value;
    private readonly double[] _sweep;
    private double[] _coefficients = [];
    private double[] _block = [];

    /// <summary>Takes a copy of the vectors.</summary>
    /// <param name="matrix">A.</param>
    /// <param name="vectors">U: [k, n], orthonormal rows, which is not looked at; k from 0.</param>
    /// <param name="value">μ. Zero takes U away; a value inside of the rest of the spectrum hides it from searches of both ends.</param>
    /// <exception cref="ArgumentException">The vectors are not whole rows.</exception>
    public DeflatedOperator(ISymmetricOperator matrix, ReadOnlySpan<double> vectors, double value = 0)
    {
        ArgumentNullException.ThrowIfNull(matrix);
        if (matrix.Size == 0 ? vectors.Length > 0 : vectors.Length % matrix.Size != 0)
            throw new ArgumentException($"{vectors.Length} numbers are not whole vectors of length {matrix.Size}.", nameof(vectors));
        _matrix = matrix;
        _vectors = vectors.ToArray();
        _count = matrix.Size == 0 ? 0 : vectors.Length / matrix.Size;
        _value = value;
        _sweep = new double[_count];
    }

    /// <inheritdoc/>
    public int Size => _matrix.Size;

    /// <inheritdoc/>
    public void Apply(ReadOnlySpan<double> vectors, Span<double> products)
    {
        int count = Block.Count(Size, vectors, products);
        if (_block.Length < vectors.Length)
        {
            _block = new double[vectors.Length];
            _coefficients = new double[count * _count];
        }

        var block = _block.AsSpan(0, vectors.Length);
        vectors.CopyTo(block);
        for (int row = 0; row < count; row++)
            Project(block.Slice(row * Size, Size), _coefficients.AsSpan(row * _count, _count));
        _matrix.Apply(block, products);
        for (int row = 0; row < count; row++)
        {
            var product = products.Slice(row * Size, Size);
            Project(product, _sweep);
            for (int i = 0; i < _count && _value != 0; i++)
                RowAlgebra.Add(_value * _coefficients[(row * _count) + i], _vectors.AsSpan(i * Size, Size), product);
        }
    }

    private void Project(Span<double> vector, Span<double> coefficients)
    {
        for (int i = 0; i < _count; i++)
            coefficients[i] = RowAlgebra.Dot(_vectors.AsSpan(i * Size, Size), vector);
        for (int i = 0; i < _count; i++)
            RowAlgebra.Add(-coefficients[i], _vectors.AsSpan(i * Size, Size), vector);
    }
}
