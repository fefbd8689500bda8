using Understudy.Learning.SelfDistillation;

namespace Understudy.Studies.RandomTeacher;

/// <summary>Part ladder: from DINO, self-distillation with a teacher that follows its student, down to a frozen random teacher; every rung takes something away.</summary>
/// <remarks>Source: Caron et al. 2021 for DINO; random-teacher specification, section 5.12.</remarks>
public sealed record LadderConfig
{
    /// <summary>Rungs: dino, then without the moving teacher (frozen-teacher), with one view (single-view), without augmentation (plain-images), and without centre, sharpening, decay, clipping and a frozen last layer (random-teacher).</summary>
    public IReadOnlyList<LadderRung> Rungs { get; init; } = [.. Enum.GetValues<LadderRung>()];

    /// <summary>What is compared above rung random-teacher: cross-entropy of the outputs, or cosine, 2 - 2 cos of the bottlenecks of teacher and student, which has no centre, no temperatures and no last layer. BYOL is the cosine with a predictor; SimSiam is too, with teacherMomentum=0.</summary>
    public ViewObjective Objective { get; init; }

    /// <summary>Nodes of the hidden layers of a predictor on the student's bottleneck, above rung random-teacher, for the cosine: fully connected with batch normalization and ReLU. Empty for no predictor; BYOL has one layer of 4096, SimSiam one of 512.</summary>
    public IReadOnlyList<int> Predictor { get; init; } = [];

    /// <summary>Rung dino: the momentum with which the teacher follows its student, along the training; 0 for the student itself, without a gradient.</summary>
    public string TeacherMomentum { get; init; } = "cos(0.996, 1)";

    /// <summary>Rung dino: epochs after which the teacher becomes its student, in place of an average; 0 for the average.</summary>
    public int CopyEpochs { get; init; }

    /// <summary>Rung dino: what the teacher's batch normalizations take, batch for the statistics of the batch, student for the running ones of the student, or start for those of a random teacher, mean 0 and variance 1, which do not fit weights that follow a student's.</summary>
    public TeacherStatistics TeacherStatistics { get; init; } = TeacherStatistics.Batch;

    /// <summary>Views of every image in a step, above rung single-view.</summary>
    public int Views { get; init; } = 2;

    /// <summary>Which views of teacher and student are compared: opposite, all or same.</summary>
    public ViewPairing Pairing { get; init; } = ViewPairing.Opposite;

    /// <summary>The smallest share of an image's area that a view shows, above rung plain-images; 1 for whole images.</summary>
    public double SmallestCrop { get; init; } = 0.4;

    /// <summary>The largest share.</summary>
    public double LargestCrop { get; init; } = 1;

    /// <summary>Further small views of every image in a step that the student alone sees, above rung single-view; each is compared with every view of the teacher. DINO has up to 10. The encoder has to take both sizes, as convnet-16-3 and resnet18 do.</summary>
    public int SmallViews { get; init; }

    /// <summary>Rows and columns of a small view; null for half of those of an image.</summary>
    public int? SmallSize { get; init; }

    /// <summary>The smallest share of an image's area that a small view shows.</summary>
    public double SmallestSmallCrop { get; init; } = 0.05;

    /// <summary>The largest share.</summary>
    public double LargestSmallCrop { get; init; } = 0.4;

    /// <summary>Whether views are mirrored from left to right; not for digits and letters.</summary>
    public bool Mirror { get; init; } = true;

    /// <summary>Pixels that views are shifted at most; small views are not.</summary>
    public int Shift { get; init; }

    /// <summary>Whether views have other colors: brightness, contrast, saturation and hue by 0.4, 0.4, 0.2 and 0.1 with probability 0.8, grey with 0.2, solarized with 0.2.</summary>
    public bool Colors { get; init; } = true;

    /// <summary>Whether views are blurred, by a Gaussian of 0.1 to 2 pixels: the first view always, further ones with probability 0.1, small ones with 0.5. Null for images of at least 64 rows alone.</summary>
    public bool? Blur { get; init; }

    /// <summary>The momentum of the centre of the teacher's outputs, above rung random-teacher.</summary>
    public double CenterMomentum { get; init; } = 0.9;

    /// <summary>The teacher's temperature along the training, above rung random-teacher: below the student's it sharpens.</summary>
    public string TeacherTemperature { get; init; } = "0.04";

    /// <summary>The student's temperature along the training, above rung random-teacher.</summary>
    public string StudentTemperature { get; init; } = "0.1";

    /// <summary>Weight decay of matrices and kernels along the training, above rung random-teacher.</summary>
    public string WeightDecay { get; init; } = "cos(0.04, 0.4)";

    /// <summary>The length to which longer gradients are shortened, above rung random-teacher; 0 for no limit.</summary>
    public double ClipNorm { get; init; } = 3;

    /// <summary>Epochs at the beginning in which the last layer of the head keeps its weights, above rung random-teacher.</summary>
    public double LastLayerFrozen { get; init; } = 1;

    /// <summary>The learning rate along the training of the rungs above random-teacher, such as warm(0.1, cos(5e-4, 1e-6)); empty for training.learningRate, with which rungs differ in what they are about alone.</summary>
    public string LearningRate { get; init; } = "";
}

/// <summary>A rung of the ladder; each takes away something of the one before.</summary>
public enum LadderRung
{
    /// <summary>DINO: a teacher that is the moving average of its student, views, centred and sharpened outputs, growing decay.</summary>
    Dino,

    /// <summary>The teacher stays as it was drawn, in evaluation mode.</summary>
    FrozenTeacher,

    /// <summary>One view of an image, which teacher and student both see.</summary>
    SingleView,

    /// <summary>Images as they are.</summary>
    PlainImages,

    /// <summary>The study's distillation: no centre, temperatures of 1 or those of the training, its decay, its clipping, and a last layer that learns from the beginning.</summary>
    RandomTeacher,
}
