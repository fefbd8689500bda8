using System.Text.Json.Serialization;
using Understudy.Data.Formats;
using Understudy.Learning.Landscape;
using Understudy.Studies.RandomTeacher.Parts;

namespace Understudy.Studies.RandomTeacher.FollowUps;

/// <summary>Which plane is looked at, and how.</summary>
public sealed record PlaneOptions
{
    /// <summary>The seed of teacher and students.</summary>
    public int Seed { get; init; }

    /// <summary>The two networks beside the teacher that the plane goes through; null for the student of images and the far one, or that of noise.</summary>
    public (string Second, string Third)? Through { get; init; }

    /// <summary>The network around which two random, filter-normalized directions are taken instead (Li et al. 2018); null for a plane through three networks.</summary>
    public string? Around { get; init; }

    /// <summary>What coordinates measure, of a plane through three networks.</summary>
    public PlaneScale Scale { get; init; }

    /// <summary>Where they are 0.</summary>
    public PlaneCenter Center { get; init; }

    /// <summary>Points along a side.</summary>
    public int Points { get; init; } = 25;

    /// <summary>By which share of a side the rectangle is larger than its three points at each end; of random directions how far it reaches.</summary>
    public double Margin { get; init; } = 0.25;

    /// <summary>What is compared.</summary>
    public LandscapeView View { get; init; }

    /// <summary>Probes at every point.</summary>
    public LandscapeProbes Probes { get; init; }

    /// <summary>Training images that losses are averaged over; null for as many as part valley takes for its plane.</summary>
    public int? Images { get; init; }
}

/// <summary>KL to the teacher, and probes, on a plane through the teacher and two other networks, or along two random directions.</summary>
/// <remarks>Random-teacher specification, section 5.6.</remarks>
public sealed record PlaneFollowUp : IFollowUp
{
    private const double RandomExtent = 1;

    /// <summary>The part whose networks these are.</summary>
    public required string Part { get; init; }

    /// <summary>The seed.</summary>
    public required int Seed { get; init; }

    /// <summary>What is compared.</summary>
    public required LandscapeView View { get; init; }

    /// <summary>Whether statistics of batch normalizations were estimated at every point.</summary>
    public required bool HasEstimatedStatistics { get; init; }

    /// <summary>Training images that losses are averaged over.</summary>
    public required int Images { get; init; }

    /// <summary>The same of test images.</summary>
    public required int TestImages { get; init; }

    /// <summary>The part that has too few students for a plane, where another was taken in its place; null where none was.</summary>
    public required string? InsteadOf { get; init; }

    /// <summary>What coordinates measure; null along random directions.</summary>
    public required PlaneScale? Scale { get; init; }

    /// <summary>Where they are 0; null along random directions.</summary>
    public required PlaneCenter? Center { get; init; }

    /// <summary>The networks in the plane.</summary>
    public required IReadOnlyList<PlacedNetwork> Networks { get; init; }

    /// <summary>The largest distance of one of them from the plane over its norm.</summary>
    public required double OutOfPlane { get; init; }

    /// <summary>The coordinates of the point of the plane nearest to the origin of the space of parameters.</summary>
    public required IReadOnlyList<double> Origin { get; init; }

    /// <summary>How far the plane is from that origin.</summary>
    public required double OriginDistance { get; init; }

    /// <summary>Coordinates along the first axis.</summary>
    public required IReadOnlyList<double> X { get; init; }

    /// <summary>Coordinates along the second axis.</summary>
    public required IReadOnlyList<double> Y { get; init; }

    /// <summary>Entropy of the teacher's outputs over training images, in nats.</summary>
    public required double TeacherEntropy { get; init; }

    /// <summary>The same over test images.</summary>
    public required double TestTeacherEntropy { get; init; }

    /// <summary>What was measured at the points of the plane, row by row: y, then x.</summary>
    public required LineValues Values { get; init; }

    /// <summary>What was measured at its networks, in their order.</summary>
    public required LineValues NetworkValues { get; init; }

