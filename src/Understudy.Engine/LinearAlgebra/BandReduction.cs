using Understudy.Engine.Kernels;
using Understudy.Engine.Threading;

namespace Understudy.Engine.LinearAlgebra;

/// <summary>A = Q B Qᵀ with a band matrix B, by blocks of Householder reflections: nearly all of it products of matrices.</summary>
/// <remarks>
/// The first of two stages to a tridiagonal matrix (Bischof, Lang, Sun 2000), see <see cref="BandChase"/>. Rows are reduced from the last to
/// the first, and Q is left in the matrix. Costs 4/3 n³ operations.
/// </remarks>
internal sealed class BandReduction
{
    // rows of a panel that one chunk reflects
    private const int RowsPerChunk = 8;

    // a panel of fewer elements is reflected on the calling thread
    private const int SmallestShared = 1 << 14;

    private readonly int _size;
    private readonly int _width;
    private readonly Team? _team;
    private readonly double[] _panel;
    private readonly double[] _left;
    private readonly double[] _right;
    private readonly double[] _images;
    private readonly double[] _factors;
    private readonly double[] _triangle;
    private readonly double[] _gram;
    private readonly double[] _square;
    private readonly double[] _dots;

    private BandReduction(int size, int width, Team? team)
    {
        (_size, _width, _team) = (size, width, team);
        _panel = new double[width * size];
        _left = new double[2 * width * size];
        _right = new double[2 * width * size];
        _images = new double[width * size];
        _factors = new double[width];
        Band = new SymmetricBand(size, width);
        Reflections = new Reflections(size, width);
        _triangle = new double[width * width];
        _gram = new double[width * width];
        _square = new double[width * width];
        _dots = new double[width];
    }

    /// <summary>B.</summary>
    internal SymmetricBand Band { get; }

    /// <summary>Q, whose vectors are in the matrix.</summary>
    internal Reflections Reflections { get; }

    /// <summary>The width that makes both stages together fast; measured in November 2026.</summary>
    internal static int BestWidth(int size) => size < 3000 ? 32 : 48;

    /// <summary>Reduces a matrix to a band of the given width.</summary>
    internal static BandReduction Of(
        Span<double> matrix, int size, int width, Team? team, IProgress<double>? progress, CancellationToken cancellation)
    {
        var reduction = new BandReduction(size, width, team);
        for (int rest = size - width; rest > 1; rest -= width)
        {
            cancellation.ThrowIfCancellationRequested();
            reduction.ReduceRows(matrix, rest);
            double share = (double)rest / size;
            progress?.Report(1 - (share * share * share));
        }

        for (int row = 0; row < Math.Min(size, width + 1); row++)
            reduction.Band.CopyRow(row, matrix[(row * size)..]);
        return reduction;
    }

    /// <summary>Reduces the rows of one width from <paramref name="rest"/> on, and applies their reflections to the rows before.</summary>
    private void ReduceRows(Span<double> matrix, int rest)
    {
        int count = Math.Min(_width, rest - 1);
        for (int row = 0; row < _width; row++)
            matrix.Slice((rest + row) * _size, rest).CopyTo(_panel.AsSpan(row * rest));
        for (int index = 0; index < count; index++)
            Reflect(matrix, rest, count, index);
        for (int row = _width - 1 - count; row >= 0; row--)
            _panel.AsSpan(row * rest, rest).CopyTo(matrix[((rest + row) * _size)..]);

        Combine(matrix, rest, count);
        LowerTriangle.Subtract(matrix, _size, rest, _left, _right, 2 * count, 2 * count, areRows: false, _team);
    }

    /// <summary>Reduces one row of the panel, the last first, and reflects the rows before it.</summary>
    private void Reflect(Span<double> matrix, int rest, int count, int index)
    {
        int row = _width - 1 - index;
        int length = rest - index;
        var v = _panel.AsMemory(row * rest, length);
        double factor = _factors[index] = Householder.Reflect(v.Span, out double image);
        if (factor != 0 && _team != null && row * length >= SmallestShared)
            _team.Run((row + RowsPerChunk - 1) / RowsPerChunk, chunk => ReflectRows(v.Span, factor, rest, chunk * RowsPerChunk, row));
        else if (factor != 0)
        {
            for (int first = 0; first < row; first += RowsPerChunk)
                ReflectRows(v.Span, factor, rest, first, row);
        }

        for (int i = 0; i < rest; i++)
            _left[(i * 2 * count) + index] = i < length ? v.Span[i] : 0;
        var whole = matrix.Slice((rest + row) * _size, rest + row + 1);
        _panel.AsSpan((row * rest) + length, index).CopyTo(whole[length..]);
        Band.CopyRow(rest + row, whole);
        Band.Row(rest + row, length - 1, 1)[0] = image;
        v.Span.CopyTo(whole);
        Reflections.Factors[rest + row] = factor;
    }

    private void ReflectRows(ReadOnlySpan<double> v, double factor, int rest, int first, int end)
    {
        int count = Math.Min(RowsPerChunk, end - first);
        var dots = _dots.AsSpan(first, count);
        RowPanel.Dots(_panel.AsSpan(first * rest), rest, count, v, dots);
        RowAlgebra.Scale(factor, dots);
        RowPanel.SubtractOuter(_panel.AsSpan(first * rest), rest, dots, v);
    }

    /// <summary>L = (V, W) and R = (W, V) such that Qᵀ A Q = A - L Rᵀ, where Q = I - V T Vᵀ and W = A V T - V S / 2 with S = Tᵀ Vᵀ A V T.</summary>
    private void Combine(ReadOnlySpan<double> matrix, int rest, int count)
    {
        int step = 2 * count;
        var w = _left.AsSpan(count);
        LowerTriangle.Multiply(matrix, _size, rest, _left, _images, count, step, _team);
        Products.Multiply(count, count, rest, _left, step, _left, step, _gram, count, transposeLeft: true, team: _team);
        CompactReflections.Triangle(_gram, _factors, _triangle, count);
        Products.Multiply(rest, count, count, _images, count, _triangle, count, w, step, team: _team);
        Products.Multiply(count, count, rest, _left, step, w, step, _gram, count, transposeLeft: true, team: _team);
        Products.Multiply(count, count, count, _triangle, count, _gram, count, _square, count, transposeLeft: true);
        Products.Multiply(rest, count, count, _left, step, _square, count, w, step, factor: -0.5, accumulate: true, team: _team);
        for (int row = 0; row < rest; row++)
        {
            var pair = _left.AsSpan(row * step, step);
            pair[count..].CopyTo(_right.AsSpan(row * step));
            pair[..count].CopyTo(_right.AsSpan((row * step) + count));
        }
    }
}
