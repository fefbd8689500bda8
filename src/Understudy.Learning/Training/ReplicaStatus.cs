namespace Understudy.Learning.Training;

/// <summary>How a replica stands.</summary>
/// <param name="IsDiverged">Whether a parameter stopped being a finite number.</param>
/// <param name="Step">The number of steps done, or after which the divergence was seen (the end of the block of steps).</param>
public readonly record struct ReplicaStatus(bool IsDiverged, long Step);
