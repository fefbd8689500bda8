using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;

namespace Understudy.Lab.Execution.Slurm;

/// <summary>Slurm's own programs: what they are asked and what they answer.</summary>
/// <param name="path">Folders in which they are looked for.</param>
internal sealed class SlurmCommands(IReadOnlyList<string> path)
{
    /// <summary>What clusters allow unless they say otherwise.</summary>
    private const int UsualArray = 1001;

    /// <summary>What stands before a sentence of sbatch.</summary>
    private static readonly string[] Heads = ["sbatch: error: ", "sbatch: fatal: ", "sbatch: "];

    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    /// <summary>The most tasks of one array.</summary>
    internal int LargestArray()
    {
        var answer = Run("scontrol", ["show", "config"]);
        var line = answer.Out.Split('\n').FirstOrDefault(line => line.StartsWith("MaxArraySize", StringComparison.Ordinal));
        return answer.Code == 0 && line is not null && int.TryParse(line.Split('=')[^1], NumberStyles.Integer, CultureInfo.InvariantCulture, out var size) && size > 0 ? size : UsualArray;
    }

    /// <summary>Submits a script.</summary>
    /// <returns>The number of the job, and its cluster where there are several.</returns>
    /// <exception cref="SlurmException">There is no Slurm here, or it refuses.</exception>
    internal (string Id, string? Cluster) Submit(IEnumerable<string> arguments)
    {
        var answer = Run("sbatch", ["--parsable", .. arguments]);
        if (answer.Code != 0)
            throw new SlurmException($"sbatch refuses the runs: {Sentence(answer.Error)}\n  options of yours go to --sbatch, as in --sbatch \"partition=NAME time=02:00:00\"");
        var parts = answer.Out.Trim().Split(';');
        return parts[0].Length > 0 && parts[0].All(char.IsAsciiDigit)
            ? (parts[0], parts.Length > 1 ? parts[1] : null)
            : throw new SlurmException($"sbatch submitted nothing: it gave no number of a job{(answer.Error.Length > 0 ? $", but {Sentence(answer.Error)}" : "")}\n  leave out what makes it only test or wait, such as test-only");
    }

    /// <summary>The tasks that are queued or running, as JOB_TASK; null where the scheduler does not answer.</summary>
    /// <param name="jobs">The jobs that are asked for.</param>
    /// <param name="cancellation">Does not wait for an answer any longer.</param>
    internal IReadOnlySet<string>? Queue(IEnumerable<SlurmJob> jobs, CancellationToken cancellation)
    {
        HashSet<string> tasks = [];
        // one by one: a job that is long gone is an error, and the others are not
        foreach (var job in jobs)
        {
            var answer = Run("squeue", [.. On(job), "-h", "-r", "-j", job.Id, "-o", "%i|%T"], cancellation);
            if (answer.Code != 0 && !answer.Error.Contains("Invalid job id", StringComparison.OrdinalIgnoreCase))
                return null;
            foreach (var line in answer.Out.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
            {
                if (line.Split('|') is [var task, not "COMPLETED" and not "FAILED"])
                    tasks.Add(task);
            }
        }

        return tasks;
    }

    /// <summary>Takes what is queued out, and tells what is running to stop behind a checkpoint.</summary>
    internal void Stop(IEnumerable<SlurmJob> jobs)
    {
        foreach (var job in jobs)
        {
            _ = Run("scancel", [.. On(job), "--state=PENDING", job.Id]);
            _ = Run("scancel", [.. On(job), "--batch", "--signal=TERM", job.Id]);
        }
    }

    private static string[] On(SlurmJob job) => job.Cluster is null ? [] : ["-M", job.Cluster];

    /// <summary>Where a program is.</summary>
    /// <exception cref="SlurmException">It is not on the path.</exception>
    internal string Find(string name) => path.Select(folder => Path.Combine(folder, name)).FirstOrDefault(File.Exists)
        ?? throw new SlurmException($"{name} is not on the path: this is no machine of a Slurm cluster\n  leave out --slurm to use this machine alone");

    private Answer Run(string name, IEnumerable<string> arguments, CancellationToken cancellation = default)
    {
        var program = Find(name);
        var start = new ProcessStartInfo(program, arguments) { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false };
        try
        {
            using var process = Process.Start(start)!;
            process.StandardInput.Close();
            var (output, error) = (process.StandardOutput.ReadToEndAsync(CancellationToken.None), process.StandardError.ReadToEndAsync(CancellationToken.None));
            using (cancellation.Register(() => process.Kill(entireProcessTree: true)))
            {
                if (process.WaitForExit(Patience))
                    return new Answer(process.ExitCode, output.GetAwaiter().GetResult(), error.GetAwaiter().GetResult());
            }

            process.Kill(entireProcessTree: true);
            return new Answer(-1, "", $"no answer in {Patience.TotalMinutes:0} minutes");
        }
        catch (Win32Exception problem)
        {
            throw new SlurmException($"{program} cannot be started: {problem.Message}\n  leave out --slurm to use this machine alone");
        }
    }

    private static string Sentence(string error)
    {
        var last = error.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).LastOrDefault() ?? "without a word";
        return Heads.FirstOrDefault(start => last.StartsWith(start, StringComparison.Ordinal)) is { } head ? last[head.Length..] : last;
    }

    private sealed record Answer(int Code, string Out, string Error);
}
