using Understudy.Lab.Configuration;

namespace Understudy.Studies.Hessian;

/// <summary>Settings of the study <c>hessian</c>.</summary>
public sealed record HessianConfig : StudyConfig
{
    /// <summary>What is run: widths, clusters, batches, path, blobs, matrices, lines, edge, scatter, sizes.</summary>
    public IReadOnlyList<HessianPart> Parts { get; init; } = [.. Enum.GetValues<HessianPart>()];

    /// <summary>Seeds of every part; null for those of each part.</summary>
    public int? Seeds { get; init; }

    /// <summary>Part widths: whole spectra of one hidden layer of several widths, before and after training.</summary>
    public WidthsConfig Widths { get; init; } = new();

    /// <summary>Part clusters: outliers of networks that tell clusters apart.</summary>
    public ClustersConfig Clusters { get; init; } = new();

    /// <summary>Part batches: small and large batches at the same learning rate and number of steps.</summary>
    public BatchesConfig Batches { get; init; } = new();

    /// <summary>Part path: from a large-batch solution on with small batches.</summary>
    public PathConfig Path { get; init; } = new();

    /// <summary>Part blobs: two blobs in the plane, nearer and nearer.</summary>
    public BlobsConfig Blobs { get; init; } = new();

    /// <summary>Part matrices: logistic regression beside the law of random matrices.</summary>
    public MatricesConfig Matrices { get; init; } = new();

    /// <summary>Part lines: two ways down from one start.</summary>
    public LinesConfig Lines { get; init; } = new();

    /// <summary>Part edge: the largest eigenvalue while full-batch descent goes on.</summary>
    public EdgeConfig Edge { get; init; } = new();

    /// <summary>Part scatter: the largest eigenvalue after training from many starts.</summary>
    public ScatterConfig Scatter { get; init; } = new();

    /// <summary>Part sizes: two blobs in the plane for networks of several sizes.</summary>
    public SizesConfig Sizes { get; init; } = new();

    /// <inheritdoc/>
    public override IEnumerable<string> Problems() => HessianProblems.Of(this);
}

/// <summary>The parts of the study.</summary>
public enum HessianPart
{
    /// <summary>Spectra over widths (H1, H3, H4, H5, H8, H9, D1, D2, D3).</summary>
    Widths,

    /// <summary>Outliers and classes (H2).</summary>
    Clusters,

    /// <summary>Small and large batches (H6, H6b).</summary>
    Batches,

    /// <summary>Two phases of one training (H7, H7b).</summary>
    Path,

    /// <summary>Harder data (H10).</summary>
    Blobs,

    /// <summary>Random matrices (H11).</summary>
    Matrices,

    /// <summary>Lines between trainings (H12).</summary>
    Lines,

    /// <summary>The edge of stability (D4).</summary>
    Edge,

    /// <summary>Many starts of one network; no claim.</summary>
    Scatter,

    /// <summary>Many sizes of one network on two blobs; no claim.</summary>
    Sizes,
}

/// <summary>Labelled images of a part.</summary>
public sealed record PicturesConfig
{
    /// <summary>digits (8 x 8, with the program), mnist, fashion-mnist, cifar10, or random and random-pictures: normal inputs of the size of the digits and of MNIST, with random labels.</summary>
    public PictureSet Set { get; init; } = PictureSet.Digits;

    /// <summary>How many are trained on and taken curvature of: the first of the set.</summary>
    public int Samples { get; init; } = 1000;
}

/// <summary>Where inputs come from.</summary>
public enum PictureSet
{
    /// <summary>Handwritten digits of 8 x 8 pixels that come with the program.</summary>
    Digits,

    /// <summary>Handwritten digits of 28 x 28 pixels.</summary>
    Mnist,

    /// <summary>Photographs of clothes of 28 x 28 pixels.</summary>
    FashionMnist,

    /// <summary>Color photographs of 32 x 32 pixels, every channel brought to mean 0 and deviation 1; the test split follows the 50,000 of the training split.</summary>
    Cifar10,

    /// <summary>Independent normal numbers, 64 per example, with labels that mean nothing.</summary>
    Random,

