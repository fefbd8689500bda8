using Understudy.Engine.Kernels;

namespace Understudy.Engine.LinearAlgebra;

/// <summary>The factors L and U of B - λ I for a symmetric band matrix B, with exchanges of rows.</summary>
/// <remarks>A pivot next to zero is replaced by a small one, as suits inverse iteration. Costs 4 n w² operations for a band of width w.</remarks>
internal sealed class BandFactors
{
    private readonly SymmetricBand _band;
    private readonly int _size;
    private readonly int _width;

    // exchanges move elements up to twice the width right of the diagonal
    private readonly double[] _upper;
    private readonly double[] _multipliers;
    private readonly int[] _pivots;

    internal BandFactors(SymmetricBand band)
    {
        (_band, _size, _width) = (band, band.Size, band.Width);
        _upper = new double[_size * ((3 * _width) + 1)];
        _multipliers = new double[_size * _width];
        _pivots = new int[_size];
    }

    /// <summary>Factors B - λ I, with pivots of at least the given magnitude.</summary>
    internal void Factor(double value, double smallestPivot)
    {
        Fill(value);
        for (int column = 0; column < _size; column++)
        {
            int below = Math.Min(_width, _size - 1 - column);
            int length = Math.Min(2 * _width, _size - 1 - column) + 1;
            int pivot = column;
            for (int row = column + 1; row <= column + below; row++)
            {
                if (Math.Abs(Row(row, column, 1)[0]) > Math.Abs(Row(pivot, column, 1)[0]))
                    pivot = row;
            }

            _pivots[column] = pivot;
            var top = Row(column, column, length);
            if (pivot != column)
                Exchange(top, Row(pivot, column, length));
            if (!(Math.Abs(top[0]) >= smallestPivot))
                top[0] = top[0] < 0 ? -smallestPivot : smallestPivot;
            if (below == 0)
                continue;
            var multipliers = _multipliers.AsSpan(column * _width, below);
            for (int i = 0; i < below; i++)
                multipliers[i] = Row(column + 1 + i, column, 1)[0] / top[0];
            var rest = Row(column + 1, column + 1, ((below - 1) * 3 * _width) + length - 1);
            RowPanel.SubtractOuter(rest, 3 * _width, multipliers, top[1..]);
        }
    }

    /// <summary>Replaces x by the solution y of (B - λ I) y = x.</summary>
    internal void Solve(Span<double> x)
    {
        for (int row = 0; row < _size; row++)
        {
            int pivot = _pivots[row];
            (x[row], x[pivot]) = (x[pivot], x[row]);
            int below = Math.Min(_width, _size - 1 - row);
            RowAlgebra.Add(-x[row], _multipliers.AsSpan(row * _width, below), x[(row + 1)..]);
        }

        for (int row = _size - 1; row >= 0; row--)
        {
            int right = Math.Min(2 * _width, _size - 1 - row);
            x[row] = (x[row] - RowAlgebra.Dot(Row(row, row + 1, right), x[(row + 1)..])) / Row(row, row, 1)[0];
        }
    }

    private static void Exchange(Span<double> x, Span<double> y)
    {
        for (int i = 0; i < x.Length; i++)
            (x[i], y[i]) = (y[i], x[i]);
    }

    /// <summary>Elements of a row from a column on, which is at most the width left of the diagonal.</summary>
    private Span<double> Row(int row, int column, int length) => _upper.AsSpan((row * ((3 * _width) + 1)) + column - row + _width, length);

    private void Fill(double value)
    {
        Array.Clear(_upper);
        for (int row = 0; row < _size; row++)
        {
            int first = Math.Max(0, row - _width);
            var source = _band.Row(row, first, row - first + 1);
            source.CopyTo(Row(row, first, source.Length));
            Row(row, row, 1)[0] -= value;
            for (int column = first; column < row; column++)
                Row(column, row, 1)[0] = source[column - first];
        }
    }
}
