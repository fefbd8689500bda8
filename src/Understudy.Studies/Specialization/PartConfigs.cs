using Understudy.Learning.Networks;
using Understudy.Learning.Training;

namespace Understudy.Studies.Specialization;

/// <summary>A random teacher; specification section 4.0.</summary>
public sealed record TeacherConfig
{
    /// <summary>Hidden nodes m.</summary>
    public int Nodes { get; init; } = 10;

    /// <summary>Outputs C of teacher and student.</summary>
    public int Outputs { get; init; } = 20;

    /// <summary>Fan-out decays p, a grid inside the run: the output weights of node j are divided by j^p.</summary>
    public IReadOnlyList<double> FanOutDecay { get; init; } = [1];

    /// <summary>Every bias of the teacher, b* of hidden nodes and c* of outputs.</summary>
    public double Bias { get; init; } = -0.1;

    /// <summary>Standard deviation σ of Gaussian noise on the labels of training samples; evaluation stays without.</summary>
    public double OutputNoise { get; init; }

    /// <summary>A safetensors file with a teacher that every seed shares, such as arrays/two-layer.weights of a run; empty for random teachers. It needs fanOutDecay [0], and nodes, outputs and dimension as in the file.</summary>
    public string File { get; init; } = "";

    /// <summary>The name before the tensors of the teacher in its file, such as r2 for r2.hidden.weight; empty for hidden.weight itself.</summary>
    public string Network { get; init; } = "";

    /// <summary>Which network of a stack in the file is the teacher, from 0.</summary>
    public int Index { get; init; }
}

/// <summary>The students trained on it.</summary>
public sealed record StudentConfig
{
    /// <summary>Over-realizations r, a grid inside the run: students have floor(r·m + 0.5) hidden nodes.</summary>
    public IReadOnlyList<double> OverRealization { get; init; } = [2];

    /// <summary>Standard deviation of the initial weights; biases start at 0.</summary>
    public double Scale { get; init; } = 0.005;

    /// <summary>gaussian, or with the sign of w_k turned where w_k·w* of the last teacher node is positive (adversarial) or negative (helpful).</summary>
    public StudentStart Initialization { get; init; } = StudentStart.Gaussian;

    /// <summary>Slope of the student's activation for negative arguments, 1 for linear students; null for the teacher's.</summary>
    public double? Slope { get; init; }

    /// <summary>The function of the student's hidden nodes: rectified, or as controls tanh, gelu or erf, which have no boundaries, so that creases and certificates are not measured.</summary>
    public ActivationKind Activation { get; init; } = ActivationKind.Rectified;

    /// <summary>Whether the student has biases; without they stay 0.</summary>
    public bool Biases { get; init; } = true;

    /// <summary>Whether every w_k, without its bias, is scaled back to norm 1 after each step.</summary>
    public bool NormalizeRows { get; init; }

    /// <summary>What keeps its initial values: none, features (w_k and b_k), or top-layer (v_k and c).</summary>
    public FrozenLayer Freeze { get; init; } = FrozenLayer.None;

    /// <summary>ψ of the student, given the teacher's.</summary>
    internal NodeActivation ToActivation(NodeActivation teacher) => Activation switch
    {
        ActivationKind.Rectified => Slope is { } slope ? NodeActivation.LeakyRelu(slope) : teacher,
        var smooth => new NodeActivation(smooth, 0),
    };
}

/// <summary>How the student's initial directions relate to the teacher's last node, the weakest.</summary>
public enum StudentStart
{
    /// <summary>Not at all.</summary>
    Gaussian,

    /// <summary>All point away from it.</summary>
    Adversarial,

    /// <summary>All point towards it.</summary>
    Helpful,
}

/// <summary>Layers that are not trained.</summary>
public enum FrozenLayer
{
    /// <summary>Everything is trained.</summary>
    None,

    /// <summary>The hidden layer stays, and its outgoing weights are trained.</summary>
    Features,

    /// <summary>The outgoing weights and output biases stay, and the hidden layer is trained.</summary>
    TopLayer,
}

/// <summary>How many inputs of which dimension.</summary>
public sealed record SampleCountConfig
{
    /// <summary>Input dimension d of gaussian and uniform data; image sets take data.dimension.</summary>
    public int Dimension { get; init; } = 50;

