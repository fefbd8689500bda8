using System.Text.RegularExpressions;
using Microsoft.Extensions.Logging;
using Understudy.Data.Formats;
using Understudy.Engine.Random;
using Understudy.Engine.Threading;
using Understudy.Lab.Configuration;

namespace Understudy.Lab.Runs;

/// <summary>A running study's door to a run directory.</summary>
internal sealed partial class DirectoryContext : RunContext, IDisposable
{
    private static readonly TimeSpan BetweenReports = TimeSpan.FromMilliseconds(100);

    private readonly RunDirectory _run;
    private readonly ulong _seed;
    private readonly RunOptions _options;
    private readonly RunLog _log;
    private readonly StoppingPoint _stop;
    private readonly IReadOnlyDictionary<string, DataSetFolder> _data;
    private readonly IProgress<RunProgress>? _progress;
    private readonly CheckpointStore _checkpoints;
    private readonly MetricsWriter _metrics;
    private readonly Dictionary<string, TableLengths> _restored = new(StringComparer.Ordinal);
    private long _lastCheckpoint;
    private long? _lastReport;
    private string _stage = "";

    internal DirectoryContext(
        RunDirectory run, StudyConfig config, Team team, RunOptions options, RunLog log, StoppingPoint stop,
        IReadOnlyDictionary<string, DataSetFolder> data, IProgress<RunProgress>? progress)
    {
        (_run, _seed, _options, _log, _stop, _data, _progress) = (run, (ulong)config.Seed, options, log, stop, data, progress);
        Team = team;
        Storage.CreateFolder(run.File("metrics"));
        _checkpoints = new CheckpointStore(run.File("checkpoints"), run.File("metrics"), ConfigJson.Hash(config));
        RemoveUnfinished();
        _checkpoints.ForgetLost(log.Warning);
        _metrics = new MetricsWriter(run.File("metrics"), KeptLength, options.Time);
        _lastCheckpoint = options.Time.GetTimestamp();
    }

    public override Team Team { get; }

    public override ILogger Log => _log;

    public override RandomSequence Random(string purpose, int replica) => new(_seed, purpose, replica);

    public override string DataFolder(string set) => _data.TryGetValue(set, out var found)
        ? found.Folder
        : throw new InvalidOperationException($"The study opens the data set {set} without naming it in Needs.");

    public override void Record<TRow>(string table, TRow row) => _metrics.Append(Named(table), row);

    public override void Save(string name, long step, IReadOnlyList<Tensor> tensors)
    {
        Storage.CreateFolder(_run.File("arrays"));
        Storage.Write(_run.File(Path.Combine("arrays", ArrayFile.Name(Named(name), step))), stream => SafeTensors.Write(stream, tensors));
    }

    public override void Checkpoint(string part, long step, Func<IReadOnlyList<Tensor>> tensors, bool force = false)
    {
        _stop.Offered();
        if (!force && !_stop.IsAsked && _options.Time.GetElapsedTime(_lastCheckpoint) < _options.CheckpointEvery)
            return;
        // rows first: a checkpoint must never be newer than the rows it counts on
        var tables = TableLengths.Of(part, _metrics.Flush());
        _checkpoints.Write(NamedOrEmpty(part), step, tensors(), tables);
        _lastCheckpoint = _options.Time.GetTimestamp();
        _stop.Written();
    }

    public override Checkpoint? Restore(string part)
    {
        var newest = _checkpoints.Newest(NamedOrEmpty(part), _log.Warning);
        var tables = newest?.Tables ?? new TableLengths(new Dictionary<string, long>());
        _restored[part] = tables;
        foreach (var path in Directory.EnumerateFiles(_run.File("metrics"), "*.jsonl").ToArray())
        {
            if (Path.GetFileNameWithoutExtension(path) is var table && TableLengths.Owns(part, table))
                _metrics.Cut(table, tables[table]);
        }
        foreach (var (path, name, step) in ArrayFile.All(_run))
        {
            if (TableLengths.Owns(part, name) && (newest is null || step > newest.Value.Checkpoint.Step))
                Storage.Discard(path);
        }
        if (newest is { } found)
            _log.Line($"{(part.Length == 0 ? "the run" : "part " + part)} goes on after step {found.Checkpoint.Step}");
        return newest?.Checkpoint;
    }

    public override void Finish(string part)
    {
        _checkpoints.Finish(NamedOrEmpty(part), TableLengths.Of(part, _metrics.Flush()));
        _stop.NoMoreOffers();
    }

    public override bool IsFinished(string part) => _checkpoints.Finished(NamedOrEmpty(part)) is not null;

    public override Stream Artifact(string name)
    {
        if (Path.IsPathRooted(name) || name.Split('/', '\\').Contains(".."))
            throw new ArgumentException($"An artifact's name is a path below artifacts/, not {name}.", nameof(name));
        var path = _run.File(Path.Combine("artifacts", name));
        Storage.CreateFolder(Path.GetDirectoryName(path)!);
        return ArtifactStream.Create(path);
    }

    public override void Report(double fraction, string stage, params IReadOnlyList<(string Name, double Value)> values)
    {
        if (stage != _stage)
            _log.Line(stage);
        _stage = stage;
        if (_lastReport is { } last && _options.Time.GetElapsedTime(last) < BetweenReports)
            return;
        _lastReport = _options.Time.GetTimestamp();
        _progress?.Report(new RunProgress(Math.Clamp(fraction, 0, 1), stage, values));
    }

    public void Dispose() => _metrics.Dispose();

    /// <summary>The step of the newest checkpoint; 0 on a fresh start.</summary>
    internal long NewestStep() => _checkpoints.NewestStep();

    /// <summary>The bytes of a table that are certain: those of parts that are done, and of what was restored.</summary>
    private long KeptLength(string table)
        => _checkpoints.AllFinished().Concat(_restored.Values).Select(lengths => lengths[table]).DefaultIfEmpty().Max();

    /// <summary>What a killed process left half-written.</summary>
    private void RemoveUnfinished()
    {
        foreach (var path in Directory.EnumerateFiles(_run.Path, "*" + Storage.Unfinished, SearchOption.AllDirectories).ToArray())
            Storage.Discard(path);
    }

    private static string NamedOrEmpty(string part) => part.Length == 0 ? part : Named(part);

    private static string Named(string name) => Name().IsMatch(name)
        ? name
        : throw new ArgumentException($"A name of a table, array or part has lower-case letters, digits, dots and hyphens; {name} has others.", nameof(name));

    [GeneratedRegex(@"^[a-z0-9]+([.-][a-z0-9]+)*$")]
    private static partial Regex Name();
}
