using System.CommandLine;
using System.Globalization;
using Understudy.Cli.Commands.RandomTeacher;
using Understudy.Cli.Output;
using Understudy.Cli.Progress;
using Understudy.Data.Formats;
using Understudy.Engine.Threading;
using Understudy.Lab.Configuration;
using Understudy.Lab.Runs;
using Understudy.Learning.Landscape;
using Understudy.Learning.Networks.Encoders;
using Understudy.Studies.RandomTeacher;
using Understudy.Studies.RandomTeacher.FollowUps;

namespace Understudy.Cli.Commands;

/// <summary><c>random-teacher</c>: follow-ups on a finished run of that study.</summary>
internal sealed class RandomTeacherVerb : Verb
{
    private static readonly string[] Tasks = ["segment", "plane", "curve", "curvature", "filters", "probe"];

    private static readonly string[] Landscapes = ["segment", "plane", "curve"];

    private readonly Option<string?> _part = Flags.Valued("--part", "NAME", "whose networks: valley, distillation (else valley where the run has it; of a plane the one that has two students)");
    private readonly Option<string?> _seed = Flags.Valued("--seed", "S", "of teacher and students, within the run, from 0 (else 0)");
    private readonly Option<string?> _student = Flags.Valued("--student", "NAME", "the student: images, noise, far, or where one started, such as far-start (else images)");
    private readonly Option<string?> _points = Flags.Valued("--points", "N", "evenly spaced positions of a segment or a curve (else 31); along a side of a plane (else 25)");
    private readonly Option<string?> _through = Flags.Valued("--through", "A,B", "the two networks beside the teacher that a plane goes through (else images,far)");
    private readonly Option<string?> _random = Flags.Valued("--random", "NAME", "a plane along two filter-normalised random directions around this network instead: teacher, images, …");
    private readonly Option<string?> _scale = Flags.Valued("--scale", "NAME", "of a plane: affine, l2-ortho, rms-ortho (else affine)");
    private readonly Option<string?> _center = Flags.Valued("--center", "NAME", "where its coordinates are 0: first, which is the teacher, mean, min-norm (else first)");
    private readonly Option<string?> _from = Flags.Valued("--from", "T", "the first position, from -100 to -0.1; the teacher is at 0 (else -1)");
    private readonly Option<string?> _to = Flags.Valued("--to", "T", "the last position, from 1 to 100; the student is at 1 (else 2)");
    private readonly Option<string?> _view = Flags.Valued("--view", "NAME", "whole: outputs of the head; encoder: softmax over embeddings, without heads (else whole)");
    private readonly Option<string?> _probes = Flags.Valued("--probe", "NAME", "at every point: none, ridge, all, which is neighbours too (segment: else all; plane and curve: else none)");
    private readonly Option<string?> _images = Flags.Valued("--images", "N", "images that losses are averaged over (else what part valley takes)");
    private readonly Option<string?> _kind = Flags.Valued("--kind", "NAME", "of a curve: bezier, chain of two segments (else bezier)");
    private readonly Option<string?> _epochs = Flags.Valued("--epochs", "N", "passes over the images by which a curve is trained (else 50)");
    private readonly Option<string?> _rate = Flags.Valued("--rate", "X", "the step size of Adam, which trains a curve (else 0.001)");
    private readonly Option<string?> _top = Flags.Valued("--top", "K", "eigenvalues of curvature at the top, up to 1000 (else 10)");
    private readonly Option<string?> _data = Flags.Valued("--data", "SET|DIR", "of probe: digits, mnist, fashion-mnist, cifar10, or a folder of images");
    private readonly Option<string?> _train = Flags.Valued("--train", "N", "of probe: training images (else as many as the run had)");
    private readonly Option<string?> _test = Flags.Valued("--test", "N", "of probe: test images (else as many as the run had)");
    private readonly Option<string?> _file = Flags.Valued("--file", "FILE.safetensors", "of probe: an encoder of your own as well");
    private readonly Option<string?> _encoder = Flags.Valued("--encoder", "WORDS", "what that encoder is, such as vgg11 (else that of the run)");
    private readonly Option<string?> _normalization = Flags.Valued("--norm", "NAME", "its normalization: batch, instance, group, layer, none (else that of the run)");
    private readonly Option<string?> _csv = Flags.Valued("--csv", "FILE.csv", "the numbers of the figure as a table: along lines, over a plane, of spectra, filters or encoders; --json has all");
    private readonly Option<string?> _figure = Flags.Valued("--figure", "FILE.svg", "draw it as well");

