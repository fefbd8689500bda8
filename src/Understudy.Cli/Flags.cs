using System.CommandLine;

namespace Understudy.Cli;

/// <summary>The flags that mean the same everywhere, each written once.</summary>
internal sealed class Flags
{
    internal Option<bool> Help { get; } = new("--help", "-h", "-?") { Description = "this text", Recursive = true };

    internal Option<bool> Version { get; } = new("--version") { Description = "the version and the commit it was built from", Recursive = true };

    internal Option<bool> Json { get; } = new("--json") { Description = "one JSON document on standard output, nothing else there", Recursive = true };

    internal Option<bool> Quiet { get; } = new("--quiet", "-q") { Description = "results and errors only", Recursive = true };

    internal Option<bool> Verbose { get; } = new("--verbose", "-v") { Description = "the log as well, not only its warnings", Recursive = true };

    internal Option<bool> NoProgress { get; } = new("--no-progress") { Description = "no progress", Recursive = true };

    internal Option<bool> NoColor { get; } = new("--no-color") { Description = "no colors, as with NO_COLOR", Recursive = true };

    internal Option<string?> Threads { get; } = Valued("--threads", "N", "threads to compute with; never changes results (else UNDERSTUDY_THREADS, else all processors)");

    internal Option<string?> Runs { get; } = Valued("--out", "DIR", "the folder in which the run's own folder is made (else UNDERSTUDY_RUNS, else runs)");

    internal Option<string?> Config { get; } = Valued("--config", "FILE", "settings from a YAML or JSON file, laid over the preset");

    internal Option<string?> Preset { get; } = Valued("--preset", "NAME", "the same as @NAME");

    internal Option<string?> Local { get; } = Valued("--local", "N", "processes at a time; the threads are shared out among them");

    internal Option<bool> Slurm { get; } = new("--slurm") { Description = "as tasks of an array job of the Slurm cluster this machine belongs to; runs and cache are where its nodes see them" };

    internal Option<string?> Sbatch { get; } = Valued("--sbatch", "\"OPTIONS\"", "with --slurm: more options of sbatch without their dashes, such as \"partition=long time=02:00:00 mem=8G\"");

    internal Option<string?> AtOnce { get; } = Valued("--at-once", "N", "with --slurm: tasks at a time (else as many as the cluster gives)");

    internal Option<bool> Detach { get; } = new("--detach") { Description = "with --slurm: submit and return; resume DIR --slurm follows" };

    internal Option<bool> DryRun { get; } = new("--dry-run") { Description = "print the resolved plan with time and memory, and do nothing" };

    internal Option<bool> Strict { get; } = new("--strict") { Description = "exit code 4 if a claim came out NotSupported" };

    internal Option<bool> Offline { get; } = new("--offline") { Description = "never use the network (also UNDERSTUDY_OFFLINE=1)" };

    internal Option<bool> Yes { get; } = new("--yes") { Description = "answer every question with yes" };

    /// <summary>Flags of every verb.</summary>
    internal IReadOnlyList<Option> Everywhere => [Help, Version, Json, Quiet, Verbose, NoProgress, NoColor];

    /// <summary>A flag that takes a value.</summary>
    internal static Option<string?> Valued(string name, string value, string description, params string[] aliases)
        => new(name, aliases) { Description = description, HelpName = value, Arity = ArgumentArity.ExactlyOne };
}
