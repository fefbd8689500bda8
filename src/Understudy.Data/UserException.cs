namespace Understudy.Data;

/// <summary>Something the user can put right; the message is a complete sentence that says what to do.</summary>
/// <remarks>The tool prints the message without a stack trace and ends with exit code 2.</remarks>
public abstract class UserException : Exception
{
    /// <summary>An exception with that message.</summary>
    protected UserException(string message)
        : base(message)
    {
    }

    /// <summary>An exception with that message and the exception that led to it.</summary>
    protected UserException(string message, Exception inner)
        : base(message, inner)
    {
    }
}
