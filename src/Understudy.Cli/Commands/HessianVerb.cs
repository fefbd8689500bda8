using System.CommandLine;
using System.Globalization;
using System.Text.Json.Nodes;
using Understudy.Cli.Commands.Hessian;
using Understudy.Cli.Output;
using Understudy.Engine.LinearAlgebra.Estimation;
using Understudy.Engine.Threading;
using Understudy.Lab.Configuration;
using Understudy.Lab.Figures;

namespace Understudy.Cli.Commands;

/// <summary><c>hessian</c>: the curvature of a network of the user's own.</summary>
internal sealed class HessianVerb : Verb
{
    // relative to the largest eigenvalue, products are good to about 1e-15
    private const double LeastTolerance = 1e-14;

    private static readonly string[] Tasks = ["spectrum", "top", "density", "trace", "split", "classes", "sharpness", "line", "plane", "curve", "track", "verify"];

    private readonly Option<string?> _inputs = Flags.Valued("--inputs", "X.npy", "inputs of the examples, one per row");
    private readonly Option<string?> _targets = Flags.Valued("--targets", "Y.npy", "their classes from 0, or their target outputs");
    private readonly Option<string?> _data = Flags.Valued("--data", "NAME", "digits: the 1,797 of 8 x 8 that come with the program, instead of files; of a run: training, or evaluation or test where it has them (else training)");
    private readonly Option<string?> _examples = Flags.Valued("--examples", "N", "only the first N");
    private readonly Option<string?> _activation = Flags.Valued("--activation", "NAME", "of the hidden nodes: relu, tanh, gelu, erf (else relu)");
    private readonly Option<string?> _network = Flags.Valued("--network", "NAME", "the name before the tensors of one of several networks in a file, such as r2; a network of a run, such as dynamics.r2 (else the first)");
    private readonly Option<string?> _index = Flags.Valued("--index", "I", "which network of a stack, from 0; of a run: which seed (else 0)");
    private readonly Option<string?> _step = Flags.Valued("--step", "N", "of a run: at which kept training step, or first, last, all (else the last; track and plane: all; line and curve: first and last)");
    private readonly Option<string?> _layers = Flags.Valued("--layers", "A,B,C", "names of the layers of a safetensors file in their order (else by numbers in their names, or as their shapes fit)");
    private readonly Option<string?> _layout = Flags.Valued("--layout", "NAME", "of its weights: out-in, as PyTorch's, or in-out, as ours (else as the biases say)");
    private readonly Option<string?> _loss = Flags.Valued("--loss", "NAME", "cross-entropy, half-squared, mean-squared, logistic (else cross-entropy)");
    private readonly Option<string?> _matrix = Flags.Valued("--matrix", "M", "H, its Gauss-Newton part G, the rest R, the gradients' second moment S or covariance cov (else H)");
    private readonly Option<string?> _block = Flags.Valued("--block", "TEXT", "only parameters with this in their name: layer.0.weight, layer.0.bias, layer.1.weight, … of safetensors files, whatever these call them; an ONNX file's own");
    private readonly Option<string?> _top = Flags.Valued("--top", "K", "eigenvalues at the top (else 10; density: stems)");
    private readonly Option<string?> _bottom = Flags.Valued("--bottom", "K", "eigenvalues at the bottom (else 3, of G, S and cov 0, as theirs are not negative); split: of H and R only");
    private readonly Option<string?> _tolerance = Flags.Valued("--tolerance", "X", "relative residual of an eigenpair, at least 1e-14 (else 1e-6; 1e-4 with f32); of a trace by hutchinson: its 95 % interval's half-width as a share of it, at which to stop, from 10 probes on");
    private readonly Option<string?> _probes = Flags.Valued("--probes", "N", "probe vectors of density (else 10); products of a trace or norm that is estimated (else 60; with --tolerance at most so many, else 1000)");
    private readonly Option<string?> _steps = Flags.Valued("--steps", "N", "Lanczos steps of density (else 80)");
    private readonly Option<string?> _method = Flags.Valued("--method", "NAME", "of trace: exact, xtrace, hutchpp, hutchinson (else exact where it is); of curve: bezier, chain, neb, an elastic band (else bezier)");
    private readonly Option<string?> _axis = Flags.Valued("--axis", "NAME", "of density: linear, asinh, log, which is log10 |λ| with a branch for each sign (else linear)");
    private readonly Option<string?> _sigma = Flags.Valued("--sigma", "S", "width of the Gaussian that smooths a density, in units of its axis; of log in decades (else 0.01 of the range, or what the steps resolve)");
    private readonly Option<string?> _from = Flags.Valued("--from", "FILE.json", "density: of a spectrum that --out wrote, without a model and without a product");
    private readonly Option<string?> _out = Flags.Valued("--out", "FILE.json", "write the whole result there as well, the document of --json; a file of that name is replaced");
    private readonly Option<bool> _exact = new("--exact") { Description = $"spectrum: all eigenvalues also of more than {SpectrumTask.MostUnasked:N0} parameters, where --memory has room for the matrix" };
    private readonly Option<string?> _lanczos = Flags.Valued("--lanczos", "M", "spectrum: instead, the Ritz values of M Lanczos steps with their residuals");
    private readonly Option<string?> _weightDecay = Flags.Valued("--weight-decay", "MU", "adds (MU/2) |θ|² to the loss, and so MU to every eigenvalue of H and G (else 0)");
    private readonly Option<string?> _points = Flags.Valued("--points", "N", "of a line, one more than a multiple of 3 (else 31); of a curve (else 61); along a side of a plane (else 51; 21 through models)");
    private readonly Option<string?> _curvature = Flags.Valued("--curvature", "N", "of plane: both ends of the spectrum at N x N of its points as well (else at one model)");
    private readonly Option<string?> _precision = Flags.Valued("--precision", "NAME", "of products: f64, f32 (else f64)");
    private readonly Option<string?> _memory = Flags.Valued("--memory", "GB", "what matrices, vectors and kept passes over the examples may take; the runtime, the examples and chunks of them in work come on top (else half of this machine's)");
    private readonly Option<string?> _seed = Flags.Valued("--seed", "N", "of probes, start vectors, directions and trained curves (else 1)");
    private readonly Option<string?> _figure = Flags.Valued("--figure", "FILE.svg", "draw it as well; a file of that name is replaced");
    private readonly Option<string?> _paraview = Flags.Valued("--paraview", "FILE.vts", "of plane: losses, accuracies and models as a grid that ParaView opens; a file of that name is replaced");
    private readonly Flags _flags;

