using System.Text.Json.Serialization;
using Understudy.Data.Formats;
using Understudy.Lab.Figures;
using Understudy.Learning.Landscape;
using Understudy.Learning.Training;
using Understudy.Studies.RandomTeacher.Parts;
using static System.FormattableString;

namespace Understudy.Studies.RandomTeacher.FollowUps;

/// <summary>How a curve from teacher to student is trained.</summary>
public sealed record CurveOptions
{
    /// <summary>The seed of teacher and student.</summary>
    public int Seed { get; init; }

    /// <summary>The word of the student.</summary>
    public string Student { get; init; } = "images";

    /// <summary>A quadratic Bézier curve, or a chain of two segments.</summary>
    public CurveKind Kind { get; init; } = CurveKind.Bezier;

    /// <summary>Positions at which curve and line are measured, both ends among them.</summary>
    public int Points { get; init; } = 31;

    /// <summary>Passes over the images that the bend is trained on.</summary>
    public int Epochs { get; init; } = 50;

    /// <summary>The step size of Adam up to half of the epochs; then it falls to a hundredth.</summary>
    public double LearningRate { get; init; } = 1e-3;

    /// <summary>What is compared.</summary>
    public LandscapeView View { get; init; }

    /// <summary>Probes at every position of the curve and of the line.</summary>
    public LandscapeProbes Probes { get; init; }

    /// <summary>Training images that the bend is trained on and losses are averaged over, and test images; null for as many as part valley takes.</summary>
    public int? Images { get; init; }
}

/// <summary>A curve of low KL from teacher to student beside the straight line: what stands between them goes away where they lie in one valley that bends.</summary>
/// <remarks>Garipov et al. 2018, section 3: the bend minimizes the mean loss over t in [0, 1]. Here by Adam, as gradients of KL are tiny.</remarks>
public sealed record CurveFollowUp : IFollowUp
{
    private const int BatchSize = 64;

    /// <summary>The part whose networks these are.</summary>
    public required string Part { get; init; }

    /// <summary>The seed.</summary>
    public required int Seed { get; init; }

    /// <summary>The word of the student.</summary>
    public required string Student { get; init; }

    /// <summary>Steps of distillation that it had; 0 of where one started.</summary>
    public required int DistilledSteps { get; init; }

    /// <summary>What is compared.</summary>
    public required LandscapeView View { get; init; }

    /// <summary>Training images that losses are averaged over.</summary>
    public required int Images { get; init; }

    /// <summary>The same of test images.</summary>
    public required int TestImages { get; init; }

    /// <summary>How the curve follows its bend.</summary>
    public required CurveKind Kind { get; init; }

    /// <summary>Passes over the images.</summary>
    public required int Epochs { get; init; }

    /// <summary>‖θ_S − θ_T‖.</summary>
    public required double Distance { get; init; }

    /// <summary>Length of the curve, of the chords between positions.</summary>
    public required double Length { get; init; }

    /// <summary>t, from 0 to 1.</summary>
    public required IReadOnlyList<double> Positions { get; init; }

    /// <summary>Along the curve.</summary>
    public required LineValues Curve { get; init; }

    /// <summary>Along the straight line.</summary>
    public required LineValues Line { get; init; }

    /// <summary>Whether KL is not a number, or infinite, somewhere on the curve: the steps of its training were too long.</summary>
    public bool HasDiverged => !Curve.Train.All(double.IsFinite);

    /// <summary>max KL along the curve less the larger of both ends; not finite where it diverged.</summary>
    public double Barrier => AboveEnds(Curve);

    /// <summary>The same along the line.</summary>
    public double LineBarrier => AboveEnds(Line);

    /// <inheritdoc/>
    [JsonIgnore]
    public IReadOnlyList<string> Summary =>
    [
        $"part {Part}, seed {Seed}, from its teacher to its student of {Student} {SeedWords.After(DistilledSteps)}{(View == LandscapeView.Encoder ? ", encoders alone: KL of softmax over embeddings" : "")}; KL over {Landscape.Averaged(Images, TestImages)}",
        $"straight line: barrier {Numbers.Loss(LineBarrier)} nats above both ends, mean KL {Numbers.Loss(Line.Train.Average())}, length {Numbers.Ratio(Distance)}",
        HasDiverged
            ? $"{Words}: its training diverged, KL is not finite on it; lower --rate"
            : $"{Words}: barrier {Numbers.Loss(Barrier)} nats above both ends, mean KL {Numbers.Loss(Curve.Train.Average())}, length {Numbers.Ratio(Length)}; one bend, {Epochs} epochs",
    ];

    /// <inheritdoc/>
    [JsonIgnore]
    public FollowUpTable Table => new(
        ["t", .. Curve.Headings(""), .. Line.Headings("line ")],
        [.. Positions.Select((t, i) => (IReadOnlyList<string>)[Invariant($"{t:0.###}"), .. Curve.Cells(i), .. Line.Cells(i)])]);

