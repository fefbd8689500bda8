namespace Understudy.Learning.Networks.Importing;

/// <summary>A value on its way through an imported graph.</summary>
internal abstract record GraphValue;

/// <summary>Whole numbers that are known while tracing: extents and axes.</summary>
/// <param name="Values">The numbers, row-major.</param>
/// <param name="Rank">How many axes they have; 0 for a single number.</param>
internal sealed record WholeNumbers(long[] Values, int Rank) : GraphValue;