    /// <summary>Training samples N.</summary>
    public int Samples { get; init; } = 5000;
}

/// <summary>Stochastic gradient descent on half the squared error, batches drawn with replacement.</summary>
public sealed record TrainingConfig
{
    /// <summary>Learning rate; the loss is summed over outputs and averaged over the batch.</summary>
    public double LearningRate { get; init; } = 0.01;

    /// <summary>Samples per step.</summary>
    public int Batch { get; init; } = 16;

    /// <summary>Epochs; after each one the students are evaluated.</summary>
    public int Epochs { get; init; } = 20;

    /// <summary>Steps per epoch: an epoch is not a pass through the training set.</summary>
    public int EpochSteps { get; init; } = 1000;

    /// <summary>Whether a step takes all training samples instead of a batch; the part then has one training set.</summary>
    public bool FullBatch { get; init; }

    /// <summary>The learning rate is halved after every so many epochs; null for a constant one.</summary>
    public int? HalveEvery { get; init; }

    /// <summary>sgd, momentum or adam.</summary>
    public OptimizerRule Optimizer { get; init; } = OptimizerRule.Sgd;

    /// <summary>μ of momentum; not read otherwise.</summary>
    public double Momentum { get; init; } = 0.9;

    /// <summary>λ: λ·θ is added to the gradient of every parameter.</summary>
    public double WeightDecay { get; init; }

    /// <summary>The optimizer these settings ask for.</summary>
    internal Optimizer ToOptimizer() => new() { Rule = Optimizer, Momentum = Momentum, WeightDecay = WeightDecay };
}

/// <summary>Plain gradient descent on fresh batches.</summary>
public sealed record LuckyTrainingConfig
{
    /// <summary>Learning rate; the loss is summed over outputs and averaged over the batch.</summary>
    public double LearningRate { get; init; } = 0.05;

    /// <summary>Samples per step.</summary>
    public int Batch { get; init; } = 64;

    /// <summary>Epochs; after each one the students are evaluated.</summary>
    public int Epochs { get; init; } = 10;

    /// <summary>Steps per epoch.</summary>
    public int EpochSteps { get; init; } = 500;
}

/// <summary>What is measured when.</summary>
public sealed record MeasuresConfig
{
    /// <summary>Fresh samples of every evaluation.</summary>
    public int Evaluation { get; init; } = 4000;

    /// <summary>The epoch that stands for an early stage in claims and figures: nodes and gradients are recorded there as at the end.</summary>
    public int EarlyEpoch { get; init; } = 5;

    /// <summary>Whether mean gradients, E[g²], training correlations, observation counts, E[h* hᵀ] and E[h hᵀ] of every student on its training set are saved at the early epoch and the end.</summary>
    public bool Matrices { get; init; }

    /// <summary>Training samples, the first of each student's set, on which all eigenvalues of the Hessian of its loss are counted at the end of training; 0 for none.</summary>
    public int Curvature { get; init; }

    /// <summary>Certificates and creases at the end of training.</summary>
    public GeometryConfig Geometry { get; init; } = new();
}

/// <summary>A part that trains one student per over-realization, fan-out decay and seed.</summary>
public sealed record RecoveryConfig
{
    /// <summary>Seeds: each has its own teacher, data, initial students and batches.</summary>
    public int Seeds { get; init; } = 8;

    /// <summary>The teachers.</summary>
    public TeacherConfig Teacher { get; init; } = new();

    /// <summary>The students.</summary>
    public StudentConfig Student { get; init; } = new();

    /// <summary>The training sets.</summary>
    public SampleCountConfig Data { get; init; } = new();

    /// <summary>How the students are trained.</summary>
    public TrainingConfig Training { get; init; } = new();

    /// <summary>What is measured.</summary>
    public MeasuresConfig Measures { get; init; } = new();

    /// <summary>Q1: recovery over p and r.</summary>
    internal static RecoveryConfig Quick => new()
    {
        Teacher = new TeacherConfig { FanOutDecay = [0, 1, 2] },
        Student = new StudentConfig { OverRealization = [1, 2, 5, 10] },
        Training = new TrainingConfig { LearningRate = 0.02 },
    };

