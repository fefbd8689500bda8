using System.Text.Json;
using Understudy.Data.Formats;
using Understudy.Engine.Threading;
using Understudy.Lab.Runs;
using Understudy.Learning.Distillation;
using Understudy.Learning.Networks;
using Understudy.Learning.Networks.Encoders;
using Understudy.Learning.Networks.Layers;
using Understudy.Studies.Kept;
using Understudy.Studies.RandomTeacher.Parts;

namespace Understudy.Studies.RandomTeacher.FollowUps;

/// <summary>A finished run of the study with the networks that one of its parts kept.</summary>
/// <remarks>
/// Students are read from the arrays of the run, encoder and head. Teachers are drawn again from the run's seed, and their encoders have to be those that were kept, bit by bit; heads of teachers are not kept,
/// but where part valley measured its line, its ends have to have the KL it recorded. Images are read again, and have to have the moments that were kept.
/// </remarks>
public sealed class FinishedRun
{
    // to the bit with one version; others may add up in another order
    private const double EndTolerance = 1e-9;

    private readonly RecordedRun _record;
    private readonly Teachers _teachers;
    private readonly Func<string, string> _dataFolder;
    private readonly bool _isNamed;
    private readonly ILookup<string, KeptRow> _moments;
    private Pictures? _pictures;

    private FinishedRun(RecordedRun record, RandomTeacherPart part, bool isNamed, Team team, Func<string, string> dataFolder)
    {
        (_record, Config, Part) = (record, (RandomTeacherConfig)record.Config, PartNames.Of(part));
        (_isNamed, _dataFolder) = (isNamed, dataFolder);
        Context = new FinishedContext(Config.Seed, team, dataFolder);
        Network = Condition.Build(OwnConfig.Network, RandomTeacher.Pictures.Shape(Config.Data));
        _teachers = new Teachers(Network, Config, Context);
        string[] all = [PartNames.Images, PartNames.Noise, PartNames.Far];
        Students = [.. all.Where(name => record.Steps(Keeping.Student(Part, name, 0)).Count > 0)];
        KeptRow[] kept = record.Tables.Contains(PartNames.Kept(Part)) ? [.. record.Table<KeptRow>(PartNames.Kept(Part))] : [];
        _moments = kept.Where(row => Students.Contains(row.Condition, StringComparer.Ordinal)).ToLookup(row => PartNames.At(row.Condition, row.Moment));
    }

    /// <summary>The parts that keep networks, the one first that is taken where none is named.</summary>
    public static IReadOnlyList<RandomTeacherPart> Keeps { get; } = [RandomTeacherPart.Valley, RandomTeacherPart.Distillation];

    /// <summary>The other way round: for what the study itself does with students of part distillation's network.</summary>
    public static IReadOnlyList<RandomTeacherPart> DistillationFirst { get; } = [RandomTeacherPart.Distillation, RandomTeacherPart.Valley];

    /// <summary>The settings of the run.</summary>
    public RandomTeacherConfig Config { get; }

    /// <summary>The part whose networks these are: <c>valley</c> or <c>distillation</c>.</summary>
    public string Part { get; }

    /// <summary>The shape of teacher and students, in training mode.</summary>
    public ProjectedEncoder Network { get; }

    /// <summary>The kinds of students that are there, such as <c>images</c>, <c>noise</c> and <c>far</c>.</summary>
    public IReadOnlyList<string> Students { get; }

    /// <summary>Students as they were before their end, such as <c>images-best</c> and <c>images-least-rank</c>.</summary>
    public IReadOnlyList<string> Moments => [.. _moments.Select(rows => rows.Key)];

    /// <summary>Whether the encoder has batch normalizations: then a point between two networks has no statistics of its own, and they are estimated there.</summary>
    public bool HasStatistics => Network.CouplesExamples;

    /// <summary>The directory.</summary>
    public string Path => _record.Directory.Path;

    /// <summary>Steps of the distillation of its students.</summary>
    public int Steps => Part == PartNames.Of(RandomTeacherPart.Valley) ? Config.Valley.Steps : Config.Training.Steps;

    internal FinishedContext Context { get; }

    /// <summary>The settings with the network of the part, for what is done with its students.</summary>
    internal RandomTeacherConfig OwnConfig => Part == PartNames.Of(RandomTeacherPart.Valley) ? Config with { Network = Config.Network with { Normalization = Config.Valley.Normalization } } : Config;

