using System.CommandLine;
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
using static Understudy.Cli.Commands.RandomTeacher.FollowUpFlags;

namespace Understudy.Cli.Commands;

/// <summary><c>random-teacher</c>: follow-ups on a finished run of that study.</summary>
internal sealed class RandomTeacherVerb : Verb
{
    private readonly FollowUpFlags _flags = new();
    private readonly TrainingTasks _trainings;

    internal RandomTeacherVerb(Flags flags)
        : base("random-teacher", "follow-ups on a finished run of that study", "TASK RUN")
    {
        _trainings = new TrainingTasks(_flags);
        foreach (var option in _flags.All.Append(flags.Threads).Append(flags.Offline))
            Command.Options.Add(option);
    }

    internal override IReadOnlyList<Example> Examples =>
    [
        new("understudy random-teacher segment STUDENTS --figure segment.svg", "KL and probes from the teacher to its student and beyond"),
        new("understudy random-teacher plane STUDENTS --scale l2-ortho --probes ridge --figure plane.svg", "a map through teacher and two students"),
        new("understudy random-teacher plane STUDENTS --random images", "around a student, along random directions"),
        new("understudy random-teacher curve STUDENTS --kind chain --figure curve.svg", "a path of low KL between both"),
        new("understudy random-teacher curvature STUDENTS", "eigenvalues of the Hessian at both, beside the learning rate"),
        new("understudy random-teacher filters STUDENTS --figure filters.svg", "the first layer of both as pictures"),
        new("understudy random-teacher probe STUDENTS --data fashion-mnist", "encoders on images that nobody was distilled on"),
        new("understudy random-teacher transfer STUDENTS --set fashion-mnist", "the same beside what they show on the images of the run"),
        new("understudy random-teacher restart STUDENTS", "the student as the next teacher, distilled again"),
        new("understudy random-teacher lmc STUDENTS --seed 0 --epochs 5 --figure lmc.svg", "supervised trainings from student and fresh start, and barriers"),
        new("understudy random-teacher lmc STUDENTS --student images-largest-loss --seed 0 --epochs 5", "the same from a student before the end of its distillation"),
        new("understudy random-teacher imp STUDENTS --seed 0 --rounds 6 --epochs 5", "lottery tickets from both"),
    ];

    internal override IReadOnlyList<string> Details =>
    [
        $"Tasks: {string.Join(", ", Tasks)}. A run keeps its networks where it has part valley or distillation (settings valley.keep and distillation.keep), students of images also before their end (valley.keptMoments and distillation.keptMoments): where held-out images find them best, where their rank is least, where KL is largest.",
        "Teachers are drawn again from the run's seed, and their encoders have to be those that were kept, bit by bit; their heads are not kept, but KL at both ends of the line of part valley has to be what the run recorded. Images are read again and have to have the means and deviations that were kept.",
        "restart, transfer, lmc and imp do with kept students what the parts restart, transfer, connectivity and tickets of a run do with students of their own, and give the same numbers; they take every seed of the run unless --seed names one, and tell means over seeds, without intervals and verdicts. They tell beforehand how long they take; Ctrl-C ends them with exit code 3, and nothing is kept.",
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
        _flags.Check(invocation, task);
        var directory = RunDirectory.Open(invocation.Words[1]);
        using var team = new Team(invocation.Threads);
        var run = Open(invocation, task, directory, team);
        invocation.Surroundings.Interruption.Hold(() => { });
        var found = Run(task, run, invocation);
        if (invocation.Json)
            invocation.Write(Invocation.Node((object)found)!);
        else
            FollowUpText.Write(invocation.Out, found);
        OutputFile.Save(invocation, invocation.Value(_flags.Csv), "--csv", "table", writer => Csv.Write(writer, found.Columns));
        OutputFile.Save(invocation, invocation.Value(_flags.Figure), "--figure", "figure", writer => writer.Write(found.Svg));
        return ExitCode.Done;
    }

