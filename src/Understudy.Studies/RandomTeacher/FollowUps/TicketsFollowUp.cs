using System.Globalization;
using System.Text.Json.Serialization;
using Understudy.Data.Formats;
using Understudy.Lab.Runs;
using Understudy.Studies.RandomTeacher.Drawing;
using Understudy.Studies.RandomTeacher.Judging;
using Understudy.Studies.RandomTeacher.Parts;
using static System.FormattableString;

namespace Understudy.Studies.RandomTeacher.FollowUps;

/// <summary>What is pruned, and how.</summary>
public sealed record TicketsOptions : KeptStudentOptions
{
    /// <summary>Rounds, rewinding and training; null for what <see cref="TicketsFollowUp.Usual"/> gives. Normalization, steps of distillation and moment are those of the student.</summary>
    public TicketsConfig? Tickets { get; init; }
}

/// <summary>Iterative magnitude pruning with rewinding from kept students and from fresh starts: accuracy over the weights that are left.</summary>
/// <remarks>
/// Random-teacher specification, section 5.8. What part tickets does with students of its own, with the numbers of claim C17 but no interval over seeds: students of part valley that had as many steps and the
/// same normalization give its numbers to the bit.
/// </remarks>
public sealed record TicketsFollowUp : StartedFollowUp, IFollowUp
{
    /// <summary>How it was done: with these settings part tickets gives the same numbers from a student of images of its own. Its steps are those of the whole distillation, of which the moment takes a student that had <see cref="StartedFollowUp.DistilledSteps"/>.</summary>
    public required TicketsConfig Settings { get; init; }

    /// <summary>A row per seed, start and round.</summary>
    public required IReadOnlyList<TicketRow> Rounds { get; init; }

    /// <summary>Accuracy lost against the whole network in points, the mean over rounds with 3.4 to 52 % of the weights and over seeds; NaN without such a round.</summary>
    public double FreshLoss => Mean(StartKind.Fresh);

    /// <summary>The same from students.</summary>
    public double StudentLoss => Mean(StartKind.Student);

    /// <inheritdoc/>
    [JsonIgnore]
    public IReadOnlyList<string> Summary
    {
        get
        {
            var changing = SupervisedNumbers.Changing(Rounds);
            return
            [
                Invariant($"{Head}: {Settings.Rounds} rounds of {Settings.Training.Epochs} epochs on {Settings.Training.Images:N0} labelled images, rewound to epoch {Settings.Rewind}"),
                double.IsNaN(FreshLoss)
                    ? Invariant($"no round has {100 * RandomTeacherClaims.MostRemaining:0} % of the weights or fewer, so that nothing is lost yet: raise --rounds, to 16 for the range of claim C17")
                    : Invariant($"accuracy lost, mean over rounds with at most {100 * RandomTeacherClaims.MostRemaining:0} % of the weights: {FreshLoss:0.00} points from a fresh start, {StudentLoss:0.00} from the student{(FreshLoss > 0 ? $", ratio {Numbers.Ratio(StudentLoss / FreshLoss)}" : "")} (C17: at most {RandomTeacherClaims.TicketRatio})"),
                .. FreshLoss < RandomTeacherClaims.TicketGate ? [Invariant($"a fresh start that loses less than {RandomTeacherClaims.TicketGate} point leaves nothing to compare: raise --rounds or --epochs")] : Array.Empty<string>(),
                .. changing > RandomTeacherClaims.ConvergedGap ? [Invariant($"whole networks still change by {changing:0.00} points at the end of their training: raise --epochs")] : Array.Empty<string>(),
                .. Settings.Rewind > 0 ? ["claim C17 is about the start itself, --rewind 0"] : Array.Empty<string>(),
                SeedWords.NoInterval(RandomTeacherPart.Tickets),
            ];
        }
    }

    /// <inheritdoc/>
    [JsonIgnore]
    public FollowUpTable Table => new(
        ["round", "seed", "left %", "fresh %", "lost", "student %", "lost"],
        [.. Seeds.SelectMany(seed => Enumerable.Range(0, Settings.Rounds).Select(round => Row(seed, round)))]);

