using System.Text.Json;
using System.Text.Json.Serialization;
using Understudy.Data;
using Understudy.Data.Formats;
using Understudy.Engine;
using Understudy.Lab.Figures;
using Understudy.Learning.Networks;
using Understudy.Learning.Networks.Encoders;
using Understudy.Learning.Networks.Layers;
using Understudy.Studies.RandomTeacher.Parts;
using static System.FormattableString;

namespace Understudy.Studies.RandomTeacher.FollowUps;

/// <summary>On which images encoders are probed.</summary>
public sealed record ProbeOptions
{
    /// <summary>The set, brought to the size and the channels of the run.</summary>
    public required ImagesConfig Images { get; init; }

    /// <summary>The word of the students; null for all at their end.</summary>
    public string? Student { get; init; }

    /// <summary>An encoder of one's own beside those of the run: a safetensors file; null for none.</summary>
    public string? File { get; init; }

    /// <summary>The words of that encoder, such as <c>vgg11</c>; null for those of the run.</summary>
    public string? Encoder { get; init; }

    /// <summary>Its normalization; null for that of the run.</summary>
    public Normalization? Normalization { get; init; }
}

/// <summary>Four probes of the encoders of a run on images of another set.</summary>
/// <remarks>Random-teacher specification, sections 4 and 5.3. Images are standardized by the moments of the new training images.</remarks>
public sealed record ProbeFollowUp : IFollowUp
{
    /// <summary>The part whose networks these are.</summary>
    public required string Part { get; init; }

    /// <summary>The set, or the folder.</summary>
    public required string Set { get; init; }

    /// <summary>Training images.</summary>
    public required int Train { get; init; }

    /// <summary>Test images.</summary>
    public required int Test { get; init; }

    /// <summary>How long the students were distilled, one per word.</summary>
    public required IReadOnlyList<DistilledStudents> Students { get; init; }

    /// <summary>One per encoder.</summary>
    public required IReadOnlyList<ProbedEncoder> Encoders { get; init; }

    /// <inheritdoc/>
    [JsonIgnore]
    public IReadOnlyList<string> Summary =>
    [
        Invariant($"part {Part} on {Set}: {Train:N0} training images, {Test:N0} test images; test accuracies in percent"),
        .. Students.Select(Gain),
    ];

    /// <inheritdoc/>
    [JsonIgnore]
    public FollowUpTable Table => new(
        ["encoder", "seed", "linear", "standardized", "ridge", "neighbours", "rank"],
        [.. Encoders.Select(each => (IReadOnlyList<string>)[each.Network, each.Seed is { } seed ? Invariant($"{seed}") : "", Numbers.Percent(each.Linear), Numbers.Percent(each.Standardized), Numbers.Percent(each.Ridge), Numbers.Percent(each.Neighbors), Invariant($"{each.EffectiveRank:0.0}")])]);

    /// <inheritdoc/>
    [JsonIgnore]
    public IReadOnlyList<CsvColumn> Columns =>
    [
        CsvColumn.Of("encoder", [.. Encoders.Select(each => each.Network)]), CsvColumn.Of("seed", [.. Encoders.Select(each => each.Seed is { } seed ? Invariant($"{seed}") : "")]),
        CsvColumn.Of("linear", [.. Encoders.Select(each => each.Linear)]), CsvColumn.Of("standardized", [.. Encoders.Select(each => each.Standardized)]),
        CsvColumn.Of("ridge", [.. Encoders.Select(each => each.Ridge)]), CsvColumn.Of("neighbours", [.. Encoders.Select(each => each.Neighbors)]),
        CsvColumn.Of("effective rank", [.. Encoders.Select(each => each.EffectiveRank)]),
    ];

    /// <inheritdoc/>
    [JsonIgnore]
    public string Svg
    {
        get
        {
            string[] kinds = [.. Encoders.Select(each => each.Network).Distinct()];
            (string Name, Func<ProbedEncoder, double> Of)[] probes = [("linear", each => each.Linear), ("standardized", each => each.Standardized), ("ridge", each => each.Ridge), ("neighbours", each => each.Neighbors)];
            return Lab.Figures.Svg.Write(new Figure(
                "probe", $"Probes on {Set}", "Test accuracy of four probes of every encoder, one point per seed.",
                [
                    .. probes.Select(probe => new Panel(probe.Name, new Axis("", Categories: kinds), new Axis("test accuracy (%)"),
                        [.. kinds.Select(kind => new PointLayer(kind, [.. Encoders.Where(each => each.Network == kind).Select(each => new XY(Array.IndexOf(kinds, kind), probe.Of(each)))], Role(kind), Size: 45))])),
                ], Columns: 2));
        }
    }

    /// <summary>Probes the pixels, every teacher and student, and an encoder of one's own.</summary>
    /// <param name="run">The run.</param>
    /// <param name="options">On which images.</param>
    /// <param name="progress">Takes the share that is done.</param>
    /// <param name="cancellation">Looked at between batches.</param>
    /// <exception cref="FollowUpException">The images have other channels than those of the run, or the encoder cannot be built.</exception>
    /// <exception cref="UnreadableFileException">The file does not hold that encoder.</exception>
    public static ProbeFollowUp Of(FinishedRun run, ProbeOptions options, IProgress<double>? progress = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(run);
        ArgumentNullException.ThrowIfNull(options);
        Require(run, options.Images);
        IReadOnlyList<string>? students = options.Student is { } word ? [word] : null;
        if (students is not null)
            run.RequireStudent(students[0]);
        var file = options.File is { } path ? Own(run, options, path) : ((LayeredNetwork, double[])?)null;
        var pictures = Pictures.Load(options.Images, run.Context);
        var probing = new Probing(run.Config, options.Images.Set, pictures, run.Context);
        var tasks = ProbingTask.Of(run, probing, students, run.Seeds(null));
        if (file is var (network, weights))
            tasks = [.. tasks, new ProbingTask(Path.GetFileName(options.File!), null, token => probing.Of(network, weights, token).Row)];
        var found = new List<ProbedEncoder>();
        foreach (var task in tasks)
        {
            cancellation.ThrowIfCancellationRequested();
            found.Add(task.Do(cancellation));
            progress?.Report((double)found.Count / tasks.Count);
        }

        return new ProbeFollowUp { Part = run.Part, Set = Name(options.Images), Train = pictures.Train.Count, Test = pictures.Test.Count, Students = DistilledStudents.Of(run, students, run.Seeds(null)), Encoders = found };
    }

