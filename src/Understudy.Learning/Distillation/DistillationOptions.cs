using Understudy.Engine;
using Understudy.Engine.Plans;
using Understudy.Learning.Training;

namespace Understudy.Learning.Distillation;

/// <summary>How students are distilled from a frozen teacher of the same shape.</summary>
public sealed record DistillationOptions
{
    /// <summary>The shape of students and teachers, in training mode.</summary>
    public required ProjectedEncoder Student { get; init; }

    /// <summary>What is descended.</summary>
    public DistillationObjective Objective { get; init; }

    /// <summary>Images per step.</summary>
    public int Batch { get; init; } = 64;

    /// <summary>How many students are trained at once, each from a teacher of its own.</summary>
    public int Replicas { get; init; } = 1;

    /// <summary>How a gradient becomes a step.</summary>
    public Optimizer Optimizer { get; init; } = new() { Rule = OptimizerRule.Adam };

    /// <summary>τ_S: the student's outputs are divided by it.</summary>
    public double StudentTemperature { get; init; } = 1;

    /// <summary>τ_T: the teacher's outputs are divided by it.</summary>
    public double TeacherTemperature { get; init; } = 1;

    /// <summary>The type every value is computed in.</summary>
    public DType Precision { get; init; } = DType.F32;

    /// <summary>How convolutions are computed: a question of speed and last bits.</summary>
    public ConvolutionAlgorithm Convolution { get; init; } = ConvolutionAlgorithm.Direct;

    /// <summary>How the replicas lie in memory: a question of speed alone.</summary>
    public ReplicaLayout Layout { get; init; }
}

/// <summary>The loss of a student's outputs beside its teacher's, averaged over the batch; p and q are the softmax of teacher and student over the m outputs.</summary>
/// <remarks>Source: random-teacher specification, sections 2.4 and 2.10.</remarks>
public enum DistillationObjective
{
    /// <summary>−Σ p log q, which differs from the divergence KL(p ‖ q) by a constant: the gradient by the outputs is (q − p) / τ_S.</summary>
    CrossEntropy,

    /// <summary>The squared difference of the outputs, averaged over them.</summary>
    MeanSquared,

    /// <summary>1 − cos of the bottlenecks; what follows them is not trained. For outputs of one random matrix, KL is in proportion to it.</summary>
    Cosine,
}
