using System.Numerics;

namespace Understudy.UnitTests.Engine.Kernels;

/// <summary>Room that a kernel writes, not-a-numbers at first, between numbers that it must leave alone.</summary>
internal sealed class GuardedRoom<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>Elements before and behind the room: as many as the widest register has.</summary>
    internal const int Margin = 16;

    private static readonly T Guard = T.CreateTruncating(-1234.5);

    private readonly int _count;

    internal GuardedRoom(nint count)
    {
        (_count, All) = (checked((int)count), new T[count + (2 * Margin)]);
        All.AsSpan().Fill(Guard);
        All.AsSpan(Margin, _count).Fill(T.NaN);
    }

    /// <summary>The room, from <see cref="Margin"/> on, and its surroundings.</summary>
    internal T[] All { get; }

    /// <summary>What was written into the room, and nowhere else.</summary>
    internal T[] Written(string where)
    {
        CheckSurroundings(where);
        return All[Margin..(Margin + _count)];
    }

    internal void CheckSurroundings(string where)
    {
        if (All.AsSpan(0, Margin).ContainsAnyExcept(Guard) || All.AsSpan(Margin + _count).ContainsAnyExcept(Guard))
            Assert.Fail($"{where}: written outside of its {_count} elements.");
    }

    /// <summary>An operand between not-a-numbers, which may be read but must have no effect.</summary>
    internal static T[] Operand(double[] values)
    {
        var unread = Enumerable.Repeat(T.NaN, Margin);
        return [.. unread, .. Widths.Cast<T>(values), .. unread];
    }
}
