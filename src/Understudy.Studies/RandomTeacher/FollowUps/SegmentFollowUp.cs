using System.Text.Json.Serialization;
using Understudy.Data.Formats;
using Understudy.Lab.Figures;
using Understudy.Studies.RandomTeacher.Parts;
using static System.FormattableString;

namespace Understudy.Studies.RandomTeacher.FollowUps;

/// <summary>How the line from teacher to student is walked along.</summary>
public sealed record SegmentOptions
{
    /// <summary>The seed of teacher and student.</summary>
    public int Seed { get; init; }

    /// <summary>The word of the student.</summary>
    public string Student { get; init; } = "images";

    /// <summary>Evenly spaced positions, to which those of part valley are added; at least 2.</summary>
    public int Points { get; init; } = 31;

    /// <summary>The first position, at most −0.1.</summary>
    public double From { get; init; } = -1;

    /// <summary>The last position, at least 1.</summary>
    public double To { get; init; } = 2;

    /// <summary>What is compared.</summary>
    public LandscapeView View { get; init; }

    /// <summary>Probes at every position.</summary>
    public LandscapeProbes Probes { get; init; } = LandscapeProbes.Ridge | LandscapeProbes.Knn;

    /// <summary>Training images, and test images, that losses are averaged over; null for as many as part valley takes.</summary>
    public int? Images { get; init; }
}

/// <summary>KL and probes along θ_T + t (θ_S − θ_T), and along a random direction as long in every tensor.</summary>
/// <remarks>Random-teacher specification, section 5.6; the random direction is that of part valley.</remarks>
public sealed record SegmentFollowUp : IFollowUp
{
    /// <summary>How far from the teacher positions may be: networks that are further away have nothing to do with either.</summary>
    public const double Furthest = 100;

    /// <summary>Distances at which both sides are compared.</summary>
    private static readonly double[] Compared = [0.1, 0.25, 0.5];

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

    /// <summary>Whether statistics of batch normalizations were estimated at every position.</summary>
    public required bool HasEstimatedStatistics { get; init; }

    /// <summary>Training images that losses are averaged over.</summary>
    public required int Images { get; init; }

    /// <summary>The same of test images.</summary>
    public required int TestImages { get; init; }

    /// <summary>‖θ_S − θ_T‖.</summary>
    public required double Distance { get; init; }

    /// <summary>‖θ_T‖.</summary>
    public required double TeacherNorm { get; init; }

    /// <summary>Entropy of the teacher's outputs over training images, in nats.</summary>
    public required double TeacherEntropy { get; init; }

    /// <summary>The same over test images.</summary>
    public required double TestTeacherEntropy { get; init; }

    /// <summary>t, ascending.</summary>
    public required IReadOnlyList<double> Positions { get; init; }

    /// <summary>Towards the student.</summary>
    public required LineValues Ahead { get; init; }

    /// <summary>Along the random direction.</summary>
    public required LineValues Random { get; init; }

    /// <summary>A(t) = KL(−t)/KL(t), where both positions are there.</summary>
    public IReadOnlyList<Asymmetry> Asymmetries
        => [.. Compared.Where(t => Positions.Contains(t) && Positions.Contains(-t)).Select(t => new Asymmetry(t, At(Ahead, -t) / At(Ahead, t), At(Random, -t) / At(Random, t)))];

    /// <summary>max KL over t in [0, 1], less the larger of both ends.</summary>
    public double Barrier => Numbers.Largest(Between) - Math.Max(At(Ahead, 0), At(Ahead, 1));

    /// <summary>max KL over t in [0, 1] over KL of the student.</summary>
    public double BarrierRatio => Numbers.Largest(Between) / At(Ahead, 1);

    /// <summary>Slopes of both sides towards the student.</summary>
    public SlopeRatio Slopes => SlopeRatio.Of(Positions, Ahead.Train);

    /// <summary>The same along the random direction.</summary>
    public SlopeRatio RandomSlopes => SlopeRatio.Of(Positions, Random.Train);

    private IEnumerable<double> Between => Positions.Zip(Ahead.Train).Where(item => item.First is >= 0 and <= 1).Select(item => item.Second);

