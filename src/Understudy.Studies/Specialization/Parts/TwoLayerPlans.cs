using Understudy.Learning.Networks;
using Understudy.Studies.Specialization.Experiments;

namespace Understudy.Studies.Specialization.Parts;

/// <summary>The parts that train students on a fixed set of samples, as plans; specification sections 4.1 and 9.</summary>
internal static class TwoLayerPlans
{
    /// <summary>Q1: recovery over fan-out decay and over-realization (P1, P2, P4).</summary>
    internal static ExperimentPlan Recovery(SpecializationConfig config) => Recovery(PartNames.TwoLayer, config.TwoLayer, config) with
    {
        SavesCorrelations = epoch => epoch == 0 || epoch == config.TwoLayer.Training.Epochs,
        SavesWeights = epoch => epoch == 0 || epoch == config.TwoLayer.Training.Epochs,
    };

    /// <summary>Q2: the correlations of single nodes, epoch by epoch (P3).</summary>
    internal static ExperimentPlan Individual(SpecializationConfig config) => Recovery(PartNames.Dynamics, config.Dynamics, config) with
    {
        SavesCorrelations = _ => true,
        SavesWeights = epoch => epoch == 0 || epoch == config.Dynamics.Training.Epochs,
    };

    /// <summary>Q3: sample size, Gaussian and boundary data (P6).</summary>
    internal static ExperimentPlan SampleSizes(SpecializationConfig config)
    {
        var part = config.Samples;
        return Of(PartNames.Samples, part.Seeds, part.Teacher, part.Student, part.Training, part.Data.Dimension, Sets(part.Data), part.Measures.Evaluation, config) with
        {
            Augmentation = part.Data.Augmentation,
            EarlyEpoch = part.Measures.EarlyEpoch,
            Geometry = Geometry(part.Measures, part.Student),
            Curvature = part.Measures.Curvature,
            SavesMatrices = part.Measures.Matrices,
            SavesCorrelations = epoch => epoch == part.Training.Epochs,
            SavesWeights = epoch => epoch == 0 || epoch == part.Training.Epochs,
        };
    }

    /// <summary>The sizes with which part phase begins.</summary>
    internal static ExperimentPlan Phase(SpecializationConfig config)
    {
        var part = config.Phase;
        return Of(PartNames.Phase, part.Seeds, part.Teacher, part.Student, part.Training, part.Data.Dimension, Sets(part.Data), part.Measures.Evaluation, config) with
        {
            Augmentation = part.Data.Augmentation,
        };
    }

    /// <summary>Q8: boundaries in the plane (P5).</summary>
    internal static ExperimentPlan Plane(SpecializationConfig config)
    {
        var part = config.Boundaries;
        return Of(PartNames.Boundaries, part.Seeds, part.Teacher, part.Student, part.Training, part.Data.Dimension, Plain(part.Data), part.Evaluation, config) with
        {
            IsPlane = true,
            SavesWeights = _ => true,
        };
    }

    /// <summary>Q1 in small, once per slope: students of different slopes are different networks.</summary>
    internal static IReadOnlyList<ExperimentPlan> Slopes(SpecializationConfig config) =>
    [
        .. config.Leaky.Slopes.Select(slope => Recovery(PartNames.LeakyAt(slope), config.Leaky.ToRecovery(), config) with { Slope = slope }),
    ];

    /// <summary>Q1 in small, once per rule of descent.</summary>
    internal static IReadOnlyList<ExperimentPlan> Rules(SpecializationConfig config)
    {
        var part = config.Optimizers;
        return
        [
            .. part.Rules.Select((rule, i) => Of(
                PartNames.OptimizersAt(rule), part.Seeds, part.Teacher, part.Student, part.Training(i), part.Data.Dimension, Plain(part.Data), part.Evaluation, config) with
            {
                RecordsStudents = false,
            }),
        ];
    }

    private static IReadOnlyList<(int Samples, TrainingSet Set)> Plain(SampleCountConfig data) => [(data.Samples, TrainingSet.Plain)];

    private static IReadOnlyList<(int Samples, TrainingSet Set)> Sets(SampleSizesConfig data) =>
    [
        .. from samples in data.Samples
           from set in data.Sets
           select (samples, set),
    ];

    private static ExperimentPlan Recovery(string name, RecoveryConfig part, SpecializationConfig config)
        => Of(name, part.Seeds, part.Teacher, part.Student, part.Training, part.Data.Dimension, Plain(part.Data), part.Measures.Evaluation, config) with
        {
            EarlyEpoch = part.Measures.EarlyEpoch,
            Geometry = Geometry(part.Measures, part.Student),
            Curvature = part.Measures.Curvature,
            SavesMatrices = part.Measures.Matrices,
        };

    /// <summary>What every plan has; no arrays are saved.</summary>
    private static ExperimentPlan Of(
        string name, int seeds, TeacherConfig teacher, StudentConfig student, TrainingConfig training, int dimension,
        IReadOnlyList<(int Samples, TrainingSet Set)> sets, int evaluation, SpecializationConfig config) => new()
        {
            Part = name,
            Seeds = config.Seeds ?? seeds,
            Slope = config.Slope,
            Teacher = teacher,
            Student = student,
            Training = training,
            Dimension = dimension,
            Sets = sets,
            Evaluation = evaluation,
            SavesCorrelations = _ => false,
            SavesWeights = _ => false,
        };

    /// <summary>Linear and smooth students have no boundaries.</summary>
    private static GeometryConfig? Geometry(MeasuresConfig measures, StudentConfig student)
        => student.Slope == 1 || student.Activation != ActivationKind.Rectified ? null : measures.Geometry;
}
