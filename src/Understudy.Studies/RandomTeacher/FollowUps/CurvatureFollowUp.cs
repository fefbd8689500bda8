using System.Text.Json.Serialization;
using Understudy.Data.Formats;
using Understudy.Engine.LinearAlgebra.Krylov;
using Understudy.Lab.Figures;
using Understudy.Learning.Curvature;
using Understudy.Learning.Losses;
using Understudy.Learning.Networks;
using Understudy.Learning.Training;
using Understudy.Studies.RandomTeacher.Parts;
using static System.FormattableString;

namespace Understudy.Studies.RandomTeacher.FollowUps;

/// <summary>How the curvature of the distillation loss is measured.</summary>
public sealed record StudentCurvatureOptions
{
    /// <summary>The seed of teacher and student.</summary>
    public int Seed { get; init; }

    /// <summary>The word of the student.</summary>
    public string Student { get; init; } = "images";

    /// <summary>Eigenvalues at the top.</summary>
    public int Top { get; init; } = 10;

    /// <summary>Relative residual of an eigenpair.</summary>
    public double Tolerance { get; init; } = 1e-4;

    /// <summary>Training images that the loss is averaged over; null for as many as part valley takes.</summary>
    public int? Images { get; init; }

    /// <summary>What the search for eigenpairs may take, in bytes; null for half of the memory of this machine.</summary>
    public long? MemoryBytes { get; init; }
}

/// <summary>The Hessian of KL to the teacher at the teacher and at the student, its Gauss-Newton part, and its curvature along the line between them.</summary>
/// <remarks>
/// At the teacher every residual is zero, so that the Hessian is its Gauss-Newton part. Gradient descent with step size η leaves a minimum whose largest eigenvalue is above 2/η, with momentum μ one above 2(1 + μ)/η.
/// Batch normalizations are in evaluation mode, each network with its own statistics.
/// </remarks>
public sealed record CurvatureFollowUp : IFollowUp
{
    // what every search may take, whatever the machine has: its numbers depend on how many vectors fit
    private const long UsualBytes = 1L << 30;

    /// <summary>The part whose networks these are.</summary>
    public required string Part { get; init; }

    /// <summary>The seed.</summary>
    public required int Seed { get; init; }

    /// <summary>The word of the student.</summary>
    public required string Student { get; init; }

    /// <summary>Steps of distillation that it had; 0 of where one started.</summary>
    public required int DistilledSteps { get; init; }

    /// <summary>Images that the loss is averaged over.</summary>
    public required int Images { get; init; }

    /// <summary>The learning rate of the run's first step.</summary>
    public required double FirstRate { get; init; }

    /// <summary>That of its last step.</summary>
    public required double LastRate { get; init; }

    /// <summary>How the run made a step of a gradient.</summary>
    public required OptimizerRule Rule { get; init; }

    /// <summary>At the teacher.</summary>
    public required PointCurvature AtTeacher { get; init; }

    /// <summary>At the student.</summary>
    public required PointCurvature AtStudent { get; init; }

    /// <inheritdoc/>
    [JsonIgnore]
    public IReadOnlyList<string> Summary =>
    [
        Invariant($"part {Part}, seed {Seed}, teacher and its student of {Student} {SeedWords.After(DistilledSteps)}: Hessian of KL to the teacher over {Images:N0} training images"),
        $"at the teacher the Hessian is its Gauss-Newton part: largest eigenvalues differ by {(Math.Abs(AtTeacher.Hessian[0] - AtTeacher.GaussNewton[0]) / AtTeacher.GaussNewton[0]).ToString("0.0e0", System.Globalization.CultureInfo.InvariantCulture)} of themselves",
        $"largest eigenvalue times learning rate: {Numbers.Loss(AtTeacher.Hessian[0] * FirstRate)} at the teacher with the first, {Numbers.Loss(AtStudent.Hessian[0] * LastRate)} at the student with the last; {Stability(Rule)}",
        Invariant($"residuals of eigenpairs up to {Math.Max(AtTeacher.Residual, AtStudent.Residual):0.0e0} of their eigenvalues, or of a thousandth of the largest where these are below it"),
        .. new[] { ("teacher", AtTeacher), ("student", AtStudent) }.Where(each => each.Item2.Unconverged > 0)
            .Select(each => $"at the {each.Item1} {each.Item2.Unconverged} of the eigenpairs did not converge before the search ended: their values are rough; lower --top"),
    ];

    /// <inheritdoc/>
    [JsonIgnore]
    public FollowUpTable Table => new(["at", "KL", "gradient", "largest", "smallest", "Gauss-Newton", "along the line"], [AtTeacher.Cells("teacher"), AtStudent.Cells("student")]);

