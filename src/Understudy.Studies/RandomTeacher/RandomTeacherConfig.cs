using Understudy.Engine.Plans;
using Understudy.Lab.Configuration;
using Understudy.Learning.Distillation;
using Understudy.Learning.Networks.Encoders;
using Understudy.Learning.Training;
using Understudy.Studies.Parts;

namespace Understudy.Studies.RandomTeacher;

/// <summary>Settings of the study <c>random-teacher</c>.</summary>
public sealed record RandomTeacherConfig : StudyConfig
{
    /// <summary>What is run: distillation, valley, locality, sizes, transfer, architectures, outputs, bottlenecks, restart, connectivity, tickets, layers, controls, targets, ladder.</summary>
    public IReadOnlyList<RandomTeacherPart> Parts { get; init; } = [RandomTeacherPart.Distillation, RandomTeacherPart.Valley];

    /// <summary>Seeds: each has its own teacher, fresh start, order of images and noise.</summary>
    public int Seeds { get; init; } = 3;

    /// <summary>The images.</summary>
    public ImagesConfig Data { get; init; } = new();

    /// <summary>Encoder and head.</summary>
    public NetworkConfig Network { get; init; } = new();

    /// <summary>How students are trained.</summary>
    public DistilledConfig Training { get; init; } = new();

    /// <summary>How embeddings are probed.</summary>
    public ProbesConfig Probes { get; init; } = new();

    /// <summary>What is recorded of students while they are trained beside what always is.</summary>
    public TrackingConfig Tracking { get; init; } = new();

    /// <summary>Part distillation: students of images and of noise, near and far starts, and controls.</summary>
    public DistillationConfig Distillation { get; init; } = new();

    /// <summary>Part valley: the loss between teacher and student.</summary>
    public ValleyConfig Valley { get; init; } = new();

    /// <summary>Part locality: starts farther and farther from the teacher.</summary>
    public LocalityConfig Locality { get; init; } = new();

    /// <summary>Part sizes: more and more images, the same number of steps.</summary>
    public SizesConfig Sizes { get; init; } = new();

    /// <summary>Part transfer: probes on another data set.</summary>
    public TransferConfig Transfer { get; init; } = new();

    /// <summary>Part architectures: other encoders.</summary>
    public ArchitecturesConfig Architectures { get; init; } = new();

    /// <summary>Part outputs: fewer and more outputs of the head.</summary>
    public OutputsConfig Outputs { get; init; } = new();

    /// <summary>Part bottlenecks: other ends of the head.</summary>
    public BottlenecksConfig Bottlenecks { get; init; } = new();

    /// <summary>Part connectivity: supervised trainings from the student and from a fresh start, and the lines between them.</summary>
    public ConnectivityConfig Connectivity { get; init; } = new();

    /// <summary>Part tickets: iterative pruning of both.</summary>
    public TicketsConfig Tickets { get; init; } = new();

    /// <summary>Part layers: probes behind every layer of teacher and student.</summary>
    public LayersConfig Layers { get; init; } = new();

    /// <summary>Part controls: images without structure, weights in other places, and convergence of the plain probe.</summary>
    public ControlsConfig Controls { get; init; } = new();

    /// <summary>Part targets: labels, random logits and pixels in place of a teacher.</summary>
    public TargetsConfig Targets { get; init; } = new();

    /// <summary>Part ladder: from self-distillation with a moving teacher down to a frozen random one.</summary>
    public LadderConfig Ladder { get; init; } = new();

    /// <inheritdoc/>
    public override IEnumerable<string> Problems() => RandomTeacherProblems.Of(this);
}

/// <summary>The parts of the study.</summary>
public enum RandomTeacherPart
{
    /// <summary>The main result with its controls (C1 to C6, C8).</summary>
    Distillation,

    /// <summary>The loss between teacher and student (C9, C10, C11).</summary>
    Valley,

    /// <summary>Starts at several distances (C8).</summary>
    Locality,

    /// <summary>The number of images (C7).</summary>
    Sizes,

    /// <summary>Another data set (C12).</summary>
    Transfer,

    /// <summary>Other encoders (C13).</summary>
    Architectures,