    /// <inheritdoc/>
    [JsonIgnore]
    public IReadOnlyList<CsvColumn> Columns => [CsvColumn.Of("t", Positions), .. Curve.Columns(""), .. Line.Columns("line ")];

    /// <inheritdoc/>
    [JsonIgnore]
    public string Svg => Lab.Figures.Svg.Write(new Figure(
        "curve", "A curve from the teacher to its student", "KL to the teacher along a curve whose bend was trained to a low mean KL, and along the straight line.",
        [
            new Panel("KL", new Axis("t: teacher at 0, student at 1"), new Axis("KL (nats)", Min: 0),
                [Layer(Words, Curve.Train, SeriesRole.Student, false), Layer($"{Words}, test", Curve.Test, SeriesRole.Student, true), Layer("line", Line.Train, SeriesRole.Teacher, false), Layer("line, test", Line.Test, SeriesRole.Teacher, true)]),
            .. Curve.Fitted.Zip(Line.Fitted, (curve, line) =>
                new Panel($"{curve.Name} probe", new Axis("t: teacher at 0, student at 1"), new Axis("test accuracy (%)"), [Layer(Words, curve.Values, SeriesRole.Student, false), Layer("line", line.Values, SeriesRole.Teacher, false)])),
        ], Columns: 2));

    private string Words => Kind == CurveKind.Bezier ? "Bézier curve" : "chain of two segments";

    /// <summary>Trains a curve and measures it.</summary>
    /// <param name="run">The run.</param>
    /// <param name="options">Which curve.</param>
    /// <param name="progress">Takes the share that is done.</param>
    /// <param name="cancellation">Looked at once per step and batch.</param>
    /// <exception cref="FollowUpException">The run does not have the networks, they have batch normalizations, or its images are others.</exception>
    public static CurveFollowUp Of(FinishedRun run, CurveOptions options, IProgress<double>? progress = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(run);
        ArgumentNullException.ThrowIfNull(options);
        ArgumentOutOfRangeException.ThrowIfLessThan(options.Points, 2, nameof(options));
        if (run.HasStatistics)
        {
            throw new FollowUpException($"the networks of part {run.Part} have batch normalization, whose statistics would have to be estimated at every step of the training of a curve\n"
                + $"  take {(run.OffersValleyWithoutStatistics ? "--part valley, whose networks have none, or " : "")}a run with network.normalization=none");
        }

        using var landscape = new Landscape(run, options.View, options.Seed, Landscape.ImagesOf(run, options.Images, run.Config.Valley.Images), hasTest: true, cancellation);
        var (teacher, student) = (landscape.Teacher, landscape.Point(options.Student));
        var training = new ModeConnectionOptions
        {
            Kind = options.Kind,
            Rule = OptimizerRule.Adam,
            LearningRate = options.LearningRate,
            WeightDecay = 0,
            BatchSize = BatchSize,
            Epochs = options.Epochs,
            Seed = (ulong)run.Config.Seed,
        };
        var curve = ModeConnection.Train(teacher, student, landscape.Train, training, new ShareOfProgress(progress, 0, 0.8), cancellation);
        double[] positions = [.. Enumerable.Range(0, options.Points).Select(i => i / (options.Points - 1.0))];
        LineValues Along(ParameterCurve on, double from, double to)
            => LineValues.Of(landscape.At(positions.Length, (i, into) => on.Point(positions[i], into), options.Probes, new ShareOfProgress(progress, from, to), cancellation));
        return new CurveFollowUp
        {
            Part = run.Part,
            Seed = options.Seed,
            Student = options.Student,
            DistilledSteps = run.StepsOf(options.Student, options.Seed),
            View = options.View,
            Images = landscape.Images,
            TestImages = landscape.TestImages,
            Kind = options.Kind,
            Epochs = options.Epochs,
            Distance = Distances.Between(student, teacher),
            Length = Chords(curve, positions),
            Positions = positions,
            Curve = Along(curve, 0.8, 0.9),
            Line = Along(ParameterCurve.Straight(CurveKind.Bezier, teacher, student, 0), 0.9, 1),
        };
    }

    private static double Chords(ParameterCurve curve, double[] positions)
    {
        var (length, before, after) = (0.0, new double[curve.Points[0].Length], new double[curve.Points[0].Length]);
        curve.Point(0, before);
        foreach (var position in positions)
        {
            curve.Point(position, after);
            length += Distances.Between(before, after);
            (before, after) = (after, before);
        }

        return length;
    }

    private static double AboveEnds(LineValues line) => Numbers.Largest(line.Train) - Math.Max(line.Train[0], line.Train[^1]);

    private LineLayer Layer(string name, IReadOnlyList<double> values, SeriesRole role, bool dashed) => new(name, [.. Positions.Zip(values, (t, value) => new XY(t, value))], role, Dashed: dashed);
}
