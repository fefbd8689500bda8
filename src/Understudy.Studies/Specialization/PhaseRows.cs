namespace Understudy.Studies.Specialization;

/// <summary>What a threshold is sought for: one over-realization, fan-out decay and kind of training set.</summary>
internal readonly record struct PhaseColumn(double OverRealization, double FanOutDecay, TrainingSet Set)
{
    internal Cell At(int samples) => new(OverRealization, FanOutDecay, samples, Set);
}

/// <summary>A student at the end of its training: table <c>phase.evaluations</c>.</summary>
/// <param name="Seed">The seed within the run.</param>
/// <param name="Step">Training steps of the part so far: those of one student times the rounds.</param>
/// <param name="Round">The round, from 1: the first has the sizes of the settings, each later one those halfway between neighbours of a threshold.</param>
/// <param name="OverRealization">r.</param>
/// <param name="FanOutDecay">p.</param>
/// <param name="Samples">Training samples N asked for.</param>
/// <param name="Set">The kind of training set.</param>
/// <param name="Points">Training samples there are.</param>
/// <param name="Diverged">Whether a parameter stopped being finite; everything measured is then NaN.</param>
/// <param name="Loss">Mean over samples and outputs of (f* − f)², evaluation data.</param>
/// <param name="RelativeLoss">Loss over Var(f*).</param>
/// <param name="MeanBest">Mean over observed teacher nodes of the best student correlation.</param>
/// <param name="Recovered">Share of observed teacher nodes with best correlation above 0.95.</param>
public sealed record PhaseRow(
    int Seed, long Step, int Round, double OverRealization, double FanOutDecay, int Samples, TrainingSet Set, int Points, bool Diverged,
    double Loss, double RelativeLoss, double MeanBest, double Recovered)
{
    internal PhaseColumn Column => new(OverRealization, FanOutDecay, Set);
}

/// <summary>Where a threshold lies.</summary>
public enum CrossingKind
{
    /// <summary>Between two sizes that were measured.</summary>
    Between,

    /// <summary>At the smallest size or below: all are sufficient.</summary>
    NotAboveSmallest,

    /// <summary>Above the largest size, or nowhere.</summary>
    NotBelowLargest,
}

/// <summary>The smallest sufficient N of a column for one level: table <c>phase.thresholds</c>, written at the end.</summary>
/// <param name="Seed">0: it is found from the means over seeds.</param>
/// <param name="Step">Training steps of the part.</param>
/// <param name="OverRealization">r.</param>
/// <param name="FanOutDecay">p.</param>
/// <param name="Set">The kind of training set.</param>
/// <param name="Level">Share of recovered teacher nodes.</param>
/// <param name="Kind">Whether the threshold lies in the range of sizes.</param>
/// <param name="Low">The largest size below the first sufficient one; null where that is the smallest.</param>
/// <param name="High">The first sufficient size; null where there is none.</param>
/// <param name="Threshold">Where the level is met on a straight line over log N from <paramref name="Low"/> to <paramref name="High"/>; null outside the range.</param>
/// <param name="Runs">Students trained for this column, over all sizes, levels and seeds.</param>
/// <param name="GridRuns">Students a grid of the same resolution over the whole range would have taken.</param>
public sealed record PhaseThresholdRow(
    int Seed, long Step, double OverRealization, double FanOutDecay, TrainingSet Set, double Level, CrossingKind Kind,
    int? Low, int? High, double? Threshold, int Runs, int GridRuns)
{
    internal PhaseColumn Column => new(OverRealization, FanOutDecay, Set);
}
