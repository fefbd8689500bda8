using Understudy.EndToEndTests;

[assembly: AssemblyFixture(typeof(SmokeRun))]

namespace Understudy.EndToEndTests;

/// <summary>One run of the smallest preset that was left alone, which many tests look at.</summary>
public sealed class SmokeRun : IDisposable
{
    /// <summary>The study every test here uses.</summary>
    internal const string Study = "specialization";

    private readonly Lazy<Ended> _run;

    public SmokeRun()
    {
        Folder = Directory.CreateTempSubdirectory("understudy-e2e-").FullName;
        _run = new(() => ToolProcess.Run(Folder, "run", Study, "@smoke"));
    }

    internal string Folder { get; }

    internal Ended Ended => _run.Value;

    /// <summary>The run's directory.</summary>
    internal string Run
    {
        get
        {
            Assert.True(Ended.Code == 0, $"code {Ended.Code}\n{Ended.Error}");
            return Directory.GetDirectories(Path.Combine(Folder, "runs")).Single(path => !Path.GetFileName(path).Contains("sweep", StringComparison.Ordinal));
        }
    }

    /// <summary>A new folder for one test, removed with the others.</summary>
    internal string NewFolder(string name) => Directory.CreateDirectory(Path.Combine(Folder, "tests", name)).FullName;

    /// <summary>What must not depend on how a run was carried out: tables and arrays, as name and checksum.</summary>
    internal static IReadOnlyList<string> Results(string run)
        => [.. new[] { "metrics", "arrays" }.Select(name => Path.Combine(run, name)).Where(Directory.Exists)
            .SelectMany(folder => Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories)).Order(StringComparer.Ordinal)
            .Select(path => $"{Path.GetRelativePath(run, path)} {Convert.ToHexString(System.Security.Cryptography.SHA256.HashData(File.ReadAllBytes(path)))}")];

    public void Dispose() => Directory.Delete(Folder, recursive: true);
}
