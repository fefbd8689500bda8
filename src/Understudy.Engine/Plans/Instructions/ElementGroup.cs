using Understudy.Engine.Kernels;
using Understudy.Engine.Threading;

namespace Understudy.Engine.Plans.Instructions;

/// <summary>An element-wise operation of a group: its kernel, and how its pointers move from strip to strip.</summary>
internal unsafe struct GroupMember<S>
    where S : unmanaged
{
    internal delegate*<in ElementCall<S>, void> Kernel;

    /// <summary>The call for the first strip.</summary>
    internal ElementCall<S> Call;

    /// <summary>Whether each pointer advances with the strip; scratch and scalars do not.</summary>
    internal bool MovesY, MovesA, MovesB, MovesC;

    /// <summary>Whether each pointer lies in the scratch of the thread.</summary>
    internal bool ScratchY, ScratchA, ScratchB, ScratchC;
}

/// <summary>A sum over rows of a value of a group, which goes on from strip to strip.</summary>
internal unsafe struct GroupSum<S>
    where S : unmanaged
{
    internal delegate*<nint, nint, S*, S*, void> Kernel;

    /// <summary>The value in the first strip, or in the scratch.</summary>
    internal S* Source;

    /// <summary>Whether the source advances with the strip.</summary>
    internal bool Moves;

    /// <summary>A number per column.</summary>
    internal S* Sum;
    internal nint Columns;
}

/// <summary>A group of element-wise operations, strip by strip; intermediates stay in the first-level cache.</summary>
internal sealed unsafe class ElementGroup<S> : Instruction
    where S : unmanaged
{
    // below this a second thread costs more than it brings
    private const int SmallestShared = 65_536;

    private readonly GroupMember<S>[] _members;
    private readonly GroupSum<S>[] _sums;
    private readonly nint _count;
    private readonly nint _strip;
    private readonly nint _scratchPerThread;
    private readonly Team? _team;
    private readonly Action<int> _share;

    internal ElementGroup(GroupMember<S>[] members, GroupSum<S>[] sums, nint count, nint strip, nint scratchPerThread, Team? team)
    {
        (_members, _sums, _count, _strip, _scratchPerThread) = (members, sums, count, strip, scratchPerThread);
        // rows are added in order
        _team = sums.Length == 0 && team is { Threads: > 1 } && count >= SmallestShared ? team : null;
        _share = Share;
    }

    internal override void Run()
    {
        foreach (ref readonly var sum in _sums.AsSpan())
            new Span<S>(sum.Sum, (int)sum.Columns).Clear();
        if (_team is null)
            Strips(0, (_count + _strip - 1) / _strip, 0);
        else
            _team.Run(_team.Threads, _share);
    }

    private void Share(int share)
    {
        var strips = (_count + _strip - 1) / _strip;
        Strips(strips * share / _team!.Threads, strips * (share + 1) / _team.Threads, share * _scratchPerThread);
    }

    private void Strips(nint first, nint end, nint scratch)
    {
        for (var at = first; at < end; at++)
        {
            var start = at * _strip;
            foreach (ref readonly var member in _members.AsSpan())
            {
                var call = member.Call;
                call.Y += (member.MovesY ? start : 0) + (member.ScratchY ? scratch : 0);
                call.A += (member.MovesA ? start : 0) + (member.ScratchA ? scratch : 0);
                call.B += (member.MovesB ? start : 0) + (member.ScratchB ? scratch : 0);
                call.C += (member.MovesC ? start : 0) + (member.ScratchC ? scratch : 0);
                call.Count = Math.Min(_strip, _count - start);
                member.Kernel(in call);
            }

            foreach (ref readonly var sum in _sums.AsSpan())
            {
                // whole rows, or a part of one that is longer than a strip
                var count = Math.Min(_strip, _count - start);
                var columns = Math.Min(sum.Columns, count);
                sum.Kernel(count / columns, columns, sum.Source + (sum.Moves ? start : 0), sum.Sum + (start % sum.Columns));
            }
        }
    }
}