    /// <summary>The width of the head's outputs (C14).</summary>
    Outputs,

    /// <summary>The end of the head (C15).</summary>
    Bottlenecks,

    /// <summary>A student as the next teacher (C16).</summary>
    Restart,

    /// <summary>Supervised trainings in different orders (C18, C19).</summary>
    Connectivity,

    /// <summary>Lottery tickets (C17).</summary>
    Tickets,

    /// <summary>Probes layer by layer.</summary>
    Layers,

    /// <summary>Further controls of the main result.</summary>
    Controls,

    /// <summary>Other targets than a teacher.</summary>
    Targets,

    /// <summary>From DINO to a frozen random teacher; no claim.</summary>
    Ladder,
}

/// <summary>Images to distil and probe on.</summary>
public sealed record ImagesConfig
{
    /// <summary>cifar10, mnist, fashion-mnist, digits (8 x 8, with the program), or folder: images of your own.</summary>
    public ImageSource Set { get; init; } = ImageSource.Cifar10;

    /// <summary>With folder: where it is. It holds the files of CIFAR-10, CIFAR-100, STL-10 or Tiny-ImageNet, or a folder of PNG or JPEG files for each class; of each class a share is taken, in proportion, and all are put in a random order.</summary>
    public string Folder { get; init; } = "";

    /// <summary>Rows and columns: images of another size are averaged over areas; null for the size of the set.</summary>
    public int? Size { get; init; } = 16;

    /// <summary>Whether colors become one grey channel.</summary>
    public bool Gray { get; init; }

    /// <summary>Training images: the first of the set. Students are distilled from them without labels, probes are fitted to them with labels.</summary>
    public int Train { get; init; } = 20_000;

    /// <summary>Test images that probes are scored on: the first of the test split; of digits those behind the training images.</summary>
    public int Test { get; init; } = 5_000;
}

/// <summary>Where images come from.</summary>
public enum ImageSource
{
    /// <summary>Handwritten digits of 8 x 8 pixels that come with the program.</summary>
    Digits,

    /// <summary>Handwritten digits of 28 x 28 pixels.</summary>
    Mnist,

    /// <summary>Photographs of clothes of 28 x 28 pixels.</summary>
    FashionMnist,

    /// <summary>Color photographs of 32 x 32 pixels.</summary>
    Cifar10,

    /// <summary>Images of one's own.</summary>
    Folder,
}

/// <summary>The network of student and teacher.</summary>
public sealed record NetworkConfig
{
    /// <summary>The encoder: vgg11, resnet18, convnet-16-3, mlp-512-2, vit-tiny, ..., or filters of 3 x 3 convolutions with M for a pool of 2 x 2.</summary>
    public string Encoder { get; init; } = "16 16 M 32 32 M 64 64 M 128 128 M";

    /// <summary>batch, instance, group, layer or none. A teacher's batch normalization stays as it starts, with mean 0 and variance 1.</summary>
    public Normalization Normalization { get; init; } = Normalization.Batch;

    /// <summary>Nodes of the fully connected layers of the head before its bottleneck, each with an activation.</summary>
    public IReadOnlyList<int> Head { get; init; } = [256, 256];

    /// <summary>What follows each of these layers: gelu or relu.</summary>
    public HeadActivation HeadActivation { get; init; } = HeadActivation.Gelu;

    /// <summary>Whether a batch normalization stands between each of these layers and its activation, as in BYOL and SimSiam. A teacher's stays as it starts, with mean 0 and variance 1, as that of its encoder does. Not for part valley.</summary>
    public bool NormalizedHead { get; init; }

    /// <summary>How heads are drawn: normal (weights with deviation 0.02, biases 0), or fan-in (both uniform within 1/√fan-in).</summary>
    public HeadStart HeadStart { get; init; } = HeadStart.Normal;

    /// <summary>k, the numbers of the bottleneck.</summary>
    public int Bottleneck { get; init; } = 64;

    /// <summary>The end of the head in six fields, weights/layer/length twice: wn normalizes the weights of a layer, l and lb are layers without and with a bias, fn brings rows to length 1.</summary>
    public string Shape { get; init; } = "-/lb/fn/wn/l/-";