    internal RandomTeacherVerb(Flags flags)
        : base("random-teacher", "follow-ups on a finished run of that study", "TASK RUN")
    {
        foreach (var option in new Option[]
        {
            _part, _seed, _student, _points, _through, _random, _scale, _center, _from, _to, _view, _probes, _images, _kind, _epochs, _rate, _top, _data, _train, _test, _file, _encoder, _normalization, _csv, _figure,
            flags.Threads, flags.Offline,
        })
            Command.Options.Add(option);
    }

    internal override IReadOnlyList<Example> Examples =>
    [
        new("understudy random-teacher segment STUDENTS --figure segment.svg", "KL and probes from the teacher to its student and beyond"),
        new("understudy random-teacher plane STUDENTS --scale l2-ortho --probe ridge --figure plane.svg", "a map through teacher and two students"),
        new("understudy random-teacher plane STUDENTS --random images", "around a student, along random directions"),
        new("understudy random-teacher curve STUDENTS --kind chain --figure curve.svg", "a path of low KL between both"),
        new("understudy random-teacher curvature STUDENTS", "eigenvalues of the Hessian at both, beside the learning rate"),
        new("understudy random-teacher filters STUDENTS --figure filters.svg", "the first layer of both as pictures"),
        new("understudy random-teacher probe STUDENTS --data fashion-mnist", "encoders on images that nobody was distilled on"),
    ];

    internal override IReadOnlyList<string> Details =>
    [
        $"Tasks: {string.Join(", ", Tasks)}. A run keeps its networks where it has part valley or distillation (settings valley.keep and distillation.keep).",
        "Teachers are drawn again from the run's seed, and their encoders have to be those that were kept, bit by bit; their heads are not kept, but KL at both ends of the line of part valley has to be what the run recorded. Images are read again and have to have the means and deviations that were kept.",
        "With batch normalization a point between two networks has no statistics of its own: they are estimated there, on batches of training images.",
    ];

    internal override (int Least, int Most) Words => (2, 2);

    internal override string Missing => "random-teacher needs a task and a run";

    internal override IEnumerable<string> Continue(Surroundings surroundings, IReadOnlyList<string> words) => words.Count == 0 ? Tasks : [];

    internal override int Execute(Invocation invocation)
    {
        var task = invocation.Words[0];
        if (!Tasks.Contains(task, StringComparer.Ordinal))
            throw new UsageException($"{task} is not a task of random-teacher{NearestName.Suggestion(task, Tasks)}\n  one of: {string.Join(", ", Tasks)}\n  see: understudy help random-teacher");
        CheckFlags(invocation, task);
        var directory = RunDirectory.Open(invocation.Words[1]);
        using var team = new Team(invocation.Threads);
        var run = Open(invocation, task, directory, team);
        invocation.Surroundings.Interruption.Hold(() => { });
        var found = Run(task, run, invocation);
        if (invocation.Json)
            invocation.Write(Invocation.Node((object)found)!);
        else
            FollowUpText.Write(invocation.Out, found);
        OutputFile.Save(invocation, invocation.Value(_csv), "--csv", "table", writer => Csv.Write(writer, found.Columns));
        OutputFile.Save(invocation, invocation.Value(_figure), "--figure", "figure", writer => writer.Write(found.Svg));
        return ExitCode.Done;
    }

