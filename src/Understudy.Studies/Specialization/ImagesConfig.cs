using Understudy.Learning.Training;

namespace Understudy.Studies.Specialization;

/// <summary>Part images: P11, convolutional teachers that were trained on images; a node is a channel.</summary>
public sealed record ImagesConfig
{
    /// <summary>Seeds: each has its own teacher, unless it is shared, and its own initial students and batches. The images are the same.</summary>
    public int Seeds { get; init; } = 4;

    /// <summary>The images.</summary>
    public ImagesDataConfig Data { get; init; } = new();

    /// <summary>The teacher's network, how it is trained on the labels, and what is pruned of it.</summary>
    public ImagesTeacherConfig Teacher { get; init; } = new();

    /// <summary>Which students there are, and how they are trained on the teacher's outputs.</summary>
    public ImagesStudentsConfig Students { get; init; } = new();

    /// <summary>What is measured.</summary>
    public ImagesMeasuresConfig Measures { get; init; } = new();
}

/// <summary>Labelled images for teachers and students.</summary>
public sealed record ImagesDataConfig
{
    /// <summary>cifar10: color photographs of 32 × 32; digits: the 1,797 handwritten digits of 8 × 8 that come with the program.</summary>
    public LabelledImages Set { get; init; } = LabelledImages.Cifar10;

    /// <summary>Side of the squares of pixels that are averaged to one: 2 makes 16 × 16 of 32 × 32; 1 for the images as they are.</summary>
    public int Pooling { get; init; } = 2;

    /// <summary>Training images, of teachers and students.</summary>
    public int Training { get; init; } = 10_000;

    /// <summary>Rows and columns, after pooling, by which training images are shifted at most, at random and anew in every epoch, with black beyond their edges: 4 in the paper, 0 for none. Students see their teacher's outputs for the shifted image.</summary>
    public int Shift { get; init; }

    /// <summary>Whether every other training image, at random and anew in every epoch, is mirrored from left to right, as in the paper; not for digits, which have no mirror images.</summary>
    public bool Mirrored { get; init; }

    /// <summary>Images of the training split that nobody is trained on; the epoch at which a teacher is kept is chosen by them.</summary>
    public int Validation { get; init; } = 2000;
}

/// <summary>Sets of labelled images.</summary>
public enum LabelledImages
{
    /// <summary>CIFAR-10.</summary>
    Cifar10,

    /// <summary>The 8 × 8 digits.</summary>
    Digits,
}

/// <summary>A teacher: convolutions of 3 × 3 without padding or pooling, each with a rectifier and a batch normalization, and a linear layer over all channels and positions.</summary>
public sealed record ImagesTeacherConfig
{
    /// <summary>Channels of the convolutions, from the images up: 64-64-64-64 in the paper.</summary>
    public IReadOnlyList<int> Channels { get; init; } = [12, 16, 16];

    /// <summary>Where the batch normalization of a convolution stands, in teachers and students: after-activation, before-activation or none.</summary>
    public ChannelNormalization Normalization { get; init; } = ChannelNormalization.AfterActivation;

    /// <summary>Whether all seeds share the teacher of the first one, as in the paper. Intervals are then over students only.</summary>
    public bool Shared { get; init; }

    /// <summary>Share of the channels of each convolution that is pruned, rounded down to whole channels: those whose weights in what reads them have the smallest mean size.</summary>
    public IReadOnlyList<double> Pruning { get; init; } = [0.3, 0.5, 0.5];

    /// <summary>Epochs of training after pruning, with the settings of the training before; the epoch with the best validation accuracy is kept, which may be the one before it.</summary>
    public int FineTuningEpochs { get; init; } = 5;

    /// <summary>How the teacher is trained, by cross-entropy on the labels; the epoch with the best validation accuracy is kept.</summary>
    public ImagesTrainingConfig Training { get; init; } = new() { Batch = 128, Epochs = 10, LearningRates = [0.05, 0.01], RateStarts = [0, 0.7] };
}

/// <summary>Where a batch normalization stands.</summary>
public enum ChannelNormalization
{
    /// <summary>Convolution, activation, normalization.</summary>
    AfterActivation,

    /// <summary>Convolution, normalization, activation.</summary>
    BeforeActivation,

    /// <summary>There is none.</summary>
    None,
}

/// <summary>Students of the teacher's depth with r times its channels in every layer.</summary>
public sealed record ImagesStudentsConfig
{
    /// <summary>Over-realizations r of students of the teacher as it was trained, a grid inside the run; may be empty.</summary>
    public IReadOnlyList<double> OfUnpruned { get; init; } = [1, 2];

    /// <summary>Over-realizations r of students of the pruned teacher, a grid inside the run; may be empty, and then nothing is pruned.</summary>
    public IReadOnlyList<double> OfPruned { get; init; } = [1, 2, 5];

    /// <summary>What is descended: mse, the squared error against the teacher's outputs averaged over images and outputs, or cross-entropy against its largest output.</summary>
    public DistillationLoss Loss { get; init; } = DistillationLoss.Mse;

    /// <summary>How students are trained.</summary>
    public ImagesTrainingConfig Training { get; init; } = new() { Batch = 64, Epochs = 10, LearningRates = [0.01, 0.002], RateStarts = [0, 0.7], WeightDecay = 0 };
}

/// <summary>Stochastic gradient descent on shuffled batches without replacement: an epoch is one pass through the training images.</summary>
public sealed record ImagesTrainingConfig
{
    /// <summary>Images per step; the incomplete batch at the end of an epoch is dropped.</summary>
    public int Batch { get; init; } = 64;

    /// <summary>Epochs.</summary>
    public int Epochs { get; init; } = 10;

    /// <summary>Learning rates, in the order of rateStarts.</summary>
    public IReadOnlyList<double> LearningRates { get; init; } = [0.01];

    /// <summary>Share of the training at which each learning rate begins, rounded to an epoch: 0 and 0.7 change the rate after seven tenths.</summary>
    public IReadOnlyList<double> RateStarts { get; init; } = [0];

    /// <summary>How a gradient becomes a step: sgd, momentum or adam, whose learning rates are smaller.</summary>
    public OptimizerRule Optimizer { get; init; } = OptimizerRule.Momentum;

    /// <summary>Share of the last step that goes on, for optimizer=momentum.</summary>
    public double Momentum { get; init; } = 0.9;

    /// <summary>Weight decay λ: λ times every parameter is added to its gradient.</summary>
    public double WeightDecay { get; init; } = 5e-4;

    /// <summary>The learning rate of an epoch, counted from 0.</summary>
    internal double Rate(int epoch)
    {
        var rate = LearningRates[0];
        for (var i = 0; i < RateStarts.Count; i++)
        {
            if ((int)Math.Floor((RateStarts[i] * Epochs) + 0.5) <= epoch)
                rate = LearningRates[i];
        }

        return rate;
    }
}

/// <summary>What is measured when.</summary>
public sealed record ImagesMeasuresConfig
{
    /// <summary>Test images of the evaluation at the end; every position of every image is a sample of a correlation.</summary>
    public int Evaluation { get; init; } = 10_000;

    /// <summary>The first so many of them for the evaluations before the end, which serve the figures.</summary>
    public int During { get; init; } = 2000;

    /// <summary>Evaluations during the training of students, evenly spread and rounded to epochs; there is one more before it.</summary>
    public int Stages { get; init; } = 5;

    /// <summary>Training images over which mean and variance of batch normalizations are measured before a network is evaluated.</summary>
    public int Statistics { get; init; } = 2000;
}
