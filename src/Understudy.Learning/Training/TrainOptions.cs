using Understudy.Engine;
using Understudy.Engine.Plans;
using Understudy.Learning.Networks;

namespace Understudy.Learning.Training;

/// <summary>What is trained, and how a step is made.</summary>
public sealed record TrainOptions
{
    /// <summary>The network. Dropout, batch averages, and what freezes or normalizes layers need an <see cref="Mlp"/>.</summary>
    public required INetwork Student { get; init; }

    /// <summary>What is descended.</summary>
    public TrainingLoss Loss { get; init; } = TrainingLoss.HalfSquaredSum;

    /// <summary>Samples per step.</summary>
    public int Batch { get; init; } = 16;

    /// <summary>How many students are trained at once.</summary>
    public int Replicas { get; init; } = 1;

    /// <summary>The type every value is computed in.</summary>
    public DType Precision { get; init; } = DType.F32;

    /// <summary>How the replicas lie in memory: a question of speed alone.</summary>
    public ReplicaLayout Layout { get; init; }

    /// <summary>How convolutions are computed: a question of speed and last bits.</summary>
    public ConvolutionAlgorithm Convolution { get; init; } = ConvolutionAlgorithm.Direct;

    /// <summary>Where a batch comes from.</summary>
    public BatchSource Source { get; init; } = BatchSource.Samples;

    /// <summary>The network that labels fresh batches and perturbed inputs; needed where <see cref="Source"/> is <see cref="BatchSource.FreshNormal"/> or there is an <see cref="Adversary"/>.</summary>
    public INetwork? Teacher { get; init; }

    /// <summary>The standard deviation of the inputs of a fresh batch.</summary>
    public double InputDeviation { get; init; } = 1;

    /// <summary>The direction of a step.</summary>
    public StepRule Rule { get; init; } = StepRule.Gradient;

    /// <summary>How the direction becomes a step.</summary>
    public Optimizer Optimizer { get; init; } = Optimizer.Descent;

    /// <summary>Whether every replica's weight decay is set by <see cref="TrainPlan.SetWeightDecay"/>, 0 until then, in place of the optimizer's constant.</summary>
    public bool HasOwnDecay { get; init; }

    /// <summary>Whether every replica has a mask that keeps chosen parameters at 0: see <see cref="TrainPlan.SetMask"/>.</summary>
    public bool HasMask { get; init; }

    /// <summary>ρ, the weight of the newest batch in running statistics of batch normalizations, usually 0.1; 0 keeps none. Needs a <see cref="LayeredNetwork"/>.</summary>
    /// <remarks>They do not change the training: <see cref="TrainPlan.Statistics"/> gives them to the network in evaluation mode.</remarks>
    public double StatisticsMomentum { get; init; }

    /// <summary>The probability with which a hidden node is left out for one sample of a step, in [0, 1); those that stay are scaled up by its complement.</summary>
    public double Dropout { get; init; }

    /// <summary>λ of a penalty λ·E‖∂f/∂x‖²_F on the output's derivative by the input, estimated along one normal direction per sample (unbiased).</summary>
    public double JacobianPenalty { get; init; }

    /// <summary>Moves the inputs of every batch to where student and teacher differ more, and labels them there; null for none. Needs a <see cref="Teacher"/>.</summary>
    public Adversary? Adversary { get; init; }

    /// <summary>Whether every weight column with its bias is scaled to norm 1 after each step.</summary>
    public bool NormalizeColumns { get; init; }

    /// <summary>Whether the incoming weights of every hidden node, without the bias, are scaled to norm 1 after each step.</summary>
    public bool NormalizeHidden { get; init; }

    /// <summary>Whether all biases keep their initial values.</summary>
    public bool FreezeBiases { get; init; }

    /// <summary>Whether the last layer keeps its initial values.</summary>
    public bool FreezeLastLayer { get; init; }

    /// <summary>Whether the hidden layers keep their initial values.</summary>
    public bool FreezeHidden { get; init; }

    /// <summary>The student, for what watches its batch normalizations.</summary>
    internal LayeredNetwork Layered => (LayeredNetwork)Student;

    /// <summary>The student, for what knows its layers.</summary>
    /// <exception cref="ArgumentException">It is another kind of network.</exception>
    internal Mlp FullyConnected => Student as Mlp ?? throw new ArgumentException("Dropout, batch averages, and freezing or normalizing layers need a fully connected student (Mlp).", "options");
}

/// <summary>The loss whose gradient is descended.</summary>
public enum TrainingLoss
{
    /// <summary>Half the squared error, summed over outputs and averaged over the batch.</summary>
    HalfSquaredSum,

    /// <summary>The squared error averaged over batch and outputs.</summary>
    MeanSquared,

    /// <summary>Cross-entropy of the softmax of the outputs against one class per sample, averaged over the batch.</summary>
    /// <remarks>Targets are class indices from 0 to C − 1, tables of width 1, which are not checked: another number is no class, and its sample pulls no output up. With fresh batches the class is the largest output of the teacher.</remarks>
    CrossEntropy,
}

/// <summary>Where a batch comes from.</summary>
public enum BatchSource
{
    /// <summary>Rows drawn uniformly with replacement from the replica's training set.</summary>
    Samples,

    /// <summary>Every row of the replica's training set at most once per epoch, in an order that is new in each epoch.</summary>
    /// <remarks>An epoch of N rows has ⌊N / batch⌋ steps; the N mod batch rows left over, others in every epoch, are dropped.</remarks>
    Shuffled,

    /// <summary>Normal inputs drawn anew at every step and labelled by the teacher.</summary>
    FreshNormal,
}

/// <summary>The direction of a step.</summary>
public enum StepRule
{
    /// <summary>Against the gradient of the loss.</summary>
    Gradient,

    /// <summary>Products over samples replaced by products of batch averages; needs a teacher of the student's depth and fresh batches.</summary>
    /// <remarks>Source: Tian, Jiang, Gong and Morcos 2019, "Luck Matters".</remarks>
    BatchAverages,
}
