using Understudy.Lab.Claims;
using Understudy.Lab.Runs;

namespace Understudy.Lab.Execution;

/// <summary>How a run ended.</summary>
/// <param name="Status">Completed, cancelled or failed.</param>
/// <param name="Verdicts">One per claim; empty unless completed.</param>
/// <param name="Error">What ended a failed run; a <see cref="Understudy.Data.UserException"/> is something the user can put right.</param>
public sealed record RunResult(RunStatus Status, IReadOnlyList<Verdict> Verdicts, Exception? Error);
