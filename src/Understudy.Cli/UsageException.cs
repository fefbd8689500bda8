using Understudy.Data;

namespace Understudy.Cli;

/// <summary>A command line that cannot be understood or carried out as it is.</summary>
internal sealed class UsageException(string message) : UserException(message);