    /// <summary>‖θ‖ at the points of the plane.</summary>
    public required IReadOnlyList<double> Norms { get; init; }

    /// <summary>‖θ‖ of the encoder alone.</summary>
    public required IReadOnlyList<double> EncoderNorms { get; init; }

    /// <summary>‖θ‖ of the head alone; 0 where encoders alone are compared.</summary>
    public required IReadOnlyList<double> HeadNorms { get; init; }

    /// <inheritdoc/>
    [JsonIgnore]
    public IReadOnlyList<string> Summary =>
    [
        $"part {Part}, seed {Seed}, {(Scale is null ? "around" : "through")} {string.Join(", ", Networks.Select(Words))}: {X.Count} x {Y.Count} points, KL to the teacher over {Landscape.Averaged(Images, TestImages)} from {Numbers.Loss(Values.Train.Min())} to {Numbers.Loss(Numbers.Largest(Values.Train))} nats in training"
            + string.Concat(Values.Fitted.Select(probe => $", {probe.Name} from {Numbers.Percent(probe.Values.Min())} to {Numbers.Percent(probe.Values.Max())} %")),
        $"entropy of outputs in training: {Numbers.Loss(TeacherEntropy)} nats of the teacher, from {Numbers.Loss(Values.TrainOutputs.Entropy.Min())} to {Numbers.Loss(Numbers.Largest(Values.TrainOutputs.Entropy))} on the plane; squared error up to {Numbers.Loss(Numbers.Largest(Values.TrainOutputs.SquaredError))}",
        .. InsteadOf is null ? Array.Empty<string>() : [$"part {InsteadOf} kept one kind of student, so the networks are those of part {Part}"],
        .. View == LandscapeView.Encoder ? ["encoders alone: KL of softmax over embeddings"] : Array.Empty<string>(),
        .. HasEstimatedStatistics ? ["batch normalization: statistics were estimated at every point, so that KL is not 0 at the teacher"] : Array.Empty<string>(),
        Scale is null
            ? "along two random directions whose filters have the norms of the network's; biases and scales stay"
            : $"distance of the three from their plane: {OutOfPlane.ToString("0.0e0", System.Globalization.CultureInfo.InvariantCulture)} of their norms",
        $"the origin of the space of parameters is {Numbers.Ratio(OriginDistance)} away from the plane, above ({Numbers.Coordinate(Origin[0])}, {Numbers.Coordinate(Origin[1])})",
    ];

    /// <inheritdoc/>
    [JsonIgnore]
    public FollowUpTable Table => new(
        ["network", "x", "y", .. NetworkValues.Headings(""), "norm"],
        [.. Networks.Select((each, i) => (IReadOnlyList<string>)[each.Network, Numbers.Coordinate(each.X), Numbers.Coordinate(each.Y), .. NetworkValues.Cells(i), Numbers.Ratio(each.Norm)])]);

    /// <inheritdoc/>
    [JsonIgnore]
    public IReadOnlyList<CsvColumn> Columns
    {
        get
        {
            // points of the plane, its networks, and the point nearest to the origin
            var rows = new Rows(Values.Train.Count, Networks.Count);
            return
            [
                CsvColumn.Of("what", rows.Texts("point", i => Networks[i].Network, "nearest to origin")), CsvColumn.Of("x", rows.Numbers(i => X[i % X.Count], i => Networks[i].X, Origin[0])),
                CsvColumn.Of("y", rows.Numbers(i => Y[i / X.Count], i => Networks[i].Y, Origin[1])),
                .. Values.Columns("").Zip(NetworkValues.Columns(""), CsvColumn.Joined).Select(column => CsvColumn.Joined(column, CsvColumn.Of(column.Name, [double.NaN]))),
                CsvColumn.Of("norm", rows.Numbers(i => Norms[i], i => Networks[i].Norm, OriginDistance)), CsvColumn.Of("encoder norm", rows.Numbers(i => EncoderNorms[i], i => Networks[i].EncoderNorm, double.NaN)),
                CsvColumn.Of("head norm", rows.Numbers(i => HeadNorms[i], i => Networks[i].HeadNorm, double.NaN)), CsvColumn.Of("distilled steps", rows.Numbers(_ => double.NaN, i => Networks[i].DistilledSteps, double.NaN)),
                .. new[] { ("teacher entropy", TeacherEntropy), ("test teacher entropy", TestTeacherEntropy), ("out of plane", OutOfPlane), ("images", Images), ("test images", TestImages) }
                    .Select(item => CsvColumn.Of(item.Item1, rows.Numbers(_ => item.Item2, _ => item.Item2, item.Item2))),
            ];
        }
    }