    /// <summary>The same with 784 per example, as many as an image of MNIST has pixels (E8).</summary>
    RandomPictures,
}

/// <summary>Full-batch gradient descent.</summary>
public sealed record DescentConfig
{
    /// <summary>Learning rate on the loss averaged over examples.</summary>
    public double LearningRate { get; init; } = 0.5;

    /// <summary>Steps.</summary>
    public int Steps { get; init; } = 2000;
}

/// <summary>Part widths: E1, E3 and E4.</summary>
public sealed record WidthsConfig
{
    /// <summary>Seeds: each has its own initial networks.</summary>
    public int Seeds { get; init; } = 5;

    /// <summary>The examples.</summary>
    public PicturesConfig Data { get; init; } = new();

    /// <summary>Hidden ReLU nodes n, a grid inside the run; networks are d-n-10 with softmax.</summary>
    public IReadOnlyList<int> Hidden { get; init; } = [10, 20, 30];

    /// <summary>More numbers of hidden nodes, whose whole matrix would be too large: the 120 largest eigenvalues, the bottom and the density by products alone.</summary>
    public IReadOnlyList<int> Wide { get; init; } = [];

    /// <summary>How the networks are trained.</summary>
    public DescentConfig Training { get; init; } = new();

    /// <summary>Examples of the Gauss-Newton matrix that is counted for zeros (H9): fewer than parameters over classes.</summary>
    public int FewExamples { get; init; } = 100;

    /// <summary>Examples of the mini-batches whose gradients are compared with the top subspace (D3).</summary>
    public int MiniBatch { get; init; } = 10;

    /// <summary>Factor α of the rescaling that changes no output (D1).</summary>
    public double Rescaling { get; init; } = 2;
}

/// <summary>Part clusters: E2.</summary>
public sealed record ClustersConfig
{
    /// <summary>Seeds: each draws its own centres, samples and initial networks.</summary>
    public int Seeds { get; init; } = 5;

    /// <summary>Numbers of clusters and classes k, a grid inside the run.</summary>
    public IReadOnlyList<int> Classes { get; init; } = [2, 5, 10];

    /// <summary>Input dimension.</summary>
    public int Dimension { get; init; } = 100;

    /// <summary>Hidden nodes, layer by layer.</summary>
    public IReadOnlyList<int> Hidden { get; init; } = [30, 30];

    /// <summary>relu, or tanh.</summary>
    public CurvedActivation Activation { get; init; } = CurvedActivation.Relu;

    /// <summary>Covariance of the samples around their centre; the centres have unit covariance.</summary>
    public double Covariance { get; init; } = 1;

    /// <summary>Samples, shared out evenly.</summary>
    public int Samples { get; init; } = 400;

    /// <summary>Samples per step; 0 for all of them.</summary>
    public int Batch { get; init; } = 10;

    /// <summary>Learning rate and steps.</summary>
    public DescentConfig Training { get; init; } = new() { LearningRate = 0.05, Steps = 3000 };

    /// <summary>Largest eigenvalues that are found; all of them, exactly, where this is not below the number of parameters.</summary>
    public int Top { get; init; } = 60;

    /// <summary>The cut-off of the threshold rule, in units of the eigenvalues; null for none, also in variants.</summary>
    public double? CutOff { get; init; }

    /// <summary>Other blocks of table 1 that are run beside these settings, on the same samples and starts: full-batch, full-batch-tanh, tenfold-covariance.</summary>
    public IReadOnlyList<ClustersVariant> Variants { get; init; } = [];

    /// <summary>These settings as one of the variants has them, with the cut-off that table 1 states for it where there is one.</summary>
    internal ClustersConfig Of(ClustersVariant variant)
    {
        var own = this with { Variants = [] };
        return variant switch
        {
            ClustersVariant.FullBatch => own with { Batch = 0, CutOff = CutOff is null ? null : 0.003 },
            ClustersVariant.FullBatchTanh => own with { Batch = 0, Activation = CurvedActivation.Tanh, CutOff = null },
            _ => own with { Covariance = 10, CutOff = CutOff is null ? null : 0.015 },
        };
    }
}