    /// <summary>m, the outputs of the head.</summary>
    public int Outputs { get; init; } = 1024;
}

/// <summary>The activation of a head's hidden layers.</summary>
public enum HeadActivation
{
    /// <summary>z·Φ(z).</summary>
    Gelu,

    /// <summary>max(z, 0).</summary>
    Relu,
}

/// <summary>Where a student starts.</summary>
public enum StartRule
{
    /// <summary>((1 − α) θ_T + α θ̃) / δ.</summary>
    Interpolated,

    /// <summary>(θ_T + α θ̃) / √(1 + α²).</summary>
    Neighbor,
}

/// <summary>Distillation.</summary>
public sealed record DistilledConfig
{
    /// <summary>What is descended: the cross-entropy of both softmaxes, the squared difference of outputs, or 1 less the cosine of the bottlenecks.</summary>
    public DistillationObjective Objective { get; init; }

    /// <summary>How a gradient becomes a step: adam with epsilon 1e-8, sgd, or momentum.</summary>
    public OptimizerRule Rule { get; init; } = OptimizerRule.Adam;

    /// <summary>Adam's decay of the first moment in a step.</summary>
    public double Beta1 { get; init; } = 0.9;

    /// <summary>Adam's decay of the second moment in a step.</summary>
    public double Beta2 { get; init; } = 0.999;

    /// <summary>The momentum of training.rule=momentum.</summary>
    public double Momentum { get; init; } = 0.9;

    /// <summary>The learning rate along the training, such as 0.001, cos(5e-4, 1e-6), or cat(lin(0, 5e-4, 10ep), cos(5e-4, 1e-6)).</summary>
    public string LearningRate { get; init; } = "0.001";

    /// <summary>Weight decay, decoupled from the gradient.</summary>
    public double WeightDecay { get; init; }

    /// <summary>Which parameters decay; vectors are biases, scales and shifts, which the paper's released program decays by 0.01.</summary>
    public DecayedParameters Decayed { get; init; }

    /// <summary>The length to which longer gradients are shortened; 0 for no limit.</summary>
    public double ClipNorm { get; init; }

    /// <summary>Images per step.</summary>
    public int Batch { get; init; } = 64;

    /// <summary>Steps, but for the parts valley, connectivity and tickets, which have their own; an epoch has as many as whole batches fit into the images of data.train.</summary>
    public int Steps { get; init; } = 626;

    /// <summary>How far a student starts from its teacher: 0 is the teacher, 1 an independent draw, and with training.start=neighbor as far from the teacher as from 0.</summary>
    public double Alpha { get; init; } = 1e-4;

    /// <summary>The way from the teacher: interpolated between it and an independent draw, or neighbor, the teacher with alpha times a draw added.</summary>
    public StartRule Start { get; init; } = StartRule.Interpolated;

    /// <summary>Whether starts are divided so that drawn weights keep their variance, as published.</summary>
    public bool KeepsVariance { get; init; } = true;

    /// <summary>Whether parameters that are not drawn, such as the scales of normalizations, stay as they are between teacher and draw; published is that they shrink with the others.</summary>
    public bool KeepsConstants { get; init; }

    /// <summary>f32 or f64: how students, and passes through networks for probes, are computed. Supervised trainings stay in single precision.</summary>
    public TrainingPrecision Precision { get; init; } = TrainingPrecision.F32;

    /// <summary>How convolutions are computed: direct is slower and has other last bits. Supervised trainings follow it too.</summary>
    public ConvolutionAlgorithm Convolution { get; init; } = ConvolutionAlgorithm.Winograd;

    /// <summary>Temperature of the teacher's softmax.</summary>
    public double TeacherTemperature { get; init; } = 1;

    /// <summary>Temperature of the student's softmax.</summary>
    public double StudentTemperature { get; init; } = 1;
}

/// <summary>Probes of embeddings.</summary>
public sealed record ProbesConfig
{
    /// <summary>Training images that probes are fitted to; null for all.</summary>
    public int? Images { get; init; }

    /// <summary>How often students are probed, evenly over the training; the last time is its end.</summary>
    public int Moments { get; init; } = 2;

    /// <summary>Epochs of the linear probes.</summary>
    public int Epochs { get; init; } = 10;