    /// <inheritdoc/>
    [JsonIgnore]
    public IReadOnlyList<CsvColumn> Columns =>
    [
        CsvColumn.Of("rank", [.. AtTeacher.Hessian.Select((_, i) => i + 1.0)]), CsvColumn.Of("teacher Hessian", AtTeacher.Hessian), CsvColumn.Of("teacher Gauss-Newton", AtTeacher.GaussNewton),
        CsvColumn.Of("student Hessian", AtStudent.Hessian), CsvColumn.Of("student Gauss-Newton", AtStudent.GaussNewton),
        .. AtTeacher.Singles("teacher").Concat(AtStudent.Singles("student")).Concat([("images", Images), ("distilled steps", DistilledSteps), ("first rate", FirstRate), ("last rate", LastRate)])
            .Select(item => CsvColumn.Of(item.Item1, [.. Enumerable.Repeat(item.Item2, AtTeacher.Hessian.Count)])),
    ];

    /// <inheritdoc/>
    [JsonIgnore]
    public string Svg => Lab.Figures.Svg.Write(new Figure(
        "curvature", "Curvature at the teacher and at its student", "The largest eigenvalues of the Hessian of KL to the teacher, and of its Gauss-Newton part, which at the teacher is all of it.",
        [
            new Panel("", new Axis("rank from the largest", Min: 0), new Axis("eigenvalue", Logarithmic: true),
            [
                Points("teacher", AtTeacher.Hessian, SeriesRole.Teacher, 40), Points("student, Gauss-Newton", AtStudent.GaussNewton, SeriesRole.Alternative, 160), Points("student", AtStudent.Hessian, SeriesRole.Student, 40),
            ]),
        ]));

    /// <summary>Measures both points.</summary>
    /// <param name="run">The run.</param>
    /// <param name="options">How.</param>
    /// <param name="progress">Takes the share that is done.</param>
    /// <param name="cancellation">Looked at once per product.</param>
    /// <exception cref="FollowUpException">The run does not have the networks, or its images are others.</exception>
    public static CurvatureFollowUp Of(FinishedRun run, StudentCurvatureOptions options, IProgress<double>? progress = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(run);
        ArgumentNullException.ThrowIfNull(options);
        ArgumentOutOfRangeException.ThrowIfLessThan(options.Top, 1, nameof(options));
        CheckMemory(run.Network.Layout.Count, options);
        run.RequireEnds(options.Seed, cancellation);
        double[] teacher = run.Parameters(PartNames.Teacher, options.Seed), student = run.Parameters(options.Student, options.Seed);
        var examples = Examples(run, options, teacher, cancellation);
        double[] line = [.. student.Zip(teacher, (to, from) => to - from)];
        PointCurvature At(string word, double[] point, double from, double to)
            => Point(run.Network.InEvaluationMode(run.Statistics(word, options.Seed)), point, word == PartNames.Teacher ? 0 : 1, examples, line, run, options, new ShareOfProgress(progress, from, to), cancellation);
        var rates = Schedule.Parse(run.Config.Training.LearningRate).Over(run.Steps, run.Config.Data.Train / run.Config.Training.Batch);
        return new CurvatureFollowUp
        {
            Part = run.Part,
            Seed = options.Seed,
            Student = options.Student,
            DistilledSteps = run.StepsOf(options.Student, options.Seed),
            Images = examples.Count,
            FirstRate = rates.At(0),
            LastRate = rates.At(run.Steps - 1),
            Rule = run.Config.Training.Rule,
            AtTeacher = At(PartNames.Teacher, teacher, 0, 0.5),
            AtStudent = At(options.Student, student, 0.5, 1),
        };
    }

    /// <summary>When a minimum is left, in learning rate times the largest eigenvalue.</summary>
    internal static string Stability(OptimizerRule rule) => rule switch
    {
        OptimizerRule.Momentum => Invariant($"descent with momentum {new Optimizer().Momentum} leaves a minimum above {2 * (1 + new Optimizer().Momentum):0.##}"),
        OptimizerRule.Adam => "gradient descent leaves a minimum above 2, while the steps of Adam do not shrink with the gradient",
        _ => "gradient descent leaves a minimum above 2",
    };

    /// <summary>The vectors of the basis and of the results that a search needs at least, as bytes, with those of the search before it.</summary>
    internal static long LeastBytes(int size, int top)
    {
        // wanted pairs, those that a restart keeps, and room to go on; then the results
        long pairs = top + 1, basis = Math.Min(size, (2 * pairs) + Math.Max(5, top / 2) + 32);
        return sizeof(double) * ((size * (basis + (2 * pairs) + 2)) + (3 * basis * basis));
    }

    private static void CheckMemory(int size, StudentCurvatureOptions options)
    {
        if (options.Top > size)
            throw new FollowUpException(Invariant($"the networks have {size:N0} parameters, and so not {options.Top:N0} eigenvalues\n  lower --top"));
        var (least, allowed) = (LeastBytes(size, options.Top), options.MemoryBytes ?? GC.GetGCMemoryInfo().TotalAvailableMemoryBytes / 2);
        if (least > allowed)
        {
            throw new FollowUpException(Invariant($"{options.Top:N0} eigenvalues of {size:N0} parameters need {least / 1e9:0.0} GB, more than the {allowed / 1e9:0.0} GB that are allowed\n")
                + (options.Top > 1 ? "  lower --top, or take a machine with more memory" : "  take a machine with more memory"));
        }
    }