    /// <inheritdoc/>
    [JsonIgnore]
    public IReadOnlyList<string> Summary =>
    [
        $"part {Part}, seed {Seed}, from its teacher to its student of {Student} {SeedWords.After(DistilledSteps)}: {Numbers.Ratio(Distance)} apart, {Numbers.Ratio(Distance / TeacherNorm)} of the teacher's norm; KL over {Landscape.Averaged(Images, TestImages)}",
        .. View == LandscapeView.Encoder ? ["encoders alone: KL of softmax over embeddings"] : Array.Empty<string>(),
        .. HasEstimatedStatistics ? ["batch normalization: statistics were estimated at every position, so that KL is not 0 at t = 0"] : Array.Empty<string>(),
        $"asymmetry KL(-t)/KL(t): {string.Join(", ", Asymmetries.Select(each => Invariant($"{Numbers.Ratio(each.Ahead)} at {each.Position} (at random {Numbers.Ratio(each.Random)})")))}",
        .. double.IsFinite(Barrier) ? Array.Empty<string>() : ["KL is not finite somewhere between them: the student may have diverged"],
        $"barrier between them: {Numbers.Loss(Barrier)} nats above both ends; the largest KL is {Numbers.Ratio(BarrierRatio)} times that of the student",
        Slope("towards the student", Slopes),
        Slope("at random", RandomSlopes),
    ];

    /// <inheritdoc/>
    [JsonIgnore]
    public FollowUpTable Table => new(
        ["t", .. Ahead.Headings(""), .. Random.Headings("random ")],
        [.. Positions.Select((t, i) => (IReadOnlyList<string>)[Invariant($"{t:0.###}"), .. Ahead.Cells(i), .. Random.Cells(i)])]);

    /// <inheritdoc/>
    [JsonIgnore]
    public IReadOnlyList<CsvColumn> Columns => [CsvColumn.Of("t", Positions), .. Ahead.Columns(""), .. Random.Columns("random ")];

    /// <inheritdoc/>
    [JsonIgnore]
    public string Svg => Lab.Figures.Svg.Write(Figure);

    private Figure Figure => new(
        "segment", "From the teacher to its student",
        "KL to the teacher over training and test images, and accuracies of the probes that were fitted, at θ_T + t (θ_S − θ_T), and along a random direction as long in every tensor. Where KL is 0 a logarithmic axis has no place for it.",
        [
            new Panel("KL", new Axis("t: teacher at 0, student at 1"), new Axis("KL (nats)", Logarithmic: true),
            [
                .. Sides("towards the student", Ahead.Train, SeriesRole.Student, false), .. Sides("towards the student, test", Ahead.Test, SeriesRole.Student, true),
                .. Sides("at random", Random.Train, SeriesRole.Teacher, false), .. Sides("at random, test", Random.Test, SeriesRole.Teacher, true), new RuleLayer("", 0, Vertical: true), new RuleLayer("", 1, Vertical: true),
            ]),
            .. Ahead.Fitted.Zip(Random.Fitted, (ahead, random) => new Panel($"{ahead.Name} probe", new Axis("t: teacher at 0, student at 1"), new Axis("test accuracy (%)"),
            [
                Line("towards the student", ahead.Values, SeriesRole.Student, false), Line("at random", random.Values, SeriesRole.Teacher, false), new RuleLayer("", 0, Vertical: true), new RuleLayer("", 1, Vertical: true),
            ])),
        ], Columns: Ahead.Fitted.Count == 2 ? 3 : 2);