    /// <summary>The images of a set as the networks of a run read them: as many as the run had, or as there are.</summary>
    /// <param name="config">The settings of the run.</param>
    /// <param name="set">The set.</param>
    /// <param name="folder">With a folder of one's own: where it is.</param>
    /// <param name="train">Training images; null for as many as the run had.</param>
    /// <param name="test">Test images; null for as many as the run had.</param>
    public static ImagesConfig Images(RandomTeacherConfig config, ImageSource set, string folder = "", int? train = null, int? test = null)
    {
        ArgumentNullException.ThrowIfNull(config);
        var (mostTrain, mostTest) = Pictures.Available(set);
        var wanted = train ?? Math.Min(config.Data.Train, set == ImageSource.Digits ? mostTrain - Math.Min(config.Data.Test, mostTrain / 3) : mostTrain);
        // encoders of one channel read colours as grey
        var gray = config.Data.Gray || (Pictures.Shape(config.Data)[2] == 1 && Pictures.Size(set).Channels > 1);
        return config.Data with { Set = set, Folder = folder, Gray = gray, Size = Pictures.Shape(config.Data)[0], Train = wanted, Test = test ?? Math.Min(config.Data.Test, set == ImageSource.Digits ? mostTest - wanted : mostTest) };
    }

    /// <summary>The data sets whose folders are asked for.</summary>
    public static IReadOnlyList<string> Needs(ImagesConfig images) => Pictures.Name((images ?? throw new ArgumentNullException(nameof(images))).Set) is { } name ? [name] : [];

    /// <summary>Refuses images that the encoders of a run do not read, more images than there are, and too few for a probe.</summary>
    /// <exception cref="FollowUpException">They are such images.</exception>
    internal static void Require(FinishedRun run, ImagesConfig images)
    {
        var (image, own, neighbors) = (run.Network.Encoder.Example, Pictures.Shape(images), run.Config.Probes.Neighbors);
        if (!own.Equals(image))
            throw new FollowUpException($"{Name(images)} has images of {own}, but the encoders of {run.Path} read {image}\n  a run of grey images, such as with data.gray=true, can be probed on every set");
        var (mostTrain, mostTest) = Pictures.Available(images.Set);
        // digits for tests stand behind those for training
        if (images.Train > mostTrain || images.Test > mostTest || (images.Set == ImageSource.Digits && images.Train + images.Test > mostTrain))
            throw new FollowUpException(Invariant($"{Name(images)} does not have {images.Train:N0} training and {images.Test:N0} test images\n  lower --train or --test"));
        var least = Math.Max(neighbors, RandomTeacherProblems.FewestProbed);
        if (images.Train < least || images.Test < 1)
            throw new FollowUpException(Invariant($"probes need at least {least} training images, as many as probes.neighbors of the run and enough for a fifth to choose a penalty on, and a test image, not {images.Train} and {images.Test}\n  raise --train or --test"));
    }

    /// <summary>The word of a set, or the folder.</summary>
    internal static string Name(ImagesConfig images) => images.Set == ImageSource.Folder ? images.Folder : JsonNamingPolicy.KebabCaseLower.ConvertName(images.Set.ToString());

    /// <summary>An encoder of one's own in evaluation mode.</summary>
    private static (LayeredNetwork Network, double[] Parameters) Own(FinishedRun run, ProbeOptions options, string path)
    {
        LayeredNetwork network;
        try
        {
            network = EncoderText.Network(options.Encoder ?? run.Config.Network.Encoder, run.Network.Encoder.Example, options.Normalization ?? run.Config.Network.Normalization);
        }
        catch (Exception problem) when (problem is FormatException or ShapeException)
        {
            throw new FollowUpException($"{problem.Message}\n  name the encoder of {path} by its words, as in network.encoder: understudy show random-teacher network.encoder");
        }

        var tensors = InputFile.Read(path, SafeTensors.Read).Tensors;
        IReadOnlyList<ChannelStatistics>? statistics = NetworkTensors.Statistics(network, tensors, path);
        return (network.InEvaluationMode(statistics), NetworkTensors.Parameters(network, tensors, path));
    }

    /// <summary>The role of a network in a figure.</summary>
    internal static SeriesRole Role(string kind) => kind switch { PartNames.Teacher => SeriesRole.Teacher, PartNames.Images => SeriesRole.Student, _ => SeriesRole.Alternative };

    private string Gain(DistilledStudents students)
    {
        double Mean(Func<ProbedEncoder, double> of) => Encoders.Where(each => each.Network == students.Student && each.Seed is not null).Select(of).Average() - Encoders.Where(each => each.Network == PartNames.Teacher).Select(of).Average();
        return Invariant($"{students.Words} less teacher, mean over seeds: standardized {Mean(each => each.Standardized):+0.00;-0.00}, ridge {Mean(each => each.Ridge):+0.00;-0.00}, neighbours {Mean(each => each.Neighbors):+0.00;-0.00}");
    }
}
