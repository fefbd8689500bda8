using Understudy.Engine.Threading;

namespace Understudy.Engine.LinearAlgebra.Krylov;

/// <summary>A growing orthonormal basis as rows, and projections of vectors on it.</summary>
/// <remarks>Inner products are summed over strips of columns in their order, whichever thread had a strip: the same to the bit with any team.</remarks>
internal sealed class OrthonormalRows
{
    // a strip of three hundred rows stays in the second cache between the two halves of a fused sweep
    private const int ColumnsOfChunk = 512;

    private const int ColumnsOfCombination = 2048;
    private const int MaximumSweeps = 4;

    // a sweep that took less than this part of what it left has left nothing along the basis but rounding (Daniel, Gragg, Kaufman, Stewart 1976 ask for less)
    private const double Clean = 1e-2;

    // below this many elements a second thread costs more than it saves
    private const long SmallestJob = 1 << 16;

    private readonly int _size;
    private readonly Team? _team;
    private readonly double[] _sweep;
    private readonly double[] _parts;
    private readonly Action<int> _measure;
    private readonly Action<int> _subtract;
    private readonly Action<int> _subtractAndMeasure;
    private double[] _target = [];
    private int _offset;
    private int _firstRow;

    /// <summary>Room for <paramref name="capacity"/> rows of <paramref name="size"/>.</summary>
    internal OrthonormalRows(int size, int capacity, Team? team)
    {
        _size = size;
        _team = team;
        Rows = new double[Capacity(size, capacity)];
        _sweep = new double[capacity];
        _parts = new double[(size + ColumnsOfChunk - 1) / ColumnsOfChunk * capacity];
        _measure = chunk => Measure(chunk, _firstRow);
        _subtract = Subtract;
        _subtractAndMeasure = chunk =>
        {
            Subtract(chunk);
            Measure(chunk, 0);
        };
    }

    /// <summary>[capacity, size]; the first <see cref="Count"/> rows are in use.</summary>
    internal double[] Rows { get; }

    internal int Count { get; set; }

    internal Team? Team => _team;

    internal Span<double> Row(int row) => Rows.AsSpan(row * _size, _size);

    /// <summary>The elements of so many rows, which have to fit one array.</summary>
    internal static int Capacity(int size, int rows)
    {
        long elements = (long)size * rows;
        return elements <= Array.MaxLength
            ? (int)elements
            : throw new ArgumentException($"A basis of {rows} vectors of length {size} has more elements than an array: ask for fewer vectors.");
    }

    /// <summary>One sweep of w -= Vᵀ(V w), the vector at an offset of an array; V w is added to the coefficients, unless there are none.</summary>
    /// <returns>The length of what was taken away.</returns>
    internal double Remove(double[] target, int offset, Span<double> coefficients)
    {
        if (Count == 0)
            return 0;
        (_target, _offset, _firstRow) = (target, offset, 0);
        Run(_measure);
        Gather(coefficients);
        Run(_subtract);
        return Taken();
    }

    /// <summary>Two sweeps, which read the basis three times instead of four; returns the length of what the second one took away.</summary>
    /// <param name="target">Holds the vector at the offset.</param>
    /// <param name="offset">Where it begins.</param>
    /// <param name="coefficients">V w is added to them.</param>
    /// <param name="near">The first sweep leaves out the rows before this one, to which a recurrence does not couple the vector: then the basis is read twice.</param>
    internal double RemoveTwice(double[] target, int offset, Span<double> coefficients, int near = 0)
    {
        if (Count == 0)
            return 0;
        (_target, _offset, _firstRow) = (target, offset, near);
        Run(_measure);
        Gather(coefficients);
        Run(_subtractAndMeasure);
        _firstRow = 0;
        Gather(coefficients);
        Run(_subtract);
        return Taken();
    }

    /// <summary>Sweeps over a vector that a recurrence left orthogonal to the basis but for rounding: one, and more only where that one found more.</summary>
    internal void Purify(double[] target, int offset)
    {
        var vector = target.AsSpan(offset, _size);
        for (int sweep = 1; Remove(target, offset, []) > Clean * Math.Sqrt(RowAlgebra.Dot(vector, vector)) && sweep < MaximumSweeps; sweep++)
        {
        }
    }

