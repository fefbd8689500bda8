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

    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    /// <summary>The most tasks of one array.</summary>
    internal int LargestArray()
    {
        var answer = Run("scontrol", "show", "config");
        var line = answer.Out.Split('\n').FirstOrDefault(line => line.StartsWith("MaxArraySize", StringComparison.Ordinal));
        return answer.Code == 0 && line is not null && int.TryParse(line.Split('=')[^1], NumberStyles.Integer, CultureInfo.InvariantCulture, out var size) && size > 0 ? size : UsualArray;
    }

    /// <summary>Submits a script.</summary>
    /// <returns>The number of the job.</returns>
    /// <exception cref="SlurmException">There is no Slurm here, or it refuses.</exception>
    internal string Submit(IEnumerable<string> arguments)
    {
        var answer = Run("sbatch", ["--parsable", .. arguments]);
        if (answer.Code != 0)
            throw new SlurmException($"sbatch refuses the runs: {Sentence(answer.Error)}\n  options of yours go to --sbatch, as in --sbatch \"partition=NAME time=02:00:00\"");
        // on federated clusters the cluster's name follows
        return answer.Out.Trim().Split(';')[0];
    }

    /// <summary>The tasks that are queued or running, as JOB_TASK; null where the scheduler does not answer.</summary>
    internal IReadOnlySet<string>? Queue(IEnumerable<string> jobs)
    {
        HashSet<string> tasks = [];
        // one by one: a job that is long gone is an error, and the others are not
        foreach (var job in jobs)
        {
            var answer = Run("squeue", "-h", "-r", "-j", job, "-o", "%i|%T");
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
    internal void Stop(IEnumerable<string> jobs)
    {
        foreach (var job in jobs)
        {
            _ = Run("scancel", "--state=PENDING", job);
            _ = Run("scancel", "--batch", "--signal=TERM", job);
        }
    }

    /// <summary>Where a program is.</summary>
    /// <exception cref="SlurmException">It is not on the path.</exception>
    internal string Find(string name) => path.Select(folder => Path.Combine(folder, name)).FirstOrDefault(File.Exists)
        ?? throw new SlurmException($"{name} is not on the path: this is no machine of a Slurm cluster\n  leave out --slurm to use this machine alone");

    private Answer Run(string name, params IEnumerable<string> arguments)
    {
        var program = Find(name);
        var start = new ProcessStartInfo(program, arguments) { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false };
        try
        {
            using var process = Process.Start(start)!;
            process.StandardInput.Close();
            var (output, error) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
            if (process.WaitForExit(Patience))
                return new Answer(process.ExitCode, output.GetAwaiter().GetResult(), error.GetAwaiter().GetResult());
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
        return last.StartsWith("sbatch: error: ", StringComparison.Ordinal) ? last["sbatch: error: ".Length..] : last;
    }

    private sealed record Answer(int Code, string Out, string Error);
}
