using Understudy.Engine;
using Understudy.Engine.Plans;
using Understudy.Learning.Networks;

namespace Understudy.Learning.Training;

/// <summary>A training of classifiers for some epochs; the defaults are those of He, Zhang, Ren and Sun 2016, section 4.2, but for the augmentation.</summary>
public sealed record SupervisedOptions
{
    /// <summary>The classifier, in training mode.</summary>
    public required INetwork Network { get; init; }

    /// <summary>Epochs of the whole training; one has ⌊N / batch⌋ steps.</summary>
    public int Epochs { get; init; } = 160;

    /// <summary>Images per step.</summary>
    public int Batch { get; init; } = 128;

    /// <summary>The learning rate along the training.</summary>
    public Schedule LearningRate { get; init; } = Schedule.MultiStep(0.1, 0.1, ScheduleLength.Fraction(0.5), ScheduleLength.Fraction(0.75));

    /// <summary>How a gradient becomes a step.</summary>
    public Optimizer Optimizer { get; init; } = new() { Rule = OptimizerRule.Momentum, WeightDecay = 1e-4 };

    /// <summary>Flips and shifts of the images; null for images as they are.</summary>
    public ImageAugmentation? Augmentation { get; init; }

    /// <summary>Whether every replica has a mask that keeps chosen parameters at 0.</summary>
    public bool HasMask { get; init; }

    /// <summary>ρ, the weight of the newest batch in the running statistics of batch normalizations, where the network has those.</summary>
    public double StatisticsMomentum { get; init; } = RunningStatistics.UsualMomentum;

    /// <summary>The type every value is computed in.</summary>
    public DType Precision { get; init; } = DType.F32;

    /// <summary>How convolutions are computed: a question of speed and last bits.</summary>
    public ConvolutionAlgorithm Convolution { get; init; } = ConvolutionAlgorithm.Direct;

    /// <summary>How the replicas lie in memory: a question of speed alone.</summary>
    public ReplicaLayout Layout { get; init; }
}
