using System.CommandLine;
using System.Globalization;
using Understudy.Cli.Output;
using Understudy.Lab.Configuration;
using Understudy.Studies.RandomTeacher.FollowUps;

namespace Understudy.Cli.Commands.RandomTeacher;

/// <summary>The flags of follow-ups, and which task reads which.</summary>
internal sealed class FollowUpFlags
{
    internal static readonly string[] Tasks = ["segment", "plane", "curve", "curvature", "filters", "probe", "restart", "transfer", "lmc", "imp"];

    private static readonly string[] Landscapes = ["segment", "plane", "curve"];

    private static readonly string[] Supervised = ["lmc", "imp"];

    internal Option<string?> Part { get; } = Flags.Valued("--part", "NAME", "whose networks: valley, distillation (else valley where the run has it; of a plane the one that has two students; of restart and transfer distillation)");

    internal Option<string?> Seed { get; } = Flags.Valued("--seed", "S", "of teacher and students, within the run, from 0 (else 0; restart, transfer, lmc, imp: else all)");

    internal Option<string?> Student { get; } = Flags.Valued("--student", "NAME", "the student: images, noise, far; before its end, where the run kept it, images-best (by held-out images), images-least-rank, images-largest-loss; where one started, such as far-start (else images; probe and transfer: else all at their end)");

    internal Option<string?> Points { get; } = Flags.Valued("--points", "N", "evenly spaced positions of a segment or a curve (else 31), of a line of lmc (else 30); along a side of a plane (else 25)");

    internal Option<string?> Through { get; } = Flags.Valued("--through", "A,B", "the two networks beside the teacher that a plane goes through (else images,far)");

    internal Option<string?> Random { get; } = Flags.Valued("--random", "NAME", "a plane along two filter-normalised random directions around this network instead: teacher, images, …");

    internal Option<string?> Scale { get; } = Flags.Valued("--scale", "NAME", "of a plane: affine, l2-ortho, rms-ortho (else affine)");

    internal Option<string?> Center { get; } = Flags.Valued("--center", "NAME", "where its coordinates are 0: first, which is the teacher, mean, min-norm (else first)");

    internal Option<string?> From { get; } = Flags.Valued("--from", "T", "the first position, from -100 to -0.1; the teacher is at 0 (else -1)");

    internal Option<string?> To { get; } = Flags.Valued("--to", "T", "the last position, from 1 to 100; the student is at 1 (else 2)");

    internal Option<string?> View { get; } = Flags.Valued("--view", "NAME", "whole: outputs of the head; encoder: softmax over embeddings, without heads (else whole)");

    internal Option<string?> Probes { get; } = Flags.Valued("--probes", "LIST", "at every point: none, or some of lin, lin-std, ridge, knn, such as ridge,knn; the linear ones take longest (segment: else ridge,knn; plane and curve: else none)");

    internal Option<string?> Images { get; } = Flags.Valued("--images", "N", "images that losses are averaged over (else what part valley takes); of lmc and imp labelled training images (else what parts connectivity and tickets take)");

    internal Option<string?> Kind { get; } = Flags.Valued("--kind", "NAME", "of a curve: bezier, chain of two segments (else bezier)");

    internal Option<string?> Epochs { get; } = Flags.Valued("--epochs", "N", "passes over the images: of a curve's training (else 50), of each supervised training of lmc and imp (else 30)");

    internal Option<string?> Rate { get; } = Flags.Valued("--rate", "X", "of a curve the step size of Adam (else 0.001); of lmc and imp the learning rate along the training (else \"steps(0.05, 0.1, 0.5, 0.75)\")");

    internal Option<string?> Top { get; } = Flags.Valued("--top", "K", "eigenvalues of curvature at the top, up to 1000 (else 10)");

    internal Option<string?> Data { get; } = Flags.Valued("--data", "SET|DIR", "of probe and transfer: digits, mnist, fashion-mnist, cifar10, or a folder of images (transfer: else transfer.set of the run)", "--set");

    internal Option<string?> Train { get; } = Flags.Valued("--train", "N", "of probe and transfer: training images (else as many as the run had)");

    internal Option<string?> Test { get; } = Flags.Valued("--test", "N", "of probe and transfer: test images (else as many as the run had)");

    internal Option<string?> File { get; } = Flags.Valued("--file", "FILE.safetensors", "of probe: an encoder of your own as well");

    internal Option<string?> Encoder { get; } = Flags.Valued("--encoder", "WORDS", "what that encoder is, such as vgg11 (else that of the run)");

    internal Option<string?> Normalization { get; } = Flags.Valued("--norm", "NAME", "its normalization: batch, instance, group, layer, none (else that of the run)");

    internal Option<string?> Steps { get; } = Flags.Valued("--steps", "N", "of restart: steps of the second distillation (else as many as the whole distillation of the run had; bars and ratio of C16 are told where the student had as many)");

    internal Option<string?> Orders { get; } = Flags.Valued("--orders", "N", "of lmc: supervised trainings from every start, each in an order of its own (else 3)");

    internal Option<string?> Rounds { get; } = Flags.Valued("--rounds", "N", "of imp: trainings one after the other, before each but the first a fifth of what is left is pruned (else 12)");

    internal Option<string?> Rewind { get; } = Flags.Valued("--rewind", "EPOCH", "of imp: the epoch that weights are rewound to (else 0, their start)");

