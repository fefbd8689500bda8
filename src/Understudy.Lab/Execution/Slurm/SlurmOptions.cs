namespace Understudy.Lab.Execution.Slurm;

/// <summary>How runs are handed to a Slurm cluster.</summary>
public sealed record SlurmOptions
{
    /// <summary>What carries out a run on a node, before its directory: <c>understudy resume</c>, or the same by <c>dotnet</c> and its library.</summary>
    public required IReadOnlyList<string> Command { get; init; }

    /// <summary>Where script, lists, job numbers and logs go; on a file system that the nodes see, like the runs.</summary>
    public required string Folder { get; init; }

    /// <summary>The name of the jobs.</summary>
    public string Name { get; init; } = "understudy";

    /// <summary>Processors of a task, and threads of its run.</summary>
    public int Threads { get; init; } = 1;

    /// <summary>Memory of a task in bytes; null for what the cluster gives.</summary>
    public long? Memory { get; init; }

    /// <summary>Tasks of one submission at a time; null for as many as the cluster gives.</summary>
    public int? AtOnce { get; init; }

    /// <summary>More options of sbatch, such as <c>--partition=long</c> and <c>--time=02:00:00</c>; they come last, so they win.</summary>
    public IReadOnlyList<string> More { get; init; } = [];

    /// <summary>Whether to return when the jobs are submitted, and not to follow them.</summary>
    public bool Detached { get; init; }

    /// <summary>Folders in which <c>sbatch</c>, <c>squeue</c>, <c>scontrol</c> and <c>scancel</c> are looked for.</summary>
    public IReadOnlyList<string> Path { get; init; } = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(System.IO.Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries);

    /// <summary>Between two looks at the runs.</summary>
    public TimeSpan Interval { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>Told what somebody who waits should know; null for nobody.</summary>
    public Action<string>? Note { get; init; }

    /// <summary>The clock.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;
}
