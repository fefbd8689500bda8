namespace Understudy.Data;

/// <summary>A data set is not in the cache and may not, or could not, be fetched.</summary>
public sealed class DataUnavailableException : UserException
{
    /// <summary>An exception with that message.</summary>
    public DataUnavailableException(string message, Exception? inner = null)
        : base(message, inner!)
    {
    }
}
