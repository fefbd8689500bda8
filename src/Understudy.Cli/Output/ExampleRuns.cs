using System.Text.RegularExpressions;
using Understudy.Lab.Execution;
using Understudy.Lab.Runs;

namespace Understudy.Cli.Output;

/// <summary>The directories in examples of the help: runs and sweeps the user has, so that a copied line works.</summary>
/// <remarks>In an example RUN stands for the newest run, EARLIER for the one before, STUDENTS for the newest run of random-teacher, SWEEP for the newest sweep and RUNS for their folder.</remarks>
internal static partial class ExampleRuns
{
    /// <summary>An example with the directories that are in a folder of runs; made-up ones stand for what is not there yet.</summary>
    internal static string Filled(string line, string folder)
    {
        if (!Word().IsMatch(line))
            return line;
        string[] paths = Directory.Exists(folder) ? [.. Directory.GetDirectories(folder).OrderDescending(StringComparer.Ordinal)] : [];
        return Word().Replace(line, match => match.Value switch
        {
            "RUN" => paths.FirstOrDefault(RunDirectory.IsRun) ?? Path.Combine(folder, "20261122-031500-specialization-3fa2c1"),
            "EARLIER" => paths.Where(RunDirectory.IsRun).ElementAtOrDefault(1) ?? Path.Combine(folder, "20261121-190000-specialization-9be40c"),
            "STUDENTS" => paths.FirstOrDefault(path => RunDirectory.IsRun(path) && path.Contains("-random-teacher-", StringComparison.Ordinal)) ?? Path.Combine(folder, "20261123-101500-random-teacher-81d0f2"),
            "SWEEP" => paths.FirstOrDefault(SweepDirectory.IsSweep) ?? Path.Combine(folder, "20261122-040000-sweep-specialization-77ab01"),
            _ => folder,
        });
    }

    [GeneratedRegex(@"\b(RUN|EARLIER|STUDENTS|SWEEP|RUNS)\b")]
    private static partial Regex Word();
}