    internal HessianVerb(Flags flags)
        : base("hessian", "the curvature of a network of your own", "TASK MODEL [MODEL ...] --inputs X.npy --targets Y.npy")
    {
        _flags = flags;
        foreach (var option in new Option[]
        {
            _inputs, _targets, _data, _examples, _activation, _network, _index, _step, _layers, _layout, _loss, _matrix, _block, _top, _bottom, _tolerance, _probes, _steps, _method, _axis, _sigma, _from, _exact, _lanczos, _weightDecay, _points, _curvature, _precision, _memory, _seed, _figure, _paraview, _out, flags.Threads,
        })
            Command.Options.Add(option);
    }

    internal override IReadOnlyList<Example> Examples =>
    [
        new("understudy hessian top net.safetensors --inputs x.npy --targets y.npy", "the ten largest and three smallest eigenvalues, with residuals"),
        new("understudy hessian spectrum net.safetensors --data digits --examples 1000 --figure spectrum.svg", "all eigenvalues, and their figure"),
        new("understudy hessian density net.safetensors --data digits --axis asinh", "the density, outliers found before"),
        new("understudy hessian density net.safetensors --data digits --out spectrum.json", "the same, with nodes and weights kept in a file"),
        new("understudy hessian density --from spectrum.json --axis log --sigma 0.2 --figure density.svg", "drawn again from there, without computing"),
        new("understudy hessian trace net.safetensors --data digits", "exact for networks of rectifiers"),
        new("understudy hessian line a.safetensors b.safetensors --data digits", "what stands between two models, before and after their nodes are matched"),
        new("understudy hessian plane a.safetensors b.safetensors c.safetensors d.safetensors --data digits --figure plane.svg", "the loss around a path of checkpoints, on its principal components"),
        new("understudy hessian curve a.safetensors b.safetensors --data digits --examples 500 --method neb", "a path of low loss between two models, by an elastic band"),
        new("understudy hessian top RUN", "the first network of a run of ours, with the run's own examples and loss"),
        new("understudy hessian track NODES --network boundaries --index 1 --figure track.svg", "a student over the steps at which it was kept, with warm starts"),
        new("understudy hessian plane NODES --network boundaries --data evaluation", "the loss around the path of its training, on fresh inputs"),
        new("understudy hessian verify net.safetensors --data digits", "symmetry, split and differences on your own model"),
    ];

