using Understudy.Engine.Threading;

namespace Understudy.Engine.Speed;

/// <summary>What a rate of work is compared with.</summary>
public enum SpeedUnit
{
    /// <summary>Floating-point operations, as a percentage of the fused-multiply-add peak in single precision.</summary>
    SingleOperations,

    /// <summary>Floating-point operations, as a percentage of the fused-multiply-add peak in double precision.</summary>
    DoubleOperations,

    /// <summary>Elements: nanoseconds each.</summary>
    Elements,

    /// <summary>Calls: microseconds each.</summary>
    Calls,

    /// <summary>Steps of one student: microseconds each.</summary>
    StudentSteps,

    /// <summary>Whole computations: milliseconds each.</summary>
    Computations,
}

/// <summary>A workload that can be timed: the clock is the caller's.</summary>
/// <param name="Name">What is done, with its sizes.</param>
/// <param name="Threads">How many threads take part.</param>
/// <param name="Unit">What <paramref name="Work"/> counts.</param>
/// <param name="Work">How much one run does.</param>
/// <param name="Operations">Floating-point operations of one run, or 0 where they are not the point.</param>
/// <param name="Target">What should be reached: a percentage of the peak for operations, time per unit for the rest; null where nothing was promised.</param>
/// <param name="Recorded">What the design's prototypes or a peer reached, for people.</param>
/// <param name="Prepare">Sets up the workload on a team of that many threads.</param>
public sealed record SpeedCase(
    string Name, int Threads, SpeedUnit Unit, double Work, double Operations, double? Target, string Recorded, Func<Team, SpeedWork> Prepare)
{
    /// <summary>Times of the same work recorded elsewhere, which become ratios.</summary>
    public IReadOnlyList<SpeedPeer> Peers { get; init; } = [];

    /// <summary>The type whose peak the operations are a share of, where <see cref="Unit"/> does not say it.</summary>
    public DType Precision { get; init; } = DType.F32;

    /// <summary>Whether one run takes more than some five seconds: such a workload is timed only where the words of a name leave nothing shorter.</summary>
    public bool IsLong { get; init; }

    /// <summary>Whether the share of the peak is one in double precision.</summary>
    public bool IsDouble => Unit == SpeedUnit.DoubleOperations || Precision == DType.F64;
}

/// <summary>What another program took for one unit of a workload.</summary>
/// <param name="Name">The program.</param>
/// <param name="Time">Recorded time per unit, in the unit of the workload: microseconds for steps, milliseconds for computations.</param>
public sealed record SpeedPeer(string Name, double Time);

/// <summary>A prepared workload.</summary>
/// <param name="run">Does the work once.</param>
/// <param name="release">Gives back what it holds.</param>
public sealed class SpeedWork(Action run, Action release) : IDisposable
{
    /// <summary>The memory it works in, or 0 where that is not the point.</summary>
    public long Bytes { get; init; }

    /// <summary>Does the work once.</summary>
    public void Run() => run();

    /// <inheritdoc/>
    public void Dispose() => release();
}
