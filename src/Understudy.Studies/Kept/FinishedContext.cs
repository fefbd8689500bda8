using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Understudy.Data.Formats;
using Understudy.Engine.Random;
using Understudy.Engine.Threading;
using Understudy.Lab.Runs;

namespace Understudy.Studies.Kept;

/// <summary>What a run drew its numbers and images from, once more, after it is finished: rows are held in memory, and nothing is kept.</summary>
internal sealed class FinishedContext(long seed, Team team, Func<string, string> dataFolder) : RunContext
{
    private readonly Dictionary<string, List<object>> _tables = [];

    /// <summary>The rows of a table, in the order they were recorded.</summary>
    internal IReadOnlyList<TRow> Rows<TRow>(string table) => _tables.TryGetValue(table, out var rows) ? [.. rows.Cast<TRow>()] : [];

    public override Team Team => team;

    public override ILogger Log => NullLogger.Instance;

    public override RandomSequence Random(string purpose, int replica) => new((ulong)seed, purpose, replica);

    public override string DataFolder(string set) => dataFolder(set);

    public override void Record<TRow>(string table, TRow row)
    {
        if (!_tables.TryGetValue(table, out var rows))
            _tables.Add(table, rows = []);
        rows.Add(row);
    }

    public override void Save(string name, long step, IReadOnlyList<Tensor> tensors) => throw Closed();

    /// <summary>What is done with a finished run and stopped begins anew.</summary>
    public override void Checkpoint(string part, long step, Func<IReadOnlyList<Tensor>> tensors, bool force = false)
    {
    }

    public override Checkpoint? Restore(string part) => null;

    public override void Finish(string part) => throw Closed();

    public override bool IsFinished(string part) => throw Closed();

    public override Stream Artifact(string name) => throw Closed();

    public override void Report(double fraction, string stage, params IReadOnlyList<(string Name, double Value)> values) => throw Closed();

    private static InvalidOperationException Closed() => new("A finished run takes no files any more.");
}