    internal override IReadOnlyList<string> Details =>
    [
        $"Tasks: {string.Join(", ", Tasks)}. A model is a safetensors file of a fully connected network: weights and biases in the order of their layers, as PyTorch names and lays them out (0.weight [out, in], 0.bias, 2.weight, …) or as ours (layer.0.weight [in, out], …); names that do not tell the order are put in the one in which the shapes fit, or as --layers says; or an ONNX file (.onnx), also of a convolutional network; an operator that is not supported is named.",
        "Or a model is a finished run of ours: its networks are opened with the examples, the activation and the loss that its settings and its seed give, and their loss has to be what the run recorded. --network, --index and --step choose; several values with commas between are several models. A name that is not there lists those that are.",
        "From PyTorch: import numpy, safetensors.torch; safetensors.torch.save_file(model.state_dict(), \"net.safetensors\"); numpy.save(\"x.npy\", x.numpy()); numpy.save(\"y.npy\", y.int().numpy()). The loss is the mean over examples, without weight decay unless --weight-decay adds it; --loss mean-squared is PyTorch's MSELoss, whose Hessian is 2/C of that of half-squared.",
        "line and curve take two models; plane takes one, three that it goes through, or more in the order of a path; track takes any number. Every eigenvalue comes with its residual and every estimate with its 95 % interval. Ctrl-C keeps what top, density, trace, split, track and spectrum --lanczos have finished, marked as partial, with exit code 3.",
        "--out keeps the whole result in a file, for density and spectrum with all nodes and weights or eigenvalues, from which density --from draws another width or axis without computing.",
    ];

    internal override (int Least, int Most) Words => (1, int.MaxValue);

    internal override string Missing => "hessian needs a task and a model";

    internal override IEnumerable<string> Continue(Surroundings surroundings, IReadOnlyList<string> words) => words.Count == 0 ? Tasks : [];

    internal override int Execute(Invocation invocation)
    {
        var task = invocation.Words[0];
        if (!Tasks.Contains(task, StringComparer.Ordinal))
            throw new UsageException($"{task} is not a task of hessian{NearestName.Suggestion(task, Tasks)}\n  one of: {string.Join(", ", Tasks)}\n  see: understudy help hessian");
        string[] models = [.. invocation.Words.Skip(1)];
        CheckFlags(invocation, task, models.Length);
        if (Array.Exists(models, string.IsNullOrWhiteSpace))
            throw new UsageException("the name of a model is empty\n  give a .safetensors or .onnx file, or a run's folder");
        if (invocation.Value(_from) is { } kept)
            return Redraw(invocation, kept);
        var began = invocation.Surroundings.Time.GetTimestamp();
        using var team = new Team(invocation.Threads);
        Material Open() => RunModels.Are(models) ? RunModels.Read(models, task, RunFlags(invocation), invocation, team) : Material.Read(models, MaterialFlags(invocation, models[0]), team);
        var material = Open();
        var options = Options(invocation, task, material);
        invocation.Surroundings.Interruption.Hold(() => { });
        Budget.RequirePasses(material, options);
        material.RequireFinite(options, invocation.Surroundings.Interruption.Token);
        var result = Finite(task, Open, material, options, invocation);
        if (result.IsPartial)
            result = result with { Lines = [.. result.Lines, "stopped: this is what was finished, not all that was asked for"] };
        Complete(result, task, material, invocation, began);
        Tell(invocation, result with { Lines = [.. material.Provenance.Lines(material.Shape), .. result.Lines] });
        // one that was stopped in its last instants has all that was asked for
        return result.IsPartial ? ExitCode.Cancelled : result.Failed ? ExitCode.Failed : ExitCode.Done;
    }

    /// <summary>The density of a kept spectrum: no model, no examples, no product.</summary>
    private int Redraw(Invocation invocation, string path)
    {
        var axis = invocation.Value(_axis) is { } name ? Material.Choice(name, "--axis", TaskOptions.Axes) : null;
        Tell(invocation, DensityTask.Redraw(path, axis, Number(invocation, _sigma, "--sigma")));
        return ExitCode.Done;
    }

