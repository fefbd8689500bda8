namespace Understudy.Engine.LinearAlgebra.Krylov;

/// <summary>a A + μ I: the same eigenvectors, with eigenvalues a λ + μ.</summary>
public sealed class ShiftedOperator : ISymmetricOperator
{
    private readonly ISymmetricOperator _matrix;
    private readonly double _scale;
    private readonly double _shift;

    /// <summary>Shifts after it scales.</summary>
    /// <param name="matrix">A.</param>
    /// <param name="shift">μ.</param>
    /// <param name="scale">a; -1 turns the ends of the spectrum round.</param>
    public ShiftedOperator(ISymmetricOperator matrix, double shift, double scale = 1)
    {
        ArgumentNullException.ThrowIfNull(matrix);
        _matrix = matrix;
        _shift = shift;
        _scale = scale;
    }

    /// <inheritdoc/>
    public int Size => _matrix.Size;

    /// <inheritdoc/>
    public void Apply(ReadOnlySpan<double> vectors, Span<double> products)
    {
        _matrix.Apply(vectors, products);
        RowAlgebra.Scale(_scale, products);
        RowAlgebra.Add(_shift, vectors, products);
    }
}
