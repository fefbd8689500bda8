using Understudy.Engine.LinearAlgebra;
using Understudy.Learning.Networks;

namespace Understudy.Learning.Curvature;

/// <summary>A matrix of second order without what couples one group of parameters to another: the diagonal blocks, and zeros between them.</summary>
/// <remarks>
/// A v = Σ_b P_b M P_b v, with P_b the projection to block b. A product costs one product with M per block, whatever the size of the block, and holds twice at most eight vectors. Where
/// M fits into memory, <see cref="Restrict"/> has the same matrix from its entries; one block alone is cheaper by <see cref="CurvatureOptions.Block"/>. The eigenvalues are those of the
/// blocks together, and lie between the smallest and the largest of M (Cauchy).
/// </remarks>
public sealed class BlockDiagonalOperator : ISymmetricOperator
{
    // vectors in one call of the whole matrix
    private const int Most = 8;

    private readonly ISymmetricOperator _matrix;
    private readonly (int Offset, int Length)[][] _blocks;
    private double[] _vectors = [];
    private double[] _products = [];

    /// <summary>The diagonal blocks of a matrix.</summary>
    /// <param name="matrix">M, [P, P].</param>
    /// <param name="layout">Where each parameter stands, such as <see cref="NetworkCurvature.Block"/>.</param>
    /// <param name="block">The block a parameter belongs to, by any word, such as that of its layer; null for a block per parameter tensor.</param>
    /// <exception cref="ArgumentException">The layout is not that of the matrix.</exception>
    public BlockDiagonalOperator(ISymmetricOperator matrix, ParameterLayout layout, Func<ParameterSlot, string>? block = null)
    {
        ArgumentNullException.ThrowIfNull(matrix);
        ArgumentNullException.ThrowIfNull(layout);
        if (layout.Count != matrix.Size)
            throw new ArgumentException($"The layout has {layout.Count} parameters, but the matrix {matrix.Size} rows.", nameof(layout));
        _matrix = matrix;
        _blocks = [.. layout.Slots.GroupBy(slot => block?.Invoke(slot) ?? slot.Name).Select(slots => slots.Select(slot => (slot.Offset, slot.Shape.Count)).ToArray())];
    }

    /// <inheritdoc/>
    public int Size => _matrix.Size;

    /// <summary>The number of blocks.</summary>
    public int Blocks => _blocks.Length;

    /// <inheritdoc/>
    public void Apply(ReadOnlySpan<double> vectors, Span<double> products)
    {
        if (vectors.Length != products.Length || vectors.Length % Size != 0)
            throw new ArgumentException($"Vectors of {vectors.Length} and products of {products.Length} numbers are not rows of {Size}.", nameof(vectors));
        var atOnce = Math.Min(Most, Blocks);
        if (_vectors.Length == 0)
            (_vectors, _products) = (new double[atOnce * Size], new double[atOnce * Size]);
        for (var start = 0; start < vectors.Length; start += Size)
        {
            for (var first = 0; first < Blocks; first += atOnce)
                Apply(_blocks.AsSpan(first, Math.Min(atOnce, Blocks - first)), vectors.Slice(start, Size), products.Slice(start, Size));
        }
    }

    /// <summary>Writes zeros between the blocks of a whole matrix.</summary>
    /// <param name="entries">[P, P], row-major, such as that of <see cref="ExactHessian"/>.</param>
    /// <exception cref="ArgumentException">The matrix has another size.</exception>
    public void Restrict(Span<double> entries)
    {
        if (entries.Length != (long)Size * Size)
            throw new ArgumentException($"{entries.Length} entries are not a matrix of {Size} rows.", nameof(entries));
        var kept = new double[Size];
        foreach (var block in _blocks)
        {
            foreach (var (offset, length) in block)
            {
                for (var row = offset; row < offset + length; row++)
                {
                    var entriesOfRow = entries.Slice(row * Size, Size);
                    entriesOfRow.CopyTo(kept);
                    entriesOfRow.Clear();
                    Copy(block, kept, entriesOfRow);
                }
            }
        }
    }

    /// <summary>The parts of one product that belong to some blocks.</summary>
    private void Apply(ReadOnlySpan<(int Offset, int Length)[]> blocks, ReadOnlySpan<double> vector, Span<double> product)
    {
        var masked = _vectors.AsSpan(0, blocks.Length * Size);
        var whole = _products.AsSpan(0, blocks.Length * Size);
        masked.Clear();
        for (var i = 0; i < blocks.Length; i++)
            Copy(blocks[i], vector, masked.Slice(i * Size, Size));
        _matrix.Apply(masked, whole);
        for (var i = 0; i < blocks.Length; i++)
            Copy(blocks[i], whole.Slice(i * Size, Size), product);
    }

    private static void Copy((int Offset, int Length)[] block, ReadOnlySpan<double> from, Span<double> to)
    {
        foreach (var (offset, length) in block)
            from.Slice(offset, length).CopyTo(to[offset..]);
    }
}