    /// <summary>Prints a result, and writes the files that are asked for.</summary>
    private void Tell(Invocation invocation, TaskResult result)
    {
        if (invocation.Json)
            invocation.Write(result.Document);
        else
            result.Lines.ToList().ForEach(line => invocation.Out.Line(line));
        OutputFile.Save(invocation, invocation.Value(_out), _out.Name, "result", writer => writer.Write(result.Document.ToJsonString(LabJson.Indented) + "\n"));
        // tasks that draw nothing do not read the flag, and one that was stopped may have nothing to draw
        if (result.Figure is { } figure)
            OutputFile.Save(invocation, invocation.Value(_figure), _figure.Name, "figure", writer => writer.Write(Svg.Write(figure)));
        if (result.Grid is { } grid)
            OutputFile.Save(invocation, invocation.Value(_paraview), _paraview.Name, "grid", grid);
    }

    /// <summary>The document with what holds for every task.</summary>
    private static JsonObject Complete(TaskResult result, string task, Material material, Invocation invocation, long began)
    {
        result.Document["task"] = task;
        result.Document["model"] = material.Provenance.Json(material.Shape);
        result.Document["seconds"] = Math.Round(invocation.Surroundings.Time.GetElapsedTime(began).TotalSeconds, 3);
        result.Document["partial"] = result.IsPartial;
        return result.Document;
    }

    /// <summary>Runs a task, and refuses numbers that are not finite.</summary>
    private static TaskResult Finite(string task, Func<Material> open, Material material, TaskOptions options, Invocation invocation)
    {
        try
        {
            var result = Run(task, open, material, options, invocation);
            // accuracies are none where there are no classes, and no noise may be enough for the bound of PAC-Bayes
            return TaskResult.NotFinite(result.Document, "accuracies", "PAC-Bayes σ") is { } name ? throw material.NotFinite(name, options.WeightDecay) : result;
        }
        catch (ArithmeticException problem) when (problem is not (OverflowException or DivideByZeroException))
        {
            throw material.NotFinite("a product with the matrix", options.WeightDecay);
        }
    }

    private static TaskResult Run(string task, Func<Material> open, Material material, TaskOptions options, Invocation invocation)
    {
        var watch = new TaskWatch(invocation, task);
        return task switch
        {
            "spectrum" => SpectrumTask.Run(material, options, watch),
            "top" => SpectrumTasks.Top(material, options, watch),
            "density" => DensityTask.Run(material, options, watch),
            "trace" => TraceTasks.Trace(material, options, watch),
            "split" => TraceTasks.Split(material, options, watch),
            "classes" => SpectrumTasks.Classes(material, options, watch),
            "track" => SpectrumTasks.Track(material, options, watch),
            "sharpness" => SharpnessTask.Run(material, options, watch.Share(), watch.Token),
            "line" => LandscapeTasks.Line(material, options, watch.Share(), watch.Token),
            "plane" => PlaneTask.Run(material, options, watch.Share(), watch.Token),
            "curve" => LandscapeTasks.Curve(material, options, watch.Share(), watch.Token),
            _ => VerifyTask.Run(material, open, options, watch),
        };
    }

    /// <summary>A flag that a task does not read would be taken for one that changed its result.</summary>
    private void CheckFlags(Invocation invocation, string task, int models)
    {
        (Option<string?> Flag, string[] Tasks)[] readers =
        [
            (_matrix, ["spectrum", "top", "density", "trace", "track"]),
            (_block, ["spectrum", "top", "density", "trace", "split", "track", "verify"]),
            (_top, ["top", "density", "split", "track"]), (_bottom, ["top", "split", "track"]), (_tolerance, ["spectrum", "top", "density", "trace", "split", "track", "sharpness", "plane"]),
            (_probes, ["density", "trace", "split", "sharpness"]), (_steps, ["density"]), (_method, ["trace", "curve"]), (_axis, ["density"]), (_sigma, ["density"]), (_from, ["density"]), (_lanczos, ["spectrum"]),
            (_weightDecay, ["spectrum", "top", "density", "trace", "split", "track"]),
            (_points, ["line", "plane", "curve"]), (_curvature, ["plane"]), (_memory, ["spectrum", "top", "density", "trace", "split", "classes", "track", "sharpness", "plane"]),
            (_precision, ["spectrum", "top", "density", "trace", "split", "track", "verify", "sharpness", "plane"]),
            (_seed, ["spectrum", "top", "density", "trace", "split", "track", "verify", "sharpness", "plane", "curve"]),
            (_figure, ["spectrum", "density", "split", "track", "line", "plane", "curve"]), (_paraview, ["plane"]),
        ];
        foreach (var (flag, tasks) in readers)
        {
            if (invocation.Value(flag) is not null && !tasks.Contains(task, StringComparer.Ordinal))
                throw new UsageException($"{task} does not read {flag.Name}\n  it is for {string.Join(", ", tasks)}");
        }

        if (invocation.Is(_exact) && task != "spectrum")
            throw new UsageException($"{task} does not read --exact\n  it is for spectrum; a trace takes --method exact");
        CheckKept(invocation, models);
        CheckSpectrum(invocation, task);
        if (models == 0 && invocation.Value(_from) is null)
            throw new UsageException($"{Missing}\n  usage: understudy hessian {Usage}\n  see: understudy help hessian");
        if (invocation.Value(_data) is not null && (invocation.Value(_inputs) ?? invocation.Value(_targets)) is not null)
            throw new UsageException("--data is instead of --inputs and --targets\n  leave one of them out");
        if (models > 1 && task is not ("line" or "plane" or "curve" or "track"))
            throw new UsageException($"{task} takes one model, not {models}\n  line, curve, plane and track take several");
        OutputFile.Check(invocation.Value(_figure), _figure.Name, ".svg");
        OutputFile.Check(invocation.Value(_out), _out.Name, ".json");
        OutputFile.Check(invocation.Value(_paraview), _paraview.Name, ".vts");
    }

