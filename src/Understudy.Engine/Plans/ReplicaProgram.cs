using Understudy.Engine.Graphs;

namespace Understudy.Engine.Plans;

/// <summary>One training step as every replica does it: what is fed, and what is overwritten.</summary>
public sealed record ReplicaProgram
{
    /// <summary>The states carried from step to step and their next values.</summary>
    public required IReadOnlyList<Update> Updates { get; init; }

    /// <summary>The inputs that are new at every step.</summary>
    public IReadOnlyList<Feed> Feeds { get; init; } = [];
}

/// <summary>Inputs that are filled before every step from the replica's random numbers of that step.</summary>
public abstract record Feed
{
    private protected Feed()
    {
    }
}

/// <summary>Rows drawn with replacement from the replica's tables: row i of every target is the same row of its table.</summary>
/// <param name="Targets">Inputs of shapes [batch, width], all with the same batch.</param>
public sealed record RowFeed(params IReadOnlyList<Sym> Targets) : Feed;

/// <summary>Normal numbers of mean 0.</summary>
/// <param name="Target">The input that is filled, element i with draw i.</param>
/// <param name="Deviation">Their standard deviation.</param>
public sealed record NormalFeed(Sym Target, double Deviation) : Feed;