    /// <inheritdoc/>
    [JsonIgnore]
    public string Svg => Lab.Figures.Svg.Write(PlanePicture.Of(this));

    /// <summary>Measures a plane.</summary>
    /// <param name="run">The run.</param>
    /// <param name="options">Which plane.</param>
    /// <param name="progress">Takes the share that is done.</param>
    /// <param name="cancellation">Looked at once per batch.</param>
    /// <exception cref="FollowUpException">The run does not have the networks, or they lie on a line, or its images are others.</exception>
    public static PlaneFollowUp Of(FinishedRun run, PlaneOptions options, IProgress<double>? progress = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(run);
        ArgumentNullException.ThrowIfNull(options);
        var asked = run.Part;
        if (options.Through is null && options.Around is null && run.Students.Count < 2)
            run = run.WithSecondStudent() ?? run;
        using var landscape = new Landscape(run, options.View, options.Seed, Landscape.ImagesOf(run, options.Images, run.Config.Valley.PlaneImages), hasTest: true, cancellation);
        var chosen = options.Around is { } around ? Random(run, landscape, around, options) : Through(run, landscape, options);
        var (grid, places) = (chosen.Grid, chosen.Places);
        double[] norms = new double[grid.Count], encoderNorms = new double[grid.Count], headNorms = new double[grid.Count];
        var encoder = run.Network.Encoder.Layout.Count;
        PointValues[] At(int count, ParameterPoint point, double from, double to) => landscape.At(count, point, options.Probes, new ShareOfProgress(progress, from, to), cancellation);
        var share = (double)grid.Count / (grid.Count + places.Count);
        var values = At(grid.Count, (i, into) =>
        {
            grid.Point(i, into);
            (norms[i], encoderNorms[i], headNorms[i]) = (Distances.Norm(into), Distances.Norm(into[..encoder]), Distances.Norm(into[encoder..]));
        }, 0, share);
        var own = At(places.Count, (i, into) => places[i].Point.CopyTo(into), share, 1);
        return new PlaneFollowUp
        {
            Part = run.Part,
            Seed = options.Seed,
            View = options.View,
            HasEstimatedStatistics = run.HasStatistics,
            Images = landscape.Images,
            TestImages = landscape.TestImages,
            InsteadOf = asked == run.Part ? null : asked,
            Scale = options.Around is null ? options.Scale : null,
            Center = options.Around is null ? options.Center : null,
            Networks = [.. places.Select(each => new PlacedNetwork(each.Word, each.At[0], each.At[1], Distances.Norm(each.Point), Distances.Norm(each.Point.AsSpan(0, encoder)), Distances.Norm(each.Point.AsSpan(encoder)), run.StepsOf(each.Word, options.Seed)))],
            OutOfPlane = chosen.OutOfPlane,
            Origin = chosen.Origin,
            OriginDistance = chosen.OriginDistance,
            X = grid.X,
            Y = grid.Y,
            TeacherEntropy = landscape.TeacherEntropy,
            TestTeacherEntropy = landscape.TestTeacherEntropy,
            Values = LineValues.Of(values),
            NetworkValues = LineValues.Of(own),
            Norms = norms,
            EncoderNorms = encoderNorms,
            HeadNorms = headNorms,
        };
    }

