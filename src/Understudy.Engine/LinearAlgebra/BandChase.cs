using Understudy.Engine.Kernels;
using Understudy.Engine.Threading;

namespace Understudy.Engine.LinearAlgebra;

/// <summary>Reduces a symmetric band matrix to a tridiagonal one by chasing bulges to the beginning of the band.</summary>
/// <remarks>
/// <para>One sweep per row, from the last to the first. Its step 0 reduces the row by a reflection of the columns in the band; every further
/// step carries the last reflection over to the block of rows and columns before, and reduces of the bulge that arises the one row which the
/// next sweep would meet (Bischof, Lang, Sun 2000). Costs 6 n² operations per row of the width.</para>
/// <para>Step k of a sweep touches nothing that step k - 2 of the next sweep touches: sweeps follow one another at a distance of two
/// steps, and those that are on their way at once may run in any order.</para>
/// </remarks>
internal sealed class BandChase
{
    private const int StepsPerChunk = 4;

    // with fewer steps on their way a second thread costs more than it saves
    private const int SmallestShared = 12;

    // of a sweep on its way: two reflections, the last and the new one, and scratch
    private const int RoomWidths = 4;

    private readonly SymmetricBand _band;
    private readonly int _size;
    private readonly int _width;
    private readonly int _slots;
    private readonly double[] _room;
    private readonly double[] _factors;
    private int _wave;
    private int _firstSweep;
    private int _active;

    private BandChase(SymmetricBand band)
    {
        (_band, _size, _width) = (band, band.Size, band.Width);
        _slots = (Steps(0) / 2) + 2;
        _room = new double[_slots * RoomWidths * _width];
        _factors = new double[_slots];
    }

    /// <summary>The tridiagonal matrix that has the eigenvalues of a band matrix, which is destroyed.</summary>
    /// <param name="band">[n, n].</param>
    /// <param name="diagonal">The diagonal of the result.</param>
    /// <param name="beside">Its element i stands beside the diagonal in rows i and i + 1 of the result.</param>
    /// <param name="team">Threads to use; null for the caller's alone.</param>
    /// <param name="cancellation">Looked at often in each sweep.</param>
    internal static void Reduce(SymmetricBand band, Span<double> diagonal, Span<double> beside, Team? team, CancellationToken cancellation)
    {
        new BandChase(band).Run(team, cancellation);
        for (int row = 0; row < band.Size; row++)
        {
            diagonal[row] = band.Row(row, row, 1)[0];
            if (row > 0)
                beside[row - 1] = band.Row(row, row - 1, 1)[0];
        }
    }

    /// <summary>The number of steps of a sweep.</summary>
    private int Steps(int sweep) => (_size - 1 - sweep + _width - 1) / _width;

    private void Run(Team? team, CancellationToken cancellation)
    {
        int sweeps = _size - 2;
        Action<int> chunk = RunChunk;
        for (_wave = 0; _firstSweep < sweeps; _wave++)
        {
            cancellation.ThrowIfCancellationRequested();
            while (_firstSweep < sweeps && _wave - (2 * _firstSweep) >= Steps(_firstSweep))
                _firstSweep++;
            _active = Math.Min(sweeps, (_wave / 2) + 1) - _firstSweep;
            int chunks = (_active + StepsPerChunk - 1) / StepsPerChunk;
            if (team != null && _active >= SmallestShared)
                team.Run(chunks, chunk);
            else
            {
                for (int i = 0; i < chunks; i++)
                    RunChunk(i);
            }
        }
    }

    private void RunChunk(int chunk)
    {
        int end = Math.Min(_active, (chunk + 1) * StepsPerChunk);
        for (int i = chunk * StepsPerChunk; i < end; i++)
        {
            int sweep = _firstSweep + i;
            int step = _wave - (2 * sweep);
            if (step < Steps(sweep))
                Step(sweep, step);
        }
    }

    private void Step(int sweep, int step)
    {
        int last = _size - 1 - sweep;
        int end = last - (step * _width);
        int begin = Math.Max(0, end - _width);
        int length = end - begin;
        int slot = sweep % _slots;
        var room = _room.AsSpan(slot * RoomWidths * _width, RoomWidths * _width);
        var v = room.Slice((step & 1) * _width, length);
        if (step == 0)
            _factors[slot] = ReduceRow(last, begin, v);
        else
            _factors[slot] = ReduceBlock(end, begin, _factors[slot], room.Slice(((step & 1) ^ 1) * _width, _width), v, room[(2 * _width)..]);
        ReflectBothSides(begin, _factors[slot], v, room.Slice(2 * _width, length));
    }

    /// <summary>Takes the row to its last component between the columns of v, which becomes the reflection.</summary>
    private double ReduceRow(int row, int begin, Span<double> v)
    {
        var target = _band.Row(row, begin, v.Length);
        target.CopyTo(v);
        double factor = Householder.Reflect(v, out double image);
        target.Clear();
        target[^1] = image;
        return factor;
    }

    /// <summary>Reflects the rows of a block by the reflection of before, u, then its columns by the one that reduces its last row, v.</summary>
    private double ReduceBlock(int firstRow, int begin, double factorBefore, Span<double> u, Span<double> v, Span<double> scratch)
    {
        int rows = u.Length - 1;
        var block = _band.Row(firstRow, begin, (rows * _band.Step) + v.Length);
        var sum = scratch[..v.Length];
        var dots = scratch.Slice(_width, rows);
        sum.Clear();
        RowPanel.Subtract(block, _band.Step, u, sum);
        RowAlgebra.Scale(-factorBefore, sum);
        RowAlgebra.Add(-u[rows], sum, _band.Row(firstRow + rows, begin, v.Length));
        double factor = ReduceRow(firstRow + rows, begin, v);

        // the dots of rows that are reflected already, though the rows are not
        RowPanel.Dots(block, _band.Step, rows, v, dots);
        RowAlgebra.Add(-RowAlgebra.Dot(sum, v), u[..rows], dots);
        RowAlgebra.Scale(factor, dots);
        RowPanel.SubtractOuter(block, _band.Step, u[..rows], sum, dots, v);
        return factor;
    }

    /// <summary>H D H for the symmetric block on the diagonal that begins with the given row.</summary>
    private void ReflectBothSides(int begin, double factor, ReadOnlySpan<double> v, Span<double> image)
    {
        if (factor == 0)
            return;
        var block = _band.Row(begin, begin, ((v.Length - 1) * _band.Step) + v.Length);
        LowerTriangle.Multiply(block, _band.Step, v.Length, v, image, [], null);
        RowAlgebra.Scale(factor, image);
        RowAlgebra.Add(-0.5 * factor * RowAlgebra.Dot(image, v), v, image);
        LowerTriangle.Subtract(block, _band.Step, v.Length, v, image);
    }
}