    /// <summary>A kept spectrum is whole: nothing else is read with it but how it is drawn.</summary>
    private void CheckKept(Invocation invocation, int models)
    {
        if (invocation.Value(_from) is not { } path)
            return;
        if (models > 0)
            throw new UsageException($"--from draws the spectrum in {path} and takes no model\n  leave one of them out");
        Option<string?>[] read = [_from, _axis, _sigma, _figure, _out, _flags.Threads];
        if (Command.Options.OfType<Option<string?>>().Except(read).FirstOrDefault(option => invocation.Value(option) is not null) is { } other)
            throw new UsageException($"density --from does not read {other.Name}: nothing is computed\n  it reads --axis, --sigma, --figure and --out");
    }

    /// <summary>All eigenvalues draw no random numbers and are in double precision; Lanczos steps are not exact.</summary>
    private void CheckSpectrum(Invocation invocation, string task)
    {
        if (task != "spectrum")
            return;
        if (invocation.Value(_lanczos) is null && new[] { _precision, _seed, _tolerance }.FirstOrDefault(flag => invocation.Value(flag) is not null) is { } ignored)
            throw new UsageException($"spectrum does not read {ignored.Name}\n  it does with --lanczos");
        if (invocation.Value(_lanczos) is not null && invocation.Is(_exact))
            throw new UsageException("--lanczos is instead of all eigenvalues, and --exact for all of them\n  leave one of them out");
    }

    /// <summary>Flags beside runs.</summary>
    private RunFlags RunFlags(Invocation invocation) => new(
        invocation.Value(_network), invocation.Value(_index), invocation.Value(_step), invocation.Value(_data), Count(invocation, _examples, "--examples", 1), invocation.Value(_precision), invocation.Value(_block),
        [.. new[] { _inputs, _targets, _activation, _loss, _layers, _layout }.Select(flag => (flag.Name, invocation.Value(flag)))]);

    private MaterialFlags MaterialFlags(Invocation invocation, string model) => invocation.Value(_step) is not null ? throw new UsageException($"--step is for runs, but {model} is a file\n  leave it out, or give the run's folder") : new(
        invocation.Value(_inputs), invocation.Value(_targets), invocation.Value(_data), Count(invocation, _examples, "--examples", 1), invocation.Value(_activation), invocation.Value(_loss), invocation.Value(_precision), invocation.Value(_block),
        invocation.Value(_network), Count(invocation, _index, "--index", 0), invocation.Value(_layers), invocation.Value(_layout));

