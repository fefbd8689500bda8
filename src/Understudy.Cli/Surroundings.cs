using Understudy.Lab;

namespace Understudy.Cli;

/// <summary>Everything the tool meets outside itself, so that a test can stand in for a terminal.</summary>
internal sealed record Surroundings
{
    /// <summary>The studies there are.</summary>
    internal required IReadOnlyList<IStudy> Studies { get; init; }

    /// <summary>Where results go.</summary>
    internal required TextWriter Out { get; init; }

    /// <summary>Where everything else goes.</summary>
    internal required TextWriter Error { get; init; }

    /// <summary>Where answers to questions come from.</summary>
    internal TextReader In { get; init; } = TextReader.Null;

    /// <summary>Whether <see cref="Out"/> is a terminal.</summary>
    internal bool OutIsTerminal { get; init; }

    /// <summary>Whether <see cref="Error"/> is a terminal.</summary>
    internal bool ErrorIsTerminal { get; init; }

    /// <summary>Whether somebody can answer a question.</summary>
    internal bool InIsTerminal { get; init; }

    /// <summary>Columns of the terminal; null where unknown.</summary>
    internal int? Columns { get; init; }

    /// <summary>An environment variable by name; null or empty where not set.</summary>
    internal required Func<string, string?> Variable { get; init; }

    /// <summary>The clock.</summary>
    internal TimeProvider Time { get; init; } = TimeProvider.System;

    /// <summary>Requests to stop.</summary>
    internal required Interruption Interruption { get; init; }

    /// <summary>Starts this tool again as a process of its own.</summary>
    internal required ChildStarter Children { get; init; }

    /// <summary>Whether a variable is set to anything but nothing, 0 or false.</summary>
    internal bool IsOn(string variable) => Variable(variable) is { Length: > 0 } value && value is not ("0" or "false");
}
