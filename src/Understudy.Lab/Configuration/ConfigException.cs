using Understudy.Data;

namespace Understudy.Lab.Configuration;

/// <summary>A setting, preset or configuration file that cannot be used as it is.</summary>
/// <remarks>The message is one to four lines: what is wrong, what exists instead, where to read on.</remarks>
public sealed class ConfigException : UserException
{
    /// <summary>An exception with that message.</summary>
    public ConfigException(string message)
        : base(message)
    {
    }

    /// <summary>An exception with that message and what led to it.</summary>
    public ConfigException(string message, Exception inner)
        : base(message, inner)
    {
    }
}
