using Understudy.Cli.Output;
using Understudy.Data.Cache;
using Understudy.Lab.Runs;

namespace Understudy.Cli.Diagnosis;

/// <summary>One thing the doctor found.</summary>
internal sealed record Finding(string Name, string Value);

/// <summary>What this machine has of what Understudy can use.</summary>
internal static class Machine
{
    internal static IReadOnlyList<Finding> Look(Invocation invocation)
    {
        var machine = ThisMachine.Machine;
        var engine = ThisMachine.Engine;
        var surroundings = invocation.Surroundings;
        var programs = new Programs(surroundings);
        return
        [
            new("understudy", ThisMachine.Version + (ThisMachine.Commit.Length > 0 ? $", commit {ThisMachine.Commit}" : "")),
            new("engine", $"{engine.Version}, {engine.Dtype}, numeric revision {engine.NumericRevision}"),
            new("runtime", machine.Runtime),
            new("system", machine.Os),
            new("processor", machine.Processor),
            new("registers", machine.Registers),
            new("cores", $"{machine.Cores}, {Wording.Count(invocation.Threads, "thread")} by default"),
            new("memory", Wording.Bytes(GC.GetGCMemoryInfo().TotalAvailableMemoryBytes)),
            new("terminal", $"{(surroundings.OutIsTerminal ? $"{invocation.Out.Width} columns" : "none")}, {(invocation.Out.Signs ? "signs" : "plain words")}, {(invocation.Out.Color ? "colors" : "no colors")}"),
            new("studies", surroundings.Studies.Count == 0 ? "none" : string.Join(", ", surroundings.Studies.Select(study => study.Card.Name))),
            new("runs folder", Path.GetFullPath(invocation.RunsFolder) + (Directory.Exists(invocation.RunsFolder) ? $", {Wording.Count(Directory.GetDirectories(invocation.RunsFolder).Count(RunDirectory.IsRun), "run")}" : ", not there yet")),
            .. Cache(invocation),
            new("network", invocation.Offline ? "not used (offline)" : "only for: understudy data get"),
            new("Chromium", programs.Version(surroundings.Variable("UNDERSTUDY_CHROMIUM"), "chromium", "chromium-browser", "google-chrome") ?? "not found; reports open in any browser"),
            new("ffmpeg", programs.Version(null, "ffmpeg") ?? "not found"),
            new("Slurm", programs.Version(null, "sbatch") ?? "not found; sweeps run on this machine"),
            new("npm", programs.Version(null, "npm") ?? "not found; data sets come from their publishers or --from"),
        ];
    }

    private static IEnumerable<Finding> Cache(Invocation invocation)
    {
        var options = CacheOptions.For(invocation.Surroundings.Variable, invocation.Offline);
        yield return new Finding("cache", string.Join(", ", options.Folders.Select(folder => folder + (Directory.Exists(folder) ? "" : " (not there yet)"))));
        var sets = DataSets.Cache(invocation).List().Select(state => $"{state.Entry.Name} {(state.IsReady ? "ready" : state.Folder is null ? "absent" : "damaged")}");
        yield return new Finding("data sets", string.Join(", ", sets));
    }
}
