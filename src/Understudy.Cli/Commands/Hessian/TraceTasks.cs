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
    /// <summary>The trace, exact where that is cheap.</summary>
    internal static TaskResult Trace(Material material, TaskOptions options, TaskWatch watch)
    {
        using var curvature = material.Curvature();
        var document = SpectrumTasks.Document(material, curvature, options);
        if (options.Method == "exact")
        {
            if (!SpectrumTasks.HasExactTrace(material, options.Matrix))
                throw new UsageException($"the trace of {options.Matrix} has no exact form here: G and S of fully connected networks have one, and H where their nodes are rectified, all without --block\n  take --method xtrace");
            var traces = ExactTraces.Of(new MlpPoint(material.Mlp!, material.Loss, material.Examples, material.Point), material.Team);
            var (value, slots) = options.Matrix == "S" ? (traces.SecondMoment, traces.SecondMomentBySlot) : (traces.GaussNewton, traces.GaussNewtonBySlot);
            document["trace"] = value;
            document["byTensor"] = new JsonObject(material.Network.Layout.Slots.Select((slot, i) => KeyValuePair.Create<string, JsonNode?>(slot.Name, slots[i])));
            return new TaskResult(
                [.. SpectrumTasks.At(curvature), $"trace of {options.Matrix}: {TaskResult.Text(value)}, exact", .. material.Network.Layout.Slots.Select((slot, i) => $"  {slot.Name,-16} {TaskResult.Text(slots[i])}")], document);
        }

        return Estimated(material, options, curvature, document, watch);
    }

    /// <summary>By probes; when it is interrupted, from those that are finished.</summary>
    private static TaskResult Estimated(Material material, TaskOptions options, NetworkCurvature curvature, JsonObject document, TaskWatch watch)
    {
        var bytes = options.Method == "hutchinson" ? 64.0 * sizeof(double) * curvature.Size : Budget.SketchBytes(options.Probes, curvature.Size);
        Budget.Require(Invariant($"{options.Probes:N0} products"), bytes, options.Method == "hutchinson" || options.Probes >= curvature.Size ? 0 : 0.5 * options.Probes * curvature.Size, options, "take fewer with --probes, or --method hutchinson, which keeps none");
        var matrix = SpectrumTasks.Matrix(curvature, options.Matrix);
        // with as many products as parameters the sketches take unit vectors instead of probes
        var products = options.Method == "hutchinson" ? options.Probes : Math.Min(options.Probes, curvature.Size);
        var probes = options.Method switch { "hutchinson" => products, _ when products == curvature.Size => 0, "hutchpp" => products / 3, _ => products / 2 };
        Budget.Tell(watch, products, Budget.SecondsOfProduct(matrix, material, watch, options.Matrix), bytes);
        var watched = new WatchedOperator(matrix, products, probes);
        watched.Progress = watch.Share(null, () => watched.Trace is { } soFar ? $"{TaskResult.Text(soFar.Value)} ± {TaskResult.Text(soFar.HalfWidth)} by the first probes" : "");
        var sketch = new SketchOptions { Products = options.Probes, Seed = options.Seed, Team = material.Team };
        try
        {
            var estimate = options.Method switch
            {
                "hutchinson" => Hutchinson.Trace(watched, new ProbeOptions { Samples = options.Probes, Seed = options.Seed }, watch.Token),
                "hutchpp" => HutchPlusPlus.Trace(watched, sketch, watch.Token),
                _ => XTrace.Trace(watched, sketch, watch.Token),
            };
            return Result(estimate.Value, estimate.HalfWidth, estimate.Products, estimate.Method.ToString());
        }
        catch (OperationCanceledException) when (watched.Trace is not null)
        {
            // a probe and its product are a sample of their own, whatever else was meant to be done with them
            var soFar = watched.Trace!.Value;
            return Result(soFar.Value, soFar.HalfWidth, soFar.Samples, $"{TraceMethod.Hutchinson}") with { IsPartial = true };
        }

        TaskResult Result(double value, double halfWidth, int used, string method)
        {
            (document["trace"], document["halfWidth"], document["products"], document["method"]) = (value, halfWidth, used, method);
            return new TaskResult([.. SpectrumTasks.At(curvature), Invariant($"trace of {options.Matrix}: {TaskResult.Text(value)} ± {TaskResult.Text(halfWidth)} (95 %), {method}, {used} products")], document);
        }
    }

    /// <summary>H, G, R and S side by side; when it is interrupted, those that are finished.</summary>
    internal static TaskResult Split(Material material, TaskOptions options, TaskWatch watch)
    {
        using var curvature = material.Curvature();
        var (lines, document, layers) = (new List<string>(SpectrumTasks.At(curvature)), SpectrumTasks.Document(material, curvature, options), new List<Layer>());
        Budget.Require(Invariant($"{options.Probes:N0} products"), Budget.SketchBytes(options.Probes / 2, curvature.Size), 0.25 * options.Probes * curvature.Size, options, "take fewer with --probes");
        var isPartial = false;
        foreach (var name in new[] { "H", "G", "R", "S" })
        {
            var matrix = SpectrumTasks.Matrix(curvature, name);
            var bottom = SpectrumTasks.IsSemidefinite(name) ? 0 : options.Bottom;
            var pairs = SpectrumTasks.Pairs(matrix, material, options with { Matrix = name, Bottom = bottom }, [], watch);
            if (pairs.IsCancelled || Norm(matrix, name, material, options, watch) is not { } norm)
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