    /// <summary>Walks along both lines.</summary>
    /// <param name="run">The run.</param>
    /// <param name="options">From where to where.</param>
    /// <param name="progress">Takes the share that is done.</param>
    /// <param name="cancellation">Looked at once per batch.</param>
    /// <exception cref="FollowUpException">The run does not have the networks, or its images are others.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The ends do not enclose −0.1 and 1, or are beyond <see cref="Furthest"/>, or there are fewer than two points.</exception>
    public static SegmentFollowUp Of(FinishedRun run, SegmentOptions options, IProgress<double>? progress = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(run);
        ArgumentNullException.ThrowIfNull(options);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(options.From, -Compared[0], nameof(options));
        ArgumentOutOfRangeException.ThrowIfLessThan(options.From, -Furthest, nameof(options));
        ArgumentOutOfRangeException.ThrowIfLessThan(options.To, 1, nameof(options));
        ArgumentOutOfRangeException.ThrowIfGreaterThan(options.To, Furthest, nameof(options));
        ArgumentOutOfRangeException.ThrowIfLessThan(options.Points, 2, nameof(options));
        double[] positions = [.. Even(options).Concat(ValleyPart.Positions.Where(t => t >= options.From && t <= options.To)).Distinct().Order()];
        using var landscape = new Landscape(run, options.View, options.Seed, Landscape.ImagesOf(run, options.Images, run.Config.Valley.Images), hasTest: true, cancellation);
        var (teacher, student) = (landscape.Teacher, landscape.Point(options.Student));
        double[] ahead = [.. student.Zip(teacher, (to, from) => to - from)];
        var random = RandomMove.Of(landscape.Layout, teacher, student, slot => run.Context.Random($"{Purposes.Kick}/{slot}", options.Seed));
        LineValues Along(double[] direction, double from, double to) => LineValues.Of(landscape.At(
            positions.Length, (i, into) => ValleyPart.Point(teacher, direction, positions[i], into), options.Probes, new ShareOfProgress(progress, from, to), cancellation));
        return new SegmentFollowUp
        {
            Part = run.Part,
            Seed = options.Seed,
            Student = options.Student,
            DistilledSteps = run.StepsOf(options.Student, options.Seed),
            View = options.View,
            HasEstimatedStatistics = run.HasStatistics,
            Images = landscape.Images,
            TestImages = landscape.TestImages,
            Distance = Distances.Between(student, teacher),
            TeacherNorm = Distances.Norm(teacher),
            TeacherEntropy = landscape.TeacherEntropy,
            TestTeacherEntropy = landscape.TestTeacherEntropy,
            Positions = positions,
            Ahead = Along(ahead, 0, 0.5),
            Random = Along(random, 0.5, 1),
        };
    }

    /// <summary>Even positions; those that should be hundredths are.</summary>
    private static IEnumerable<double> Even(SegmentOptions options)
        => Enumerable.Range(0, options.Points).Select(i => Math.Round(options.From + ((options.To - options.From) * i / (options.Points - 1)), 10) + 0.0);

    private static string Slope(string direction, SlopeRatio slopes) => double.IsNaN(slopes.C)
        ? $"{direction}: too few positions from 0.1 to 0.5 on both sides for slopes"
        : slopes.C <= 1
            ? $"{direction}: no asymmetric direction from 0.1 to 0.5 (c = {Numbers.Ratio(slopes.C)}, not above 1)"
            : double.IsInfinity(slopes.C)
                ? $"{direction}: an asymmetric direction with any c, as from 0.1 to 0.5 KL rises on the {(slopes.IsSteepBehind ? "far" : "near")} side and falls on the other"
                : $"{direction}: an asymmetric direction with c = {Numbers.Ratio(slopes.C)}: from 0.1 to 0.5 every slope of the {(slopes.IsSteepBehind ? "far" : "near")} side is at least c times p = {Numbers.Loss(slopes.P)}, the largest of the other";

    private double At(LineValues line, double position) => SegmentRow.Value(Positions, line.Train, position);

    private LineLayer Line(string name, IReadOnlyList<double> values, SeriesRole role, bool dashed)
        => new(name, [.. Positions.Zip(values, (t, value) => new XY(t, value))], role, Dashed: dashed);

    /// <summary>One line on each side of a teacher whose KL is 0.</summary>
    private IEnumerable<LineLayer> Sides(string name, IReadOnlyList<double> values, SeriesRole role, bool dashed)
    {
        XY[] points = [.. Positions.Zip(values, (t, value) => new XY(t, value)).Where(point => point.Y > 0)];
        if (points.Any(point => point.X == 0))
            return [new LineLayer(name, points, role, Dashed: dashed)];
        return [new LineLayer(name, [.. points.Where(point => point.X < 0)], role, Dashed: dashed), new LineLayer(name, [.. points.Where(point => point.X > 0)], role, Dashed: dashed)];
    }
}

/// <summary>A ratio of both sides of the teacher.</summary>
/// <param name="Position">t.</param>
/// <param name="Ahead">KL(−t)/KL(t) towards the student.</param>
/// <param name="Random">The same along the random direction.</param>
public sealed record Asymmetry(double Position, double Ahead, double Random);
