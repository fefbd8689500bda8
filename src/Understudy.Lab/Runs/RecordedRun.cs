using Understudy.Data.Formats;
using Understudy.Lab.Configuration;

namespace Understudy.Lab.Runs;

/// <summary>A run directory as verdicts and figures see it.</summary>
public sealed class RecordedRun : RunRecord
{
    private RecordedRun(RunDirectory directory, RunJson run, StudyConfig config)
    {
        (Directory, Run, Config) = (directory, run, config);
    }

    /// <summary>The directory.</summary>
    public RunDirectory Directory { get; }

    /// <summary>The content of <c>run.json</c> when the record was opened.</summary>
    public RunJson Run { get; }

    /// <inheritdoc/>
    public override StudyConfig Config { get; }

    /// <inheritdoc/>
    public override IReadOnlyList<string> Tables
    {
        get
        {
            var folder = Directory.File("metrics");
            return System.IO.Directory.Exists(folder)
                ? [.. System.IO.Directory.EnumerateFiles(folder, "*.jsonl").Select(path => Path.GetFileNameWithoutExtension(path)).Order(StringComparer.Ordinal)]
                : [];
        }
    }

    /// <summary>Opens a run of a study.</summary>
    /// <exception cref="RunException">The directory holds a run of another study, or <c>run.json</c> is not readable.</exception>
    /// <exception cref="ConfigException"><c>config.json</c> is not readable.</exception>
    public static RecordedRun Open(IStudy study, RunDirectory directory)
    {
        return Open(study, directory, directory.ReadRun());
    }

    internal static RecordedRun Open(IStudy study, RunDirectory directory, RunJson run)
    {
        if (run.Study != study.Card.Name)
            throw new RunException($"{directory.Path} is a run of {run.Study}, not of {study.Card.Name}\n  give directories of one study");
        return new RecordedRun(directory, run, directory.ReadConfig(study));
    }

    /// <summary>Refuses a run whose tables have lost rows since they were written.</summary>
    /// <exception cref="RunException">A table is shorter than it was when its part was done.</exception>
    internal void RequireWholeTables()
    {
        foreach (var (table, length) in CheckpointStore.FinishedIn(Directory.File("checkpoints")).SelectMany(lengths => lengths.All))
        {
            var file = new FileInfo(Directory.File(Path.Combine("metrics", table + ".jsonl")));
            var there = file.Exists ? file.Length : 0;
            if (there < length)
            {
                throw new RunException(
                    $"{Directory.Path}/metrics/{table}.jsonl is damaged: {there} of {length} bytes are there\n"
                    + $"  restore the file from a copy, or compute what is missing again: understudy resume {Directory.Path}");
            }
        }
    }

    /// <inheritdoc/>
    public override IReadOnlyList<TRow> Table<TRow>(string table) => [.. MetricsFile.Read<TRow>(Directory.File(Path.Combine("metrics", table + ".jsonl")))];

    /// <inheritdoc/>
    public override IReadOnlyList<long> Steps(string array)
        => [.. ArrayFile.All(Directory).Where(file => file.Name == array).Select(file => file.Step).Order()];

    /// <inheritdoc/>
    /// <exception cref="RunException">Nothing was saved under that name at that step.</exception>
    public override IReadOnlyDictionary<string, Tensor> Arrays(string name, long step)
    {
        var path = ArrayPath(name, step);
        if (!File.Exists(path))
            throw new RunException($"{path} is missing: the run did not save {name} at step {step}, or the file was removed.");
        using var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read);
        return SafeTensors.Read(stream, path).Tensors;
    }

    /// <summary>The file of arrays of that name and step, which <see cref="Steps"/> has.</summary>
    public string ArrayPath(string name, long step) => Directory.File(Path.Combine("arrays", ArrayFile.Name(name, step)));

    /// <summary>The newest checkpoint of a part, with its file; null where there is none. Of a finished part it holds what the part measured last.</summary>
    /// <exception cref="Understudy.Data.UnreadableFileException">All of its checkpoints are damaged.</exception>
    public (Checkpoint Checkpoint, string Path)? NewestCheckpoint(string part)
    {
        var folder = Directory.File("checkpoints");
        return System.IO.Directory.Exists(folder) ? CheckpointStore.Peek(folder, part) : null;
    }
}