    /// <summary>Neighbours of the nearest-neighbour probe.</summary>
    public int Neighbors { get; init; } = 20;

    /// <summary>The share of the probed training images, the last ones, by which the best of several moments is chosen: students of images in part distillation are probed once more on it. 0 for no choice; verdicts are about the last moment.</summary>
    public double Validation { get; init; } = 0.1;

    /// <summary>Whether part distillation keeps which test images every probe of a teacher, and of its student of images at the end, gets right, a bit for each, among the arrays: for intervals over test images.</summary>
    public bool Keep { get; init; } = true;
}

/// <summary>Part distillation.</summary>
public sealed record DistillationConfig
{
    /// <summary>Whether students are distilled on noise in place of images too (C6).</summary>
    public bool Noise { get; init; } = true;

    /// <summary>Whether students start at an independent draw too (C8).</summary>
    public bool Far { get; init; } = true;

    /// <summary>Whether networks are kept: safetensors files among the arrays, of the encoders of students and teachers and of the heads of students, and an ONNX file for each student among the artifacts.</summary>
    public bool Keep { get; init; } = true;

    /// <summary>With distillation.keep: moments before the end at which students of images are kept too, as safetensors files: best (by held-out training images, which probes.moments above 1 and probes.validation choose by), least-rank, largest-loss. Nothing is measured for them that is not measured anyway; each takes 4 bytes for a parameter of every seed in memory, in checkpoints and in files (of encoders 8).</summary>
    public IReadOnlyList<StudentMoment> KeptMoments { get; init; } = [StudentMoment.Best, StudentMoment.LeastRank, StudentMoment.LargestLoss];

    /// <summary>Whether the teacher is probed with batch statistics of the images, and moved at random as far as its student moved (C5).</summary>
    public bool Controls { get; init; } = true;
}

/// <summary>Part valley.</summary>
public sealed record ValleyConfig
{
    /// <summary>Normalization of the encoder: none, as with batch normalization student and teacher are two functions of the same parameters.</summary>
    public Normalization Normalization { get; init; } = Normalization.None;

    /// <summary>Steps of distillation.</summary>
    public int Steps { get; init; } = 1565;

    /// <summary>Training images that losses are averaged over.</summary>
    public int Images { get; init; } = 1500;

    /// <summary>Points of the plane through the teacher, its student and a student from an independent start, along each axis; 0 for no plane. With 25 all three are among them.</summary>
    public int Plane { get; init; }

    /// <summary>Images that the losses of the plane are averaged over.</summary>
    public int PlaneImages { get; init; } = 250;

    /// <summary>Whether students are kept, with their heads, and the encoders of their teachers: safetensors files among the arrays, for follow-ups on the finished run.</summary>
    public bool Keep { get; init; } = true;

    /// <summary>With valley.keep: moments before the end at which students of images are kept too: least-rank and largest-loss, for which nothing more is measured, and best, for which every probe is fitted once more without probes.validation of the training images.</summary>
    public IReadOnlyList<StudentMoment> KeptMoments { get; init; } = [StudentMoment.LeastRank, StudentMoment.LargestLoss];
}

/// <summary>Part locality.</summary>
public sealed record LocalityConfig
{
    /// <summary>Distances of starts.</summary>
    public IReadOnlyList<double> Alphas { get; init; } = [1e-4, 0.2, 0.4, 0.6, 0.8, 1];
}

/// <summary>Part sizes.</summary>
public sealed record SizesConfig
{
    /// <summary>Numbers of training images, at least four for the slope.</summary>
    public IReadOnlyList<int> Images { get; init; } = [200, 1000, 5000, 20_000];
}

/// <summary>Part transfer.</summary>
public sealed record TransferConfig
{
    /// <summary>The data set that embeddings are probed on; brought to the size and the channels of the first.</summary>
    public ImageSource Set { get; init; } = ImageSource.FashionMnist;
}

/// <summary>Part architectures.</summary>
public sealed record ArchitecturesConfig
{
    /// <summary>The encoders, each with the normalization of the network.</summary>
    public IReadOnlyList<string> Encoders { get; init; } =
    [
        "16 16 M 32 32 M 64 64 M 128 128 M", "16 16 M 32 32 M 64 64 M", "16 M 32 M 64 M 128 M", "16 16 16 M 32 32 32 M 64 64 64 M 128 128 128 M", "resnet20", "convnet-32-3", "mlp-512-2",
    ];
}

