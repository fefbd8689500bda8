using System.Numerics;
using System.Runtime.CompilerServices;
using Understudy.Engine.Threading;

namespace Understudy.Engine.Kernels;

/// <summary>The rows of a square matrix, and plane rotations of neighbouring rows that are gathered and done many at a time.</summary>
/// <remarks>
/// Sweeps of rotations run from high to low rows. Four sweeps are one pass over the rows: while the first is at row i, the second is at
/// row i + 1, and so on, and the rows between them stay in registers (Van Zee, van de Geijn, Quintana-Ortí 2014). The matrix is
/// stored in strips of columns that stay in the cache over the passes of a batch. The bits depend neither on the team nor on the registers.
/// </remarks>
internal sealed unsafe class RotatedRows : IRotatedRows
{
    private const int Sweeps = 4;
    private const int Passes = 12;
    private const int StripColumns = 16;

    // rows before the first and after the last that sweeps of a pass which lag or lead may touch: zeros
    private const int Margin = Sweeps;

    private readonly int _size;
    private readonly Team? _team;
    private readonly double[] _strips;

    // for each pass and each place of its first sweep: cosine and sine of the rotations of the four sweeps
    private readonly double[] _rotations;
    private readonly int[] _first = new int[Passes];
    private readonly int[] _last = new int[Passes];
    private int _sweeps;

    internal RotatedRows(ReadOnlySpan<double> rows, int size, Team? team)
    {
        (_size, _team) = (size, team);
        _strips = new double[StripSize * ((size + StripColumns - 1) / StripColumns)];
        _rotations = new double[Passes * PassSize];
        for (var row = 0; row < size; row++)
        {
            for (var column = 0; column < size; column += StripColumns)
                rows.Slice((row * size) + column, Math.Min(StripColumns, size - column)).CopyTo(Part(row, column));
        }
    }

    private int StripSize => (_size + (2 * Margin)) * StripColumns;

    private int PassSize => (_size + (2 * Margin)) * 2 * Sweeps;

    /// <inheritdoc/>
    public void BeginSweep(int first, int last)
    {
        if (_sweeps == Sweeps * Passes)
            Flush();
        var pass = _sweeps / Sweeps;
        if (_sweeps % Sweeps == 0)
        {
            (_first[pass], _last[pass]) = (first, last);
            var rotations = _rotations.AsSpan(pass * PassSize, PassSize);
            for (var i = 0; i < rotations.Length; i += 2)
                (rotations[i], rotations[i + 1]) = (1, 0);
        }
        else
            (_first[pass], _last[pass]) = (Math.Min(first, _first[pass]), Math.Max(last, _last[pass]));
        _sweeps++;
    }

    /// <inheritdoc/>
    public void Rotate(int i, double cosine, double sine)
    {
        var (pass, sweep) = ((_sweeps - 1) / Sweeps, (_sweeps - 1) % Sweeps);
        var place = (pass * PassSize) + ((((i - sweep + Margin) * Sweeps) + sweep) * 2);
        _rotations[place] = cosine;
        _rotations[place + 1] = sine;
    }

    /// <summary>Does the rotations that were gathered.</summary>
    internal void Flush()
    {
        if (_sweeps == 0)
            return;
        fixed (double* strips = _strips, rotations = _rotations)
            Registers.Best(DType.F64, new Batch { Rows = this, Strips = strips, Rotations = rotations, Count = (_sweeps + Sweeps - 1) / Sweeps });
        _sweeps = 0;
    }

    /// <summary>Reads a row, all rotations done.</summary>
    internal void CopyRow(int row, Span<double> target)
    {
        for (var column = 0; column < _size; column += StripColumns)
        {
            var part = target.Slice(column, Math.Min(StripColumns, _size - column));
            Part(row, column)[..part.Length].CopyTo(part);
        }
    }

    private Span<double> Part(int row, int column)
        => _strips.AsSpan((column / StripColumns * StripSize) + ((row + Margin) * StripColumns), StripColumns);

    private sealed class Batch : IRegisterVisitor<bool>
    {
        internal required RotatedRows Rows { get; init; }
        internal required double* Strips { get; init; }
        internal required double* Rotations { get; init; }
        internal required int Count { get; init; }

