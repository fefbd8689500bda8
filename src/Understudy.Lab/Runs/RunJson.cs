using System.Text.Json.Serialization;

namespace Understudy.Lab.Runs;

/// <summary>Where a run stands.</summary>
public enum RunStatus
{
    /// <summary>Created, and not begun: a unit of work for an executor.</summary>
    Pending,

    /// <summary>At work, or killed without a word: see whether its lock is alive.</summary>
    Running,

    /// <summary>Trained, judged and drawn.</summary>
    Completed,

    /// <summary>Stopped on request; resuming goes on from the last checkpoint.</summary>
    Cancelled,

    /// <summary>Ended by an error, which is in <see cref="RunJson.Failure"/>.</summary>
    Failed,
}

/// <summary>The content of <c>run.json</c>: everything about a run but its settings and results.</summary>
public sealed record RunJson
{
    /// <summary>The format this version writes.</summary>
    public const int CurrentFormat = 1;

    /// <summary>The format of the run directory.</summary>
    public int Format { get; init; } = CurrentFormat;

    /// <summary>The name of the run: that of its directory when it was created.</summary>
    public string Id { get; init; } = "";

    /// <summary>The study's name.</summary>
    public string Study { get; init; } = "";

    /// <summary>Where the run stands.</summary>
    public RunStatus Status { get; init; }

    /// <summary>When it first began, UTC; null while pending.</summary>
    public DateTimeOffset? Started { get; init; }

    /// <summary>When it ended, UTC; null before.</summary>
    public DateTimeOffset? Ended { get; init; }

    /// <summary>The version of Understudy that ran it last.</summary>
    public string Version { get; init; } = "";

    /// <summary>The commit that version was built from; empty where unknown.</summary>
    public string Commit { get; init; } = "";

    /// <summary>The machine that ran it last.</summary>
    public RunMachine? Machine { get; init; }

    /// <summary>The engine that ran it last.</summary>
    public RunEngine? Engine { get; init; }

    /// <summary>Threads of the run; they never change results.</summary>
    public int Threads { get; init; }

    /// <summary>What the user wrote after the study's name, or what a program would have to write.</summary>
    public IReadOnlyList<string> Arguments { get; init; } = [];

    /// <summary>The data sets it used.</summary>
    public IReadOnlyList<UsedDataSet> Data { get; init; } = [];

    /// <summary>The id of the sweep it belongs to, or null.</summary>
    public string? Sweep { get; init; }

    /// <summary>When it was resumed, and from which step.</summary>
    public IReadOnlyList<RunResume> Resumes { get; init; } = [];

    /// <summary>Why it failed, or null.</summary>
    public RunFailure? Failure { get; init; }

    /// <summary>How long it took from its first beginning to its last end; null before the end.</summary>
    [JsonIgnore]
    public TimeSpan? Took => Ended - Started;
}

/// <summary>A machine.</summary>
/// <param name="Os">Operating system and its version.</param>
/// <param name="Processor">The processor's name.</param>
/// <param name="Cores">Logical processors this process may use.</param>
/// <param name="Registers">The widest vector registers in use: AVX-512, AVX2, 128-bit or none.</param>
/// <param name="Runtime">The .NET runtime.</param>
public sealed record RunMachine(string Os, string Processor, int Cores, string Registers, string Runtime);

/// <summary>What computed the numbers.</summary>
/// <param name="Version">The engine's version.</param>
/// <param name="Dtype">The element type of training.</param>
/// <param name="NumericRevision">Grows when the same configuration gives other bits than before.</param>
public sealed record RunEngine(string Version, string Dtype, int NumericRevision);

/// <summary>A data set as a run used it.</summary>
/// <param name="Set">Its name.</param>
/// <param name="Sha256">The checksum of its files.</param>
public sealed record UsedDataSet(string Set, string Sha256);

/// <summary>One resumption.</summary>
/// <param name="Step">The step of the newest checkpoint then; 0 where there was none.</param>
/// <param name="At">When, UTC.</param>
public sealed record RunResume(long Step, DateTimeOffset At);

/// <summary>Why a run failed.</summary>
/// <param name="Kind">The name of the exception type.</param>
/// <param name="Message">Its message; the trace is in <c>log.txt</c>.</param>
public sealed record RunFailure(string Kind, string Message);
