namespace Understudy.Cli;

/// <summary>Starts this tool again with other arguments, and waits for it.</summary>
/// <param name="arguments">The arguments.</param>
/// <param name="stop">Asks the child to stop after a checkpoint.</param>
/// <param name="end">Ends the child at once.</param>
/// <returns>How it ended.</returns>
internal delegate ChildEnd ChildStarter(IReadOnlyList<string> arguments, CancellationToken stop, CancellationToken end);

/// <summary>How a child process ended.</summary>
/// <param name="ExitCode">Its exit code.</param>
/// <param name="Error">What it wrote to standard error.</param>
internal sealed record ChildEnd(int ExitCode, string Error);
