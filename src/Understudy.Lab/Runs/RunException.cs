using Understudy.Data;

namespace Understudy.Lab.Runs;

/// <summary>A run directory that cannot be read, written or taken over as it is.</summary>
public sealed class RunException : UserException
{
    /// <summary>An exception with that message.</summary>
    public RunException(string message)
        : base(message)
    {
    }

    /// <summary>An exception with that message and what led to it.</summary>
    public RunException(string message, Exception inner)
        : base(message, inner)
    {
    }

    /// <summary>Whether the problem is a format that this version does not know yet: the files may be perfectly good.</summary>
    public bool IsNewer { get; init; }
}
