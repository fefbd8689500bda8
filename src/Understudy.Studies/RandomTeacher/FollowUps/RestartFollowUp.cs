using System.Globalization;
using System.Text.Json.Serialization;
using Understudy.Data.Formats;
using Understudy.Lab.Figures;
using Understudy.Lab.Runs;
using Understudy.Studies.RandomTeacher.Parts;
using static System.FormattableString;

namespace Understudy.Studies.RandomTeacher.FollowUps;

/// <summary>Which student teaches next.</summary>
public sealed record RestartOptions : KeptStudentOptions
{
    /// <summary>Steps of the second distillation; null for as many as the whole distillation of the run had, also where the student had fewer.</summary>
    public int? Steps { get; init; }
}

/// <summary>A kept student as the next teacher: it is distilled again, on the images of the run.</summary>
/// <remarks>
/// Random-teacher specification, section 5.7. What part restart does with students of its own, with the numbers of claim C16 but no interval over seeds: students of images of part distillation give its numbers to the bit.
/// </remarks>
public sealed record RestartFollowUp : StartedFollowUp, IFollowUp
{
    /// <summary>Steps of the second.</summary>
    public required int Steps { get; init; }

    /// <summary>Both rounds, one per seed.</summary>
    public required IReadOnlyList<RestartedStudent> Students { get; init; }

    /// <summary>The first round while it was trained, up to the student, as the run recorded it.</summary>
    public required IReadOnlyList<TrainingRow> FirstTraining { get; init; }

    /// <summary>The second round while it was trained.</summary>
    public required IReadOnlyList<TrainingRow> Training { get; init; }

    /// <summary>Whether the second round of every seed had as many steps as the first, as both of claim C16 have: then alone their ways can be compared.</summary>
    public bool AreAsLong => DistilledSteps.All(steps => steps == Steps);

    /// <inheritdoc/>
    [JsonIgnore]
    public IReadOnlyList<string> Summary =>
    [
        $"{Head}: distilled again, {SeedWords.Steps(Steps)} with the student as the teacher",
        "second student less first, mean over seeds: "
            + string.Join(", ", ProbedEncoder.Probes.Skip(1).Select(probe => Invariant($"{probe.Name} {Students.Average(each => probe.Of(each.Second) - probe.Of(each.First)):+0.00;-0.00}")))
            + (AreAsLong ? Invariant($" points (C16: ridge within ±{RandomTeacherClaims.RestartGain})") : " points"),
        AreAsLong
            ? Invariant($"way of the second round over that of the first, mean over seeds: {Numbers.Ratio(Students.Average(each => each.WayRatio))} (C16: at most {RandomTeacherClaims.RestartDistance})")
            : $"claim C16 compares two rounds of one length: to students {SeedWords.After(DistilledSteps)} there are no bars and no ratio of ways of a second of {SeedWords.Steps(Steps)}; --steps sets the second, --seed takes one student",
        SeedWords.NoInterval(RandomTeacherPart.Restart),
    ];

    /// <inheritdoc/>
    [JsonIgnore]
    public FollowUpTable Table => new(
        ["encoder", "seed", .. ProbedEncoder.Probes.Select(probe => probe.Name), "rank", "way"],
        [
            .. Students.SelectMany(each => new[] { ("teacher", each.Teacher, double.NaN), ("student", each.First, each.Way), ("second student", each.Second, each.SecondWay) }.Select(item => (IReadOnlyList<string>)
                [item.Item1, each.Seed.ToString(CultureInfo.InvariantCulture), .. item.Item2.Cells, Invariant($"{item.Item2.EffectiveRank:0.0}"), Numbers.Ratio(item.Item3)])),
        ]);

    /// <inheritdoc/>
    [JsonIgnore]
    public IReadOnlyList<CsvColumn> Columns
    {
        get
        {
            (RestartedStudent Student, ProbedEncoder Encoder, string Name, double Way)[] all =
                [.. Students.SelectMany(each => new[] { (each, each.Teacher, "teacher", 0.0), (each, each.First, "student", each.Way), (each, each.Second, "second student", each.SecondWay) })];
            return
            [
                CsvColumn.Of("encoder", [.. all.Select(item => item.Name)]), CsvColumn.Of("seed", [.. all.Select(item => (double)item.Student.Seed)]),
                .. ProbedEncoder.Probes.Select(probe => CsvColumn.Of(probe.Name, [.. all.Select(item => probe.Of(item.Encoder))])), CsvColumn.Of("effective rank", [.. all.Select(item => item.Encoder.EffectiveRank)]),
                CsvColumn.Of("way", [.. all.Select(item => item.Way)]),
            ];
        }
    }