    /// <inheritdoc/>
    [JsonIgnore]
    public IReadOnlyList<CsvColumn> Columns =>
    [
        Column("seed", row => row.Seed), CsvColumn.Of("start", [.. Rounds.Select(row => SeedWords.Of(row.Start))]), Column("round", row => row.Round), Column("remaining", row => row.Remaining),
        Column("last accuracy", row => row.LastAccuracy), Column("best accuracy", row => row.BestAccuracy), Column("earlier accuracy", row => row.EarlierAccuracy), Column("test loss", row => row.TestLoss),
    ];

    /// <inheritdoc/>
    [JsonIgnore]
    public string Svg => Lab.Figures.Svg.Write(SupervisedFigures.Tickets([.. Seeds.Select(seed => Rounds.Where(row => row.Seed == seed).ToArray())]));

    /// <summary>The settings of part tickets of a run, with no more images than the run has.</summary>
    public static TicketsConfig Usual(RandomTeacherConfig config)
    {
        ArgumentNullException.ThrowIfNull(config);
        return config.Tickets with { Training = SupervisedSettings.Fitting(config.Tickets.Training, config) };
    }

    /// <summary>What it takes, roughly.</summary>
    public static TimeSpan Estimate(FinishedRun run, TicketsOptions options)
    {
        ArgumentNullException.ThrowIfNull(run);
        ArgumentNullException.ThrowIfNull(options);
        return TimeSpan.FromSeconds(SupervisedPruning.Seconds(run.Network, options.Tickets ?? Usual(run.Config), run.Seeds(options.Seed).Count) / run.Team.Threads);
    }

    /// <summary>Trains and prunes, round by round.</summary>
    /// <param name="run">The run.</param>
    /// <param name="options">From which student, and how.</param>
    /// <param name="progress">Takes how far it is.</param>
    /// <param name="cancellation">Looked at about once a second.</param>
    /// <exception cref="FollowUpException">The run does not have the students, its images are others, or the settings do not fit together.</exception>
    /// <exception cref="OperationCanceledException">Cancellation was requested; nothing is kept.</exception>
    public static TicketsFollowUp Of(FinishedRun run, TicketsOptions options, IProgress<RunProgress>? progress = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(run);
        ArgumentNullException.ThrowIfNull(options);
        var own = run.OwnConfig;
        var settings = (options.Tickets ?? Usual(own)) with { Normalization = own.Network.Normalization, Steps = run.Steps, Moment = run.MomentOf(options.Student) };
        SupervisedSettings.Require(own with { Parts = [RandomTeacherPart.Tickets], Tickets = settings });
        var (seeds, context) = (run.Seeds(options.Seed), run.NewContext());
        var starts = new SupervisedStarts(settings.Training, own.Training.Convolution, run.Trained(options.Student, seeds, cancellation), run.Pictures, context) { Rate = "--rate" };
        new SupervisedPruning(settings, starts).Run(FollowUpProgress.Of(progress), cancellation);
        return new TicketsFollowUp
        {
            Part = run.Part,
            Student = options.Student,
            Seeds = seeds,
            DistilledSteps = [.. seeds.Select(seed => run.StepsOf(options.Student, seed))],
            Settings = settings,
            Rounds = context.Rows<TicketRow>(SupervisedPruning.Rounds),
        };
    }

    private double Mean(StartKind start) => Seeds.Average(seed => SupervisedNumbers.Lost(Rounds.Where(row => row.Seed == seed), start));

    private CsvColumn Column(string name, Func<TicketRow, double> of) => CsvColumn.Of(name, [.. Rounds.Select(of)]);

    private IReadOnlyList<string> Row(int seed, int round)
    {
        TicketRow Of(StartKind start, int at) => Rounds.Single(row => row.Seed == seed && row.Round == at && row.Start == start);
        string Lost(StartKind start) => Numbers.Percent(Of(start, 0).LastAccuracy - Of(start, round).LastAccuracy);
        return
        [
            round.ToString(CultureInfo.InvariantCulture), seed.ToString(CultureInfo.InvariantCulture), Invariant($"{100 * Of(StartKind.Fresh, round).Remaining:0.0}"),
            Numbers.Percent(Of(StartKind.Fresh, round).LastAccuracy), Lost(StartKind.Fresh), Numbers.Percent(Of(StartKind.Student, round).LastAccuracy), Lost(StartKind.Student),
        ];
    }
}
