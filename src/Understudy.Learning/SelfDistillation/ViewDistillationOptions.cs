using Understudy.Engine;
using Understudy.Engine.Plans;
using Understudy.Learning.Distillation;
using Understudy.Learning.Networks;
using Understudy.Learning.Training;

namespace Understudy.Learning.SelfDistillation;

/// <summary>How students are distilled from teachers that are asked in every step, on views of the images.</summary>
/// <remarks>The defaults are those of a frozen teacher and images as they are; DINO's (Caron et al. 2021) are named at each.</remarks>
public sealed record ViewDistillationOptions
{
    /// <summary>The shape of students and teachers, in training mode.</summary>
    public required ProjectedEncoder Student { get; init; }

    /// <summary>Steps of the whole training, along which the schedules go.</summary>
    public required long Steps { get; init; }

    /// <summary>Images per step.</summary>
    public int Batch { get; init; } = 64;

    /// <summary>V, the views of every image in a step.</summary>
    public int Views { get; init; } = 1;

    /// <summary>How views are drawn; null for images as they are.</summary>
    public RandomView? View { get; init; }

    /// <summary>S, further small views of every image that the student alone sees (multi-crop), each compared with every view of the teacher; DINO has up to 10.</summary>
    public int SmallViews { get; init; }

    /// <summary>How small views are drawn; needed where there are any.</summary>
    public RandomView? SmallView { get; init; }

    /// <summary>Which views are compared; DINO's are opposite.</summary>
    public ViewPairing Pairing { get; init; } = ViewPairing.Same;

    /// <summary>The loss of a pair of views.</summary>
    public ViewObjective Objective { get; init; }

    /// <summary>Nodes of the hidden layers of a predictor on the student's bottleneck, for the cosine; empty for no predictor.</summary>
    public IReadOnlyList<int> Predictor { get; init; } = [];

    /// <summary>What becomes of the teacher.</summary>
    public TeacherMotion Teacher { get; init; } = TeacherMotion.Frozen;

    /// <summary>The statistics of the teacher's batch normalizations.</summary>
    public TeacherStatistics TeacherStatistics { get; init; }

    /// <summary>The momentum of the centre, the running mean of the teacher's outputs that is taken off them, in [0, 1); null for none; DINO's is 0.9.</summary>
    public double? CenterMomentum { get; init; }

    /// <summary>τ_T along the training: the teacher's outputs, less the centre, are divided by it; DINO's is 0.04.</summary>
    public Schedule TeacherTemperature { get; init; } = Schedule.Constant(1);

    /// <summary>τ_S along the training: the student's outputs are divided by it; DINO's is 0.1.</summary>
    public Schedule StudentTemperature { get; init; } = Schedule.Constant(1);

    /// <summary>The learning rate along the training.</summary>
    public Schedule LearningRate { get; init; } = Schedule.Constant(0.001);

    /// <summary>λ along the training, in place of the optimizer's constant; null for the constant.</summary>
    public Schedule? WeightDecay { get; init; }

    /// <summary>How a gradient becomes a step.</summary>
    public Optimizer Optimizer { get; init; } = new() { Rule = OptimizerRule.Adam };

    /// <summary>Epochs at the beginning in which what follows the bottleneck, the last layer, keeps its weights, its moments and the corrections of those; DINO's is 1.</summary>
    public double LastLayerFrozenEpochs { get; init; }

    /// <summary>How many students are trained at once, each with its own teacher, start and random numbers.</summary>
    public int Replicas { get; init; } = 1;

    /// <summary>The type every value is computed in.</summary>
    public DType Precision { get; init; } = DType.F32;

    /// <summary>How convolutions are computed: a question of speed and last bits.</summary>
    public ConvolutionAlgorithm Convolution { get; init; } = ConvolutionAlgorithm.Direct;

    /// <summary>How the replicas lie in memory: a question of speed alone.</summary>
    public ReplicaLayout Layout { get; init; }

    /// <summary>The predictor; null for none.</summary>
    internal LayeredNetwork? PredictorNetwork => Predictor.Count > 0 ? ViewPredictor.Of(Student.Bottleneck, Predictor) : null;

    /// <summary>The student for small views, with the same parameters; null where there are none.</summary>
    /// <exception cref="ArgumentException">The student does not take them.</exception>
    internal ProjectedEncoder? SmallStudent => SmallViews > 0 ? Student.On(SmallView!.Result) : null;

    /// <exception cref="ArgumentException">The options are no training, or contradict each other.</exception>
    internal void Check()
    {
        foreach (var (name, value) in new[] { (nameof(Batch), Batch), (nameof(Views), Views), (nameof(Replicas), Replicas) })
            ArgumentOutOfRangeException.ThrowIfLessThan(value, 1, name);
        ArgumentOutOfRangeException.ThrowIfLessThan(Steps, 1);
        if (Pairing == ViewPairing.Opposite && Views < 2)
            throw new ArgumentException("Opposite views need two views of every image.");
        if (CenterMomentum is { } momentum && !(momentum is >= 0 and < 1))
            throw new ArgumentException($"The momentum of the centre ({momentum}) must be at least 0 and below 1.");
        if (!(LastLayerFrozenEpochs >= 0))
            throw new ArgumentException($"The last layer cannot be frozen for {LastLayerFrozenEpochs} epochs.");
        if (LastLayerFrozenEpochs > 0 && Student.TailCount == 0)
            throw new ArgumentException("A head without a layer behind its bottleneck has no last layer to freeze.");
        if (Teacher is CopiedTeacher { Epochs: < 1 } copied)
            throw new ArgumentException($"A teacher is copied every so many epochs, at least 1, not {copied.Epochs}.");
        View?.Check(Student.Inputs);
        if (View is not null && View.Result != View.Image)
            throw new ArgumentException($"Views have the size of the images, {View.Image}, not {View.Result}: other sizes are for small views.");
        CheckSmall();
        CheckObjective();
    }

    private void CheckSmall()
    {
        ArgumentOutOfRangeException.ThrowIfNegative(SmallViews);
        if (SmallViews == 0)
            return;
        if (SmallView is null)
            throw new ArgumentException("Small views need to be told how they are drawn.");
        if (Pairing == ViewPairing.Same)
            throw new ArgumentException("Small views are compared with the teacher's, which are large: pair all views, or opposite ones.");
        SmallView.Check(Student.Inputs);
        _ = SmallStudent;
    }

    private void CheckObjective()
    {
        if (Predictor.Any(nodes => nodes < 1))
            throw new ArgumentException($"The layers of a predictor ({string.Join(", ", Predictor)}) need a node at least.");
        if (Objective != ViewObjective.Cosine)
        {
            if (Predictor.Count > 0)
                throw new ArgumentException("A predictor is for the cosine of bottlenecks, not for the cross-entropy of outputs.");
            return;
        }

        if (CenterMomentum is not null || LastLayerFrozenEpochs > 0)
            throw new ArgumentException("The cosine of bottlenecks has neither a centre nor a last layer to freeze.");
        if (!TeacherTemperature.Equals(Schedule.Constant(1)) || !StudentTemperature.Equals(Schedule.Constant(1)))
            throw new ArgumentException("The cosine of bottlenecks has no temperatures: leave them at 1.");
    }
}
