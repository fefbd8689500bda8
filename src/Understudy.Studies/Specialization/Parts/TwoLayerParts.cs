using Understudy.Studies.Specialization.Experiments;

namespace Understudy.Studies.Specialization.Parts;

/// <summary>The parts that train students on a fixed set of samples, as plans; specification sections 4.1 and 9.</summary>
internal static class TwoLayerParts
{
    internal const string TwoLayer = "two-layer";
    internal const string Dynamics = "dynamics";
    internal const string Samples = "samples";
    internal const string Leaky = "leaky";
    internal const string Boundaries = "boundaries";

    /// <summary>Q1: recovery over fan-out decay and over-realization (P1, P2, P4).</summary>
    internal static ExperimentPlan Recovery(SpecializationConfig config) => Recovery(TwoLayer, config.TwoLayer, config) with
    {
        SavesCorrelations = epoch => epoch == 0 || epoch == config.TwoLayer.Training.Epochs,
        SavesWeights = epoch => epoch == 0 || epoch == config.TwoLayer.Training.Epochs,
    };

    /// <summary>Q2: the correlations of single nodes, epoch by epoch (P3).</summary>
    internal static ExperimentPlan Individual(SpecializationConfig config) => Recovery(Dynamics, config.Dynamics, config) with
    {
        SavesCorrelations = _ => true,
        SavesWeights = epoch => epoch == 0 || epoch == config.Dynamics.Training.Epochs,
    };

    /// <summary>Q3: sample size, Gaussian and boundary data (P6).</summary>
    internal static ExperimentPlan SampleSizes(SpecializationConfig config)
    {
        var part = config.Samples;
        return new ExperimentPlan
        {
            Part = Samples,
            Seeds = config.Seeds ?? part.Seeds,
            Slope = config.Slope,
            Teacher = part.Teacher,
            Student = part.Student,
            Training = part.Training,
            Sets =
            [
                .. from samples in part.Data.Samples
                   from boundary in part.Data.Boundary ? (bool[])[false, true] : [false]
                   select (samples, boundary),
            ],
            BoundaryMean = part.Data.BoundaryMean,
            BoundaryWidth = part.Data.BoundaryWidth,
            Evaluation = part.Measures.Evaluation,
            EarlyEpoch = part.Measures.EarlyEpoch,
            SavesCorrelations = epoch => epoch == part.Training.Epochs,
            SavesWeights = epoch => epoch == 0 || epoch == part.Training.Epochs,
        };
    }

    /// <summary>Q8: boundaries in the plane (P5).</summary>
    internal static ExperimentPlan Plane(SpecializationConfig config)
    {
        var part = config.Boundaries;
        return new ExperimentPlan
        {
            Part = Boundaries,
            Seeds = config.Seeds ?? part.Seeds,
            Slope = config.Slope,
            Teacher = part.Teacher,
            Student = part.Student,
            Training = part.Training,
            Sets = [(part.Data.Samples, false)],
            Evaluation = part.Evaluation,
            SavesCorrelations = _ => false,
            SavesWeights = _ => true,
        };
    }

    /// <summary>Q1 in small, once per slope: students of different slopes are different networks.</summary>
    internal static IReadOnlyList<ExperimentPlan> Slopes(SpecializationConfig config) =>
    [
        .. config.Leaky.Slopes.Select(slope => Recovery(LeakyName(slope), config.Leaky.ToRecovery(), config) with { Slope = slope }),
    ];

    /// <summary>The beginning of the tables and checkpoints of one slope of part leaky; dots end a part's name.</summary>
    internal static string LeakyName(double slope) => FormattableString.Invariant($"{Leaky}-{slope:0.###############}").Replace('.', '-');

    private static ExperimentPlan Recovery(string name, RecoveryConfig part, SpecializationConfig config) => new()
    {
        Part = name,
        Seeds = config.Seeds ?? part.Seeds,
        Slope = config.Slope,
        Teacher = part.Teacher,
        Student = part.Student,
        Training = part.Training,
        Sets = [(part.Data.Samples, false)],
        Evaluation = part.Measures.Evaluation,
        EarlyEpoch = part.Measures.EarlyEpoch,
        SavesCorrelations = _ => false,
        SavesWeights = _ => false,
    };
}
