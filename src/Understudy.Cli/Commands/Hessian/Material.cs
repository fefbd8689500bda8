using System.Text.Json.Nodes;
using Understudy.Data;
using Understudy.Data.Datasets;
using Understudy.Data.Formats;
using Understudy.Engine;
using Understudy.Engine.Threading;
using Understudy.Lab.Configuration;
using Understudy.Learning.Curvature;
using Understudy.Learning.Losses;
using Understudy.Learning.Networks;
using Understudy.Studies.Kept;

namespace Understudy.Cli.Commands.Hessian;

/// <summary>What a task of <c>hessian</c> works on: a network, points of its parameters, and examples.</summary>
internal sealed class Material
{
    private static readonly string[] Activations = ["relu", "tanh", "gelu", "erf"];
    private static readonly string[] Losses = ["cross-entropy", "half-squared", "mean-squared", "logistic"];
    private static readonly string[] Precisions = ["f64", "f32"];

    private Material(INetwork network, IReadOnlyList<string> names, double[][] points, OutputLoss loss, ExampleSet examples, CurvatureOptions options, Provenance provenance)
        => (Network, Names, Points, Loss, Examples, Options, Provenance) = (network, names, points, loss, examples, options, provenance);

    internal INetwork Network { get; }

    /// <summary>The network where it is one of ours, whose matrices have closed forms; null for one from an ONNX file.</summary>
    internal Mlp? Mlp => Network as Mlp;

    /// <summary>Inputs and outputs, and the hidden widths of ours.</summary>
    internal string Shape => Mlp is { } own ? string.Join("-", own.Widths) : $"{Network.Inputs} to {Network.Outputs}";

    /// <summary>What each model is called.</summary>
    internal IReadOnlyList<string> Names { get; }

    /// <summary>Flat parameters of each model, in the order of the command line.</summary>
    internal double[][] Points { get; }

    internal OutputLoss Loss { get; }

    internal ExampleSet Examples { get; }

    internal CurvatureOptions Options { get; }

    /// <summary>How all of it was read.</summary>
    internal Provenance Provenance { get; }

    internal Team Team => Options.Team!;

    /// <summary>The first model.</summary>
    internal double[] Point => Points[0];

    /// <summary>Curvature at the first model, whose passes keep at most so many bytes, and never more than the library's own limit.</summary>
    internal NetworkCurvature Curvature(long keptBytes = long.MaxValue) => new(Network, Loss, Examples, Point, Options with { MemoryBytes = Math.Clamp(keptBytes, 0, Options.MemoryBytes) });

    /// <summary>Reads models and examples.</summary>
    /// <exception cref="UserException">Something is missing, unreadable, or does not fit together.</exception>
    internal static Material Read(IReadOnlyList<string> models, MaterialFlags flags, Team team)
    {
        Choice(flags.Layout ?? NetworkFile.Layouts[0], "--layout", NetworkFile.Layouts);
        var activation = Choice(flags.Activation ?? "relu", "--activation", Activations) switch
        {
            "tanh" => NodeActivation.Tanh,
            "gelu" => NodeActivation.Gelu,
            "erf" => NodeActivation.Erf,
            _ => NodeActivation.Relu,
        };
        var loss = Choice(flags.Loss ?? "cross-entropy", "--loss", Losses) switch
        {
            "half-squared" => OutputLoss.HalfSquared,
            "mean-squared" => OutputLoss.MeanSquared,
            "logistic" => OutputLoss.Logistic,
            _ => OutputLoss.CrossEntropy,
        };
        var read = models.Select(path => (Path: path, Model: Model(path, activation, flags))).ToArray();
        var (network, first) = (read[0].Model.Network, read[0].Path);
        RequireOneShape([.. read.Select(item => (item.Path, item.Model.Network))]);
        if (network is ImportedNetwork && (flags.Activation ?? flags.Network ?? flags.Layers ?? flags.Layout ?? (flags.Index is null ? null : "")) is not null)
            throw new UsageException($"--activation, --network, --index, --layers and --layout are for safetensors files\n  {first} says itself what it holds");
        if (loss == OutputLoss.Logistic && network.Outputs != 1)
            throw new UsageException($"--loss logistic is for one output, but {first} has {network.Outputs}\n  take --loss cross-entropy");
        var examples = ReadExamples(flags, network, loss);
        var options = Products(flags.Precision, flags.Block, network, team);
        var file = read[0].Model.File;
        var provenance = new Provenance(
            file is null ? null : flags.Activation ?? "relu", flags.Activation is not null, flags.Loss ?? "cross-entropy", flags.Loss is not null, file?.Layers ?? [], file?.Layout)
        {
            Files = [.. read.Select(item => new ModelFile(item.Path, item.Model.File?.Layers ?? [], item.Model.File?.Layout))],
        };
        return new Material(network, models, [.. read.Select(item => item.Model.Parameters)], loss, examples, options, provenance);
    }

