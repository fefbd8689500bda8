using Understudy.Data;

namespace Understudy.Lab.Execution.Slurm;

/// <summary>The scheduler is not there, or refuses.</summary>
/// <param name="message">What, and the mend.</param>
public sealed class SlurmException(string message) : UserException(message);