    /// <summary>Appends what a vector has beside the basis, normalized, unless its length is at most a threshold or the basis is full.</summary>
    /// <param name="target">Holds the vector at the offset; is destroyed.</param>
    /// <param name="offset">Where it begins.</param>
    /// <param name="coefficients">V w is added to them.</param>
    /// <param name="threshold">What is shorter has no direction.</param>
    /// <param name="near">The first row that a recurrence couples the vector to; 0 for a vector of any origin.</param>
    /// <returns>The length of what was left, or 0 where nothing was appended.</returns>
    internal double Append(double[] target, int offset, Span<double> coefficients, double threshold, int near = 0)
    {
        var vector = target.AsSpan(offset, _size);
        double taken = RemoveTwice(target, offset, coefficients, near);
        // of one whole sweep more is asked than of the second
        double clean = near > 0 ? Clean : 1;
        for (int sweep = 2; ; sweep++)
        {
            double length = Math.Sqrt(RowAlgebra.Dot(vector, vector));
            if (length <= threshold || Count == _sweep.Length)
                return 0;
            // two sweeps are enough unless the last one still took as much as it left
            if (taken <= clean * length || sweep >= MaximumSweeps)
            {
                vector.CopyTo(Row(Count));
                RowAlgebra.Scale(1 / length, Row(Count));
                Count++;
                return length;
            }

            taken = RemoveTwice(target, offset, coefficients);
            clean = 1;
        }
    }

    /// <summary>Replaces rows from <paramref name="first"/> on by combinations of them.</summary>
    /// <param name="first">The first row that takes part.</param>
    /// <param name="rows">How many take part.</param>
    /// <param name="combinations">[kept, rows]; the kept rows follow each other from the first on.</param>
    /// <param name="kept">At most <paramref name="rows"/>.</param>
    internal void Combine(int first, int rows, ReadOnlySpan<double> combinations, int kept)
    {
        int width = Math.Min(ColumnsOfCombination, _size);
        var old = new double[rows * width];
        var combined = new double[kept * width];
        for (int from = 0; from < _size; from += width)
        {
            int columns = Math.Min(width, _size - from);
            for (int row = 0; row < rows; row++)
                Row(first + row).Slice(from, columns).CopyTo(old.AsSpan(row * columns));
            Products.Multiply(kept, columns, rows, combinations, old, combined, team: _team);
            for (int row = 0; row < kept; row++)
                combined.AsSpan(row * columns, columns).CopyTo(Row(first + row)[from..]);
        }
    }

    /// <summary>The largest entry of |V Vᵀ - I|.</summary>
    internal static double LossOfOrthogonality(ReadOnlySpan<double> rows, int count)
    {
        int size = count > 0 ? rows.Length / count : 0;
        double largest = 0;
        for (int row = 0; row < count; row++)
        {
            for (int other = 0; other <= row; other++)
            {
                double entry = RowAlgebra.Dot(rows.Slice(row * size, size), rows.Slice(other * size, size));
                largest = Math.Max(largest, Math.Abs(entry - (row == other ? 1 : 0)));
            }
        }

        return largest;
    }

    private void Run(Action<int> work)
    {
        int chunks = (_size + ColumnsOfChunk - 1) / ColumnsOfChunk;
        if (_team != null && (long)Count * _size >= SmallestJob)
        {
            _team.Run(chunks, work);
            return;
        }

        for (int chunk = 0; chunk < chunks; chunk++)
            work(chunk);
    }

    /// <summary>Adds the parts of the inner products in the order of the chunks.</summary>
    private void Gather(Span<double> coefficients)
    {
        _sweep.AsSpan(0, _firstRow).Clear();
        var sweep = _sweep.AsSpan(_firstRow, Count - _firstRow);
        sweep.Clear();
        for (int from = _firstRow; from < _parts.Length; from += _sweep.Length)
            RowAlgebra.Add(1, _parts.AsSpan(from, sweep.Length), sweep);
        if (coefficients.Length > 0)
            RowAlgebra.Add(1, sweep, coefficients[_firstRow..]);
    }

    private double Taken()
    {
        var sweep = _sweep.AsSpan(0, Count);
        return Math.Sqrt(RowAlgebra.Dot(sweep, sweep));
    }

    private void Measure(int chunk, int first)
    {
        int from = chunk * ColumnsOfChunk;
        int columns = Math.Min(ColumnsOfChunk, _size - from);
        var target = _target.AsSpan(_offset + from, columns);
        var parts = _parts.AsSpan(chunk * _sweep.Length, _sweep.Length);
        int row = first;
        for (; row + 1 < Count; row += 2)
            (parts[row], parts[row + 1]) = RowAlgebra.Dots(target, Strip(row, from, columns), Strip(row + 1, from, columns));
        if (row < Count)
            parts[row] = RowAlgebra.Dot(target, Strip(row, from, columns));
    }

    private void Subtract(int chunk)
    {
        int from = chunk * ColumnsOfChunk;
        int columns = Math.Min(ColumnsOfChunk, _size - from);
        var target = _target.AsSpan(_offset + from, columns);
        int row = _firstRow;
        for (; row + 1 < Count; row += 2)
            RowAlgebra.Add(-_sweep[row], Strip(row, from, columns), -_sweep[row + 1], Strip(row + 1, from, columns), target);
        if (row < Count)
            RowAlgebra.Add(-_sweep[row], Strip(row, from, columns), target);
    }

    private ReadOnlySpan<double> Strip(int row, int from, int columns) => Rows.AsSpan((row * _size) + from, columns);
}
