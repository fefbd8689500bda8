namespace Understudy.Cli;

/// <summary>What the tool says to a shell by its exit code.</summary>
internal static class ExitCode
{
    /// <summary>Done.</summary>
    internal const int Done = 0;

    /// <summary>A bug, ours or a study's; the trace is in a log.</summary>
    internal const int Failed = 1;

    /// <summary>Something the user can put right.</summary>
    internal const int UserError = 2;

    /// <summary>Stopped on request; can be resumed.</summary>
    internal const int Cancelled = 3;

    /// <summary>A claim came out NotSupported, and <c>--strict</c> was given.</summary>
    internal const int NotSupported = 4;

    /// <summary>Ended at once by a second Ctrl-C: 128 and the number of the signal, as shells do it.</summary>
    internal const int Interrupted = 130;
}
