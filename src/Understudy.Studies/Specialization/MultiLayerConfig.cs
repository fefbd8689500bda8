using Understudy.Learning.Training;

namespace Understudy.Studies.Specialization;

/// <summary>Part multi-layer: P7, P7b, P8 and P10, networks with several hidden layers.</summary>
public sealed record MultiLayerConfig
{
    /// <summary>Seeds: each has its own teacher, data, initial students and batches.</summary>
    public int Seeds { get; init; } = 4;

    /// <summary>Teacher and students.</summary>
    public MultiLayerNetworksConfig Networks { get; init; } = new();

    /// <summary>The training sets.</summary>
    public MultiLayerSamplesConfig Data { get; init; } = new();

    /// <summary>How the students are trained.</summary>
    public MultiLayerTrainingConfig Training { get; init; } = new();

    /// <summary>What is measured.</summary>
    public MultiLayerMeasuresConfig Measures { get; init; } = new();
}

/// <summary>Networks with several hidden layers and a linear last one.</summary>
public sealed record MultiLayerNetworksConfig
{
    /// <summary>Hidden widths of the teacher, from the inputs up: 10-15-20-25, or 50-75-100-125 as in the paper's figures.</summary>
    public IReadOnlyList<int> Hidden { get; init; } = [10, 15, 20, 25];

    /// <summary>Outputs C of teacher and student; with cross-entropy the number of classes.</summary>
    public int Outputs { get; init; } = 100;

    /// <summary>Over-realizations r, a grid inside the run: every hidden layer of a student has floor(r·m + 0.5) nodes.</summary>
    public IReadOnlyList<double> OverRealization { get; init; } = [2];

    /// <summary>A safetensors file with a teacher that every seed shares, such as arrays/multi-layer.weights of a run; empty for random teachers. Its widths are hidden, outputs and data.dimension.</summary>
    public string TeacherFile { get; init; } = "";

    /// <summary>The name before the tensors of the teacher in its file, such as teacher for teacher.layer.0.weight; empty for layer.0.weight itself.</summary>
    public string TeacherNetwork { get; init; } = "";

    /// <summary>Which network of a stack in the file is the teacher, from 0.</summary>
    public int TeacherIndex { get; init; }

    /// <summary>Factor on the initial weights and biases of a student, which are uniform in ±1/√fan-in.</summary>
    public double Scale { get; init; } = 1;

    /// <summary>What the teacher's weights are drawn from, before each node is normalised: grid or uniform.</summary>
    public LayerWeights TeacherWeights { get; init; } = LayerWeights.Grid;

    /// <summary>Fan-out decay p: the weights that layers above the first read from node i = 0, 1, … of the layer below are divided by (1 + i)^p before each node is normalised.</summary>
    public double FanOutDecay { get; init; }

    /// <summary>Share of every hidden layer of the teacher, its last nodes, whose outgoing weights are divided by 3 before each node is normalised (P12). Students are then also compared with a copy of the teacher without these nodes.</summary>
    public double WeakFraction { get; init; }

    /// <summary>Whether every bias of the teacher is moved so that its node is active on half of the evaluation data.</summary>
    public bool TuneBiases { get; init; } = true;

    /// <summary>Whether the teacher's outputs are brought to mean 0 and deviation 1 on the evaluation data.</summary>
    public bool TuneOutputs { get; init; } = true;

    /// <summary>How students start: random, near-teacher, teacher-direction or teacher-signs.</summary>
    public LayerInitialization Initialization { get; init; } = LayerInitialization.Random;

    /// <summary>For initialization=near-teacher the standard deviation of what is added to the teacher's weights and biases; with 0 a student begins as its teacher.</summary>
    public double Perturbation { get; init; } = 0.1;
}

/// <summary>What the weights of a teacher with several hidden layers are drawn from.</summary>
public enum LayerWeights
{
    /// <summary>The values −1, −0.75, …, 1, no two nodes of a layer alike; biases uniform in ±1/2.</summary>
    Grid,

    /// <summary>Uniform in ±1/√fan-in, biases too, as frameworks initialise layers.</summary>
    Uniform,
}

/// <summary>How a student with several hidden layers starts. All but random concern the first nodes of every layer, as many as the teacher has, the outputs included; other nodes are random.</summary>
public enum LayerInitialization
{
    /// <summary>Uniform in ±scale/√fan-in.</summary>
    Random,

    /// <summary>The teacher's weights and biases plus normal noise; weights from nodes that the teacher does not have are noise alone.</summary>
    NearTeacher,

    /// <summary>The directions of the teacher's nodes, biases included, at the lengths of random ones; weights from nodes that the teacher does not have are 0.</summary>
    TeacherDirection,

    /// <summary>Random weights and biases with the signs of the teacher's.</summary>
    TeacherSigns,
}

/// <summary>How many inputs of which dimension.</summary>
public sealed record MultiLayerSamplesConfig
{
    /// <summary>Input dimension d.</summary>
    public int Dimension { get; init; } = 20;

    /// <summary>What the inputs are: gaussian or uniform.</summary>
    public InputKind Kind { get; init; } = InputKind.Gaussian;