/// <summary>Part outputs.</summary>
public sealed record OutputsConfig
{
    /// <summary>Numbers of outputs m; the bottleneck stays.</summary>
    public IReadOnlyList<int> Outputs { get; init; } = [2, 8, 32, 64, 128, 256, 1024];
}

/// <summary>Part bottlenecks.</summary>
public sealed record BottlenecksConfig
{
    /// <summary>Ends of the head in six fields.</summary>
    public IReadOnlyList<string> Shapes { get; init; } = ["-/lb/fn/wn/l/-", "-/lb/fn/-/l/-", "-/lb/-/wn/l/-", "wn/lb/-/wn/l/-", "-/lb/-/-/l/fn", "-/lb/-/-/l/-", "-/-/-/-/l/fn", "-/-/-/-/l/-"];
}

/// <summary>Supervised training of an encoder with a linear classifier on it.</summary>
public sealed record SupervisedConfig
{
    /// <summary>Labelled training images: the first of those that are distilled on.</summary>
    public int Images { get; init; } = 10_000;

    /// <summary>Epochs.</summary>
    public int Epochs { get; init; } = 30;

    /// <summary>Images per step.</summary>
    public int Batch { get; init; } = 128;

    /// <summary>The learning rate along the training, such as 0.1 or steps(0.1, 0.1, 0.5, 0.75): a start, a factor, and where it is applied; positions with a point are shares of the training, others epochs.</summary>
    public string LearningRate { get; init; } = "steps(0.05, 0.1, 0.5, 0.75)";

    /// <summary>Heavy-ball momentum.</summary>
    public double Momentum { get; init; } = 0.9;

    /// <summary>Weight decay, added to the gradient.</summary>
    public double WeightDecay { get; init; } = 1e-4;

    /// <summary>Pixels that images are shifted at most; they are mirrored too. 0 for images as they are.</summary>
    public int Shift { get; init; } = 2;
}

/// <summary>Part connectivity.</summary>
public sealed record ConnectivityConfig
{
    /// <summary>Normalization of the encoder, for distillation and for the supervised training.</summary>
    public Normalization Normalization { get; init; } = Normalization.None;

    /// <summary>Steps of distillation before it.</summary>
    public int Steps { get; init; } = 1565;

    /// <summary>The moment of the distillation whose student it starts from: last, best (as the paper does; it needs probes.moments above 1), least-rank, largest-loss.</summary>
    public StudentMoment Moment { get; init; }

    /// <summary>Trainings from every start, each with its own order of images.</summary>
    public int Orders { get; init; } = 3;

    /// <summary>The supervised training.</summary>
    public SupervisedConfig Training { get; init; } = new();

    /// <summary>Evenly spaced points of a line, its ends among them.</summary>
    public int Positions { get; init; } = 30;

    /// <summary>Training images, and test images, that errors along lines are taken over.</summary>
    public int LineImages { get; init; } = 2000;
}

/// <summary>Part tickets.</summary>
public sealed record TicketsConfig
{
    /// <summary>Normalization of the encoder, for distillation and for the supervised training.</summary>
    public Normalization Normalization { get; init; } = Normalization.None;

    /// <summary>Steps of distillation before it.</summary>
    public int Steps { get; init; } = 1565;

    /// <summary>The moment of the distillation whose student it starts from: last, best (it needs probes.moments above 1), least-rank, largest-loss.</summary>
    public StudentMoment Moment { get; init; }

    /// <summary>The supervised training of every round.</summary>
    public SupervisedConfig Training { get; init; } = new();

    /// <summary>Trainings one after the other, the first of the whole network; before each other one a fifth of what is left is pruned.</summary>
    public int Rounds { get; init; } = 12;

    /// <summary>Epochs between two looks at the test images.</summary>
    public int Evaluation { get; init; } = 5;

    /// <summary>The epoch that weights are rewound to; 0 for their start.</summary>
    public double Rewind { get; init; }
}