    private static string Words(PlacedNetwork each) => each.Network == PartNames.Teacher ? each.Network : $"{each.Network} {SeedWords.After(each.DistilledSteps)}";

    private static Chosen Through(FinishedRun run, Landscape landscape, PlaneOptions options)
    {
        var (second, third) = options.Through ?? Usual(run);
        double[] first = landscape.Teacher, two = landscape.Point(second), three = landscape.Point(third);
        if (ParameterPlane.AreOnALine(first, two, three))
            throw new FollowUpException($"teacher, {second} and {third} lie on a line, so no plane goes through them alone\n  take two others: {string.Join(", ", run.Words.Skip(1))}");
        var projection = PlaneProjection.Through(first, two, three, options.Scale, options.Center);
        return new Chosen(
            PlaneGrid.Enclosing(projection.Plane, projection.Places, options.Points, options.Margin),
            [(PartNames.Teacher, projection.Places[0], first), (second, projection.Places[1], two), (third, projection.Places[2], three)], projection.OutOfPlane, projection.Origin, projection.OriginDistance);
    }

    /// <summary>Two random directions around a network, which do not depend on what is looked at beside it.</summary>
    private static Chosen Random(FinishedRun run, Landscape landscape, string around, PlaneOptions options)
    {
        var (middle, draws) = (landscape.Point(around), run.Context.Random(Purposes.Plane, options.Seed));
        double[] Direction(int index) => Directions.Random(landscape.Layout, middle, draws, index);
        var plane = new ParameterPlane(middle, Direction(0), Direction(1));
        var origin = plane.Coordinates(new double[middle.Length]);
        var nearest = new double[middle.Length];
        plane.Point(origin, nearest);
        return new Chosen(PlaneGrid.Around(plane, options.Points, RandomExtent), [(around, [0, 0], middle)], 0, origin, Distances.Norm(nearest));
    }

    private static (string, string) Usual(FinishedRun run) => run.Students.Count > 1
        ? (PartNames.Images, run.Students.Contains(PartNames.Far) ? PartNames.Far : run.Students[1])
        : throw new FollowUpException($"part {run.Part} of {run.Path} kept one kind of student, {run.Students[0]}, and a plane needs two networks beside the teacher\n"
            + $"  take {(run.Part == PartNames.Of(RandomTeacherPart.Distillation) ? "" : "--part distillation where it kept two, ")}a plane of random directions (--random), or run the valley with its plane: understudy run random-teacher @landscape");

    /// <summary>The rows of the table of all numbers.</summary>
    private readonly record struct Rows(int Points, int Placed)
    {
        internal IReadOnlyList<double> Numbers(Func<int, double> point, Func<int, double> network, double origin)
            => [.. Enumerable.Range(0, Points).Select(point), .. Enumerable.Range(0, Placed).Select(network), origin];

        internal IReadOnlyList<string> Texts(string point, Func<int, string> network, string origin)
            => [.. Enumerable.Repeat(point, Points), .. Enumerable.Range(0, Placed).Select(network), origin];
    }

    /// <summary>A plane with its grid.</summary>
    private sealed record Chosen(PlaneGrid Grid, IReadOnlyList<(string Word, double[] At, double[] Point)> Places, double OutOfPlane, double[] Origin, double OriginDistance);
}

/// <summary>A network in a plane.</summary>
/// <param name="Network">Its word.</param>
/// <param name="X">Its first coordinate.</param>
/// <param name="Y">Its second coordinate.</param>
/// <param name="Norm">‖θ‖.</param>
/// <param name="EncoderNorm">‖θ‖ of the encoder alone.</param>
/// <param name="HeadNorm">‖θ‖ of the head alone; 0 where encoders alone are compared.</param>
/// <param name="DistilledSteps">Steps of distillation that it had; 0 of the teacher, and of where a student started.</param>
public sealed record PlacedNetwork(string Network, double X, double Y, double Norm, double EncoderNorm, double HeadNorm, int DistilledSteps);
