using System.Text.Json.Nodes;
using Understudy.Engine.LinearAlgebra;
using Understudy.Engine.LinearAlgebra.Estimation;
using Understudy.Lab.Figures;
using Understudy.Learning.Curvature;
using static System.FormattableString;

namespace Understudy.Cli.Commands.Hessian;

/// <summary>Tasks by sums over the whole spectrum: trace and split.</summary>
internal static class TraceTasks
{
    // before so many probes no interval is believed
    private const int LeastSamples = 10;

    /// <summary>Whether a trace needs no random vectors.</summary>
    internal static bool HasExact(Material material, string matrix) => matrix switch
    {
        "H" => ExactTraces.HaveHessian(material.Network),
        "G" or "S" => true,
        _ => false,
    };

    /// <summary>Whether it is had without them unless the user says how.</summary>
    internal static bool IsExactUnasked(Material material, string matrix)
    {
        using var curvature = material.Curvature();
        return ExactTraces.AreCheap(curvature) && HasExact(material, matrix);
    }

    /// <summary>The trace, exact where that is cheap.</summary>
    internal static TaskResult Trace(Material material, TaskOptions options, TaskWatch watch)
    {
        using var curvature = new PenalizedCurvature(material, options);
        return options.Method == "exact" ? Exact(material, options, curvature, watch) : Estimated(material, options, curvature, watch);
    }

    private static TaskResult Exact(Material material, TaskOptions options, PenalizedCurvature curvature, TaskWatch watch)
    {
        if (!HasExact(material, options.Matrix))
            throw new UsageException($"the trace of {options.Matrix} has no exact form here: G and S have one, and H where the network is piecewise linear in each of its parameters\n  take --method xtrace");
        var rows = (double)material.Network.Outputs * curvature.Size;
        // a closed form makes none of them
        if (material.Mlp is null || material.Options.Block is not null)
        {
            Budget.Require("gradients of the outputs", sizeof(double) * rows, rows, curvature, options, "take --method hutchinson");
            watch.Tell(Invariant($"{(material.Network.Outputs + 1.0) * curvature.Examples:N0} reverse passes of one example"));
        }

        var traces = ExactTraces.Of(curvature.Network, watch.Share(), watch.Token);
        var block = curvature.Network.Block.Slots;
        double[] values = [.. (options.Matrix == "S" ? traces.SecondMomentBySlot : traces.GaussNewtonBySlot).Zip(block, (value, slot) => value + (curvature.ShiftOf(options.Matrix) * slot.Shape.Count))];
        var document = SpectrumTasks.Document(material, curvature, options);
        (document["trace"], document["method"]) = (values.Sum(), "exact");
        document["byTensor"] = new JsonObject(block.Select((slot, i) => KeyValuePair.Create<string, JsonNode?>(slot.Name, values[i])));
        return new TaskResult(
            [.. SpectrumTasks.At(curvature), $"trace of {options.Matrix}: {TaskResult.Text(values.Sum())}, exact", .. block.Select((slot, i) => $"  {slot.Name,-16} {TaskResult.Text(values[i])}")], document);
    }

