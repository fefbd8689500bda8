namespace Understudy.Engine.LinearAlgebra;

/// <summary>A symmetric band matrix: the diagonal and, in each row, some elements left of it.</summary>
/// <remarks>A row has room for twice the width, for the bulges of <see cref="BandChase"/>.</remarks>
internal sealed class SymmetricBand
{
    private readonly double[] _elements;

    internal SymmetricBand(int size, int width)
        : this(size, width, new double[size * ((2 * width) + 1)])
    {
    }

    private SymmetricBand(int size, int width, double[] elements) => (Size, Width, _elements) = (size, width, elements);

    internal int Size { get; }

    /// <summary>Elements left of the diagonal.</summary>
    internal int Width { get; }

    /// <summary>From an element to the one below it.</summary>
    internal int Step => 2 * Width;

    internal SymmetricBand Clone() => new(Size, Width, (double[])_elements.Clone());

    /// <summary>Elements of a row from a column on, which is at most twice the width left of the diagonal.</summary>
    internal Span<double> Row(int row, int column, int length) => _elements.AsSpan((row * ((2 * Width) + 1)) + column - row + (2 * Width), length);

    /// <summary>Fills the part of a row that is in the band from a row of a whole matrix.</summary>
    internal void CopyRow(int row, ReadOnlySpan<double> source)
    {
        int first = Math.Max(0, row - Width);
        source[first..(row + 1)].CopyTo(Row(row, first, row - first + 1));
    }
}
