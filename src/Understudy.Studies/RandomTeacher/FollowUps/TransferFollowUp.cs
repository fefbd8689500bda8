using System.Globalization;
using System.Text.Json.Serialization;
using Understudy.Data.Formats;
using Understudy.Lab.Figures;
using Understudy.Lab.Runs;
using Understudy.Studies.RandomTeacher.Parts;
using static System.FormattableString;

namespace Understudy.Studies.RandomTeacher.FollowUps;

/// <summary>Where kept encoders are probed.</summary>
public sealed record TransferOptions
{
    /// <summary>The other set, brought to the size and the channels of the run: <see cref="ProbeFollowUp.Images"/> gives it.</summary>
    public required ImagesConfig Images { get; init; }

    /// <summary>The seed of teachers and students; null for all seeds of the run.</summary>
    public int? Seed { get; init; }

    /// <summary>The word of the students; null for all at their end.</summary>
    public string? Student { get; init; }
}

/// <summary>Kept teachers and students probed on images that nobody was distilled on, beside what the run found on its own.</summary>
/// <remarks>
/// Random-teacher specification, section 5.3. What part transfer does with students of its own, with the numbers of claim C12 but no interval over seeds. Images are standardized by the moments of the new training images.
/// </remarks>
public sealed record TransferFollowUp : IFollowUp
{
    /// <summary>The part whose networks these are.</summary>
    public required string Part { get; init; }

    /// <summary>The seeds.</summary>
    public required IReadOnlyList<int> Seeds { get; init; }

    /// <summary>The set that was distilled on, or its folder.</summary>
    public required string HomeSet { get; init; }

    /// <summary>The other set, or its folder.</summary>
    public required string Set { get; init; }

    /// <summary>Training images of the other set.</summary>
    public required int Train { get; init; }

    /// <summary>Test images of the other set.</summary>
    public required int Test { get; init; }

    /// <summary>How long the students were distilled, one per word.</summary>
    public required IReadOnlyList<DistilledStudents> Students { get; init; }

    /// <summary>What the run recorded on its own images, one per encoder; of students before their end that were not probed then, what probes find now.</summary>
    public required IReadOnlyList<ProbedEncoder> Home { get; init; }

    /// <summary>Probes on the other set, one per encoder.</summary>
    public required IReadOnlyList<ProbedEncoder> Elsewhere { get; init; }

    /// <summary>Student less teacher on both sets, one per seed and kind of student.</summary>
    public IReadOnlyList<TransferredGain> Gains =>
    [
        .. Elsewhere.Where(each => each.Seed is not null && each.Network != PartNames.Teacher).Select(student => new TransferredGain(student.Network, student.Seed!.Value, Gain(Home, student), Gain(Elsewhere, student))),
    ];

    /// <inheritdoc/>
    [JsonIgnore]
    public IReadOnlyList<string> Summary =>
    [
        Invariant($"part {Part}, {SeedWords.Of(Seeds)}: distilled on {HomeSet}, probed on {Set}: {Train:N0} training images, {Test:N0} test images; test accuracies in percent"),
        .. Gains.GroupBy(gain => gain.Student).Select(gains =>
            $"{Students.Single(each => each.Student == gains.Key).Words} less teacher on {Set}: {Words([.. gains.Select(gain => gain.Elsewhere)])}{(gains.Key == PartNames.Images ? " (C12: ridge and neighbours above 0)" : "")}; on {HomeSet}: {Words([.. gains.Select(gain => gain.Home)])}"),
        SeedWords.NoInterval(RandomTeacherPart.Transfer),
    ];

    /// <inheritdoc/>
    [JsonIgnore]
    public FollowUpTable Table => new(
        ["encoder", "seed", .. ProbedEncoder.Probes.Select(probe => probe.Name), "rank"],
        [
            .. new[] { (Home, HomeSet), (Elsewhere, Set) }.SelectMany(item => item.Item1.Select(each => (IReadOnlyList<string>)
                [$"{each.Network} on {item.Item2}", each.Seed?.ToString(CultureInfo.InvariantCulture) ?? "", .. each.Cells, Invariant($"{each.EffectiveRank:0.0}")])),
        ]);

    /// <inheritdoc/>
    [JsonIgnore]
    public IReadOnlyList<CsvColumn> Columns
    {
        get
        {
            (string Set, ProbedEncoder Encoder)[] all = [.. Home.Select(each => (HomeSet, each)), .. Elsewhere.Select(each => (Set, each))];
            return
            [
                CsvColumn.Of("set", [.. all.Select(item => item.Set)]), CsvColumn.Of("encoder", [.. all.Select(item => item.Encoder.Network)]), CsvColumn.Of("seed", [.. all.Select(item => item.Encoder.Seed is { } seed ? Invariant($"{seed}") : "")]),
                .. ProbedEncoder.Probes.Select(probe => CsvColumn.Of(probe.Name, [.. all.Select(item => probe.Of(item.Encoder))])), CsvColumn.Of("effective rank", [.. all.Select(item => item.Encoder.EffectiveRank)]),
            ];
        }
    }

