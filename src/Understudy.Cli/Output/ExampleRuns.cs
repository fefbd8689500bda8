using System.Text.RegularExpressions;
using Understudy.Lab.Execution;
using Understudy.Lab.Runs;

namespace Understudy.Cli.Output;

/// <summary>The directories in examples of the help: runs and sweeps the user has, so that a copied line works.</summary>
/// <remarks>
/// In an example RUN stands for the newest run, LATER and EARLIER for the newest two of one study, NODES and STUDENTS for the newest run of specialization and of random-teacher, SWEEP for the
/// newest sweep and RUNS for their folder.
/// </remarks>
internal static partial class ExampleRuns
{
    /// <summary>An example with the directories that are in a folder of runs; made-up ones stand for what is not there yet.</summary>
    internal static string Filled(string line, string folder)
    {
        if (!Word().IsMatch(line))
            return line;
        string[] paths = Directory.Exists(folder) ? [.. Directory.GetDirectories(folder).OrderDescending(StringComparer.Ordinal)] : [];
        string[] runs = [.. paths.Where(RunDirectory.IsRun)];
        var pair = runs.Where(path => Study(path).Length > 0).GroupBy(Study).FirstOrDefault(own => own.Count() > 1)?.ToArray();
        return Word().Replace(line, match => match.Value switch
        {
            "RUN" => runs.FirstOrDefault() ?? Path.Combine(folder, "20261122-031500-specialization-3fa2c1"),
            "LATER" => pair?[0] ?? Path.Combine(folder, "20261122-031500-specialization-3fa2c1"),
            "EARLIER" => pair?[1] ?? Path.Combine(folder, "20261121-190000-specialization-9be40c"),
            "NODES" => runs.FirstOrDefault(path => Study(path) == "specialization") ?? Path.Combine(folder, "20261122-031500-specialization-3fa2c1"),
            "STUDENTS" => runs.FirstOrDefault(path => Study(path) == "random-teacher") ?? Path.Combine(folder, "20261123-101500-random-teacher-81d0f2"),
            "SWEEP" => paths.FirstOrDefault(SweepDirectory.IsSweep) ?? Path.Combine(folder, "20261122-040000-sweep-specialization-77ab01"),
            _ => folder,
        });
    }

    /// <summary>The study in the name of a run's directory: date, time, study, six digits; empty where the user renamed it.</summary>
    private static string Study(string path) => Name().Match(Path.GetFileName(path)).Groups["study"].Value;

    [GeneratedRegex(@"\b(RUN|LATER|EARLIER|NODES|STUDENTS|SWEEP|RUNS)\b")]
    private static partial Regex Word();

    [GeneratedRegex("^[0-9]{8}-[0-9]{6}-(?<study>.+)-[0-9a-f]{6}$", RegexOptions.ExplicitCapture)]
    private static partial Regex Name();
}