    internal Team Team => Context.Team;

    /// <summary>Training and test images of the run.</summary>
    internal Pictures Pictures => _pictures ??= Load();

    /// <summary>Opens a run.</summary>
    /// <param name="directory">Where it is.</param>
    /// <param name="part">Whose networks are taken: valley or distillation; null for the first of these that kept its own.</param>
    /// <param name="team">Threads.</param>
    /// <param name="dataFolder">The folder of a data set by its name in the cache.</param>
    /// <param name="order">The parts in the order in which they are tried; null for <see cref="Keeps"/>.</param>
    /// <exception cref="RunException">It is no run of this study.</exception>
    /// <exception cref="FollowUpException">It is not finished, or the part kept nothing.</exception>
    public static FinishedRun Open(RunDirectory directory, RandomTeacherPart? part, Team team, Func<string, string> dataFolder, IReadOnlyList<RandomTeacherPart>? order = null)
    {
        ArgumentNullException.ThrowIfNull(directory);
        ArgumentNullException.ThrowIfNull(team);
        ArgumentNullException.ThrowIfNull(dataFolder);
        var record = RecordedRun.Open(new RandomTeacherStudy(), directory);
        if (record.Run.Status != RunStatus.Completed)
            throw new FollowUpException($"{directory.Path} is not finished: it is {JsonNamingPolicy.KebabCaseLower.ConvertName(record.Run.Status.ToString())}\n  finish it: understudy resume {directory.Path}");
        if (part is { } wanted && !Keeps.Contains(wanted))
            throw new FollowUpException($"part {PartNames.Of(wanted)} keeps no networks\n  one of: {string.Join(", ", Keeps.Select(PartNames.Of))}");
        order ??= Keeps;
        foreach (var one in order.Where(one => part is null || part == one))
        {
            if (IsKept(record, one))
                return new FinishedRun(record, one, isNamed: part is not null, team, dataFolder);
            // moments of the images stand beside the students, so that a student that is missing was there
            var student = Keeping.Student(PartNames.Of(one), PartNames.Images, 0);
            if (record.Steps(Keeping.Images(PartNames.Of(one))).Count > 0)
                throw new FollowUpException($"{directory.Path}/arrays has no {student}: the file was removed\n  put it back, {(part is null && one == order[0] ? $"take --part {PartNames.Of(order[1])} " : "")}or run again");
        }

        throw new FollowUpException(
            $"{directory.Path} kept no networks of {(part is { } missing ? $"part {PartNames.Of(missing)}" : "its parts")}: it has parts {string.Join(", ", ((RandomTeacherConfig)record.Config).Parts.Select(PartNames.Of))}\n"
            + "  run part valley or distillation, with valley.keep and distillation.keep as they are: understudy run random-teacher parts=[distillation,valley]");
    }

    /// <summary>The data sets whose folders are asked for.</summary>
    public static IReadOnlyList<string> Needs(RandomTeacherConfig config)
        => RandomTeacher.Pictures.Name((config ?? throw new ArgumentNullException(nameof(config))).Data.Set) is { } name ? [name] : [];

    /// <summary>The same run with the networks of another part that kept two kinds of students; null where there is none, or the part was named.</summary>
    internal FinishedRun? WithSecondStudent() => _isNamed
        ? null
        : Keeps.Where(one => PartNames.Of(one) != Part && IsKept(_record, one)).Select(one => new FinishedRun(_record, one, isNamed: true, Team, _dataFolder)).FirstOrDefault(run => run.Students.Count > 1);

    /// <summary>Whether part valley kept networks without batch normalization.</summary>
    internal bool OffersValleyWithoutStatistics => IsKept(_record, RandomTeacherPart.Valley) && Config.Valley.Normalization != Normalization.Batch;

