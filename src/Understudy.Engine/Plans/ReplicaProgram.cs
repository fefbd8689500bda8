using Understudy.Engine.Graphs;

namespace Understudy.Engine.Plans;

/// <summary>One training step as every replica does it: what is fed, and what is overwritten.</summary>
public sealed record ReplicaProgram
{
    /// <summary>The states carried from step to step and their next values.</summary>
    public required IReadOnlyList<Update> Updates { get; init; }

    /// <summary>The inputs that are new at every step: one row feed or any number of normal feeds, and feeds with purposes of their own.</summary>
    public IReadOnlyList<Feed> Feeds { get; init; } = [];

    /// <summary>Further inputs that can be written and read back although no update may need them, such as frozen parameters.</summary>
    public IReadOnlyList<Sym> Kept { get; init; } = [];

    /// <summary>How convolutions are computed. A choice of speed and last bits, to be recorded with a run.</summary>
    public ConvolutionAlgorithm Convolution { get; init; } = ConvolutionAlgorithm.Direct;
}
