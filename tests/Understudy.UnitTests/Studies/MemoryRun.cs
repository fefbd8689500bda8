using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text.Json;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Understudy.Data.Formats;
using Understudy.Engine.Random;
using Understudy.Engine.Threading;
using Understudy.Lab;
using Understudy.Lab.Configuration;
using Understudy.Lab.Runs;

namespace Understudy.UnitTests.Studies;

/// <summary>A run that keeps everything in memory.</summary>
internal sealed class MemoryRun(StudyConfig config, Team team) : RunContext
{
    private readonly HashSet<string> _finished = [];
    private readonly Dictionary<string, (Checkpoint Checkpoint, Dictionary<string, int> Rows)> _checkpoints = [];

    internal Dictionary<string, List<object>> Rows { get; } = [];

    internal SortedDictionary<(string Name, long Step), IReadOnlyList<Tensor>> Saved { get; } = [];

    internal Dictionary<string, MemoryStream> Artifacts { get; } = [];

    internal List<double> Progress { get; } = [];

    /// <summary>The numbers told with each report of progress.</summary>
    internal List<IReadOnlyList<(string Name, double Value)>> Told { get; } = [];

    /// <summary>Called after each checkpoint.</summary>
    internal Action<string, long> Checkpointed { get; set; } = (_, _) => { };

    public override Team Team => team;

    public override ILogger Log => NullLogger.Instance;

    public override RandomSequence Random(string purpose, int replica) => new((ulong)config.Seed, purpose, replica);

    /// <summary>Where data sets are, if there are any.</summary>
    internal string? Data { get; init; }

    public override string DataFolder(string set) => Data ?? throw new InvalidOperationException($"{set} is not there.");

    public override void Record<TRow>(string table, TRow row)
    {
        if (!Rows.TryGetValue(table, out var rows))
            Rows.Add(table, rows = []);
        rows.Add(row);
    }

    public override void Save(string name, long step, IReadOnlyList<Tensor> tensors) => Saved[(name, step)] = tensors;

    public override void Checkpoint(string part, long step, Func<IReadOnlyList<Tensor>> tensors, bool force = false)
    {
        _checkpoints[part] = (
            new Checkpoint(step, tensors().ToDictionary(tensor => tensor.Name)),
            Rows.Where(item => item.Key.StartsWith(part + ".", StringComparison.Ordinal)).ToDictionary(item => item.Key, item => item.Value.Count));
        Checkpointed(part, step);
    }

    public override Checkpoint? Restore(string part)
    {
        var found = _checkpoints.TryGetValue(part, out var checkpoint);
        foreach (var (table, rows) in Rows.Where(item => item.Key.StartsWith(part + ".", StringComparison.Ordinal)))
            rows.RemoveRange(found ? checkpoint.Rows.GetValueOrDefault(table) : 0, rows.Count - (found ? checkpoint.Rows.GetValueOrDefault(table) : 0));
        return found ? checkpoint.Checkpoint : null;
    }

    public override void Finish(string part) => _finished.Add(part);

    public override bool IsFinished(string part) => _finished.Contains(part);

    public override Stream Artifact(string name) => Artifacts[name] = new MemoryStream();

    public override void Report(double fraction, string stage, params IReadOnlyList<(string Name, double Value)> values)
    {
        Progress.Add(fraction);
        Told.Add(values);
    }

    /// <summary>Runs a study to its end.</summary>
    /// <param name="study">The study.</param>
    /// <param name="settings">As on the command line.</param>
    /// <param name="threads">Threads to compute with.</param>
    /// <param name="stopAt">Where it says so of a part and a step, the run is cancelled after that checkpoint, and goes on.</param>
    internal static MemoryRun Of(IStudy study, IReadOnlyList<string> settings, int threads = 2, Func<string, long, bool>? stopAt = null)
    {
        using var team = new Team(threads);
        var config = ConfigReader.Read(study, settings);
        var run = new MemoryRun(config, team);
        if (stopAt is not null)
        {
            using var stop = new CancellationTokenSource();
            run.Checkpointed = (part, step) =>
            {
                if (stopAt(part, step))
                    stop.Cancel();
            };
            Assert.Throws<OperationCanceledException>(() => study.Run(config, run, stop.Token));
            run.Checkpointed = (_, _) => { };
        }

        study.Run(config, run, TestContext.Current.CancellationToken);
        return run;
    }

    /// <summary>Every row and array, to compare runs by.</summary>
    internal string Text() => string.Join(
        "\n",
        Rows.OrderBy(item => item.Key, StringComparer.Ordinal).SelectMany(item => item.Value.Select(row => $"{item.Key} {JsonSerializer.Serialize(row, row.GetType(), LabJson.Line)}"))
            .Concat(Saved.Select(item => $"{item.Key} {string.Join(",", item.Value.Select(tensor => Convert.ToHexString(SHA256.HashData(MemoryMarshal.AsBytes(tensor.Floats)))))}")));

    /// <summary>What was recorded, as verdicts and figures see it.</summary>
    internal MemoryRecord Recorded() => new(config, Rows, Saved);
}

/// <summary>A recorded run in memory.</summary>
internal sealed class MemoryRecord(
    StudyConfig config, IReadOnlyDictionary<string, List<object>> rows, IReadOnlyDictionary<(string Name, long Step), IReadOnlyList<Tensor>> arrays) : RunRecord
{
    public override StudyConfig Config => config;

    public override IReadOnlyList<string> Tables => [.. rows.Keys];

    public override IReadOnlyList<TRow> Table<TRow>(string table) => rows.TryGetValue(table, out var found) ? [.. found.Cast<TRow>()] : [];

    public override IReadOnlyList<long> Steps(string array) => [.. arrays.Keys.Where(key => key.Name == array).Select(key => key.Step).Order()];

    public override IReadOnlyDictionary<string, Tensor> Arrays(string name, long step) => arrays[(name, step)].ToDictionary(tensor => tensor.Name);
}