    /// <summary>Refuses whole networks of part valley whose KL is not what the run recorded at both ends of its line: a head that was drawn otherwise has no file that would tell.</summary>
    /// <exception cref="FollowUpException">They differ.</exception>
    internal void RequireEnds(int seed, CancellationToken cancellation)
    {
        // versions before kept no heads of students
        if (Part != PartNames.Of(RandomTeacherPart.Valley) || HasStatistics || Newest(Keeping.Head(Part, PartNames.Images, seed)) is null || Segments.FirstOrDefault(row => row.Seed == seed) is not { } own)
            return;
        double[] teacher = Parameters(PartNames.Teacher, seed), student = Parameters(PartNames.Images, seed);
        using var evaluator = ValleyPart.Evaluator(Network, teacher, Pictures, Config.Valley.Images, Context, cancellation);
        double[][] ends = [teacher, student];
        var found = evaluator.At(ends.Length, (i, into) => ends[i].CopyTo(into), cancellation: cancellation);
        double[] recorded = [own.At(0), own.At(1)];
        if (!found.Zip(recorded, (now, then) => now.Loss.Equals(then) || Math.Abs(now.Loss - then) <= EndTolerance * Math.Abs(then)).All(same => same))
        {
            throw new FollowUpException(FormattableString.Invariant($"KL of the student of seed {seed} is {found[1].Loss:0.000e0}, but {Path} recorded {recorded[1]:0.000e0}: its settings or its files were changed, or another version ran it ({_record.Run.Version})\n")
                + "  put them back, or run it again");
        }
    }

    /// <summary>A network by its word: <c>teacher</c>, one of <see cref="Students"/> or of <see cref="Moments"/>, or where a student started, such as <c>far-start</c>.</summary>
    /// <param name="word">The word.</param>
    /// <param name="seed">Its seed within the run.</param>
    /// <exception cref="FollowUpException">There is none of that word or seed, or its head was not kept.</exception>
    /// <exception cref="Data.UnreadableFileException">Its files are damaged.</exception>
    public double[] Parameters(string word, int seed)
    {
        Require(word, seed);
        if (word == PartNames.Teacher)
            return Teacher(seed);
        if (Started(word) is { } student)
            return _teachers.Start(seed, student == PartNames.Far ? 1 : Config.Training.Alpha);
        // its row says that it was kept with its head
        if (_moments.Contains(word))
            Kept(Keeping.Head(Part, word, seed));
        var (name, step) = Newest(Keeping.Head(Part, word, seed))
            ?? throw new FollowUpException($"{Path} kept the encoder of its students but not their heads, as versions before this did\n  take --view encoder, which needs no heads, or run it again");
        var whole = Weights(_record.Arrays(name, step)).ToDictionary(item => item.Key, item => item.Value);
        foreach (var tensor in Weights(Kept(Keeping.Student(Part, word, seed))))
            whole.Add($"encoder{tensor.Key["layer".Length..]}", tensor.Value);
        return NetworkTensors.Parameters(Network, whole, name);
    }

    /// <summary>The parameters of an encoder by the word of its network, for which no head needs to be there.</summary>
    /// <inheritdoc cref="Parameters"/>
    public double[] EncoderParameters(string word, int seed)
    {
        Require(word, seed);
        if (word == PartNames.Teacher || Started(word) is not null)
            return Network.EncoderPart(Parameters(word, seed)).ToArray();
        var name = Keeping.Student(Part, word, seed);
        return NetworkTensors.Parameters(Network.Encoder, Kept(name), name);
    }

    /// <summary>The statistics of the batch normalizations of a network, those of the encoder first; null for those a teacher has, mean 0 and variance 1.</summary>
    internal IReadOnlyList<ChannelStatistics>? Statistics(string word, int seed)
    {
        if (word == PartNames.Teacher || Started(word) is not null || !Network.CouplesExamples)
            return null;
        var (name, encoder) = (Keeping.Head(Part, word, seed), EncoderStatistics(word, seed));
        return Network.HeadChannels is { Count: > 0 } channels ? [.. encoder ?? [], .. NetworkTensors.Statistics(channels, Kept(name), name) ?? []] : encoder;
    }

    /// <summary>Those of the encoder alone, for which no head needs to be there.</summary>
    internal IReadOnlyList<ChannelStatistics>? EncoderStatistics(string word, int seed)
        => word == PartNames.Teacher || Started(word) is not null ? null : NetworkTensors.Statistics(Network.Encoder, Kept(Keeping.Student(Part, word, seed)), Keeping.Student(Part, word, seed));

    /// <summary>Tensors without statistics.</summary>
    private static IEnumerable<KeyValuePair<string, Tensor>> Weights(IReadOnlyDictionary<string, Tensor> tensors) => tensors.Where(item => !item.Key.StartsWith("normalization.", StringComparison.Ordinal));

    /// <summary>The words of all networks of a seed.</summary>
    internal IEnumerable<string> Words => [PartNames.Teacher, .. Students, .. Moments, .. Students.Where(word => word != PartNames.Noise).Select(word => word + PartNames.Start)];