    internal Option<string?> Csv { get; } = Flags.Valued("--csv", "FILE.csv", "the numbers of the figure as a table: along lines, over a plane, of spectra, filters or encoders; --json has all");

    internal Option<string?> Figure { get; } = Flags.Valued("--figure", "FILE.svg", "draw it as well");

    /// <summary>In the order of the help.</summary>
    internal IReadOnlyList<Option> All =>
    [
        Part, Seed, Student, Points, Through, Random, Scale, Center, From, To, View, Probes, Images, Kind, Epochs, Rate, Top, Data, Train, Test, File, Encoder, Normalization, Steps, Orders, Rounds, Rewind, Csv, Figure,
    ];

    /// <summary>A flag that a task does not read would be taken for one that changed its result.</summary>
    internal void Check(Invocation invocation, string task)
    {
        (Option<string?> Flag, string[] Tasks)[] readers =
        [
            (Student, ["segment", "curve", "curvature", "filters", "probe", "restart", "transfer", .. Supervised]), (From, ["segment"]), (To, ["segment"]),
            (Through, ["plane"]), (Random, ["plane"]), (Scale, ["plane"]), (Center, ["plane"]),
            (Points, [.. Landscapes, "lmc"]), (View, Landscapes), (Probes, Landscapes), (Images, [.. Landscapes, "curvature", .. Supervised]), (Seed, [.. Landscapes, "curvature", "filters", "restart", "transfer", .. Supervised]),
            (Top, ["curvature"]), (Kind, ["curve"]), (Epochs, ["curve", .. Supervised]), (Rate, ["curve", .. Supervised]),
            (Data, ["probe", "transfer"]), (Train, ["probe", "transfer"]), (Test, ["probe", "transfer"]), (File, ["probe"]), (Encoder, ["probe"]), (Normalization, ["probe"]),
            (Steps, ["restart"]), (Orders, ["lmc"]), (Rounds, ["imp"]), (Rewind, ["imp"]),
        ];
        foreach (var (flag, tasks) in readers)
        {
            if (invocation.Value(flag) is not null && !tasks.Contains(task, StringComparer.Ordinal))
                throw new UsageException($"{task} does not read {flag.Name}\n  it is for {string.Join(", ", tasks)}");
        }

        OutputFile.Check(invocation.Value(Csv), Csv.Name);
        OutputFile.Check(invocation.Value(Figure), Figure.Name, ".svg");
        if (invocation.Value(Csv) is { } csv && invocation.Value(Figure) is { } figure && Path.GetFullPath(csv) == Path.GetFullPath(figure))
            throw new UsageException($"{Csv.Name} and {Figure.Name} name one file, {csv}\n  choose another for one of them");
    }

    /// <summary>One of an enumeration's words.</summary>
    internal static T Choice<T>(Invocation invocation, Option<string?> option, T usual, IReadOnlyList<T>? among = null, string others = "")
        where T : struct, Enum
    {
        if (invocation.Value(option) is not { } text)
            return usual;
        var words = (among ?? Enum.GetValues<T>()).ToDictionary(value => System.Text.Json.JsonNamingPolicy.KebabCaseLower.ConvertName(value.ToString()), StringComparer.Ordinal);
        return words.TryGetValue(text, out var found) ? found : throw new UsageException($"{text} is not a value of {option.Name}{NearestName.Suggestion(text, words.Keys)}\n  one of: {string.Join(", ", words.Keys)}{others}");
    }

    /// <summary>Some of an enumeration's words, between commas.</summary>
    internal static LandscapeProbes Several(Invocation invocation, Option<string?> option, LandscapeProbes usual)
    {
        if (invocation.Value(option) is not { } text)
            return usual;
        var words = Enum.GetValues<LandscapeProbes>().ToDictionary(value => System.Text.Json.JsonNamingPolicy.KebabCaseLower.ConvertName(value.ToString()), StringComparer.Ordinal);
        return text.Split(',', StringSplitOptions.TrimEntries).Select(word => words.TryGetValue(word, out var found) ? found : throw new UsageException(
            $"{word} is not a value of {option.Name}{NearestName.Suggestion(word, words.Keys)}\n  some of, with commas: {string.Join(", ", words.Keys)}")).Aggregate((all, next) => all | next);
    }

    /// <summary>A whole number, or null where it was not given.</summary>
    internal static int? Count(Invocation invocation, Option<string?> option, int least, int most = int.MaxValue)
    {
        if (invocation.Value(option) is not { } text)
            return null;
        return int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number >= least && number <= most
            ? number
            : throw new UsageException(most == int.MaxValue ? $"{option.Name} takes a whole number of at least {least}, not {text}" : $"{option.Name} takes a whole number from {least} to {most}, not {text}");
    }

    /// <summary>A number, or null where it was not given.</summary>
    internal static double? Number(Invocation invocation, Option<string?> option, double least, double most)
    {
        if (invocation.Value(option) is not { } text)
            return null;
        return double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && double.IsFinite(number) && number >= least && number <= most
            ? number
            : throw new UsageException(string.Create(CultureInfo.InvariantCulture, $"{option.Name} takes a number {(double.IsInfinity(most) ? $"of at least {least}" : $"from {least} to {most}")}, not {text}"));
    }
}
