using Understudy.Engine;
using Understudy.Engine.Threading;
using Understudy.Learning.Networks;

namespace Understudy.Learning.Curvature;

/// <summary>How curvature is computed.</summary>
public sealed record CurvatureOptions
{
    /// <summary>The type of products: F64, or F32, whose products are good to about 1e-6 of their length, so that eigenvalues below 1e-5 of the largest are noise.</summary>
    public DType Precision { get; init; } = DType.F64;

    /// <summary>The parameters whose block is taken, by slot; null for all of them.</summary>
    public Func<ParameterSlot, bool>? Block { get; init; }

    /// <summary>Examples in a batch, the unit in which memory and threads are shared out; results depend on it in their last bits. A network that couples examples takes all at once.</summary>
    public int BatchRows { get; init; } = 500;

    /// <summary>Bytes that the kept forward and backward passes of all operators of one object may take together, the first ones first; above, they are computed again for every product.</summary>
    public long MemoryBytes { get; init; } = 2L << 30;

    /// <summary>Threads, over which batches are shared out; null for the caller's alone. Results do not depend on it.</summary>
    /// <remarks>
    /// One thread does all of it where there is one batch, N ≤ <see cref="BatchRows"/>, or where <see cref="MemoryBytes"/> does not hold what all batches keep, so that they take turns.
    /// <see cref="NetworkJacobian"/> takes batches in turn and shares out the work within each.
    /// </remarks>
    public Team? Team { get; init; }

    /// <summary>These options, with batches that a network can be cut into.</summary>
    internal CurvatureOptions For(INetwork network, ExampleSet examples) => this with { BatchRows = examples.BatchRows(network, BatchRows) };
}
