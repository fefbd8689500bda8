using Understudy.Lab.Runs;

namespace Understudy.Studies.Parts;

/// <summary>The parts of a run one after the other: finished ones are skipped, and progress is shared out by what each costs.</summary>
internal static class PartSequence
{
    /// <summary>Does what is still to be done.</summary>
    /// <param name="parts">Each part's name, its seconds from the beginning, and what it does.</param>
    /// <param name="run">The run.</param>
    internal static void Run(IReadOnlyList<(string Name, double Seconds, Action<PartProgress> Do)> parts, RunContext run)
    {
        var (done, all) = (0.0, parts.Sum(part => part.Seconds));
        foreach (var (name, seconds, work) in parts)
        {
            var (start, share) = (done / all, seconds / all);
            if (!run.IsFinished(name))
            {
                work((fraction, stage, values) => run.Report(start + (share * fraction), stage, values));
                run.Finish(name);
            }

            done += seconds;
        }
    }
}