    /// <summary>By probes; when it is interrupted, from those that are finished.</summary>
    private static TaskResult Estimated(Material material, TaskOptions options, PenalizedCurvature curvature, TaskWatch watch)
    {
        var isPlain = options.Method == "hutchinson";
        var bytes = isPlain ? 64.0 * sizeof(double) * curvature.Size : Budget.SketchBytes(options.Probes, curvature.Size);
        Budget.Require(Invariant($"{options.Probes:N0} products"), bytes, isPlain || options.Probes >= curvature.Size ? 0 : 0.5 * options.Probes * curvature.Size, curvature, options, "take fewer with --probes, or --method hutchinson, which keeps none", options.Matrix);
        var matrix = curvature.Matrix(options.Matrix);
        // with as many products as parameters the sketches take unit vectors instead of probes
        var products = isPlain ? options.Probes : Math.Min(options.Probes, curvature.Size);
        var takesUnits = !isPlain && products == curvature.Size;
        var probes = options.Method switch { "hutchinson" => products, _ when takesUnits => products, "hutchpp" => products / 3, _ => products / 2 };
        Budget.Tell(watch, products, Budget.SecondsOfProduct(matrix, material, watch, options), bytes);
        var slots = curvature.Network.Block.Slots;
        int[] offsets = [.. slots.Select(slot => slot.Offset), curvature.Size];
        var watched = new WatchedOperator(matrix, products, probes, offsets);
        watched.Progress = watch.Share(null, () => !takesUnits && watched.Trace is { } soFar ? $"{TaskResult.Text(soFar.Value)} ± {TaskResult.Text(soFar.HalfWidth)} by the first probes" : "");
        var sketch = new SketchOptions { Products = options.Probes, Seed = options.Seed, Team = material.Team };
        try
        {
            var estimate = options.Method switch
            {
                "hutchinson" => Hutchinson.Trace(watched, new ProbeOptions { Samples = options.Probes, RelativeTolerance = options.TraceTolerance ?? 0, Seed = options.Seed }, watch.Token),
                "hutchpp" => HutchPlusPlus.Trace(watched, sketch, watch.Token),
                _ => XTrace.Trace(watched, sketch, watch.Token),
            };
            return Result(estimate.Estimate, estimate.Products, estimate.Method, estimate.IsConverged);
        }
        catch (OperationCanceledException) when (!takesUnits && watched.Trace is not null)
        {
            // a probe and its product are a sample of their own, whatever else was meant to be done with them
            var soFar = watched.Trace!.Value;
            return Result(soFar, soFar.Samples, TraceMethod.Hutchinson, options.TraceTolerance is { } tolerance && soFar.Samples >= LeastSamples && soFar.HalfWidth <= tolerance * Math.Abs(soFar.Value)) with { IsPartial = true };
        }

        TaskResult Result(SampledValue value, int used, TraceMethod method, bool isReached)
        {
            var layers = method == TraceMethod.Exact && takesUnits ? watched.Sums() : watched.Blocks();
            var document = SpectrumTasks.Document(material, curvature, options);
            (document["trace"], document["halfWidth"], document["products"], document["method"]) = (value.Value, value.HalfWidth, used, method.ToString());
            (document["tolerance"], document["toleranceReached"]) = (options.TraceTolerance, options.TraceTolerance is null ? null : isReached);
            document["byTensor"] = new JsonObject(slots.Select((slot, i) => KeyValuePair.Create<string, JsonNode?>(slot.Name, layers[i].Value)));
            document["byTensorHalfWidth"] = new JsonObject(slots.Select((slot, i) => KeyValuePair.Create<string, JsonNode?>(slot.Name, layers[i].HalfWidth)));
            string[] stop = options.TraceTolerance is not { } tolerance ? [] :
            [
                Invariant($"the half-width is {(value.Value == 0 ? double.PositiveInfinity : Math.Abs(value.HalfWidth / value.Value)):0.## %} of the trace: {(isReached ? "within" : "not within")} the {tolerance:0.## %} of --tolerance, after {used} of at most {options.Probes} probes"),
            ];
            return new TaskResult(
                [
                    .. SpectrumTasks.At(curvature),
                    Invariant($"trace of {options.Matrix}: {TaskResult.Text(value.Value)} ± {TaskResult.Text(value.HalfWidth)} (95 %), {method}, {used} products"),
                    .. stop,
                    layers[0].Samples == 0 ? "by tensor, exact" : Invariant($"by tensor, from the same {layers[0].Samples} probes"),
                    .. slots.Select((slot, i) => $"  {slot.Name,-16} {TaskResult.Text(layers[i].Value)}{(layers[i].Samples == 0 ? "" : $" ± {TaskResult.Text(layers[i].HalfWidth)}")}"),
                    .. SpectrumTasks.Single(material),
                ], document);
        }
    }