    /// <inheritdoc/>
    [JsonIgnore]
    public string Svg
    {
        get
        {
            (int Place, ProbedEncoder Encoder)[] all = [.. Home.Select(each => (0, each)), .. Elsewhere.Select(each => (1, each))];
            string[] kinds = [.. Elsewhere.Select(each => each.Network).Distinct()];
            return Lab.Figures.Svg.Write(new Figure(
                "transfer", $"Encoders distilled on {HomeSet}, probed there and on {Set}", "Test accuracy of four probes, a point per encoder and seed.",
                [
                    .. ProbedEncoder.Probes.Select(probe => new Panel(probe.Name, new Axis("probed on", Categories: [HomeSet, Set]), new Axis("test accuracy (%)"),
                        [.. kinds.Select(kind => new PointLayer(kind, [.. all.Where(item => item.Encoder.Network == kind).Select(item => new XY(item.Place, probe.Of(item.Encoder)))], ProbeFollowUp.Role(kind), Size: 45))])),
                ], Columns: 2));
        }
    }

    /// <summary>What it takes, roughly.</summary>
    public static TimeSpan Estimate(FinishedRun run, TransferOptions options)
    {
        ArgumentNullException.ThrowIfNull(run);
        ArgumentNullException.ThrowIfNull(options);
        var images = Math.Min(run.Config.Probes.Images ?? options.Images.Train, options.Images.Train) + options.Images.Test;
        var encoders = (1 + (options.Student is null ? run.Students.Count : 1)) * run.Seeds(options.Seed).Count;
        return TimeSpan.FromSeconds(((encoders * CostModel.Probe(run.Network, images)) + CostModel.ProbeOf(run.Network.Inputs, images)) / run.Team.Threads);
    }

    /// <summary>Probes the pixels, and every teacher and student, on another set.</summary>
    /// <param name="run">The run.</param>
    /// <param name="options">On which images.</param>
    /// <param name="progress">Takes how far it is.</param>
    /// <param name="cancellation">Looked at between batches.</param>
    /// <exception cref="FollowUpException">The other set is that of the run, or its images do not fit.</exception>
    /// <exception cref="OperationCanceledException">Cancellation was requested; nothing is kept.</exception>
    public static TransferFollowUp Of(FinishedRun run, TransferOptions options, IProgress<RunProgress>? progress = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(run);
        ArgumentNullException.ThrowIfNull(options);
        var (own, images) = (run.Config.Data, options.Images);
        if (images.Set == own.Set && (own.Set != ImageSource.Folder || Path.GetFullPath(images.Folder) == Path.GetFullPath(own.Folder)))
            throw new FollowUpException($"{run.Path} was distilled on {ProbeFollowUp.Name(own)} itself\n  take another set, or the task probe for other numbers of its images");
        ProbeFollowUp.Require(run, images);
        IReadOnlyList<string>? students = options.Student is { } word ? [word] : null;
        if (students is not null)
            run.RequireStudent(students[0]);
        var (pictures, seeds) = (Pictures.Load(images, run.Context), run.Seeds(options.Seed));
        var tasks = ProbingTask.Of(run, new Probing(run.Config, images.Set, pictures, run.Context), students, seeds);
        var found = new List<ProbedEncoder>();
        foreach (var task in tasks)
        {
            cancellation.ThrowIfCancellationRequested();
            progress?.Report(new RunProgress((double)found.Count / tasks.Count, task.Seed is { } seed ? $"transfer: {task.Network}, seed {seed}" : $"transfer: {task.Network}", []));
            found.Add(task.Do(cancellation));
        }

        return new TransferFollowUp
        {
            Part = run.Part,
            Seeds = seeds,
            HomeSet = ProbeFollowUp.Name(own),
            Set = ProbeFollowUp.Name(images),
            Train = pictures.Train.Count,
            Test = pictures.Test.Count,
            Students = DistilledStudents.Of(run, students, seeds),
            Home = run.Probed(seeds, students, cancellation),
            Elsewhere = found,
        };
    }

    private static ProbedEncoder Gain(IReadOnlyList<ProbedEncoder> encoders, ProbedEncoder student)
    {
        var (above, below) = (encoders.Single(each => each.Network == student.Network && each.Seed == student.Seed), encoders.Single(each => each.Network == PartNames.Teacher && each.Seed == student.Seed));
        return new ProbedEncoder(
            student.Network, student.Seed, above.Linear - below.Linear, above.Standardized - below.Standardized, above.Ridge - below.Ridge, above.Neighbors - below.Neighbors, above.EffectiveRank - below.EffectiveRank);
    }

    private static string Words(IReadOnlyList<ProbedEncoder> gains)
        => string.Join(", ", ProbedEncoder.Probes.Skip(1).Select(probe => Invariant($"{probe.Name} {gains.Average(probe.Of):+0.00;-0.00}")));
}

/// <summary>Student less teacher, in points.</summary>
/// <param name="Student">The word of the student.</param>
/// <param name="Seed">The seed of both.</param>
/// <param name="Home">On the images that were distilled on.</param>
/// <param name="Elsewhere">On the other set.</param>
public sealed record TransferredGain(string Student, int Seed, ProbedEncoder Home, ProbedEncoder Elsewhere);
