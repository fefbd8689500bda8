using System.CommandLine;
using Understudy.Cli.Output;
using Understudy.Lab.Execution;
using Understudy.Lab.Runs;

namespace Understudy.Cli.Commands;

/// <summary><c>resume</c>: whatever is missing in a run or a sweep.</summary>
internal sealed class ResumeVerb : Verb
{
    /// <summary>A flag between a sweep and its children: stop when standard input ends.</summary>
    internal const string StopWithInput = "--stop-with-input";

    private readonly Flags _flags;
    private readonly Option<bool> _stopWithInput = new(StopWithInput) { Hidden = true };

    internal ResumeVerb(Flags flags)
        : base("resume", "whatever is missing in a run or a sweep", "DIR [--local N | --slurm]")
    {
        _flags = flags;
        foreach (var option in new Option[] { flags.Local, flags.Slurm, flags.Sbatch, flags.AtOnce, flags.Detach, flags.Threads, flags.Strict, flags.Offline, flags.Yes, _stopWithInput })
            Command.Options.Add(option);
    }

    internal override IReadOnlyList<Example> Examples =>
    [
        new("understudy resume RUN", "goes on from the last checkpoint"),
        new("understudy resume SWEEP --local 2", "the runs of a sweep that are missing"),
    ];

    internal override IReadOnlyList<string> Details =>
        ["A resumed run gives the bytes an uninterrupted one would have given, also after it was killed. A completed run is judged and drawn again.", "understudy resume SWEEP --slurm does what is missing on a cluster; tasks that are on their way are followed."];

    internal override (int Least, int Most) Words => (1, 1);

    internal override string Missing => "resume needs the directory of a run or a sweep";

    internal override int Execute(Invocation invocation)
    {
        var path = invocation.Words[0];
        SweepCarrier.Check(invocation, _flags);
        if (SweepDirectory.IsSweep(path))
        {
            SweepCarrier.RequireCluster(invocation, _flags);
            var sweep = SweepDirectory.Open(path);
            var study = invocation.Study(sweep.Sweep.Study);
            DataSets.Ensure(invocation, [.. sweep.Runs.SelectMany(run => study.Needs(run.ReadConfig(study))).Distinct()], invocation.Is(_flags.Yes));
            using var carrier = new SweepCarrier(invocation, study, sweep);
            return carrier.Carry(_flags);
        }
        if (invocation.Value(_flags.Local) is not null)
            throw new UsageException($"--local is for a sweep, and {path} is one run\n  leave it out; its threads: --threads N");
        return invocation.Is(_flags.Slurm)
            ? throw new UsageException($"--slurm is for a sweep, and {path} is one run\n  on a cluster: sbatch --wrap \"{Wording.Command("understudy", "resume", path)}\"")
            : Resume(invocation, RunDirectory.Open(path));
    }

    private int Resume(Invocation invocation, RunDirectory run)
    {
        var state = run.ReadRun();
        var study = invocation.Study(state.Study);
        DataSets.Ensure(invocation, study.Needs(run.ReadConfig(study)), invocation.Is(_flags.Yes));
        if (state.Status == RunStatus.Completed && !invocation.Quiet)
            invocation.Error.Line($"{run.Path} is completed; judging and drawing it again");
        if (invocation.Is(_stopWithInput))
            StopAtTheEndOf(invocation.Surroundings.In, invocation.Surroundings.Interruption);
        return RunCarrier.Carry(invocation, study, run, invocation.Is(_flags.Strict));
    }

    private static void StopAtTheEndOf(TextReader input, Interruption interruption)
    {
        new Thread(() =>
        {
            while (input.Read() >= 0)
            {
            }
            interruption.RequestOnce();
        })
        {
            IsBackground = true,
            Name = "end of input",
        }.Start();
    }
}