    /// <summary>Networks of runs, on examples of the first.</summary>
    internal static Material Of(IReadOnlyList<OpenedNetwork> models, ExampleSet examples, CurvatureOptions options, RunSource source)
    {
        var (network, loss) = (models[0].Point.Network, models[0].Of.Loss);
        var provenance = new Provenance(RunSource.Word(network), HasActivation: true, RunSource.Word(loss), HasLoss: true, [], null) { Run = source };
        return new Material(network, source.Names, [.. models.Select(model => model.Point.Parameters)], loss, examples, options, provenance);
    }

    /// <summary>How products are taken.</summary>
    /// <exception cref="UsageException">There is no such precision, or no parameter of that name.</exception>
    internal static CurvatureOptions Products(string? precision, string? pattern, INetwork network, Team team)
    {
        var options = new CurvatureOptions
        {
            Team = team,
            Precision = Choice(precision ?? "f64", "--precision", Precisions) == "f32" ? DType.F32 : DType.F64,
            Block = pattern is null ? null : slot => slot.Name.Contains(pattern, StringComparison.Ordinal),
            BatchRows = 250,
        };
        return options.Block is not { } block || network.Layout.Slots.Any(block)
            ? options
            : throw new UsageException($"no tensor has {pattern} in its name\n  tensors: {string.Join(", ", network.Layout.Slots.Select(slot => slot.Name))}");
    }

    /// <summary>Refuses networks whose parameters do not correspond.</summary>
    /// <exception cref="UsageException">They do not.</exception>
    internal static void RequireOneShape(IReadOnlyList<(string Path, INetwork Network)> models)
    {
        var (first, network) = models[0];
        foreach (var (path, other) in models)
        {
            if (!other.Layout.Slots.Select(slot => slot.Shape).SequenceEqual(network.Layout.Slots.Select(slot => slot.Shape)))
                throw new UsageException($"{path} and {first} are not networks of one shape: {Tensors(other)} and {Tensors(network)}\n  name models of one shape");
        }
    }

    /// <summary>A row of a document about a model: its name, and for one of a run which network of it at which step.</summary>
    internal JsonObject Row(int model) => Provenance.Run?.Row(model) ?? new JsonObject { ["model"] = Names[model] };

    /// <summary>Refuses a point at which the loss or its gradient is not finite: nothing that follows would be either.</summary>
    /// <exception cref="UsageException">One is not.</exception>
    internal void RequireFinite(TaskOptions options, CancellationToken cancellation)
    {
        using var curvature = Curvature(options.MemoryBytes);
        foreach (var (index, point) in Points.Index())
        {
            cancellation.ThrowIfCancellationRequested();
            curvature.MoveTo(point);
            var gradient = curvature.Gradient(out var loss);
            if (!double.IsFinite(loss) || !double.IsFinite(gradient.Sum(value => value * value)))
                throw NotFinite($"the {(double.IsFinite(loss) ? "gradient" : "loss")} of {Names[index]}");
        }
    }

    /// <summary>That something is too large for floating point, with the magnitudes behind it.</summary>
    /// <param name="what">The number.</param>
    /// <param name="weightDecay">μ, where it had a part in it.</param>
    internal UsageException NotFinite(string what, double weightDecay = 0)
    {
        static string Largest(IEnumerable<double> values) => TaskResult.Text(values.Select(Math.Abs).DefaultIfEmpty(0).Max());
        var decay = weightDecay == 0 ? "" : $", with a weight decay of {TaskResult.Text(weightDecay)}";
        var smaller = weightDecay == 0 ? "" : ", take a smaller --weight-decay";
        var single = Options.Precision == DType.F32 ? ", or take --precision f64" : "";
        return new UsageException(
            $"{what} is not finite: inputs reach {Largest(Examples.Inputs.ToArray())}, targets {Largest(Examples.Targets.ToArray())} and parameters {Largest(Points.SelectMany(point => point))}{decay}\n  scale inputs and targets to magnitudes of about 1{smaller}{single}");
    }