    /// <summary>Q2: P3 as published.</summary>
    internal static RecoveryConfig Individual => new()
    {
        Seeds = 32,
        Teacher = new TeacherConfig { Nodes = 5, Outputs = 50 },
        Data = new SampleCountConfig { Dimension = 100, Samples = 1000 },
        Training = new TrainingConfig { Epochs = 40, EpochSteps = 100 },
    };
}

/// <summary>Part samples: P6.</summary>
public sealed record SamplesConfig
{
    /// <summary>Seeds: each has its own teacher, data, initial students and batches.</summary>
    public int Seeds { get; init; } = 4;

    /// <summary>The teachers.</summary>
    public TeacherConfig Teacher { get; init; } = new() { Nodes = 5, Outputs = 50 };

    /// <summary>The students.</summary>
    public StudentConfig Student { get; init; } = new();

    /// <summary>The training sets.</summary>
    public SampleSizesConfig Data { get; init; } = new();

    /// <summary>How the students are trained.</summary>
    public TrainingConfig Training { get; init; } = new() { EpochSteps = 2500 };

    /// <summary>What is measured.</summary>
    public MeasuresConfig Measures { get; init; } = new();
}

/// <summary>Training sets of several sizes and kinds.</summary>
public sealed record SampleSizesConfig
{
    /// <summary>Input dimension d of gaussian and uniform data; image sets take data.dimension.</summary>
    public int Dimension { get; init; } = 100;

    /// <summary>Training samples N, a grid inside the run; smaller plain and teacher-agnostic sets are the beginnings of larger ones.</summary>
    public IReadOnlyList<int> Samples { get; init; } = [30, 105, 210, 330, 510];

    /// <summary>Kinds of training set, a grid inside the run: plain, boundary (P6), teacher-aware, teacher-agnostic. N counts all points.</summary>
    public IReadOnlyList<TrainingSet> Sets { get; init; } = [TrainingSet.Plain, TrainingSet.Boundary];

    /// <summary>How the sets that are not plain are made.</summary>
    public AugmentationConfig Augmentation { get; init; } = new();
}

/// <summary>Part lucky: P9, fresh normal samples at every step and weight columns of norm 1.</summary>
public sealed record LuckyConfig
{
    /// <summary>Seeds: each has its own teacher, initial students and batches.</summary>
    public int Seeds { get; init; } = 8;

    /// <summary>Widths of the teacher: inputs, hidden nodes, outputs.</summary>
    public IReadOnlyList<int> Widths { get; init; } = [10, 20, 30];

    /// <summary>Over-realizations r, a grid inside the run.</summary>
    public IReadOnlyList<double> OverRealization { get; init; } = [2, 5];

    /// <summary>Standard deviation of the noise added to the teacher's weights for the students that start near a teacher node.</summary>
    public double Perturbation { get; init; } = 0.1;

    /// <summary>The direction of a step: gradient, or batch-averages, in which products over samples are replaced by products of averages, as published.</summary>
    public StepRule Rule { get; init; } = StepRule.Gradient;

    /// <summary>Whether the first layer keeps its initial values, so that only the fan-outs are learned.</summary>
    public bool FreezeFirstLayer { get; init; }

    /// <summary>How the students are trained.</summary>
    public LuckyTrainingConfig Training { get; init; } = new();

    /// <summary>Fresh samples of every evaluation.</summary>
    public int Evaluation { get; init; } = 4000;
}

/// <summary>Part boundaries: P5.</summary>
public sealed record BoundariesConfig
{
    /// <summary>Seeds: one panel row each.</summary>
    public int Seeds { get; init; } = 3;

    /// <summary>The teacher.</summary>
    public TeacherConfig Teacher { get; init; } = new() { Nodes = 2, Outputs = 50 };

    /// <summary>The student.</summary>
    public StudentConfig Student { get; init; } = new() { OverRealization = [3] };

    /// <summary>The training set.</summary>
    public SampleCountConfig Data { get; init; } = new() { Dimension = 2, Samples = 10_000 };

    /// <summary>How the student is trained.</summary>
    public TrainingConfig Training { get; init; } = new() { Epochs = 29 };

    /// <summary>Fresh samples of every evaluation.</summary>
    public int Evaluation { get; init; } = 1000;

    /// <summary>The epochs that the figure shows side by side; all are recorded, for the movie.</summary>
    public IReadOnlyList<int> Shown { get; init; } = [0, 2, 10, 29];
}
