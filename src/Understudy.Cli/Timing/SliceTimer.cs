using System.Globalization;
using Understudy.Engine.Speed;
using Understudy.Engine.Threading;

namespace Understudy.Cli.Timing;

/// <summary>How fast a workload was.</summary>
/// <param name="Case">The workload.</param>
/// <param name="Best">Seconds of one run in the fastest slice.</param>
/// <param name="Median">Seconds of one run in the median slice.</param>
/// <param name="Peak">Operations per second and thread of the peak loop in its fastest slice between those of the workload.</param>
/// <param name="PeakSpread">How much slower its median slice was, as a fraction: above 0.15 the machine was not steady.</param>
internal sealed record SpeedResult(SpeedCase Case, double Best, double Median, double Peak, double PeakSpread)
{
    /// <summary>The memory of the workload in bytes, or 0 where it tells none.</summary>
    internal long Bytes { get; init; }

    /// <summary>Whether the number is a percentage of the peak, where more is better.</summary>
    internal bool IsShare => Case.Unit is SpeedUnit.SingleOperations or SpeedUnit.DoubleOperations;

    /// <summary>The number of the fastest slice: percent of the peak of all threads, or nanoseconds or microseconds per unit.</summary>
    internal double Value => Number(Best);

    /// <summary>The number of the median slice.</summary>
    internal double MedianValue => Number(Median);

    /// <summary>Microseconds of one piece of work in the fastest slice, where the number is a share of the peak and work is more than operations; else null.</summary>
    internal double? Each => IsShare && Case.Work != Case.Operations ? 1e6 * Best / Case.Work : null;

    /// <summary>Percent of the peak of all threads in the fastest slice, where the number is a time; null where operations are not counted.</summary>
    internal double? Share => IsShare || Case.Operations == 0 ? null : 100 * Case.Operations / Best / (Peak * Case.Threads);

    /// <summary>What was recorded elsewhere, and how many times faster the fastest slice is than each peer.</summary>
    internal string Recorded => string.Join("; ", Case.Peers
        .Select(peer => string.Create(CultureInfo.InvariantCulture, $"{peer.Time / Value:0.0} times as fast as {peer.Name} ({peer.Time:0.#} {Unit})"))
        .Append(Case.Recorded).Where(text => text.Length > 0));

    /// <summary>The unit of the numbers.</summary>
    internal string Unit => Case.Unit switch
    {
        SpeedUnit.SingleOperations or SpeedUnit.DoubleOperations => "% of peak",
        SpeedUnit.Elements => "ns",
        SpeedUnit.Computations => "ms",
        _ => "µs",
    };

    /// <summary>The best of two results of one workload: fastest slice, faster median, higher peak; unsteady where one of them was.</summary>
    internal SpeedResult Better(SpeedResult other) => this with
    {
        Best = Math.Min(Best, other.Best),
        Median = Math.Min(Median, other.Median),
        Peak = Math.Max(Peak, other.Peak),
        PeakSpread = Math.Max(PeakSpread, other.PeakSpread),
    };

    private double Number(double seconds) => Case.Unit switch
    {
        SpeedUnit.SingleOperations or SpeedUnit.DoubleOperations => 100 * Case.Operations / seconds / (Peak * Case.Threads),
        SpeedUnit.Elements => 1e9 * seconds / Case.Work,
        SpeedUnit.Computations => 1e3 * seconds / Case.Work,
        _ => 1e6 * seconds / Case.Work,
    };
}

/// <summary>Times workloads in short slices that alternate with the peak loop, so that both meet the same clock frequency.</summary>
/// <param name="time">The clock.</param>
/// <param name="slice">How long a slice is to last.</param>
/// <param name="slices">How many slices of each are timed: fewer, though at least one, of a workload whose runs are so long that they take five seconds together.</param>
internal sealed class SliceTimer(TimeProvider time, TimeSpan slice, int slices)
{
    // the runtime compiles what is called often anew, a tenth of a second after the first calls
    private const double WarmSeconds = 0.3;

    private const double MostSeconds = 5;

    /// <summary>Times one workload.</summary>
    internal SpeedResult Measure(SpeedCase workload, SpeedCase peak, CancellationToken cancellation)
    {
        using var team = new Team(workload.Threads);
        using var work = workload.Prepare(team);
        using var loop = peak.Prepare(team);
        var (workRuns, loopRuns) = (Runs(work, Warm(work)), Runs(loop, 0));
        var (workTimes, loopTimes) = (new List<double>(slices), new List<double>(slices));
        for (var left = MostSeconds; workTimes.Count < slices && (left > 0 || workTimes.Count == 0); left -= workTimes[^1] * workRuns)
        {
            cancellation.ThrowIfCancellationRequested();
            loopTimes.Add(Seconds(loop, loopRuns));
            workTimes.Add(Seconds(work, workRuns));
        }

        workTimes.Sort();
        loopTimes.Sort();
        var middle = workTimes.Count / 2;
        return new SpeedResult(workload, workTimes[0], workTimes[middle], peak.Operations / loopTimes[0], loopTimes[middle] / loopTimes[0] - 1) { Bytes = work.Bytes };
    }

    /// <summary>Runs for a while; the seconds of the last run.</summary>
    private double Warm(SpeedWork work)
    {
        var last = 0.0;
        for (var left = WarmSeconds; left > 0; left -= last)
            last = Seconds(work, 1);
        return last;
    }

    /// <summary>How many runs fill a slice.</summary>
    /// <param name="work">What is run.</param>
    /// <param name="last">The seconds of its last run; 0 where there was none.</param>
    private int Runs(SpeedWork work, double last)
    {
        for (var (runs, took) = (1, last); ;)
        {
            if (took >= slice.TotalSeconds)
                return Math.Max(1, (int)(runs * slice.TotalSeconds / took));
            runs = took <= 0 ? runs * 2 : (int)Math.Clamp(runs * 1.2 * slice.TotalSeconds / took, runs + 1, runs * 10.0);
            took = Seconds(work, runs) * runs;
        }
    }

    private double Seconds(SpeedWork work, int runs)
    {
        var began = time.GetTimestamp();
        for (var i = 0; i < runs; i++)
            work.Run();
        return time.GetElapsedTime(began).TotalSeconds / runs;
    }
}
