using Understudy.Lab.Configuration;
using Understudy.Studies.Parts;

namespace Understudy.Studies.Specialization;

/// <summary>The experiments of the study.</summary>
public enum SpecializationPart
{
    /// <summary>Recovery of teacher nodes over fan-out decay and over-realization (P1, P2, P4).</summary>
    TwoLayer,

    /// <summary>When each teacher node is found (P3).</summary>
    Dynamics,

    /// <summary>Training samples against recovery, for Gaussian and boundary data (P6).</summary>
    Samples,

    /// <summary>Recovery with leaky activations.</summary>
    Leaky,

    /// <summary>Recovery by several rules of descent, at equal loss.</summary>
    Optimizers,

    /// <summary>Students that start near a teacher node (P9).</summary>
    Lucky,

    /// <summary>Boundaries in the plane, for looking at (P5).</summary>
    Boundaries,

    /// <summary>Several hidden layers: which specialize, from how many samples (P7, P7b, P8, P10).</summary>
    MultiLayer,

    /// <summary>One fresh sample per step beside the differential equations of many inputs (P14).</summary>
    Online,

    /// <summary>How many training samples are enough, by over-realization, fan-out decay and kind of training set: adaptive phase diagrams.</summary>
    Phase,

    /// <summary>Convolutional teachers trained on images, pruned or not (P11).</summary>
    Images,
}

/// <summary>Two-layer rectified teachers and wider students trained on their outputs.</summary>
/// <remarks>
/// What all parts share stands at the top; each part has its own sections below under the same names. The defaults are those of
/// the preset <c>quick</c>. Specification: sections 3, 4 and 9.
/// </remarks>
public sealed record SpecializationConfig : StudyConfig
{
    /// <summary>The parts to run, in this order: two-layer, dynamics, samples, leaky, optimizers, lucky, boundaries, multi-layer, online, phase; and images, which takes longer than all of them and is not run unless it is named.</summary>
    public IReadOnlyList<SpecializationPart> Parts { get; init; } =
    [
        SpecializationPart.TwoLayer, SpecializationPart.Dynamics, SpecializationPart.Samples, SpecializationPart.Leaky, SpecializationPart.Optimizers,
        SpecializationPart.Lucky, SpecializationPart.Boundaries, SpecializationPart.MultiLayer, SpecializationPart.Online, SpecializationPart.Phase,
    ];

    /// <summary>The number of seeds of every part; null lets each part use its own.</summary>
    public int? Seeds { get; init; }

    /// <summary>What the networks read; part images has its own.</summary>
    public InputsConfig Data { get; init; } = new();

    /// <summary>Slope of the activation of teacher and student for negative arguments; 0 is ReLU. Parts leaky and online have their own.</summary>
    public double Slope { get; init; }

    /// <summary>How the networks are computed while training: f32, or f64 for losses below 1e-9. Lucky nodes and part online always use f32.</summary>
    public TrainingPrecision Precision { get; init; } = TrainingPrecision.F32;

    /// <summary>Numerics and statistics of the published code where ours differ: double precision while training two-layer students; correlations with 1e-10 added to sums of squares (two layers) or 1e-7 to variances (several); part samples also tells the smallest mean best correlation over epochs. Teachers, students, data and losses are the published ones anyway.</summary>
    public bool AsPublished { get; init; }

    /// <summary>Part two-layer: recovery over fan-out decay and over-realization.</summary>
    public RecoveryConfig TwoLayer { get; init; } = RecoveryConfig.Quick;

    /// <summary>Part dynamics: when each node is found.</summary>
    public RecoveryConfig Dynamics { get; init; } = RecoveryConfig.Individual;

    /// <summary>Part samples: how many training samples recovery needs.</summary>
    public SamplesConfig Samples { get; init; } = new();

    /// <summary>Part leaky: recovery with leaky activations.</summary>
    public LeakyConfig Leaky { get; init; } = new();

    /// <summary>Part optimizers: the same students by several rules of descent.</summary>
    public OptimizersConfig Optimizers { get; init; } = new();

    /// <summary>Part lucky: students that start near a teacher node.</summary>
    public LuckyConfig Lucky { get; init; } = new();

    /// <summary>Part boundaries: boundaries in the plane.</summary>
    public BoundariesConfig Boundaries { get; init; } = new();

    /// <summary>Part multi-layer: specialization layer by layer.</summary>
    public MultiLayerConfig MultiLayer { get; init; } = new();

    /// <summary>Part online: one fresh sample per step, beside the equations of many inputs.</summary>
    public OnlineConfig Online { get; init; } = new();

    /// <summary>Part phase: the smallest sufficient number of training samples over several settings.</summary>
    public PhaseConfig Phase { get; init; } = new();

    /// <summary>Part images: convolutional teachers that were trained on images.</summary>
    public ImagesConfig Images { get; init; } = new();

    /// <summary>The precision of two-layer students that follows from the settings.</summary>
    internal TrainingPrecision TrainingPrecision => AsPublished ? TrainingPrecision.F64 : Precision;

    /// <inheritdoc/>
    public override IEnumerable<string> Problems() => SpecializationProblems.Of(this);
}

/// <summary>What the inputs of the networks are.</summary>
public enum InputKind
{
    /// <summary>Independent normal coordinates.</summary>
    Gaussian,

    /// <summary>Independent uniform coordinates in ±deviation/2.</summary>
    Uniform,

    /// <summary>Handwritten digits, 28×28.</summary>
    Mnist,

    /// <summary>Photographs of clothes, 28×28.</summary>
    FashionMnist,

    /// <summary>Small color photographs, 32×32×3.</summary>
    Cifar10,
}

/// <summary>What the networks of every part but lucky, boundaries, multi-layer, online and images read.</summary>
public sealed record InputsConfig
{
    /// <summary>gaussian, uniform, or the pixels of an image set: mnist, fashion-mnist, cifar10. Parts lucky, boundaries, multi-layer and online are always Gaussian.</summary>
    public InputKind Kind { get; init; } = InputKind.Gaussian;

    /// <summary>Principal components kept of an image set, or all for standardised pixels without PCA. Gaussian and uniform inputs have the dimension of their part.</summary>
    public Components Dimension { get; init; } = new(100);

    /// <summary>Longest input of an image set in units of deviation·√dimension; longer ones are scaled back to it. Rare pixels make some images ten times as long as the rest, and training on them diverges.</summary>
    public double LongestInput { get; init; } = 2;

    /// <summary>Standard deviation of every input coordinate; for uniform the width of the interval.</summary>
    public double Deviation { get; init; } = 1.5;

    /// <summary>Dimension k of a random subspace, one per seed, that Gaussian inputs lie in; null for the whole space. The deviation is then that along the directions of the subspace.</summary>
    public int? Subspace { get; init; }

    /// <summary>Standard deviation of noise in every coordinate, which moves inputs off their subspace.</summary>
    public double SubspaceNoise { get; init; }
}
