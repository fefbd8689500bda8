namespace Understudy.Lab.Runs;

/// <summary>How a run is carried out; nothing in it changes results.</summary>
public sealed record RunOptions
{
    /// <summary>Threads of the run; by default as many as there are processors.</summary>
    public int Threads { get; init; } = Environment.ProcessorCount;

    /// <summary>Time between two checkpoints; a study that is asked to stop writes one in any case.</summary>
    public TimeSpan CheckpointEvery { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>Finds a data set a study needs, by name; throws a <see cref="Understudy.Data.UserException"/> where it is missing.</summary>
    public Func<string, DataSetFolder>? Data { get; init; }

    /// <summary>Also gets every line of <c>log.txt</c>, without the time; called from whichever thread logs.</summary>
    public Action<string>? Log { get; init; }

    /// <summary>The clock.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;
}

/// <summary>Where the files of a data set are.</summary>
/// <param name="Folder">The folder.</param>
/// <param name="Sha256">The checksum of the files, for <c>run.json</c>.</param>
public sealed record DataSetFolder(string Folder, string Sha256);