    /// <summary>A room for rows of what is done with its students.</summary>
    internal FinishedContext NewContext() => new(Config.Seed, Team, _dataFolder);

    /// <summary>Seeds: one, or all there are.</summary>
    /// <exception cref="FollowUpException">There is none of that number.</exception>
    internal IReadOnlyList<int> Seeds(int? one)
    {
        if (one is { } seed)
            RequireSeed(seed);
        return one is { } only ? [only] : [.. Enumerable.Range(0, Config.Seeds)];
    }

    /// <summary>Students as starts of what follows.</summary>
    /// <param name="word">Their word, one of <see cref="Students"/> or of <see cref="Moments"/>.</param>
    /// <param name="seeds">Their seeds.</param>
    /// <param name="cancellation">Looked at between batches.</param>
    /// <exception cref="FollowUpException">There are none of that word, or their files are not those of the run.</exception>
    internal IReadOnlyList<TrainedStudent> Trained(string word, IReadOnlyList<int> seeds, CancellationToken cancellation)
    {
        RequireStudent(word);
        foreach (var seed in seeds)
            RequireEnds(seed, cancellation);
        return [.. seeds.Select(seed => new TrainedStudent(seed, _teachers, Parameters(word, seed), Statistics(word, seed)))];
    }

    /// <summary>Steps of distillation that a student had: of all <see cref="Steps"/>, but of those of <see cref="Moments"/>; 0 of teachers and starts.</summary>
    internal int StepsOf(string word, int seed) => word == PartNames.Teacher || Started(word) is not null ? 0 : _moments.Contains(word)
        ? (_moments[word].LastOrDefault(row => row.Seed == seed) ?? throw new FollowUpException($"{Path}/metrics has no row of {word}, seed {seed}, in {PartNames.Kept(Part)}: the table was changed\n  put it back, or run it again")).TrainingSteps
        : Steps;

    /// <summary>The moment whose student a word means: <see cref="StudentMoment.Last"/> of all but <see cref="Moments"/>.</summary>
    internal StudentMoment MomentOf(string word) => _moments[word].FirstOrDefault()?.Moment ?? StudentMoment.Last;

    /// <summary>The word of a student at its end: of <c>images-best</c> it is <c>images</c>.</summary>
    internal string Ended(string word) => _moments[word].FirstOrDefault()?.Condition ?? word;

    /// <summary>Refuses what is no student.</summary>
    /// <exception cref="FollowUpException">It is none.</exception>
    internal void RequireStudent(string word)
    {
        RequireMoment(word);
        string[] all = [.. Students, .. Moments];
        if (!all.Contains(word, StringComparer.Ordinal))
            throw new FollowUpException($"part {Part} of {Path} kept no student {word}\n  one of: {string.Join(", ", all)}");
    }

    /// <summary>What the part found on its own images: in the pixels, and in teachers and students of some seeds. Students before their end that were not probed then are probed now.</summary>
    /// <param name="seeds">The seeds.</param>
    /// <param name="words">The words of the students; null for all at their end.</param>
    /// <param name="cancellation">Looked at between batches.</param>
    /// <exception cref="FollowUpException">A row is not there.</exception>
    internal IReadOnlyList<ProbedEncoder> Probed(IReadOnlyList<int> seeds, IReadOnlyList<string>? words = null, CancellationToken cancellation = default)
    {
        ProbedEncoder AtMoment(string word, int seed, ProbeRow? row)
            => ProbedEncoder.Of(word, seed, row ?? ProbingTask.Of(this, new Probing(Config, Config.Data.Set, Pictures, Context), word, seed).Probe(cancellation));
        var rows = _record.Table<ProbeRow>(PartNames.Probes(Part));
        ProbedEncoder Found(string word, int? seed, Func<ProbeRow, bool> isOne) => ProbedEncoder.Of(word, seed, rows.LastOrDefault(isOne)
            ?? throw new FollowUpException($"{Path}/metrics has no probes of {word}{(seed is null ? "" : $", seed {seed}")}: its tables were changed\n  put them back, or run it again"));
        return
        [
            Found(ProbedEncoder.Pixels, null, row => row.Subject == Subject.Input),
            .. seeds.Select(seed => Found(PartNames.Teacher, seed, row => row.Subject == Subject.Teacher && row.Seed == seed)),
            .. (words ?? Students).SelectMany(word => seeds.Select(seed =>
            {
                bool IsOne(ProbeRow row) => row.Subject == Subject.Student && row.Condition == Ended(word) && row.Seed == seed && row.TrainingSteps == StepsOf(word, seed);
                return _moments.Contains(word) ? AtMoment(word, seed, rows.LastOrDefault(IsOne)) : Found(word, seed, IsOne);
            })),
        ];
    }

