using Microsoft.Extensions.Logging;
using Understudy.Data.Formats;
using Understudy.Engine.Random;
using Understudy.Engine.Threading;

namespace Understudy.Lab.Runs;

/// <summary>The only door from a running study to the outside: it records, checkpoints and reports through it.</summary>
public abstract class RunContext
{
    /// <summary>The threads of this run.</summary>
    public abstract Team Team { get; }

    /// <summary>Where people's log lines go.</summary>
    public abstract ILogger Log { get; }

    /// <summary>The random numbers of one purpose and replica, from the run's seed.</summary>
    public abstract RandomSequence Random(string purpose, int replica);

    /// <summary>The folder of a data set the study declared in <see cref="IStudy.Needs"/>.</summary>
    public abstract string DataFolder(string set);

    /// <summary>Appends a row to <c>metrics/&lt;table&gt;.jsonl</c>.</summary>
    public abstract void Record<TRow>(string table, TRow row)
        where TRow : notnull;

    /// <summary>Writes <c>arrays/&lt;name&gt;-&lt;step&gt;.safetensors</c>.</summary>
    public abstract void Save(string name, long step, IReadOnlyList<Tensor> tensors);

    /// <summary>Writes a checkpoint of a part if the interval between checkpoints has passed, or always with <paramref name="force"/>; the newest two are kept.</summary>
    /// <remarks><paramref name="tensors"/> is called only when a checkpoint is written. Tables named <c>&lt;part&gt;.…</c> belong to the part.</remarks>
    public abstract void Checkpoint(string part, long step, Func<IReadOnlyList<Tensor>> tensors, bool force = false);

    /// <summary>The last checkpoint of a part, or null on a fresh start.</summary>
    /// <remarks>Rows and arrays of the part with a larger step have been dropped.</remarks>
    public abstract Checkpoint? Restore(string part);

    /// <summary>Marks a part as done; a resumed run skips it.</summary>
    public abstract void Finish(string part);

    /// <summary>Whether the part was marked as done before.</summary>
    public abstract bool IsFinished(string part);

    /// <summary>A stream that becomes <c>artifacts/&lt;name&gt;</c> when it is disposed.</summary>
    public abstract Stream Artifact(string name);

    /// <summary>Progress for people.</summary>
    /// <param name="fraction">0 to 1, of the whole run.</param>
    /// <param name="stage">What is being done, in a few words.</param>
    /// <param name="values">The two numbers that matter, by name.</param>
    public abstract void Report(double fraction, string stage, params IReadOnlyList<(string Name, double Value)> values);
}

/// <summary>What a checkpoint holds.</summary>
/// <param name="Step">The step after which it was written.</param>
/// <param name="Tensors">Parameters, moments and whatever else the part needs to go on, by name.</param>
public sealed record Checkpoint(long Step, IReadOnlyDictionary<string, Tensor> Tensors);
