using System.Security.Cryptography;
using System.Text;
using Understudy.Lab;
using Understudy.Lab.Configuration;
using Understudy.Lab.Execution;
using Understudy.Lab.Runs;
using Understudy.Studies;
using Understudy.UnitTests.Lab;
using Understudy.UnitTests.Studies;

[assembly: AssemblyFixture(typeof(SmokeRuns))]

namespace Understudy.UnitTests.Studies;

/// <summary>Runs of the preset smoke of each study, in a folder of their own; the one that was left alone is shared.</summary>
public sealed class SmokeRuns : IDisposable
{
    private readonly TestFolder _folder = new();
    private readonly Dictionary<string, Lazy<(RunDirectory Run, int Readings)>> _whole;
    private int _count;

    public SmokeRuns()
    {
        _whole = StudyCatalog.All.ToDictionary(study => study.Card.Name, study => new Lazy<(RunDirectory, int)>(() =>
        {
            var time = new SteppingTime();
            var run = Create(study);
            Assert.Equal(RunStatus.Completed, Go(study, run, time: time));
            return (run, time.Readings);
        }));
    }

    /// <summary>The run that was left alone.</summary>
    internal RunDirectory Whole(IStudy study) => _whole[study.Card.Name].Value.Run;

    /// <summary>How often that run read the clock.</summary>
    internal int Readings(IStudy study) => _whole[study.Card.Name].Value.Readings;

    /// <summary>A new folder's path.</summary>
    internal string NewPath() => _folder[$"{Interlocked.Increment(ref _count)}"];

    /// <summary>A run that has not begun.</summary>
    internal RunDirectory Create(IStudy study) => RunDirectory.CreateAt(NewPath(), study, ConfigReader.Read(study, ["@smoke"]), ["@smoke"]);

    /// <summary>Begins or resumes a run; every offer of a checkpoint is taken.</summary>
    internal static RunStatus Go(
        IStudy study, RunDirectory run, int threads = 2, TimeProvider? time = null, Action<RunProgress>? told = null, CancellationToken cancellation = default)
    {
        var options = new RunOptions { Threads = threads, CheckpointEvery = TimeSpan.Zero, Time = time ?? new SteppingTime() };
        var result = LocalRunner.Resume(study, run, options, told is null ? null : new Listener(told), cancellation);
        return result.Error is null ? result.Status : throw result.Error;
    }

    /// <summary>Copies what a killed process would leave at this moment: the files as they are, and the lock of a process that is gone.</summary>
    internal RunDirectory Remains(RunDirectory run)
    {
        var path = NewPath();
        foreach (var file in Directory.EnumerateFiles(run.Path, "*", SearchOption.AllDirectories))
        {
            var copy = Path.Combine(path, Path.GetRelativePath(run.Path, file));
            Directory.CreateDirectory(Path.GetDirectoryName(copy)!);
            File.Copy(file, copy);
        }

        File.WriteAllText(Path.Combine(path, "run.lock"), $$"""{"host":"{{Environment.MachineName}}","process":2147483647,"started":"1970-01-01T00:00:00Z"}""");
        return RunDirectory.Open(path);
    }

    /// <summary>What must not depend on how a run was carried out: every table and array, with the checksum of its bytes.</summary>
    internal static IReadOnlyList<string> Results(RunDirectory run) => Sums(run, "metrics", "arrays");

    /// <summary>The results and everything that is derived from them but the report, which names times.</summary>
    internal static IReadOnlyList<string> Everything(RunDirectory run)
        => [.. Sums(run, "metrics", "arrays", "artifacts", "figures"), Sum(run, run.File("verdicts.json"))];

    /// <summary>The checksum of all results.</summary>
    internal static string Checksum(RunDirectory run) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(string.Join('\n', Results(run)))));

    public void Dispose() => _folder.Dispose();

    private static string[] Sums(RunDirectory run, params string[] folders)
        => [.. folders.Select(run.File).Where(Directory.Exists).SelectMany(folder => Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories))
            .Order(StringComparer.Ordinal).Select(path => Sum(run, path))];

    private static string Sum(RunDirectory run, string path)
        => $"{Path.GetRelativePath(run.Path, path).Replace('\\', '/')} {Convert.ToHexStringLower(SHA256.HashData(File.ReadAllBytes(path)))}";

    private sealed class Listener(Action<RunProgress> told) : IProgress<RunProgress>
    {
        public void Report(RunProgress value) => told(value);
    }
}
