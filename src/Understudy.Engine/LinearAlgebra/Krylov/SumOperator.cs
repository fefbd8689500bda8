namespace Understudy.Engine.LinearAlgebra.Krylov;

/// <summary>a A + b B, such as a Hessian as the sum of its two parts, or a difference of two.</summary>
/// <remarks>Holds a block of products: not for two threads at once.</remarks>
public sealed class SumOperator : ISymmetricOperator
{
    private readonly ISymmetricOperator _left;
    private readonly ISymmetricOperator _right;
    private readonly double _leftScale;
    private readonly double _rightScale;
    private double[] _block = [];

    /// <summary>Adds two operators.</summary>
    /// <param name="left">A.</param>
    /// <param name="right">B, of the size of A.</param>
    /// <param name="leftScale">a.</param>
    /// <param name="rightScale">b.</param>
    /// <exception cref="ArgumentException">The sizes differ.</exception>
    public SumOperator(ISymmetricOperator left, ISymmetricOperator right, double leftScale = 1, double rightScale = 1)
    {
        ArgumentNullException.ThrowIfNull(left);
        ArgumentNullException.ThrowIfNull(right);
        if (left.Size != right.Size)
            throw new ArgumentException($"Operators of the sizes {left.Size} and {right.Size} have no sum.", nameof(right));
        _left = left;
        _right = right;
        _leftScale = leftScale;
        _rightScale = rightScale;
    }

    /// <inheritdoc/>
    public int Size => _left.Size;

    /// <inheritdoc/>
    public void Apply(ReadOnlySpan<double> vectors, Span<double> products)
    {
        if (_block.Length < vectors.Length)
            _block = new double[vectors.Length];
        var block = _block.AsSpan(0, vectors.Length);
        _left.Apply(vectors, products);
        _right.Apply(vectors, block);
        RowAlgebra.Scale(_leftScale, products);
        RowAlgebra.Add(_rightScale, block, products);
    }
}
