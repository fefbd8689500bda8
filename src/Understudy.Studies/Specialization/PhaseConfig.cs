using Understudy.Learning.Networks;

namespace Understudy.Studies.Specialization;

/// <summary>Part phase: how many training samples recover half and almost all teacher nodes, by over-realization, fan-out decay and kind of training set.</summary>
/// <remarks>
/// A column is one over-realization with one fan-out decay and one kind of set. Its share of recovered teacher nodes is measured at a few sizes;
/// then, for every level, the size halfway (as a ratio) between the largest before and the first at or above the level, until they are close.
/// </remarks>
public sealed record PhaseConfig
{
    /// <summary>Seeds: each has its own teacher, data, initial students and batches.</summary>
    public int Seeds { get; init; } = 4;

    /// <summary>The teachers.</summary>
    public TeacherConfig Teacher { get; init; } = new() { Nodes = 5, FanOutDecay = [0, 2] };

    /// <summary>The students.</summary>
    public StudentConfig Student { get; init; } = new() { OverRealization = [1, 2, 5] };

    /// <summary>The training sets every column begins with; no larger ones are tried.</summary>
    public SampleSizesConfig Data { get; init; } = new() { Dimension = 30, Samples = [20, 80, 320, 1280], Sets = [TrainingSet.Plain] };

    /// <summary>How the students are trained; they are measured at the end.</summary>
    public TrainingConfig Training { get; init; } = new() { LearningRate = 0.02, Epochs = 8 };

    /// <summary>What is measured.</summary>
    public PhaseMeasuresConfig Measures { get; init; } = new();

    /// <summary>Diagrams over other settings, at one number of samples.</summary>
    public PhaseGridsConfig Grids { get; init; } = new();

    /// <summary>How often the widest gap between sizes is halved before it is as narrow as asked for.</summary>
    internal int MostHalvings => Halvings.DefaultIfEmpty().Max();

    /// <summary>Sizes of a column that is measured as closely everywhere.</summary>
    internal int GridSizes => 1 + Halvings.Sum(halvings => 1 << halvings);

    /// <summary>The halvings of every gap.</summary>
    private IEnumerable<int> Halvings
    {
        get
        {
            var sizes = Data.Samples.Order().ToArray();
            return sizes.Zip(sizes.Skip(1), (few, many) => (double)many / few)
                .Select(gap => gap <= Measures.Resolution ? 0 : (int)Math.Ceiling(Math.Log2(Math.Log(gap) / Math.Log(Measures.Resolution))));
        }
    }

    internal IEnumerable<string> Problems()
    {
        if (Data.Samples.Count < 2)
            yield return "phase.data.samples must hold at least two sizes: thresholds lie between them.";
        if (Training.FullBatch)
            yield return "phase.training.fullBatch must be false: the part trains on sets of several sizes at once.";
        if (Measures.Levels.Count == 0 || Measures.Levels.Any(level => !(level is > 0 and <= 1)) || Measures.Levels.Distinct().Count() != Measures.Levels.Count)
            yield return "phase.measures.levels must hold at least one number, each above 0 and at most 1, none twice.";
        foreach (var problem in Grids.Problems())
            yield return problem;
        if (Teacher.File.Length > 0 && Grids is { Trained: > 0, FanOutDecay: not 0 })
            yield return "phase.grids.fanOutDecay must be 0 with phase.teacher.file: the fan-outs are those of the file.";
        if ((Student.Slope is not null || Student.Activation != ActivationKind.Rectified) && Grids.Slopes.Count > 0)
            yield return "phase.student.slope must be null and phase.student.activation rectified with phase.grids.slopes, which are those of teacher and student.";
        if (!(Measures.Resolution is >= 1.01 and < 100))
            yield return FormattableString.Invariant($"phase.measures.resolution ({Measures.Resolution}) must be at least 1.01 and below 100.");
    }
}

/// <summary>What part phase measures.</summary>
public sealed record PhaseMeasuresConfig
{
    /// <summary>Fresh samples of every evaluation.</summary>
    public int Evaluation { get; init; } = 2000;

    /// <summary>Shares of recovered teacher nodes whose smallest sufficient N is sought: N50 and N95.</summary>
    public IReadOnlyList<double> Levels { get; init; } = [0.5, 0.95];

    /// <summary>Ratio of the sizes on either side of a threshold at which the search stops.</summary>
    public double Resolution { get; init; } = 1.2;
}
