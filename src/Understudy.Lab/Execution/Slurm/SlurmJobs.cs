using System.Text.Json;
using Understudy.Lab.Configuration;
using Understudy.Lab.Runs;

namespace Understudy.Lab.Execution.Slurm;

/// <summary>The jobs that were submitted for some runs: <c>jobs.json</c>, so that whoever follows later submits nothing twice.</summary>
internal sealed class SlurmJobs
{
    private const string Name = "jobs.json";

    private readonly string _file;
    private readonly List<SlurmJob> _jobs;

    /// <summary>Reads what was submitted before.</summary>
    /// <param name="folder">The folder of script and lists.</param>
    /// <exception cref="RunException">The file is damaged.</exception>
    internal SlurmJobs(string folder)
    {
        _file = Path.Combine(folder, Name);
        try
        {
            _jobs = File.Exists(_file) ? JsonSerializer.Deserialize<List<SlurmJob>>(File.ReadAllBytes(_file), LabJson.Indented) ?? [] : [];
        }
        catch (JsonException problem)
        {
            throw new RunException($"{_file} is damaged: it is not a list of jobs\n  delete it, if squeue shows none of this sweep", problem);
        }
    }

    /// <summary>The jobs, the earliest first.</summary>
    internal IReadOnlyList<SlurmJob> All => _jobs;

    /// <summary>Whether jobs were submitted from a folder.</summary>
    internal static bool Are(string folder) => File.Exists(Path.Combine(folder, Name));

    /// <summary>The newest task that carries out a run, as JOB_TASK; null where none was submitted.</summary>
    internal string? TaskOf(string run)
        => _jobs.AsEnumerable().Reverse().Select(job => job.Runs.IndexOf(run) is >= 0 and var task ? $"{job.Id}_{task}" : null).FirstOrDefault(task => task is not null);

    /// <summary>Writes down a job.</summary>
    internal void Add(SlurmJob job)
    {
        _jobs.Add(job);
        Storage.WriteText(_file, JsonSerializer.Serialize(_jobs, LabJson.Indented) + "\n");
    }
}

/// <summary>A submitted array.</summary>
/// <param name="Id">Its number.</param>
/// <param name="Cluster">The cluster that has it, where there are several; else null.</param>
/// <param name="Runs">The names of the run directories of its tasks, in their order.</param>
internal sealed record SlurmJob(string Id, string? Cluster, List<string> Runs);
