namespace Understudy.Lab.Runs;

/// <summary>How far a run is, for people.</summary>
/// <param name="Fraction">0 to 1, of the whole run.</param>
/// <param name="Stage">What is being done, in a few words.</param>
/// <param name="Values">The numbers that matter, by name.</param>
public sealed record RunProgress(double Fraction, string Stage, IReadOnlyList<(string Name, double Value)> Values);
