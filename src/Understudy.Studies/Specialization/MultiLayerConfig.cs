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

    /// <summary>Factor on the initial weights and biases of a student, which are uniform in ±1/√fan-in.</summary>
    public double Scale { get; init; } = 1;
}

/// <summary>How many inputs of which dimension.</summary>
public sealed record MultiLayerSamplesConfig
{
    /// <summary>Input dimension d.</summary>
    public int Dimension { get; init; } = 20;

    /// <summary>Standard deviation of the Gaussian inputs: a large one spreads the data over many linear regions.</summary>
    public double Deviation { get; init; } = 10;

    /// <summary>Training samples N, a grid inside the run; smaller sets are the beginnings of larger ones.</summary>
    public IReadOnlyList<int> Samples { get; init; } = [1000, 4000];
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
