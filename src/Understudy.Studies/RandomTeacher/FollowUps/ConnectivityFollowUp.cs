using System.Globalization;
using System.Text.Json.Serialization;
using Understudy.Data.Formats;
using Understudy.Lab.Figures;
using Understudy.Lab.Runs;
using Understudy.Studies.RandomTeacher.Drawing;
using Understudy.Studies.RandomTeacher.Judging;
using Understudy.Studies.RandomTeacher.Parts;
using static System.FormattableString;

namespace Understudy.Studies.RandomTeacher.FollowUps;

/// <summary>What supervised trainings in several orders start from.</summary>
public sealed record ConnectivityOptions : KeptStudentOptions
{
    /// <summary>Orders, training and lines; null for what <see cref="ConnectivityFollowUp.Usual"/> gives. Normalization, steps of distillation and moment are those of the student.</summary>
    public ConnectivityConfig? Connectivity { get; init; }
}

/// <summary>Linear mode connectivity from kept students: supervised trainings in several orders from a student and from a fresh start, their errors, and the barriers between those of one start.</summary>
/// <remarks>
/// Random-teacher specification, section 5.9. What part connectivity does with students of its own, with the numbers of claims C18 and C19 but no interval over seeds: students of part valley that had as many
/// steps and the same normalization give its numbers to the bit.
/// </remarks>
public sealed record ConnectivityFollowUp : StartedFollowUp, IFollowUp
{
    /// <summary>How it was done: with these settings part connectivity gives the same numbers from a student of images of its own. Its steps are those of the whole distillation, of which the moment takes a student that had <see cref="StartedFollowUp.DistilledSteps"/>.</summary>
    public required ConnectivityConfig Settings { get; init; }

    /// <summary>Test errors over epochs, a row per seed, start and order.</summary>
    public required IReadOnlyList<ErrorsRow> Errors { get; init; }

    /// <summary>Errors along lines, a row per seed, start and pair of orders.</summary>
    public required IReadOnlyList<InstabilityRow> Lines { get; init; }

    /// <summary>Means over orders and pairs, one per seed and start.</summary>
    public IReadOnlyList<SupervisedStart> Starts =>
    [
        .. Seeds.SelectMany(seed => Enum.GetValues<StartKind>().Select(start => new SupervisedStart(seed, start,
            SupervisedNumbers.Error(Errors.Where(row => row.Seed == seed), start),
            SupervisedNumbers.TrainBarrier(Lines.Where(row => row.Seed == seed), start), SupervisedNumbers.TestBarrier(Lines.Where(row => row.Seed == seed), start)))),
    ];

    /// <summary>The mean barrier of students on test images over that of fresh starts.</summary>
    public double BarrierRatio => Mean(StartKind.Student, each => each.TestBarrier) / Mean(StartKind.Fresh, each => each.TestBarrier);

    /// <inheritdoc/>
    [JsonIgnore]
    public IReadOnlyList<string> Summary
    {
        get
        {
            var (fresh, student) = (Mean(StartKind.Fresh, each => each.TestBarrier), Mean(StartKind.Student, each => each.TestBarrier));
            var (wrong, less) = (Mean(StartKind.Fresh, each => each.TestError), Mean(StartKind.Student, each => each.TestError));
            return
            [
                Invariant($"{Head}: {Settings.Orders} orders of {Settings.Training.Images:N0} labelled images from each start, {Settings.Training.Epochs} epochs"),
                Invariant($"test barrier between orders: {fresh:0.00} points from a fresh start, {student:0.00} from the student ({(student < RandomTeacherClaims.Stable ? "stable" : "not stable")}), ratio {Numbers.Ratio(BarrierRatio)} (C18: at most {RandomTeacherClaims.InstabilityRatio})"),
                .. fresh < RandomTeacherClaims.BarrierGate
                    ? [Invariant($"a fresh start's barrier below {RandomTeacherClaims.BarrierGate} points leaves nothing to compare: train longer (--epochs)")]
                    : Array.Empty<string>(),
                Invariant($"test error at the end: {wrong:0.00} % and {less:0.00} %, better by {wrong - less:0.00} points (C19: at least {RandomTeacherClaims.StartGain})"),
                SeedWords.NoInterval(RandomTeacherPart.Connectivity),
            ];
        }
    }

    /// <inheritdoc/>
    [JsonIgnore]
    public FollowUpTable Table => new(
        ["start", "seed", "test error %", "train barrier", "test barrier"],
        [.. Starts.Select(each => (IReadOnlyList<string>)[SeedWords.Of(each.Start), each.Seed.ToString(CultureInfo.InvariantCulture), Numbers.Percent(each.TestError), Numbers.Percent(each.TrainBarrier), Numbers.Percent(each.TestBarrier)])]);

