using System.Numerics;
using Understudy.Engine.Kernels;
using Understudy.Engine.Threading;

namespace Understudy.Engine.Plans.Instructions;

/// <summary>A reduction, or a softmax, along the middle axis of x [outer, axis, inner].</summary>
internal sealed unsafe class LineReduction<S>(
    delegate*<int, int, int, S*, S*, void> kernel, (int Outer, int Axis, int Inner) line, S* x, S* y) : Instruction
    where S : unmanaged
{
    internal override void Run() => kernel(line.Outer, line.Axis, line.Inner, x, y);
}

/// <summary>Sums over the rows of x [rows, columns]; columns are shared out to the team, rows are added in order.</summary>
internal sealed unsafe class ColumnSum<V, S> : Instruction
    where V : struct, ISimd<V, S>
    where S : unmanaged, IBinaryFloatingPointIeee754<S>
{
    /// <summary>Numbers below which a second thread costs more than it brings.</summary>
    internal const long SmallestShared = 65_536;

    private readonly (int Rows, int Columns) _extents;
    private readonly S* _x;
    private readonly S* _y;
    private readonly Team _team;
    private readonly Action<int> _share;

    internal ColumnSum((int Rows, int Columns) extents, S* x, S* y, Team team)
    {
        (_extents, _team, _share) = (extents, team, Share);
        _x = x;
        _y = y;
    }

    internal override void Run() => _team.Run(_team.Threads, _share);

    private void Share(int share)
    {
        // whole registers
        var units = (_extents.Columns + V.Width - 1) / V.Width;
        var (from, to) = (units * share / _team.Threads * V.Width, Math.Min(_extents.Columns, units * (share + 1) / _team.Threads * V.Width));
        if (from < to)
            Reductions<V, S>.SumColumns(_extents.Rows, to - from, _extents.Columns, _x + from, _y + from);
    }
}

/// <summary>Positions along the middle axis of x [outer, axis, inner], as numbers.</summary>
internal sealed unsafe class LineIndex<S>(
    delegate*<int, int, int, S*, int*, void> kernel, (int Outer, int Axis, int Inner) line, S* x, S* y, int count) : Instruction
    where S : unmanaged, INumberBase<S>
{
    private readonly int[] _indices = GC.AllocateUninitializedArray<int>(count, pinned: true);

    internal override void Run()
    {
        fixed (int* indices = _indices)
            kernel(line.Outer, line.Axis, line.Inner, x, indices);
        for (var i = 0; i < _indices.Length; i++)
            y[i] = S.CreateTruncating(_indices[i]);
    }
}

/// <summary>Repeats x [outer, inner] along a middle axis.</summary>
internal sealed unsafe class BroadcastCopy<V, S>((int Outer, int Axis, int Inner) line, int width, S* x, S* y) : Instruction
    where V : struct, ISimd<V, S>
    where S : unmanaged, IBinaryFloatingPointIeee754<S>
{
    internal override void Run() => Movement<V, S>.Broadcast(line.Outer, line.Axis, line.Inner, x, y, width);
}

/// <summary>Reorders axes.</summary>
internal sealed unsafe class PermuteCopy<V, S>(int[] extents, int[] order, int width, S* x, S* y) : Instruction
    where V : struct, ISimd<V, S>
    where S : unmanaged, IBinaryFloatingPointIeee754<S>
{
    internal override void Run() => Movement<V, S>.Permute(x, y, extents, order, width);
}

/// <summary>Several instructions as one.</summary>
internal sealed class Sequence(Instruction[] parts) : Instruction
{
    internal override void Run()
    {
        foreach (var part in parts)
            part.Run();
    }
}