    private TaskOptions Options(Invocation invocation, string task, Material material)
    {
        var isSingle = invocation.Value(_precision) == "f32";
        var matrix = Material.Choice(invocation.Value(_matrix) ?? "H", "--matrix", TaskOptions.Matrices);
        var method = Method(invocation, task, material, matrix);
        var tolerance = Number(invocation, _tolerance, "--tolerance");
        // of a trace it is a share of the trace
        if (task != "trace" && tolerance < LeastTolerance)
            throw new UsageException($"--tolerance {TaskResult.Text(tolerance.Value)} is below what rounding leaves: residuals are good to about 1e-15 of the largest eigenvalue, whatever is printed\n  take at least 1e-14");
        var weightDecay = Number(invocation, _weightDecay, "--weight-decay", orZero: true) ?? 0;
        if (invocation.Value(_weightDecay) is not null && matrix is "R" or "S" or "cov" && task != "split")
            throw new UsageException($"--weight-decay has no part in {matrix}: it adds to H and G, and S and cov are of the examples' losses alone\n  leave it out, or take --matrix H");
        var (probes, leastProbes) = task switch
        {
            "trace" => (tolerance is null ? 60 : 1000, method switch { "hutchpp" => 6, "xtrace" => 4, _ => 2 }),
            "sharpness" or "split" => (60, XTrace.LeastProductsOfNorm),
            _ => (10, 2),
        };
        var options = new TaskOptions(
            Count(invocation, _top, "--top", 0),
            Count(invocation, _bottom, "--bottom", 0),
            matrix,
            Count(invocation, _probes, "--probes", leastProbes) ?? probes,
            Count(invocation, _steps, "--steps", 2),
            method,
            tolerance ?? (isSingle ? 1e-4 : 1e-6),
            Material.Choice(invocation.Value(_axis) ?? "linear", "--axis", TaskOptions.Axes),
            Count(invocation, _points, "--points", 4, 1001),
            Count(invocation, _curvature, "--curvature", 2, 1001),
            Number(invocation, _memory, "--memory") is { } gigabytes ? Budget.Allowed(gigabytes) : Budget.DefaultBytes,
            (ulong)(Count(invocation, _seed, "--seed", 0) ?? 1))
        {
            Sigma = Number(invocation, _sigma, "--sigma"),
            IsExact = invocation.Is(_exact),
            LanczosSteps = Count(invocation, _lanczos, "--lanczos", 2),
            WeightDecay = weightDecay,
            TraceTolerance = tolerance,
        };
        return options.HasNoPairs && task is ("top" or "track")
            ? throw new UsageException($"{task} of no eigenvalues says nothing\n  take --top or --bottom of at least 1")
            : options;
    }

    /// <summary>How a trace is taken or a curve found, empty for other tasks; flags that would not change that are refused.</summary>
    private string Method(Invocation invocation, string task, Material material, string matrix)
    {
        if (task is not ("trace" or "curve"))
            return "";
        if (task == "curve")
        {
            var curve = Material.Choice(invocation.Value(_method) ?? "bezier", "--method", TaskOptions.CurveMethods);
            if (curve == "neb" && invocation.Value(_seed) is not null)
                throw new UsageException("an elastic band draws no random numbers and does not read --seed\n  leave it out, or take --method bezier");
            return curve;
        }

        var otherwise = TraceTasks.IsExactUnasked(material, matrix) ? "exact" : invocation.Value(_tolerance) is null ? "xtrace" : "hutchinson";
        var trace = Material.Choice(invocation.Value(_method) ?? otherwise, "--method", TaskOptions.TraceMethods);
        if (trace is "xtrace" or "hutchpp" && invocation.Value(_tolerance) is not null)
            throw new UsageException($"{trace} plans its products beforehand and does not read --tolerance\n  take --method hutchinson, whose probes can stop");
        if (trace == "exact" && new[] { _probes, _seed, _precision, _tolerance }.FirstOrDefault(flag => invocation.Value(flag) is not null) is { } ignored)
            throw new UsageException($"the trace of {matrix} is exact here and does not read {ignored.Name}\n  leave it out, or take --method {(ignored == _tolerance ? "hutchinson" : "xtrace")}");
        return trace;
    }

    private static int? Count(Invocation invocation, Option<string?> option, string name, int least, int most = int.MaxValue)
    {
        if (invocation.Value(option) is not { } text)
            return null;
        return int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number >= least && number <= most
            ? number
            : throw new UsageException(most == int.MaxValue ? $"{name} takes a whole number of at least {least}, not {text}" : $"{name} takes a whole number from {least} to {most}, not {text}");
    }

    private static double? Number(Invocation invocation, Option<string?> option, string name, bool orZero = false)
    {
        if (invocation.Value(option) is not { } text)
            return null;
        return double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && (number > 0 || (orZero && number == 0)) && double.IsFinite(number)
            ? number
            : throw new UsageException($"{name} takes a positive number{(orZero ? " or 0" : "")}, not {text}");
    }
}