    /// <summary>Standard deviation of gaussian inputs, a large one spreads the data over many linear regions; uniform ones lie in ±deviation/2.</summary>
    public double Deviation { get; init; } = 10;

    /// <summary>Training samples N, a grid inside the run; smaller sets are the beginnings of larger ones.</summary>
    public IReadOnlyList<int> Samples { get; init; } = [1000, 4000];

    /// <summary>Whether every epoch has new gaussian inputs, labelled by the teacher, so that no sample is seen twice and N only says how long an epoch is. Training losses and gradients are then measured on a set nobody was trained on.</summary>
    public bool Regenerate { get; init; }

    /// <summary>Standard deviation of normal noise on the labels of the training samples, the same in every epoch; for cross-entropy it is added before the class is taken.</summary>
    public double LabelNoise { get; init; }
}

/// <summary>Stochastic gradient descent on shuffled batches without replacement: an epoch is one pass through the training set.</summary>
public sealed record MultiLayerTrainingConfig
{
    /// <summary>Losses, a grid inside the run: mse (averaged over samples and outputs), or cross-entropy against the teacher's largest output.</summary>
    public IReadOnlyList<DistillationLoss> Losses { get; init; } = [DistillationLoss.Mse];

    /// <summary>Samples per step; the incomplete batch at the end of an epoch is dropped.</summary>
    public int Batch { get; init; } = 64;

    /// <summary>Epochs: one number for every N, or one for each of data.samples.</summary>
    public IReadOnlyList<int> Epochs { get; init; } = [200, 100];

    /// <summary>Samples a student sees in all, for equal compute at every N: epochs are then this over N. Null: epochs counts.</summary>
    public long? SamplesSeen { get; init; }

    /// <summary>Learning rates, in the order of rateStarts.</summary>
    public IReadOnlyList<double> LearningRates { get; init; } = [0.2, 0.1];

    /// <summary>Share of the training at which each learning rate begins, rounded to an epoch: 0 and 0.2 change the rate after the first fifth.</summary>
    public IReadOnlyList<double> RateStarts { get; init; } = [0, 0.2];

    /// <summary>How a gradient becomes a step: sgd, momentum or adam, whose learning rates are smaller.</summary>
    public OptimizerRule Optimizer { get; init; } = OptimizerRule.Sgd;

    /// <summary>Share of the last step that goes on, for optimizer=momentum.</summary>
    public double Momentum { get; init; } = 0.9;

    /// <summary>Weight decay λ: λ times every weight and bias is added to its gradient.</summary>
    public double WeightDecay { get; init; }

    /// <summary>The probability with which a hidden node is left out for one sample of a step; 0 for never. Nothing is left out at an evaluation.</summary>
    public double Dropout { get; init; }

    /// <summary>λ of a penalty λ·E‖∂f/∂x‖² on the derivative of the outputs by the inputs, estimated along one random direction per sample.</summary>
    public double JacobianPenalty { get; init; }

    /// <summary>Moves the inputs of every batch to where student and teacher differ more; the teacher labels them there.</summary>
    public AdversaryConfig Adversary { get; init; } = new();

    /// <summary>After every epoch but the last, what is read by hidden nodes that are no teacher node's best match is divided by this; 1 for nothing, 10 as published.</summary>
    public double Suppression { get; init; } = 1;
}

/// <summary>Perturbed inputs of a step.</summary>
public sealed record AdversaryConfig
{
    /// <summary>The largest perturbation, in the units of the inputs; 0 for none.</summary>
    public double Radius { get; init; }

    /// <summary>What the radius measures: sup, the largest coordinate, or euclidean, the length.</summary>
    public PerturbationNorm Norm { get; init; } = PerturbationNorm.Sup;

    /// <summary>Steps of ascent; 1 is the fast gradient sign method. Each costs about as much as a step of training.</summary>
    public int Steps { get; init; } = 5;

    /// <summary>The adversary these settings ask for; null for none.</summary>
    internal Adversary? ToAdversary() => Radius == 0 ? null : new Adversary { Radius = Radius, Norm = Norm, Steps = Steps };
}

/// <summary>What is measured when.</summary>
public sealed record MultiLayerMeasuresConfig
{
    /// <summary>Fresh samples of the evaluation at the end, on which the teacher is tuned too.</summary>
    public int Evaluation { get; init; } = 10_240;

    /// <summary>The first so many of them for the evaluations before the end, which serve the figures.</summary>
    public int During { get; init; } = 2048;

    /// <summary>Evaluations during training, evenly spread and rounded to epochs; there is one more before it, and one wherever the learning rate changes.</summary>
    public int Stages { get; init; } = 5;

    /// <summary>Evaluation samples over which the derivative of the outputs by every node is averaged at the end.</summary>
    public int Jacobians { get; init; } = 512;
}

/// <summary>What a student of part multi-layer descends.</summary>
public enum DistillationLoss
{
    /// <summary>The squared error against the teacher's outputs, averaged over samples and outputs.</summary>
    Mse,

    /// <summary>Cross-entropy against the class of the teacher's largest output.</summary>
    CrossEntropy,
}