    private IFollowUp Run(string task, FinishedRun run, Invocation invocation)
    {
        var (token, progress) = (invocation.Surroundings.Interruption.Token, new TenthsProgress(invocation, task));
        return task switch
        {
            "plane" => PlaneFollowUp.Of(run, Plane(invocation), progress, token),
            "curve" => CurveFollowUp.Of(run, Curve(invocation), progress, token),
            "curvature" => CurvatureFollowUp.Of(run, new StudentCurvatureOptions
            {
                Seed = Count(invocation, _seed, 0) ?? 0,
                Student = invocation.Value(_student) ?? "images",
                Top = Count(invocation, _top, 1, 1000) ?? 10,
                Images = Count(invocation, _images, 1),
            }, progress, token),
            "filters" => FiltersFollowUp.Of(run, Count(invocation, _seed, 0) ?? 0, invocation.Value(_student) ?? "images"),
            "probe" => ProbeFollowUp.Of(run, Probe(invocation, run), progress, token),
            _ => SegmentFollowUp.Of(run, new SegmentOptions
            {
                Seed = Count(invocation, _seed, 0) ?? 0,
                Student = invocation.Value(_student) ?? "images",
                Points = Count(invocation, _points, 2, 1001) ?? 31,
                From = Number(invocation, _from, -SegmentFollowUp.Furthest, -0.1) ?? -1,
                To = Number(invocation, _to, 1, SegmentFollowUp.Furthest) ?? 2,
                View = Choice(invocation, _view, LandscapeView.Whole),
                Probes = Choice(invocation, _probes, LandscapeProbes.All),
                Images = Count(invocation, _images, 1),
            }, progress, token),
        };
    }

    private PlaneOptions Plane(Invocation invocation)
    {
        (string, string)? through = invocation.Value(_through)?.Split(',', StringSplitOptions.TrimEntries) switch
        {
            null => null,
            [var second, var third] => (second, third),
            _ => throw new UsageException($"--through takes two networks, such as images,far, not {invocation.Value(_through)}"),
        };
        if (invocation.Value(_random) is not null && new[] { _through, _scale, _center }.FirstOrDefault(flag => invocation.Value(flag) is not null) is { } ignored)
            throw new UsageException($"a plane along random directions does not read {ignored.Name}\n  leave it out, or leave out --random");
        return new PlaneOptions
        {
            Seed = Count(invocation, _seed, 0) ?? 0,
            Through = through,
            Around = invocation.Value(_random),
            Scale = Choice(invocation, _scale, PlaneScale.Affine),
            Center = Choice(invocation, _center, PlaneCenter.First),
            Points = Count(invocation, _points, 2, 201) ?? 25,
            View = Choice(invocation, _view, LandscapeView.Whole),
            Probes = Choice(invocation, _probes, LandscapeProbes.None),
            Images = Count(invocation, _images, 1),
        };
    }

    private CurveOptions Curve(Invocation invocation) => new()
    {
        Seed = Count(invocation, _seed, 0) ?? 0,
        Student = invocation.Value(_student) ?? "images",
        Kind = Choice(invocation, _kind, CurveKind.Bezier),
        Points = Count(invocation, _points, 2, 1001) ?? 31,
        Epochs = Count(invocation, _epochs, 1) ?? 50,
        LearningRate = Number(invocation, _rate, 1e-12, double.PositiveInfinity) ?? 1e-3,
        View = Choice(invocation, _view, LandscapeView.Whole),
        Probes = Choice(invocation, _probes, LandscapeProbes.None),
        Images = Count(invocation, _images, 1),
    };

    private ProbeOptions Probe(Invocation invocation, FinishedRun run)
    {
        if (invocation.Value(_data) is not { } data)
            throw new UsageException("probe needs images: --data SET, or a folder of your own\n  as in: understudy random-teacher probe RUN --data fashion-mnist");
        if (invocation.Value(_file) is null && new[] { _encoder, _normalization }.FirstOrDefault(flag => invocation.Value(flag) is not null) is { } alone)
            throw new UsageException($"{alone.Name} says what the encoder of --file is\n  name the file, or leave it out");
        var isFolder = Directory.Exists(data);
        var set = isFolder ? ImageSource.Folder : Choice(invocation, _data, ImageSource.Digits, [.. Enum.GetValues<ImageSource>().Where(each => each != ImageSource.Folder)], ", or a folder that is there");
        var images = ProbeFollowUp.Images(run.Config, set, isFolder ? data : "", Count(invocation, _train, 1), Count(invocation, _test, 1));
        DataSets.Ensure(invocation, ProbeFollowUp.Needs(images), yes: false);
        return new ProbeOptions
        {
            Images = images,
            File = invocation.Value(_file),
            Encoder = invocation.Value(_encoder),
            Normalization = invocation.Value(_normalization) is null ? null : Choice(invocation, _normalization, Normalization.None),
        };
    }