/// <summary>Blocks of table 1 beside the one of batches, ReLU and covariance 1.</summary>
public enum ClustersVariant
{
    /// <summary>All samples in every step.</summary>
    FullBatch,

    /// <summary>All samples in every step, and tanh.</summary>
    FullBatchTanh,

    /// <summary>Covariance 10 around the centres.</summary>
    TenfoldCovariance,
}

/// <summary>Activations whose curvature is studied.</summary>
public enum CurvedActivation
{
    /// <summary>max(z, 0).</summary>
    Relu,

    /// <summary>tanh z.</summary>
    Tanh,
}

/// <summary>Part batches: E5, with fully connected networks.</summary>
public sealed record BatchesConfig
{
    /// <summary>Seeds: each has its own initial network and batches.</summary>
    public int Seeds { get; init; } = 5;

    /// <summary>The examples.</summary>
    public PicturesConfig Data { get; init; } = new();

    /// <summary>Filters of convolutions of 3 × 3, each with ReLU and the largest of 2 × 2 behind it; none for a fully connected network.</summary>
    public IReadOnlyList<int> Filters { get; init; } = [];

    /// <summary>Hidden ReLU nodes behind them, layer by layer.</summary>
    public IReadOnlyList<int> Hidden { get; init; } = [32];

    /// <summary>Samples per step of the small batches.</summary>
    public int Small { get; init; } = 10;

    /// <summary>Samples per step of the large ones.</summary>
    public int Large { get; init; } = 512;

    /// <summary>Learning rate and steps, the same for both: so the large batches see the samples many more times.</summary>
    public DescentConfig Training { get; init; } = new() { LearningRate = 0.1, Steps = 1500 };
}

/// <summary>Part path: E6, in small unless the preset alexnet says otherwise.</summary>
public sealed record PathConfig
{
    /// <summary>Seeds: each has its own initial networks and batches.</summary>
    public int Seeds { get; init; } = 5;

    /// <summary>The examples that are trained on; test accuracy is measured on those behind them.</summary>
    public PicturesConfig Data { get; init; } = new();

    /// <summary>Filters of convolutions, each with ReLU and the largest of 2 × 2 behind it; none for a fully connected network.</summary>
    public IReadOnlyList<int> Filters { get; init; } = [];

    /// <summary>Rows and columns of their kernels, an odd number.</summary>
    public int Kernel { get; init; } = 3;

    /// <summary>Hidden ReLU nodes behind them, layer by layer.</summary>
    public IReadOnlyList<int> Hidden { get; init; } = [32];

    /// <summary>Samples per step of the first phase.</summary>
    public int Large { get; init; } = 250;

    /// <summary>Samples per step of the second phase.</summary>
    public int Small { get; init; } = 10;

    /// <summary>Learning rate, and steps of each phase.</summary>
    public DescentConfig Training { get; init; } = new() { LearningRate = 0.1, Steps = 1500 };

    /// <summary>Points of the line from −1 to 2.</summary>
    public int Points { get; init; } = 31;
}

/// <summary>Part blobs: E11.</summary>
public sealed record BlobsConfig
{
    /// <summary>Seeds: each draws its own samples and initial networks.</summary>
    public int Seeds { get; init; } = 5;

    /// <summary>Standard deviations of the blobs around (1, 1) and (−1, −1), a grid inside the run.</summary>
    public IReadOnlyList<double> Deviations { get; init; } = [0.2, 0.4, 0.6, 0.8, 1];

    /// <summary>Hidden ReLU nodes, layer by layer.</summary>
    public IReadOnlyList<int> Hidden { get; init; } = [6, 6];

    /// <summary>Samples, half of them of each blob.</summary>
    public int Samples { get; init; } = 200;

    /// <summary>How the networks are trained, with all samples.</summary>
    public DescentConfig Training { get; init; } = new() { LearningRate = 0.1, Steps = 5000 };
}

/// <summary>Part matrices: E7.</summary>
public sealed record MatricesConfig
{
    /// <summary>Seeds: each draws its own samples.</summary>
    public int Seeds { get; init; } = 5;

