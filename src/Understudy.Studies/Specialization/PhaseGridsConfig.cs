using static System.FormattableString;
using static Understudy.Studies.Specialization.SettingRules;

namespace Understudy.Studies.Specialization;

/// <summary>Phase diagrams that are whole grids: learning rate × initial scale, and slope × over-realization, at one number of samples.</summary>
public sealed record PhaseGridsConfig
{
    /// <summary>Training samples N.</summary>
    public int Samples { get; init; } = 1280;

    /// <summary>Fan-out decay p.</summary>
    public double FanOutDecay { get; init; } = 1;

    /// <summary>Over-realization r of the students of the grid of learning rates and scales.</summary>
    public double OverRealization { get; init; } = 2;

    /// <summary>Learning rates, beside scales; empty for no such diagram.</summary>
    public IReadOnlyList<double> LearningRates { get; init; } = [];

    /// <summary>Standard deviations of the initial weights, beside learning rates; empty for no such diagram.</summary>
    public IReadOnlyList<double> Scales { get; init; } = [];

    /// <summary>Slopes of teacher and student for negative arguments, beside the over-realizations of the part; empty for no such diagram.</summary>
    public IReadOnlyList<double> Slopes { get; init; } = [];

    /// <summary>Training samples of the diagrams that are asked for; 0 for none.</summary>
    internal int Trained => LearningRates.Count + Slopes.Count == 0 ? 0 : Samples;

    internal IEnumerable<string> Problems()
    {
        foreach (var problem in AtLeastOne("phase.grids.samples", Samples))
            yield return problem;
        if (!(FanOutDecay >= 0))
            yield return Invariant($"phase.grids.fanOutDecay ({FanOutDecay}) must not be negative.");
        if (!(OverRealization >= 1))
            yield return Invariant($"phase.grids.overRealization ({OverRealization}) must be at least 1.");
        if ((LearningRates.Count == 0) != (Scales.Count == 0))
            yield return "phase.grids.learningRates and phase.grids.scales need each other: give both or neither.";
        if (LearningRates.Concat(Scales).Any(value => !(value > 0)) || LearningRates.Distinct().Count() != LearningRates.Count || Scales.Distinct().Count() != Scales.Count)
            yield return "phase.grids.learningRates and phase.grids.scales must hold positive numbers, none twice.";
        if (Slopes.Any(slope => !(slope is >= 0 and < 1)) || Slopes.Distinct().Count() != Slopes.Count)
            yield return "phase.grids.slopes must hold numbers of at least 0 and below 1, none twice.";
    }
}

/// <summary>A diagram of part phase that is a whole grid.</summary>
public enum PhaseGrid
{
    /// <summary>Learning rate × initial scale.</summary>
    RateScale,

    /// <summary>Slope × over-realization.</summary>
    SlopeWidth,
}

/// <summary>A student of a grid at the end of its training: table <c>phase-grids.evaluations</c>.</summary>
/// <param name="Seed">The seed within the run.</param>
/// <param name="Step">Training steps done.</param>
/// <param name="Grid">The diagram.</param>
/// <param name="LearningRate">Learning rate.</param>
/// <param name="Scale">Deviation of the initial weights.</param>
/// <param name="Slope">Slope of teacher and student.</param>
/// <param name="OverRealization">r.</param>
/// <param name="FanOutDecay">p.</param>
/// <param name="Samples">Training samples N.</param>
/// <param name="Diverged">Whether a parameter stopped being finite; everything measured is then NaN.</param>
/// <param name="Loss">Mean over samples and outputs of (f* − f)², evaluation data.</param>
/// <param name="RelativeLoss">Loss over Var(f*).</param>
/// <param name="MeanBest">Mean over observed teacher nodes of the best student correlation.</param>
/// <param name="Recovered">Share of observed teacher nodes with best correlation above 0.95.</param>
public sealed record PhaseGridRow(
    int Seed, long Step, PhaseGrid Grid, double LearningRate, double Scale, double Slope, double OverRealization, double FanOutDecay, int Samples, bool Diverged,
    double Loss, double RelativeLoss, double MeanBest, double Recovered);