    /// <summary>H, G, R and S side by side; when it is interrupted, those that are finished.</summary>
    internal static TaskResult Split(Material material, TaskOptions options, TaskWatch watch)
    {
        using var curvature = new PenalizedCurvature(material, options);
        var (lines, document, layers) = (new List<string>(SpectrumTasks.At(curvature)), SpectrumTasks.Document(material, curvature, options), new List<Layer>());
        string[] names = ["H", "G", "R", "S"];
        var sketch = Budget.SketchBytes(options.Probes / 2, curvature.Size);
        _ = Budget.Require(Invariant($"{options.Probes:N0} products"), sketch, options.Probes / 2 >= curvature.Size ? 0 : 0.25 * options.Probes * curvature.Size, curvature, options, "take fewer with --probes", names);
        var memory = Budget.RequirePairs(options.TopOf(curvature.Size), options.BottomOf(curvature.Size), 0, curvature, options, "take fewer with --top and --bottom", names);
        curvature.Keep(options.MemoryBytes - Math.Max(sketch, memory.Vectors), names);
        var isPartial = false;
        foreach (var name in names)
        {
            var matrix = curvature.Matrix(name);
            var bottom = SpectrumTasks.IsSemidefinite(name) ? 0 : options.Bottom;
            var pairs = SpectrumTasks.Pairs(matrix, material, options with { Matrix = name, Bottom = bottom }, [], memory, watch);
            if (SpectrumTasks.WasStopped(pairs) || Norm(matrix, name, material, options, watch) is not { } norm)
            {
                isPartial = true;
                break;
            }

            lines.Add(Invariant($"{name}  largest {SpectrumTasks.Joined(pairs.Top.Values[..Math.Min(5, pairs.Top.Count)])}  {(SpectrumTasks.IsSemidefinite(name) ? "none below 0" : $"smallest {SpectrumTasks.Joined(pairs.Bottom.Values[..Math.Min(2, pairs.Bottom.Count)])}")}  ‖{name}‖² {TaskResult.Text(norm.Value)} ± {TaskResult.Text(norm.HalfWidth)}  residuals up to {SpectrumTasks.WorstResidual(pairs):0.0e0}"));
            document[name] = new JsonObject { ["top"] = SpectrumTasks.Json(pairs.Top), ["bottom"] = SpectrumTasks.Json(pairs.Bottom), ["squaredNorm"] = norm.Value, ["squaredNormHalfWidth"] = norm.HalfWidth };
            watch.Tell($"{name} is done");
            layers.Add(new PointLayer(name, [.. pairs.Top.Values.ToArray().Select((value, rank) => new XY(rank + 1, value)).Where(point => point.Y > 0)], Size: 30));
        }

        return new TaskResult(lines, document, new Figure("split", "The Hessian and its parts", "H = G + R; S is the second moment of the gradients of single examples.",
            [new Panel("", new Axis("rank from the largest", Min: 0), new Axis("eigenvalue", Logarithmic: true), layers)]))
        {
            IsPartial = isPartial,
        };
    }

    /// <summary>The squared norm of a matrix; null where it was stopped before.</summary>
    private static TraceEstimate? Norm(ISymmetricOperator matrix, string name, Material material, TaskOptions options, TaskWatch watch)
    {
        try
        {
            var watched = new WatchedOperator(matrix, Math.Min(options.Probes, 2L * matrix.Size)) { Progress = watch.Share($"norm of {name}") };
            return XTrace.SquaredNorm(watched, new SketchOptions { Products = options.Probes, Seed = options.Seed, Team = material.Team }, watch.Token);
        }
        catch (OperationCanceledException) when (watch.Token.IsCancellationRequested)
        {
            return null;
        }
    }
}
