using Understudy.Engine.Graphs;
using Understudy.Engine.Primitives;

namespace Understudy.Engine.Plans;

/// <summary>Inputs that are filled before every step from the replica's random numbers of that step.</summary>
public abstract record Feed
{
    private protected Feed()
    {
    }

    private protected abstract IReadOnlyList<Sym> Filled { get; }

    /// <exception cref="ArgumentException">A target is computed, filled twice or overwritten by an update, shapes do not fit, or feeds would share random numbers.</exception>
    internal static void Check(ReplicaProgram program)
    {
        var rows = program.Feeds.OfType<RowFeed>().ToArray();
        var drawn = program.Feeds.OfType<DrawFeed>().ToArray();
        if (rows.Length > 1 || drawn.Any(feed => feed.Purpose.Length == 0 && (rows.Length > 0 || feed is UniformFeed)))
            throw new ArgumentException("Feeds would share random numbers: a program has one row feed, or normal feeds, and others need a purpose.");
        if (drawn.Where(feed => feed.Purpose.Length > 0).GroupBy(feed => feed.Purpose).FirstOrDefault(same => same.Count() > 1) is { } twice)
            throw new ArgumentException($"Feeds would share random numbers: two have the purpose {twice.Key}.");
        var seen = program.Updates.Select(update => update.State).ToHashSet();
        foreach (var target in program.Feeds.SelectMany(feed => feed.Filled))
        {
            if (target.Operation is not Input)
                throw new ArgumentException($"Only an input can be fed, but {target} is computed.");
            if (!seen.Add(target))
                throw new ArgumentException($"{target} is fed twice, or fed and overwritten.");
        }

        foreach (var feed in rows)
        {
            if (feed.Targets.Count == 0)
                throw new ArgumentException("A row feed needs a target.");
            foreach (var target in feed.Targets)
            {
                if (target.Shape.Rank != 2 || target.Shape[0] != feed.Targets[0].Shape[0])
                    throw new ShapeException("A row feed", "targets [batch, width] of one batch", target.Shape);
            }
        }
    }
}

/// <summary>Rows drawn from the replica's tables, with replacement unless shuffled: row i of every target is the same row of its table.</summary>
/// <param name="Targets">Inputs of shapes [batch, width], all with the same batch.</param>
public sealed record RowFeed(params IReadOnlyList<Sym> Targets) : Feed
{
    /// <summary>Whether every row is drawn at most once per pass through the tables, instead of with replacement.</summary>
    /// <remarks>
    /// With N rows a pass has ⌊N / batch⌋ steps, and step t belongs to pass ⌊t / steps⌋, which has the permutation of that step of the
    /// replica's random numbers. The N mod batch rows at the end of a permutation, an incomplete batch, are left out of that pass.
    /// </remarks>
    public bool IsShuffled { get; init; }

    private protected override IReadOnlyList<Sym> Filled => Targets;
}

/// <summary>Numbers drawn anew for every step.</summary>
/// <param name="Target">The input that is filled, row-major.</param>
public abstract record DrawFeed(Sym Target) : Feed
{
    /// <summary>What the numbers are for, unlike that of every other feed; empty for the replica's own numbers, where the draws of feeds follow one another.</summary>
    public string Purpose { get; init; } = "";

    private protected override IReadOnlyList<Sym> Filled => [Target];
}

/// <summary>Normal numbers of mean 0.</summary>
/// <param name="Target">The input that is filled, row-major.</param>
/// <param name="Deviation">Their standard deviation.</param>
public sealed record NormalFeed(Sym Target, double Deviation) : DrawFeed(Target);

/// <summary>Uniform numbers on [0, 1), rounded to the precision of the plan, which in F32 may give 1.</summary>
/// <param name="Target">The input that is filled, row-major.</param>
public sealed record UniformFeed(Sym Target) : DrawFeed(Target);
