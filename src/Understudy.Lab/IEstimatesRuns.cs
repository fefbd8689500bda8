using Understudy.Lab.Configuration;

namespace Understudy.Lab;

/// <summary>A study that can say beforehand what a run costs; the tool shows it for <c>--dry-run</c>.</summary>
public interface IEstimatesRuns
{
    /// <summary>What a configuration costs on this machine, roughly.</summary>
    /// <param name="config">The configuration.</param>
    /// <param name="threads">Threads of the run.</param>
    RunEstimate Estimate(StudyConfig config, int threads);
}

/// <summary>What a run costs.</summary>
/// <param name="Time">Wall-clock time.</param>
/// <param name="Memory">Bytes of memory at the highest point.</param>
public sealed record RunEstimate(TimeSpan Time, long Memory);