    /// <inheritdoc/>
    [JsonIgnore]
    public string Svg
    {
        get
        {
            PointLayer Points(int place, SeriesRole role, Func<RestartedStudent, double> of) => new("", [.. Students.Select(each => new XY(place, of(each)))], role, Size: 45);
            Layer[] Course(Func<TrainingRow, double> of) =>
            [
                .. FirstTraining.GroupBy(row => row.Seed).Select(rows => Line("first round", SeriesRole.Teacher, rows, of)), .. Training.GroupBy(row => row.Seed).Select(rows => Line("second round", SeriesRole.Student, rows, of)),
            ];
            return Lab.Figures.Svg.Write(new Figure(
                "restart", "A student as the next teacher", "Test accuracy of the random teacher, its student, and the student of that student, and KL to the teacher and the way from the start in both rounds: a point or line per seed.",
                [
                    .. ProbedEncoder.Probes.Skip(1).Select(probe => new Panel(probe.Name, new Axis("", Categories: ["teacher", "student", "second"]), new Axis("test accuracy (%)"),
                        [Points(0, SeriesRole.Teacher, each => probe.Of(each.Teacher)), Points(1, SeriesRole.Student, each => probe.Of(each.First)), Points(2, SeriesRole.Student, each => probe.Of(each.Second))])),
                    new Panel("KL to the teacher", new Axis("step", Logarithmic: true), new Axis("KL (nats)", Logarithmic: true), Course(row => row.Divergence)),
                    new Panel("way", new Axis("step", Logarithmic: true), new Axis("distance from the start", Min: 0), Course(row => row.Distance)),
                ], Columns: 3));
        }
    }

    /// <summary>What it takes, roughly.</summary>
    public static TimeSpan Estimate(FinishedRun run, RestartOptions options)
    {
        ArgumentNullException.ThrowIfNull(run);
        ArgumentNullException.ThrowIfNull(options);
        return TimeSpan.FromSeconds(Again(run, options).AgainSeconds / run.Config.Seeds * run.Seeds(options.Seed).Count / run.Team.Threads);
    }

    /// <summary>Distils again.</summary>
    /// <param name="run">The run.</param>
    /// <param name="options">Which student, and how long.</param>
    /// <param name="progress">Takes how far it is.</param>
    /// <param name="cancellation">Looked at about once a second.</param>
    /// <exception cref="FollowUpException">The run does not have the students, or its images are others.</exception>
    /// <exception cref="OperationCanceledException">Cancellation was requested; nothing is kept.</exception>
    public static RestartFollowUp Of(FinishedRun run, RestartOptions options, IProgress<RunProgress>? progress = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(run);
        ArgumentNullException.ThrowIfNull(options);
        var (part, seeds, context) = (Again(run, options), run.Seeds(options.Seed), run.NewContext());
        var students = run.Trained(options.Student, seeds, cancellation);
        part.Again(students, run.Pictures, context, FollowUpProgress.Of(progress), cancellation);
        var rows = context.Rows<ProbeRow>(PartNames.Probes(PartNames.Again));
        ProbeRow Row(int seed, Subject subject) => rows.Last(row => row.Seed == seed && row.Subject == subject);
        var home = run.Probed(seeds, [], cancellation);
        return new RestartFollowUp
        {
            Part = run.Part,
            Student = options.Student,
            Seeds = seeds,
            DistilledSteps = [.. seeds.Select(seed => run.StepsOf(options.Student, seed))],
            Steps = options.Steps ?? run.Steps,
            Students =
            [
                .. students.Select(student => new RestartedStudent(
                    student.Seed, home.Single(each => each.Network == PartNames.Teacher && each.Seed == student.Seed),
                    ProbedEncoder.Of("student", student.Seed, Row(student.Seed, Subject.Teacher)), ProbedEncoder.Of("second student", student.Seed, Row(student.Seed, Subject.Student)),
                    Distances.Between(student.Parameters, student.Teachers.Parameters(student.Seed)), Row(student.Seed, Subject.Student).Distance)),
            ],
            FirstTraining = [.. run.Training.Where(row => row.Condition == run.Ended(options.Student) && seeds.Contains(row.Seed) && row.TrainingSteps <= run.StepsOf(options.Student, row.Seed))],
            Training = context.Rows<TrainingRow>(PartNames.Training(PartNames.Again)),
        };
    }

    private static RestartPart Again(FinishedRun run, RestartOptions options)
    {
        var own = run.OwnConfig;
        // one look at the end, however many moments the run had
        var config = own with { Parts = [RandomTeacherPart.Restart], Training = own.Training with { Steps = options.Steps ?? run.Steps }, Probes = own.Probes with { Moments = 1, Keep = false } };
        SupervisedSettings.Require(config);
        return new RestartPart(config);
    }

    private static LineLayer Line(string name, SeriesRole role, IEnumerable<TrainingRow> rows, Func<TrainingRow, double> of)
        => new(name, [.. rows.OrderBy(row => row.TrainingSteps).Select(row => new XY(row.TrainingSteps, of(row)))], role, Markers: true, Opacity: 0.8);
}

/// <summary>A random teacher, its student, and the student of that student.</summary>
/// <param name="Seed">The seed.</param>
/// <param name="Teacher">The random teacher, as the run recorded it.</param>
/// <param name="First">The kept student.</param>
/// <param name="Second">Its student.</param>
/// <param name="Way">‖θ − θ_T‖ of the kept student to the random teacher.</param>
/// <param name="SecondWay">The same of its student to the kept student.</param>
public sealed record RestartedStudent(int Seed, ProbedEncoder Teacher, ProbedEncoder First, ProbedEncoder Second, double Way, double SecondWay)
{
    /// <summary>The second way over the first, whatever steps both had: <see cref="RestartFollowUp.AreAsLong"/> says whether as many.</summary>
    public double WayRatio => SecondWay / Way;
}
