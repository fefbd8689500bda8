using Understudy.Engine.Threading;

namespace Understudy.Engine.LinearAlgebra.Krylov;

/// <summary>(I - UᵀU) A (I - UᵀU) + μ UᵀU: A with the eigenvalues of orthonormal rows U moved to one place.</summary>
/// <remarks>
/// With converged outliers as U, the range of the spectrum shrinks to that of the rest. A pair (θ, u) of it is one of A up to a residual of |A Uᵀ - Uᵀ Θ|.
/// Costs up to 10 k n operations per vector beside the product, and holds a block of vectors: not for two threads at once.
/// </remarks>
public sealed class DeflatedOperator : ISymmetricOperator
{
    private readonly ISymmetricOperator _matrix;
    private readonly OrthonormalRows _vectors;
    private readonly double _value;
    private double[] _coefficients = [];
    private double[] _block = [];

    /// <summary>Takes a copy of the vectors.</summary>
    /// <param name="matrix">A.</param>
    /// <param name="vectors">U: [k, n], orthonormal rows, which is not looked at; k from 0.</param>
    /// <param name="value">μ. Zero takes U away; a value inside of the rest of the spectrum hides it from searches of both ends.</param>
    /// <param name="team">Threads; null for the caller's alone. Results do not depend on it.</param>
    /// <exception cref="ArgumentException">The vectors are not whole rows.</exception>
    public DeflatedOperator(ISymmetricOperator matrix, ReadOnlySpan<double> vectors, double value = 0, Team? team = null)
    {
        ArgumentNullException.ThrowIfNull(matrix);
        if (matrix.Size == 0 ? vectors.Length > 0 : vectors.Length % matrix.Size != 0)
            throw new ArgumentException($"{vectors.Length} numbers are not whole vectors of length {matrix.Size}.", nameof(vectors));
        int count = matrix.Size == 0 ? 0 : vectors.Length / matrix.Size;
        _matrix = matrix;
        _vectors = new OrthonormalRows(matrix.Size, count, team) { Count = count };
        vectors.CopyTo(_vectors.Rows);
        _value = value;
    }

    /// <inheritdoc/>
    public int Size => _matrix.Size;

    /// <inheritdoc/>
    public void Apply(ReadOnlySpan<double> vectors, Span<double> products)
    {
        int count = Block.Count(Size, vectors, products);
        if (_vectors.Count == 0)
        {
            _matrix.Apply(vectors, products);
            return;
        }

        if (_block.Length < vectors.Length)
        {
            _block = new double[vectors.Length];
            _coefficients = new double[count * _vectors.Count];
        }

        var block = _block.AsSpan(0, vectors.Length);
        vectors.CopyTo(block);
        _coefficients.AsSpan().Clear();
        for (int row = 0; row < count; row++)
            _vectors.Remove(_block, row * Size, Coefficients(row));
        _matrix.Apply(block, products);
        products.CopyTo(block);
        for (int row = 0; row < count; row++)
        {
            _vectors.Remove(_block, row * Size, []);
            for (int i = 0; i < _vectors.Count && _value != 0; i++)
                RowAlgebra.Add(_value * Coefficients(row)[i], _vectors.Row(i), block.Slice(row * Size, Size));
        }

        block.CopyTo(products);
    }

    /// <summary>Takes the part along U out of the vector at an offset; twice, because that part may be much the larger one.</summary>
    internal void Leave(double[] target, int offset) => _vectors.RemoveTwice(target, offset, []);

    private Span<double> Coefficients(int row) => _coefficients.AsSpan(row * _vectors.Count, _vectors.Count);
}