    private static ExampleSet Examples(FinishedRun run, StudentCurvatureOptions options, double[] teacher, CancellationToken cancellation)
    {
        var images = run.Pictures.Train;
        var count = Landscape.ImagesOf(run, options.Images, run.Config.Valley.Images);
        double[] inputs = [.. images.Slice(0, count).Values.ToArray().Select(value => (double)value)];
        var answers = NetworkOutputs.Of(run.Network.InEvaluationMode(), inputs, teacher, new OutputOptions { BatchRows = Landscape.BatchRows, Team = run.Team }, cancellation);
        return new ExampleSet(inputs, answers, count);
    }

    private static PointCurvature Point(
        INetwork network, double[] point, int bottom, ExampleSet examples, double[] line, FinishedRun run, StudentCurvatureOptions options, ShareOfProgress progress, CancellationToken cancellation)
    {
        using var curvature = new NetworkCurvature(network, OutputLoss.Distillation(1), examples, point, new CurvatureOptions { BatchRows = Landscape.BatchRows, Team = run.Team });
        var gradient = curvature.Gradient(out var loss);
        var search = new EigenpairOptions { Top = options.Top, Bottom = bottom, Tolerance = options.Tolerance, Seed = (ulong)run.Config.Seed, MemoryBytes = Math.Max(UsualBytes, LeastBytes(point.Length, options.Top)), Team = run.Team };
        var whole = ExtremeEigenpairs.Of(curvature.Hessian, search, cancellation: cancellation);
        cancellation.ThrowIfCancellationRequested();
        progress.Report(0.6);
        var part = ExtremeEigenpairs.Of(curvature.GaussNewton, search with { Bottom = 0 }, cancellation: cancellation);
        cancellation.ThrowIfCancellationRequested();
        progress.Report(1);
        var product = new double[point.Length];
        curvature.Hessian.Apply(line, product);
        var along = line.Zip(product, (a, b) => a * b).Sum() / line.Sum(value => value * value);
        (Eigenpairs Pairs, double Largest)[] found = [(whole.Top, whole.Top.Values[0]), (whole.Bottom, whole.Top.Values[0]), (part.Top, part.Top.Values[0])];
        return new PointCurvature(loss, Distances.Norm(gradient), whole.Top.Values.ToArray(), bottom > 0 ? whole.Bottom.Values[0] : double.NaN, part.Top.Values.ToArray(), along,
            found.Max(each => Residual(each.Pairs, search.Floor * Math.Abs(each.Largest))), found.Sum(each => each.Pairs.Count - each.Pairs.ConvergedCount));
    }

    /// <summary>The largest residual of pairs, each over its own eigenvalue or over the least that counts.</summary>
    private static double Residual(Eigenpairs pairs, double least)
    {
        var largest = 0.0;
        for (var i = 0; i < pairs.Count; i++)
            largest = Math.Max(largest, pairs.Residuals[i] / Math.Max(Math.Abs(pairs.Values[i]), least));
        return largest;
    }

    private static PointLayer Points(string name, IReadOnlyList<double> values, SeriesRole role, double size)
        => new(name, [.. values.Select((value, i) => new XY(i + 1, value)).Where(point => point.Y > 0)], role, size, Opacity: 0.85);
}

/// <summary>Curvature at a point.</summary>
/// <param name="Divergence">KL to the teacher, in nats.</param>
/// <param name="GradientNorm">‖∇KL‖.</param>
/// <param name="Hessian">The largest eigenvalues, descending.</param>
/// <param name="Smallest">The smallest eigenvalue; NaN at the teacher, where none is below 0.</param>
/// <param name="GaussNewton">The largest eigenvalues of the Gauss-Newton part.</param>
/// <param name="AlongLine">uᵀHu for u of length 1 from the teacher to the student.</param>
/// <param name="Residual">The largest residual ‖Hu − λu‖ of an eigenpair over its |λ|, or over a thousandth of the largest λ where it is below that.</param>
/// <param name="Unconverged">Eigenpairs whose residuals are above the tolerance.</param>
public sealed record PointCurvature(
    double Divergence, double GradientNorm, IReadOnlyList<double> Hessian, double Smallest, IReadOnlyList<double> GaussNewton, double AlongLine, double Residual, int Unconverged)
{
    /// <summary>What has one value, by name.</summary>
    internal IEnumerable<(string Name, double Value)> Singles(string at) =>
    [
        ($"{at} KL", Divergence), ($"{at} gradient", GradientNorm), ($"{at} smallest", Smallest), ($"{at} along the line", AlongLine), ($"{at} residual", Residual), ($"{at} unconverged", Unconverged),
    ];

    internal IReadOnlyList<string> Cells(string at)
        => [at, Numbers.Loss(Divergence), Numbers.Loss(GradientNorm), Numbers.Loss(Hessian[0]), Numbers.Loss(Smallest), Numbers.Loss(GaussNewton[0]), Numbers.Loss(AlongLine)];
}