    private IFollowUp Run(string task, FinishedRun run, Invocation invocation)
    {
        if (TrainingTasks.All.Contains(task, StringComparer.Ordinal))
            return _trainings.Run(task, run, invocation);
        var (token, progress) = (invocation.Surroundings.Interruption.Token, new TenthsProgress(invocation, task));
        return task switch
        {
            "plane" => PlaneFollowUp.Of(run, Plane(invocation), progress, token),
            "curve" => CurveFollowUp.Of(run, Curve(invocation), progress, token),
            "curvature" => CurvatureFollowUp.Of(run, new StudentCurvatureOptions
            {
                Seed = Count(invocation, _flags.Seed, 0) ?? 0,
                Student = invocation.Value(_flags.Student) ?? "images",
                Top = Count(invocation, _flags.Top, 1, 1000) ?? 10,
                Images = Count(invocation, _flags.Images, 1),
            }, progress, token),
            "filters" => FiltersFollowUp.Of(run, Count(invocation, _flags.Seed, 0) ?? 0, invocation.Value(_flags.Student) ?? "images"),
            "probe" => ProbeFollowUp.Of(run, Probe(invocation, run), progress, token),
            _ => SegmentFollowUp.Of(run, new SegmentOptions
            {
                Seed = Count(invocation, _flags.Seed, 0) ?? 0,
                Student = invocation.Value(_flags.Student) ?? "images",
                Points = Count(invocation, _flags.Points, 2, 1001) ?? 31,
                From = Number(invocation, _flags.From, -SegmentFollowUp.Furthest, -0.1) ?? -1,
                To = Number(invocation, _flags.To, 1, SegmentFollowUp.Furthest) ?? 2,
                View = Choice(invocation, _flags.View, LandscapeView.Whole),
                Probes = Several(invocation, _flags.Probes, LandscapeProbes.Ridge | LandscapeProbes.Knn),
                Images = Count(invocation, _flags.Images, 1),
            }, progress, token),
        };
    }

    private PlaneOptions Plane(Invocation invocation)
    {
        (string, string)? through = invocation.Value(_flags.Through)?.Split(',', StringSplitOptions.TrimEntries) switch
        {
            null => null,
            [var second, var third] => (second, third),
            _ => throw new UsageException($"--through takes two networks, such as images,far, not {invocation.Value(_flags.Through)}"),
        };
        if (invocation.Value(_flags.Random) is not null && new[] { _flags.Through, _flags.Scale, _flags.Center }.FirstOrDefault(flag => invocation.Value(flag) is not null) is { } ignored)
            throw new UsageException($"a plane along random directions does not read {ignored.Name}\n  leave it out, or leave out --random");
        return new PlaneOptions
        {
            Seed = Count(invocation, _flags.Seed, 0) ?? 0,
            Through = through,
            Around = invocation.Value(_flags.Random),
            Scale = Choice(invocation, _flags.Scale, PlaneScale.Affine),
            Center = Choice(invocation, _flags.Center, PlaneCenter.First),
            Points = Count(invocation, _flags.Points, 2, 201) ?? 25,
            View = Choice(invocation, _flags.View, LandscapeView.Whole),
            Probes = Several(invocation, _flags.Probes, LandscapeProbes.None),
            Images = Count(invocation, _flags.Images, 1),
        };
    }

    private CurveOptions Curve(Invocation invocation) => new()
    {
        Seed = Count(invocation, _flags.Seed, 0) ?? 0,
        Student = invocation.Value(_flags.Student) ?? "images",
        Kind = Choice(invocation, _flags.Kind, CurveKind.Bezier),
        Points = Count(invocation, _flags.Points, 2, 1001) ?? 31,
        Epochs = Count(invocation, _flags.Epochs, 1) ?? 50,
        LearningRate = Number(invocation, _flags.Rate, 1e-12, double.PositiveInfinity) ?? 1e-3,
        View = Choice(invocation, _flags.View, LandscapeView.Whole),
        Probes = Several(invocation, _flags.Probes, LandscapeProbes.None),
        Images = Count(invocation, _flags.Images, 1),
    };

    private ProbeOptions Probe(Invocation invocation, FinishedRun run)
    {
        if (invocation.Value(_flags.Data) is null)
            throw new UsageException("probe needs images: --data SET, or a folder of your own\n  as in: understudy random-teacher probe RUN --data fashion-mnist");
        if (invocation.Value(_flags.File) is null && new[] { _flags.Encoder, _flags.Normalization }.FirstOrDefault(flag => invocation.Value(flag) is not null) is { } alone)
            throw new UsageException($"{alone.Name} says what the encoder of --file is\n  name the file, or leave it out");
        return new ProbeOptions
        {
            Images = ProbedImages.Of(invocation, _flags, run.Config, usual: ImageSource.Digits),
            Student = invocation.Value(_flags.Student),
            File = invocation.Value(_flags.File),
            Encoder = invocation.Value(_flags.Encoder),
            Normalization = invocation.Value(_flags.Normalization) is null ? null : Choice(invocation, _flags.Normalization, Normalization.None),
        };
    }

    private FinishedRun Open(Invocation invocation, string task, RunDirectory directory, Team team)
    {
        RandomTeacherPart? part = invocation.Value(_flags.Part) is null ? null : Choice(invocation, _flags.Part, RandomTeacherPart.Valley, FinishedRun.Keeps);
        var finder = DataSets.Finder(invocation);
        var run = FinishedRun.Open(directory, part, team, set => finder(set).Folder, task is "restart" or "transfer" ? FinishedRun.DistillationFirst : null);
        // a student before its end may have to be probed on the images of the run
        if (task is not ("filters" or "probe" or "transfer") || (task == "transfer" && invocation.Value(_flags.Student) is not null))
            DataSets.Ensure(invocation, FinishedRun.Needs(run.Config), yes: false);
        return run;
    }
}
