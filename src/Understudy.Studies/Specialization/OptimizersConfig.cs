using Understudy.Learning.Training;

namespace Understudy.Studies.Specialization;

/// <summary>Part optimizers: the same students by several rules of descent, compared at equal loss; specification section 7, item 11.</summary>
public sealed record OptimizersConfig
{
    /// <summary>Rules of descent, a grid inside the run: sgd, momentum (0.9), adam, full-batch.</summary>
    public IReadOnlyList<DescentRule> Rules { get; init; } = [DescentRule.Sgd, DescentRule.Momentum, DescentRule.Adam];

    /// <summary>The learning rate of each of them.</summary>
    public IReadOnlyList<double> LearningRates { get; init; } = [0.02, 0.002, 0.001];

    /// <summary>Seeds: each has its own teacher, data, initial students and batches.</summary>
    public int Seeds { get; init; } = 4;

    /// <summary>The teachers.</summary>
    public TeacherConfig Teacher { get; init; } = new();

    /// <summary>The students.</summary>
    public StudentConfig Student { get; init; } = new();

    /// <summary>The training sets.</summary>
    public SampleCountConfig Data { get; init; } = new();

    /// <summary>Samples per step of every rule but full-batch.</summary>
    public int Batch { get; init; } = 16;

    /// <summary>Epochs; after each one the students are evaluated.</summary>
    public int Epochs { get; init; } = 20;

    /// <summary>Steps per epoch of every rule but full-batch.</summary>
    public int EpochSteps { get; init; } = 1000;

    /// <summary>Steps per epoch of full-batch, each over all samples.</summary>
    public int FullBatchSteps { get; init; } = 100;

    /// <summary>Fresh samples of every evaluation.</summary>
    public int Evaluation { get; init; } = 4000;

    /// <summary>How a rule is trained.</summary>
    internal TrainingConfig Training(int rule) => new()
    {
        LearningRate = LearningRates[rule],
        Batch = Batch,
        Epochs = Epochs,
        EpochSteps = Rules[rule] == DescentRule.FullBatch ? FullBatchSteps : EpochSteps,
        FullBatch = Rules[rule] == DescentRule.FullBatch,
        Optimizer = Rules[rule] switch
        {
            DescentRule.Momentum => OptimizerRule.Momentum,
            DescentRule.Adam => OptimizerRule.Adam,
            _ => OptimizerRule.Sgd,
        },
    };
}

/// <summary>Ways down the loss.</summary>
public enum DescentRule
{
    /// <summary>Stochastic gradient descent on batches.</summary>
    Sgd,

    /// <summary>The same with momentum 0.9, whose steps are ten times as long at the same learning rate.</summary>
    Momentum,

    /// <summary>Adam on batches.</summary>
    Adam,

    /// <summary>Gradient descent on all samples.</summary>
    FullBatch,
}
