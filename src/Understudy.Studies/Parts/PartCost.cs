namespace Understudy.Studies.Parts;

/// <summary>What a part costs.</summary>
/// <param name="Seconds">On one thread.</param>
/// <param name="Bytes">The most it holds in memory.</param>
internal readonly record struct PartCost(double Seconds, double Bytes)
{
    /// <summary>One after the other: times add up, memory is that of the largest.</summary>
    internal PartCost Then(PartCost next) => new(Seconds + next.Seconds, Math.Max(Bytes, next.Bytes));
}
