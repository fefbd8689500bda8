using Understudy.Engine.Threading;

namespace Understudy.Engine.LinearAlgebra.Krylov;

/// <summary>A symmetric matrix that is stored with all its entries, as an operator.</summary>
/// <remarks>A product costs 2 n² operations per vector; a vector's product does not depend on the block it stands in, nor on the team.</remarks>
public sealed class DenseOperator : ISymmetricOperator
{
    private readonly double[] _matrix;
    private readonly Team? _team;

    /// <summary>Takes the matrix as it is, without a copy.</summary>
    /// <param name="matrix">A: [n, n], row-major and symmetric in all its entries, which is not looked at.</param>
    /// <param name="size">n.</param>
    /// <param name="team">Threads for the products; null for the caller's alone.</param>
    /// <exception cref="ArgumentException">The array does not have n² elements.</exception>
    public DenseOperator(double[] matrix, int size, Team? team = null)
    {
        ArgumentNullException.ThrowIfNull(matrix);
        ArgumentOutOfRangeException.ThrowIfNegative(size);
        if (matrix.Length != (long)size * size)
            throw new ArgumentException($"A matrix of {size} x {size} does not have {matrix.Length} elements.", nameof(matrix));
        _matrix = matrix;
        _team = team;
        Size = size;
    }

    /// <inheritdoc/>
    public int Size { get; }

    /// <inheritdoc/>
    public void Apply(ReadOnlySpan<double> vectors, Span<double> products)
        => Products.Multiply(Block.Count(Size, vectors, products), Size, Size, vectors, _matrix, products, team: _team);
}
