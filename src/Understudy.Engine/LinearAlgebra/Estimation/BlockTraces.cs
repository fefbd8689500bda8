namespace Understudy.Engine.LinearAlgebra.Estimation;

/// <summary>Traces of blocks on the diagonal, all from the same products.</summary>
/// <param name="Whole">The trace of the whole matrix.</param>
/// <param name="Blocks">The trace of each block; unbiased, with an error of its own.</param>
public sealed record BlockTraces(TraceEstimate Whole, IReadOnlyList<TraceEstimate> Blocks);