    /// <inheritdoc/>
    [JsonIgnore]
    public IReadOnlyList<CsvColumn> Columns
    {
        get
        {
            var trained = Errors.SelectMany(row => row.Epochs.Zip(row.TestErrors, (epoch, error) =>
                new Place("training", row.Seed, row.Start, Invariant($"{row.Order}"), epoch, double.NaN, error, double.NaN, double.NaN)));
            var walked = Lines.SelectMany(row => row.Positions.Select((position, i) =>
                new Place("line", row.Seed, row.Start, Invariant($"{row.First}-{row.Second}"), position, row.TrainErrors[i], row.TestErrors[i], row.TrainBarrier, row.TestBarrier)));
            Place[] all = [.. trained, .. walked];
            return
            [
                CsvColumn.Of("what", [.. all.Select(place => place.What)]), CsvColumn.Of("seed", [.. all.Select(place => (double)place.Seed)]), CsvColumn.Of("start", [.. all.Select(place => SeedWords.Of(place.Start))]),
                CsvColumn.Of("orders", [.. all.Select(place => place.Orders)]), CsvColumn.Of("epoch or position", [.. all.Select(place => place.At)]),
                CsvColumn.Of("train error", [.. all.Select(place => place.TrainError)]), CsvColumn.Of("test error", [.. all.Select(place => place.TestError)]),
                CsvColumn.Of("train barrier", [.. all.Select(place => place.TrainBarrier)]), CsvColumn.Of("test barrier", [.. all.Select(place => place.TestBarrier)]),
            ];
        }
    }

    /// <inheritdoc/>
    [JsonIgnore]
    public string Svg => Lab.Figures.Svg.Write(new Figure(
        "connectivity", "Supervised trainings from a student and from a fresh start", "Test error over epochs, a line per seed and order; and errors along the lines between every two orders of one start: a hump is a barrier.",
        [
            .. SupervisedFigures.Errors(Errors).Panels.Select(panel => panel with { Title = "while they are trained" }),
            .. SupervisedFigures.Lines(Lines).Panels.Select(panel => panel with { Title = $"lines, {panel.Title}" }),
        ], Columns: 3));

    /// <summary>The settings of part connectivity of a run, with no more images than the run has.</summary>
    public static ConnectivityConfig Usual(RandomTeacherConfig config)
    {
        ArgumentNullException.ThrowIfNull(config);
        return config.Connectivity with { Training = SupervisedSettings.Fitting(config.Connectivity.Training, config) };
    }

    /// <summary>What it takes, roughly.</summary>
    public static TimeSpan Estimate(FinishedRun run, ConnectivityOptions options)
    {
        ArgumentNullException.ThrowIfNull(run);
        ArgumentNullException.ThrowIfNull(options);
        return TimeSpan.FromSeconds(SupervisedOrders.Seconds(run.Network, options.Connectivity ?? Usual(run.Config), run.Seeds(options.Seed).Count) / run.Team.Threads);
    }

    /// <summary>Trains and walks along the lines.</summary>
    /// <param name="run">The run.</param>
    /// <param name="options">From which student, and how.</param>
    /// <param name="progress">Takes how far it is.</param>
    /// <param name="cancellation">Looked at about once a second.</param>
    /// <exception cref="FollowUpException">The run does not have the students, its images are others, or the settings do not fit together.</exception>
    /// <exception cref="OperationCanceledException">Cancellation was requested; nothing is kept.</exception>
    public static ConnectivityFollowUp Of(FinishedRun run, ConnectivityOptions options, IProgress<RunProgress>? progress = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(run);
        ArgumentNullException.ThrowIfNull(options);
        var own = run.OwnConfig;
        var settings = (options.Connectivity ?? Usual(own)) with { Normalization = own.Network.Normalization, Steps = run.Steps, Moment = run.MomentOf(options.Student) };
        SupervisedSettings.Require(own with { Parts = [RandomTeacherPart.Connectivity], Connectivity = settings });
        var (seeds, context) = (run.Seeds(options.Seed), run.NewContext());
        var starts = new SupervisedStarts(settings.Training, own.Training.Convolution, run.Trained(options.Student, seeds, cancellation), run.Pictures, context) { Rate = "--rate" };
        new SupervisedOrders(settings, starts).Run(FollowUpProgress.Of(progress), cancellation);
        return new ConnectivityFollowUp
        {
            Part = run.Part,
            Student = options.Student,
            Seeds = seeds,
            DistilledSteps = [.. seeds.Select(seed => run.StepsOf(options.Student, seed))],
            Settings = settings,
            Errors = context.Rows<ErrorsRow>(SupervisedOrders.Errors),
            Lines = context.Rows<InstabilityRow>(SupervisedOrders.Lines),
        };
    }

    private double Mean(StartKind start, Func<SupervisedStart, double> of) => Starts.Where(each => each.Start == start).Average(of);

    /// <summary>A row of the table of all numbers.</summary>
    private sealed record Place(string What, int Seed, StartKind Start, string Orders, double At, double TrainError, double TestError, double TrainBarrier, double TestBarrier);
}

/// <summary>Supervised trainings from one start.</summary>
/// <param name="Seed">The seed.</param>
/// <param name="Start">Where they started.</param>
/// <param name="TestError">Test error at the end in percent, the mean over orders.</param>
/// <param name="TrainBarrier">The largest training error on a line less the mean of its ends, in points, the mean over pairs of orders.</param>
/// <param name="TestBarrier">The same of the test error.</param>
public sealed record SupervisedStart(int Seed, StartKind Start, double TestError, double TrainBarrier, double TestBarrier);