    private static (INetwork Network, double[] Parameters, NetworkRead? File) Model(string path, NodeActivation activation, MaterialFlags flags)
    {
        if (!path.EndsWith(".onnx", StringComparison.OrdinalIgnoreCase))
        {
            var file = NetworkFile.Read(path, activation, new NetworkChoice(flags.Network, flags.Index, flags.Layers, flags.Layout));
            return (file.Network, file.Parameters, file);
        }

        var network = ImportedNetwork.Of(InputFile.Read(path, Onnx.Read));
        return (network, network.Parameters.ToArray(), null);
    }

    private static string Tensors(INetwork network) => string.Join(", ", network.Layout.Slots.Select(slot => $"{slot.Name} {slot.Shape}"));

    /// <summary>One of some words.</summary>
    internal static string Choice(string value, string flag, string[] choices) => choices.Contains(value, StringComparer.Ordinal)
        ? value
        : throw new UsageException($"{flag} takes {string.Join(", ", choices[..^1])} or {choices[^1]}, not {value}{NearestName.Suggestion(value, choices)}");

    private static ExampleSet ReadExamples(MaterialFlags flags, INetwork network, OutputLoss loss)
    {
        var (inputs, targets, count) = flags.Data is { } set ? BuiltIn(set, network, loss) : FromFiles(flags, network, loss);
        if (flags.Examples > count)
            throw new UsageException($"--examples {flags.Examples} is more than the {count} there are\n  leave it out for all of them");
        if (flags.Examples is { } most && most < count)
            (inputs, targets, count) = (inputs[..(most * network.Inputs)], targets[..(most * loss.TargetWidth(network.Outputs))], most);
        for (var i = 0; i < targets.Length && loss == OutputLoss.CrossEntropy; i++)
        {
            if (!(targets[i] >= 0 && targets[i] < network.Outputs && double.IsInteger(targets[i])))
                throw new UsageException($"target {i} is {targets[i]}, but a class is a whole number from 0 to {network.Outputs - 1}\n  take --loss half-squared for targets that are outputs");
        }

        return new ExampleSet(inputs, targets, count);
    }

    private static (double[] Inputs, double[] Targets, int Count) BuiltIn(string set, INetwork network, OutputLoss loss)
    {
        Choice(set, "--data", ["digits"]);
        var images = OpticalDigits.Load();
        if (network.Inputs != images.Features || network.Outputs < images.ClassNames.Count)
            throw new UsageException($"the digits have {images.Features} pixels and {images.ClassNames.Count} classes, but the network reads {network.Inputs} numbers and has {network.Outputs} outputs\n  give your own examples with --inputs and --targets");
        double[] inputs = [.. images.Images.ToArray().Select(grey => grey / (double)OpticalDigits.Largest)];
        double[] labels = [.. images.Labels.ToArray().Select(label => (double)label)];
        return (inputs, loss.HasClasses ? labels : [.. labels.SelectMany(label => Enumerable.Range(0, network.Outputs).Select(c => c == (int)label ? 1.0 : 0))], images.Count);
    }

    private static (double[] Inputs, double[] Targets, int Count) FromFiles(MaterialFlags flags, INetwork network, OutputLoss loss)
    {
        if (flags.Inputs is not { } inputsPath || flags.Targets is not { } targetsPath)
            throw new UsageException("hessian needs examples\n  give --inputs x.npy and --targets y.npy, or --data digits");
        var (x, y) = (InputFile.Read(inputsPath, Npy.Read), InputFile.Read(targetsPath, Npy.Read));
        var count = x.Shape.Count == 0 ? 0 : x.Shape[0];
        var (inputs, targets) = (NetworkFile.Numbers(inputsPath, x), NetworkFile.Numbers(targetsPath, y));
        if (count == 0 || inputs.Length != (long)count * network.Inputs)
            throw new UsageException($"{inputsPath} is [{string.Join(", ", x.Shape)}], but the network reads {network.Inputs} numbers per example\n  save one row per example");
        var width = loss.TargetWidth(network.Outputs);
        if (targets.Length != (long)count * width)
            throw new UsageException($"{targetsPath} is [{string.Join(", ", y.Shape)}], but {count} examples have {count} x {width} targets with this loss\n  classes are for --loss cross-entropy, outputs for --loss half-squared or mean-squared");
        return (inputs, targets, count);
    }
}

/// <summary>Flags that say what is worked on; null where not given.</summary>
internal sealed record MaterialFlags(
    string? Inputs, string? Targets, string? Data, int? Examples, string? Activation, string? Loss, string? Precision, string? Block, string? Network = null, int? Index = null, string? Layers = null, string? Layout = null);