    /// <summary>Ratios α of parameters to samples for one blob, a grid inside the run.</summary>
    public IReadOnlyList<double> Ratios { get; init; } = [0.2, 1, 2];

    /// <summary>Parameters times samples of each ratio, so that all cost alike.</summary>
    public int Area { get; init; } = 200_000;
}

/// <summary>Part lines: E12.</summary>
public sealed record LinesConfig
{
    /// <summary>Seeds: each has its own initial networks and batches.</summary>
    public int Seeds { get; init; } = 5;

    /// <summary>The examples.</summary>
    public PicturesConfig Data { get; init; } = new();

    /// <summary>Hidden ReLU nodes, layer by layer.</summary>
    public IReadOnlyList<int> Hidden { get; init; } = [30];

    /// <summary>Samples per step of the stochastic run; the other takes all.</summary>
    public int Batch { get; init; } = 50;

    /// <summary>Learning rate and steps, the same for both.</summary>
    public DescentConfig Training { get; init; } = new() { LearningRate = 0.1, Steps = 2000 };

    /// <summary>Moments at which the line is measured, evenly spread.</summary>
    public int Moments { get; init; } = 10;

    /// <summary>Points of a line from 0 to 1.</summary>
    public int Points { get; init; } = 21;
}

/// <summary>Part edge: full-batch descent on half the squared error with tanh nodes.</summary>
public sealed record EdgeConfig
{
    /// <summary>Seeds: each has its own initial network.</summary>
    public int Seeds { get; init; } = 5;

    /// <summary>The examples.</summary>
    public PicturesConfig Data { get; init; } = new() { Samples = 500 };

    /// <summary>Hidden tanh nodes, layer by layer.</summary>
    public IReadOnlyList<int> Hidden { get; init; } = [32];

    /// <summary>Learning rates η, a grid inside the run.</summary>
    public IReadOnlyList<double> LearningRates { get; init; } = [0.1];

    /// <summary>Steps.</summary>
    public int Steps { get; init; } = 4000;

    /// <summary>Steps from one measurement of the largest eigenvalue to the next.</summary>
    public int Every { get; init; } = 100;
}

/// <summary>Part scatter: E10.</summary>
public sealed record ScatterConfig
{
    /// <summary>Seeds: each draws its own samples and starts.</summary>
    public int Seeds { get; init; } = 5;

    /// <summary>Starts of a seed, all trained on its samples.</summary>
    public int Starts { get; init; } = 100;

    /// <summary>Distance of every start from the origin of all weights and biases; directions are uniform.</summary>
    public double Radius { get; init; } = 3;

    /// <summary>Standard deviation of the blobs around (1, 1) and (−1, −1).</summary>
    public double Deviation { get; init; } = 0.1;

    /// <summary>Hidden ReLU nodes, layer by layer.</summary>
    public IReadOnlyList<int> Hidden { get; init; } = [6, 6];

    /// <summary>Samples, half of them of each blob.</summary>
    public int Samples { get; init; } = 200;

    /// <summary>How the networks are trained, with all samples.</summary>
    public DescentConfig Training { get; init; } = new() { LearningRate = 0.1, Steps = 600 };
}

/// <summary>Part sizes: E9.</summary>
public sealed record SizesConfig
{
    /// <summary>Seeds: each draws its own samples and initial networks.</summary>
    public int Seeds { get; init; } = 5;

    /// <summary>Nodes h of each of the two hidden ReLU layers of 2-h-h-2, a grid inside the run.</summary>
    public IReadOnlyList<int> Hidden { get; init; } = [2, 6, 10, 14, 18];

    /// <summary>Standard deviation of the blobs around (1, 1) and (−1, −1).</summary>
    public double Deviation { get; init; } = 0.1;

    /// <summary>Samples, half of them of each blob.</summary>
    public int Samples { get; init; } = 200;

    /// <summary>‖∇L‖ at which training ends; looked at after 500 steps and then whenever their number has doubled.</summary>
    public double GradientNorm { get; init; } = 1e-4;

    /// <summary>The learning rate with all samples, and the most steps.</summary>
    public DescentConfig Training { get; init; } = new() { LearningRate = 1, Steps = 32_000 };
}