    private FinishedRun Open(Invocation invocation, string task, RunDirectory directory, Team team)
    {
        RandomTeacherPart? part = invocation.Value(_part) is null ? null : Choice(invocation, _part, RandomTeacherPart.Valley, FinishedRun.Keeps);
        var finder = DataSets.Finder(invocation);
        var run = FinishedRun.Open(directory, part, team, set => finder(set).Folder);
        if (task is not ("filters" or "probe"))
            DataSets.Ensure(invocation, FinishedRun.Needs(run.Config), yes: false);
        return run;
    }

    /// <summary>A flag that a task does not read would be taken for one that changed its result.</summary>
    private void CheckFlags(Invocation invocation, string task)
    {
        (Option<string?> Flag, string[] Tasks)[] readers =
        [
            (_student, ["segment", "curve", "curvature", "filters"]), (_from, ["segment"]), (_to, ["segment"]),
            (_through, ["plane"]), (_random, ["plane"]), (_scale, ["plane"]), (_center, ["plane"]),
            (_points, Landscapes), (_view, Landscapes), (_probes, Landscapes), (_images, [.. Landscapes, "curvature"]), (_seed, [.. Landscapes, "curvature", "filters"]), (_top, ["curvature"]),
            (_kind, ["curve"]), (_epochs, ["curve"]), (_rate, ["curve"]),
            (_data, ["probe"]), (_train, ["probe"]), (_test, ["probe"]), (_file, ["probe"]), (_encoder, ["probe"]), (_normalization, ["probe"]),
        ];
        foreach (var (flag, tasks) in readers)
        {
            if (invocation.Value(flag) is not null && !tasks.Contains(task, StringComparer.Ordinal))
                throw new UsageException($"{task} does not read {flag.Name}\n  it is for {string.Join(", ", tasks)}");
        }

        OutputFile.Check(invocation.Value(_csv), _csv.Name);
        OutputFile.Check(invocation.Value(_figure), _figure.Name, ".svg");
        if (invocation.Value(_csv) is { } csv && invocation.Value(_figure) is { } figure && Path.GetFullPath(csv) == Path.GetFullPath(figure))
            throw new UsageException($"{_csv.Name} and {_figure.Name} name one file, {csv}\n  choose another for one of them");
    }

    /// <summary>One of an enumeration's words.</summary>
    private static T Choice<T>(Invocation invocation, Option<string?> option, T usual, IReadOnlyList<T>? among = null, string others = "")
        where T : struct, Enum
    {
        if (invocation.Value(option) is not { } text)
            return usual;
        var words = (among ?? Enum.GetValues<T>()).ToDictionary(value => System.Text.Json.JsonNamingPolicy.KebabCaseLower.ConvertName(value.ToString()), StringComparer.Ordinal);
        return words.TryGetValue(text, out var found) ? found : throw new UsageException($"{text} is not a value of {option.Name}{NearestName.Suggestion(text, words.Keys)}\n  one of: {string.Join(", ", words.Keys)}{others}");
    }

    private static int? Count(Invocation invocation, Option<string?> option, int least, int most = int.MaxValue)
    {
        if (invocation.Value(option) is not { } text)
            return null;
        return int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number >= least && number <= most
            ? number
            : throw new UsageException(most == int.MaxValue ? $"{option.Name} takes a whole number of at least {least}, not {text}" : $"{option.Name} takes a whole number from {least} to {most}, not {text}");
    }

    private static double? Number(Invocation invocation, Option<string?> option, double least, double most)
    {
        if (invocation.Value(option) is not { } text)
            return null;
        return double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && double.IsFinite(number) && number >= least && number <= most
            ? number
            : throw new UsageException(string.Create(CultureInfo.InvariantCulture, $"{option.Name} takes a number {(double.IsInfinity(most) ? $"of at least {least}" : $"from {least} to {most}")}, not {text}"));
    }
}