        public bool Visit<V, S>()
            where V : struct, ISimd<V, S>
            where S : unmanaged, IBinaryFloatingPointIeee754<S>
        {
            var strips = Rows._strips.Length / Rows.StripSize;
            if (Rows._team != null)
                Rows._team.Run(strips, RotateStrip<V, S>);
            else
            {
                for (var strip = 0; strip < strips; strip++)
                    RotateStrip<V, S>(strip);
            }

            return true;
        }

        private void RotateStrip<V, S>(int strip)
            where V : struct, ISimd<V, S>
            where S : unmanaged, IBinaryFloatingPointIeee754<S>
        {
            for (var pass = 0; pass < Count; pass++)
            {
                var (first, last) = (Rows._first[pass], Rows._last[pass]);
                var rows = (S*)(Strips + (nint)strip * Rows.StripSize + (nint)(last + Margin) * StripColumns);
                var rotations = (S*)(Rotations + (nint)pass * Rows.PassSize + (nint)(last - 1 + Margin) * 2 * Sweeps);
                // a narrow register takes the columns of the strip in turn
                for (var column = 0; column < StripColumns; column += 2 * V.Width)
                    Pass<V, S>(rows + column, rotations, last - first + Sweeps - 1);
            }
        }
    }

    /// <summary>One pass of four sweeps over two registers of columns, from the row given down.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Pass<V, S>(S* rows, S* rotations, int count)
        where V : struct, ISimd<V, S>
        where S : unmanaged, IBinaryFloatingPointIeee754<S>
    {
        var next = rows - StripColumns;
        var (a0, b0) = (V.Load(rows), V.Load(rows + V.Width));
        var (a1, b1) = (V.Load(rows + StripColumns), V.Load(rows + StripColumns + V.Width));
        var (a2, b2) = (V.Load(rows + 2 * StripColumns), V.Load(rows + 2 * StripColumns + V.Width));
        var (a3, b3) = (V.Load(rows + 3 * StripColumns), V.Load(rows + 3 * StripColumns + V.Width));
        for (var i = 0; i < count; i++)
        {
            var a = V.Load(next);
            var b = V.Load(next + V.Width);
            Rotate<V, S>(rotations, ref a, ref a0, ref b, ref b0);
            Rotate<V, S>(rotations + 2, ref a, ref a1, ref b, ref b1);
            Rotate<V, S>(rotations + 4, ref a, ref a2, ref b, ref b2);
            Rotate<V, S>(rotations + 6, ref a, ref a3, ref b, ref b3);
            V.Store(next + Sweeps * StripColumns, a);
            V.Store(next + Sweeps * StripColumns + V.Width, b);
            next -= StripColumns;
            rotations -= 2 * Sweeps;
        }

        next += StripColumns;
        V.Store(next, a0);
        V.Store(next + V.Width, b0);
        V.Store(next + StripColumns, a1);
        V.Store(next + StripColumns + V.Width, b1);
        V.Store(next + 2 * StripColumns, a2);
        V.Store(next + 2 * StripColumns + V.Width, b2);
        V.Store(next + 3 * StripColumns, a3);
        V.Store(next + 3 * StripColumns + V.Width, b3);
    }

    /// <summary>The lower row comes in, is rotated with the one that is held, and stays; the other goes out.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Rotate<V, S>(S* rotation, ref V a, ref V heldA, ref V b, ref V heldB)
        where V : struct, ISimd<V, S>
        where S : unmanaged, IBinaryFloatingPointIeee754<S>
    {
        var c = V.Broadcast(rotation[0]);
        var s = V.Broadcast(rotation[1]);
        var outA = V.FusedMultiplyAdd(c, heldA, V.Multiply(s, a));
        var outB = V.FusedMultiplyAdd(c, heldB, V.Multiply(s, b));
        heldA = V.FusedNegateMultiplyAdd(s, heldA, V.Multiply(c, a));
        heldB = V.FusedNegateMultiplyAdd(s, heldB, V.Multiply(c, b));
        (a, b) = (outA, outB);
    }
}
