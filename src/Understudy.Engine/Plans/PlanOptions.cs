using Understudy.Engine.Graphs;
using Understudy.Engine.Threading;

namespace Understudy.Engine.Plans;

/// <summary>How a graph is compiled.</summary>
public sealed record PlanOptions
{
    internal const int Large = 1 << 14;

    /// <summary>The type every value is computed in: <see cref="DType.F32"/> or <see cref="DType.F64"/>.</summary>
    public DType Precision { get; init; } = DType.F32;

    /// <summary>The threads large products and element-wise groups are shared out to; one thread where null. Results do not depend on it.</summary>
    public Team? Team { get; init; }

    /// <summary>How convolutions are computed. A choice of speed and last bits, to be recorded with a run.</summary>
    public ConvolutionAlgorithm Convolution { get; init; } = ConvolutionAlgorithm.Direct;

    /// <summary>Inputs that are overwritten by an output when the plan has run: parameters by their updated values.</summary>
    public IReadOnlyList<Update> Updates { get; init; } = [];

    /// <summary>Inputs that change between calls of <see cref="Plan.Apply"/>; what does not depend on them is computed by <see cref="Plan.Prepare"/>.</summary>
    /// <remarks>Where there are updates nothing is prepared: a state changes with every run.</remarks>
    public IReadOnlyList<Sym> Varying { get; init; } = [];

    /// <summary>Whether buffers of values that are no longer needed are used again. Off only to test that it makes no difference.</summary>
    public bool ReuseBuffers { get; init; } = true;

    /// <summary>Elements from which on values are kept out of memory where that can be; smaller ones stay in the cache anyway. Another number only to test that it makes no difference.</summary>
    internal int SmallestFused { get; init; } = Large;

    /// <summary>Inputs that get a place although nothing may read them.</summary>
    internal IReadOnlyList<Sym> Kept { get; init; } = [];

    /// <summary>Whether memory starts as NaN instead of zero, so that tests see what is read before it is written.</summary>
    internal bool Poison { get; init; }
}

/// <summary>An input that is overwritten with a new value of the same shape.</summary>
/// <param name="State">The input.</param>
/// <param name="Next">Its value after the plan has run; it may read the old one.</param>
public readonly record struct Update(Sym State, Sym Next);
