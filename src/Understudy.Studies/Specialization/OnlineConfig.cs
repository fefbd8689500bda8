using Understudy.Learning.OnlineLearning;

namespace Understudy.Studies.Specialization;

/// <summary>Which weights an online student learns.</summary>
public enum OnlineLayers
{
    /// <summary>The first layer; output weights stay at their initial values.</summary>
    First,

    /// <summary>Both layers.</summary>
    Both,
}

/// <summary>How an online student starts.</summary>
public enum OnlineInitialization
{
    /// <summary>Weights N(0, 1), as the teacher's.</summary>
    Large,

    /// <summary>Weights N(0, 0.001²).</summary>
    Small,

    /// <summary>Weights of the first layer N(0, 1/N), output weights N(0, 1/K).</summary>
    Mixed,

    /// <summary>The first nodes copy the teacher's and the others are 0, all with N(0, 0.001²) added.</summary>
    Informed,

    /// <summary>Each teacher node is copied by several student nodes, which share its output weight.</summary>
    Denoiser,
}

/// <summary>Part online: P14, few Gaussian samples per step, each seen once, beside the differential equations for many inputs.</summary>
/// <remarks>Teacher and student have one output and no biases; the teacher's weights are N(0, 1) and its output weights 1 unless the settings say otherwise. Specification: section 11.</remarks>
public sealed record OnlineConfig
{
    /// <summary>Seeds: each has its own teacher, initial student and samples.</summary>
    public int Seeds { get; init; } = 8;

    /// <summary>Inputs N; simulations deviate from the equations by about 1/√N.</summary>
    public int Inputs { get; init; } = 1000;

    /// <summary>Hidden nodes of the teacher, M.</summary>
    public int TeacherNodes { get; init; } = 2;

    /// <summary>Hidden nodes of the student, K.</summary>
    public int StudentNodes { get; init; } = 3;

    /// <summary>Activation of teacher and student: erf, linear, or relu, whose equations hold for small learning rates only.</summary>
    public FieldActivation Activation { get; init; } = FieldActivation.Erf;

    /// <summary>The layers that are learned: first, or both. With first the student's output weights are 1, and shared by copies in denoiser.</summary>
    public OnlineLayers Layers { get; init; } = OnlineLayers.First;

    /// <summary>The student before training: large, small, mixed, informed or denoiser.</summary>
    public OnlineInitialization Initialization { get; init; } = OnlineInitialization.Large;

    /// <summary>Learning rate η of the first layer; one step moves weights by η/√N.</summary>
    public double LearningRate { get; init; } = 0.5;

    /// <summary>Learning rate of the output weights, for layers=both; one step moves them by this over N.</summary>
    public double OutputLearningRate { get; init; } = 0.5;

    /// <summary>Standard deviation σ of the noise on the teacher's output.</summary>
    public double Noise { get; init; }

    /// <summary>Share by which learned weights shrink per unit of time.</summary>
    public double WeightDecay { get; init; }

    /// <summary>Samples B over which a step is averaged; time counts steps.</summary>
    public int Batch { get; init; } = 1;

    /// <summary>α of a finite training set: samples are drawn with replacement from α·N fixed ones. Null: every sample is fresh, as the equations have it.</summary>
    public double? TrainingSet { get; init; }

    /// <summary>Whether every second output weight of the teacher is −1. A student that learns its first layer alone has output weights 1 and can follow if its nodes are odd functions: erf and linear.</summary>
    public bool MixedSigns { get; init; }

    /// <summary>Share of the teacher's weights that are not 0; those are longer, so that nodes keep their lengths.</summary>
    public double TeacherDensity { get; init; } = 1;

    /// <summary>Factor on the teacher's weights. A large one, such as 1000, makes its erf nodes signs.</summary>
    public double TeacherGain { get; init; } = 1;

    /// <summary>The simulation ends when ε_g of every seed is at most this; 0: at duration.</summary>
    public double StopAt { get; init; }

    /// <summary>Gaussian fields from which the share of inputs with another sign of the output is estimated at every evaluation; 0: none.</summary>
    public int SignSamples { get; init; } = 1000;

    /// <summary>Training time in units of N steps.</summary>
    public double Duration { get; init; } = 30;

    /// <summary>Evaluations after the first, at equal distances.</summary>
    public int Records { get; init; } = 60;

    /// <summary>Time to which the equations go on alone, for the figure: nodes specialize long after a simulation of 30 has ended. Nothing where it is below duration.</summary>
    public double EquationsDuration { get; init; } = 1000;

    /// <summary>The fixed point under label noise, from the equations alone.</summary>
    public NoiseFloorConfig NoiseFloor { get; init; } = new();

    internal OnlineLearningOptions Options => new()
    {
        Activation = Activation,
        LearningRate = LearningRate,
        OutputLearningRate = Layers == OnlineLayers.Both ? OutputLearningRate : 0,
        Noise = Noise,
        WeightDecay = WeightDecay,
        Batch = Batch,
        TrainingSamples = TrainingSet is { } alpha ? (int)Math.Round(alpha * Inputs) : null,
    };
}

/// <summary>Where the first layer of a soft committee machine ends when labels are noisy: teacherNodes erf nodes, T = I.</summary>
public sealed record NoiseFloorConfig
{
    /// <summary>Learning rate η.</summary>
    public double LearningRate { get; init; } = 0.05;

    /// <summary>Standard deviation σ of the noise on the teacher's output.</summary>
    public double Noise { get; init; } = 0.1;

    /// <summary>Hidden nodes of the student beyond the teacher's, K − M, a grid inside the run.</summary>
    public IReadOnlyList<int> ExtraNodes { get; init; } = [0, 1];

    /// <summary>How long the equations are followed; lengthen it where the fixed point is reported as not reached.</summary>
    public double Duration { get; init; } = 5000;

    /// <summary>Time over which students are also simulated, from the same starts: nodes need hundreds to settle. 0: equations only.</summary>
    public double SimulatedDuration { get; init; }

    /// <summary>Inputs N of these simulations.</summary>
    public int SimulatedInputs { get; init; } = 784;
}
