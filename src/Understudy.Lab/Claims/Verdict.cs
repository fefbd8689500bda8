namespace Understudy.Lab.Claims;

/// <summary>A claim next to what was measured.</summary>
/// <param name="Claim">The claim.</param>
/// <param name="Outcome">What the measurement says.</param>
/// <param name="Measured">The measurement in words, number and interval included.</param>
/// <param name="Scale">One sentence on how the run differs from the paper's protocol; empty only where nothing was measured.</param>
/// <param name="Estimate">The measured number with its 95 % interval, where there is one.</param>
/// <param name="Seeds">Over how many seeds.</param>
public sealed record Verdict(Claim Claim, Outcome Outcome, string Measured, string Scale, Estimate? Estimate, int Seeds);

/// <summary>A measured number with its 95 % interval.</summary>
public readonly record struct Estimate(double Value, double Low, double High);