    /// <summary>What the part recorded of its students while they were trained.</summary>
    internal IReadOnlyList<TrainingRow> Training => _record.Table<TrainingRow>(PartNames.Training(Part));

    /// <summary>Segments that the run measured itself; empty without part valley.</summary>
    internal IReadOnlyList<SegmentRow> Segments => _record.Table<SegmentRow>("valley.segment");

    private static bool IsKept(RecordedRun record, RandomTeacherPart part) => record.Steps(Keeping.Student(PartNames.Of(part), PartNames.Images, 0)).Count > 0;

    private void Require(string word, int seed)
    {
        RequireSeed(seed);
        RequireMoment(word);
        if (!Words.Contains(word, StringComparer.Ordinal))
            throw new FollowUpException($"part {Part} of {Path} has no network {word}\n  one of: {string.Join(", ", Words)}");
    }

    /// <summary>Refuses a student at a moment that was not kept, with how it is.</summary>
    private void RequireMoment(string word)
    {
        if (_moments.Contains(word))
            return;
        foreach (var moment in Enum.GetValues<StudentMoment>().Where(moment => moment != StudentMoment.Last))
        {
            if (Students.Any(student => PartNames.At(student, moment) == word))
            {
                throw new FollowUpException($"part {Part} of {Path} did not keep its student of {word[..^(PartNames.Of(moment).Length + 1)]} at the moment {PartNames.Of(moment)}\n"
                    + $"  kept are: {string.Join(", ", Words)}; students of images are kept at the moments of {Part}.keptMoments, best among them with probes.moments and probes.validation that leave a choice");
            }
        }
    }

    private void RequireSeed(int seed)
    {
        if (seed < 0 || seed >= Config.Seeds)
            throw new FollowUpException($"{Path} has {(Config.Seeds == 1 ? "seed 0 only" : $"seeds from 0 to {Config.Seeds - 1}")}, not {seed}");
    }

    /// <summary>The student whose start a word means.</summary>
    private static string? Started(string word) => word.EndsWith(PartNames.Start, StringComparison.Ordinal) ? word[..^PartNames.Start.Length] : null;

    /// <summary>θ_T, drawn again; its encoder has to be the one that was kept.</summary>
    private double[] Teacher(int seed)
    {
        var (drawn, name) = (_teachers.Parameters(seed), Keeping.Teacher(Part, seed));
        var kept = NetworkTensors.Parameters(Network.Encoder, Kept(name), name);
        return Network.EncoderPart(drawn).SequenceEqual(kept) ? drawn : throw new FollowUpException(
            $"the teacher of seed {seed} drawn from the seed of {Path} is not the one it kept: its settings or its files were changed, or another version drew it ({_record.Run.Version})\n  run it again");
    }

    private Pictures Load()
    {
        var (pictures, kept) = (RandomTeacher.Pictures.Load(Config.Data, Context), Kept(Keeping.Images(Part)));
        // to the last digits of what is added up in another order by nobody
        static bool IsSame(IReadOnlyList<double> now, Tensor then) => now.Count == then.Doubles.Length && now.Zip(then.Doubles.ToArray()).All(pair => Math.Abs(pair.First - pair.Second) <= 1e-12);
        return IsSame(pictures.Means, kept["means"]) && IsSame(pictures.Deviations, kept["deviations"]) ? pictures : throw new FollowUpException(
            $"the images are not those that {Path} was run on: they have other means or deviations\n  put the data set back as it was{(Config.Data.Folder.Length > 0 ? $" in {Config.Data.Folder}" : "")}");
    }

    private IReadOnlyDictionary<string, Tensor> Kept(string name)
        => Newest(name) is { } found ? _record.Arrays(found.Name, found.Step) : throw new FollowUpException($"{Path}/arrays has no {name}: the file was removed\n  put it back, or run again");

    private (string Name, long Step)? Newest(string name) => _record.Steps(name) is [.., var last] ? (name, last) : null;
}
