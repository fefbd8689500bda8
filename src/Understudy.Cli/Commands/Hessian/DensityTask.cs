using System.Text.Json.Nodes;
using Understudy.Data;
using Understudy.Engine.LinearAlgebra.Estimation;
using Understudy.Engine.LinearAlgebra.Krylov;
using static System.FormattableString;

namespace Understudy.Cli.Commands.Hessian;

/// <summary>The task density.</summary>
internal static class DensityTask
{
    // more that advance together save time, and take memory
    private const int MostTogether = 10;

    /// <summary>The density of eigenvalues, with what stands out found before; when it is interrupted, of what is finished.</summary>
    internal static TaskResult Run(Material material, TaskOptions options, TaskWatch watch)
    {
        using var curvature = new PenalizedCurvature(material, options);
        var (stems, steps) = (Stems(options, curvature.Size), options.StepsOf(curvature.Size));
        var search = Budget.RequirePairs(stems, 0, 0, curvature, options, "take fewer with --top", options.Matrix);
        var together = Together(curvature, options, stems, steps, search, out var bytes);
        var matrix = curvature.Matrix(options.Matrix);
        var found = stems == 0 ? null : SpectrumTasks.Pairs(matrix, material, options with { Top = stems, Bottom = 0 }, [], search, watch);
        if (found is not null && SpectrumTasks.WasStopped(found))
            return StemsAlone(material, options, curvature, found);
        var top = found?.Top ?? Eigenpairs.None;
        Budget.Tell(watch, (double)options.Probes * steps, Budget.SecondsOfProduct(matrix, material, watch, options), bytes);
        var quadrature = new QuadratureOptions { Probes = options.Probes, Steps = steps, Seed = options.Seed, BlockSize = together, KeepsFinished = true, Team = material.Team };
        var watched = new WatchedOperator(matrix, (long)options.Probes * steps) { Progress = watch.Share() };
        SpectralMeasure measure;
        try
        {
            measure = SpectralMeasure.Estimate(watched, top.Values, top.Vectors, quadrature, watch.Token);
            // a single probe has no band
            if (measure.Probes.Count < 2)
                watch.Token.ThrowIfCancellationRequested();
        }
        catch (OperationCanceledException) when (found is not null)
        {
            return StemsAlone(material, options, curvature, found);
        }

        var drawn = DrawnDensity.Of(measure, options.Matrix, material.Options.Precision == Engine.DType.F32, options.Axis, options.Sigma);
        var document = SpectrumTasks.Document(material, curvature, options);
        (document["products"], document["stemResiduals"]) = (measure.Products, TaskResult.Numbers(top.Residuals.ToArray()));
        drawn.Write(document);
        return new TaskResult([.. SpectrumTasks.At(curvature), .. drawn.Lines(), .. SpectrumTasks.Single(material)], document, drawn.Figure()) { IsPartial = measure.IsCancelled };
    }

    /// <summary>The density of a kept spectrum, without a product.</summary>
    /// <param name="path">The document.</param>
    /// <param name="axis">linear, asinh or log; null for that of the document.</param>
    /// <param name="sigma">The width; null for what suits.</param>
    internal static TaskResult Redraw(string path, string? axis, double? sigma)
    {
        var (document, measure) = StoredSpectrum.Read(path);
        string Text(string name) => document[name] is JsonValue value && value.TryGetValue<string>(out var text) ? text : throw new UnreadableFileException(path, $"it does not say its {name}; name a file that --out wrote");
        double Number(string name) => document[name] is JsonValue value && value.TryGetValue<double>(out var number) ? number : throw new UnreadableFileException(path, $"it does not say its {name}; name a file that --out wrote");
        var kept = "linear";
        if (document["axis"] is { } own)
            kept = (own as JsonObject)?["name"] is JsonValue name && name.TryGetValue<string>(out var word) && TaskOptions.Axes.Contains(word) ? word : throw new UnreadableFileException(path, $"its axis has no name of {string.Join(", ", TaskOptions.Axes)}; name a file that --out wrote");
        var drawn = DrawnDensity.Of(measure, Text("matrix"), Text("precision") == nameof(Engine.DType.F32), axis ?? kept, sigma);
        drawn.Write(document);
        document["from"] = path;
        if (TaskResult.NotFinite(document) is { } wild)
            throw new UnreadableFileException(path, $"{wild} of its spectrum is not finite: its numbers are too large; name a file that --out wrote");
        return new TaskResult(
            [Invariant($"from {path}: network {Text("network")}, {Number("parameters"):N0} parameters, {Number("examples"):N0} examples, loss {TaskResult.Text(Number("loss"))}, gradient norm {TaskResult.Text(Number("gradientNorm"))}{(document["partial"] is JsonValue partial && partial.TryGetValue<bool>(out var isPartial) && isPartial ? "; it was stopped before its end" : "")}"), .. drawn.Lines()],
            document, drawn.Figure());
    }

    /// <summary>What was found of the stems before the rest was stopped.</summary>
    private static TaskResult StemsAlone(Material material, TaskOptions options, PenalizedCurvature curvature, ExtremeEigenpairs found)
    {
        var document = SpectrumTasks.Document(material, curvature, options);
        (document["top"], document["products"]) = (SpectrumTasks.Json(found.Top), found.Products);
        return new TaskResult([.. SpectrumTasks.At(curvature), .. SpectrumTasks.Rows(found.Top, "largest"), "no probe was finished, so there is no density"], document) { IsPartial = true };
    }

    /// <summary>Eigenvalues to find before.</summary>
    private static int Stems(TaskOptions options, int size)
    {
        var stems = options.TopOf(size);
        return stems < size || options.Top is null
            ? Math.Min(stems, size - 1)
            : throw new UsageException(Invariant($"with all {size:N0} eigenvalues found before, there is no density left\n  take fewer with --top, or understudy hessian spectrum"));
    }

    /// <summary>How many probes advance at once in the memory that is allowed, which does not change the result; what neither they nor the search for stems takes is for kept passes.</summary>
    private static int Together(PenalizedCurvature curvature, TaskOptions options, int stems, int steps, SearchMemory search, out double bytes)
    {
        double known = 2.0 * stems * sizeof(double) * curvature.Size, each = (steps + 5.0) * sizeof(double) * curvature.Size;
        var left = Budget.Require(Invariant($"{steps:N0} Lanczos vectors of a probe"), known + each, (double)steps * curvature.Size, curvature, options, "take fewer with --steps", options.Matrix);
        var together = 1 + (int)Math.Clamp(left / each, 0, Math.Min(MostTogether, options.Probes) - 1);
        bytes = known + (together * each);
        curvature.Keep(options.MemoryBytes - Math.Max(bytes, stems == 0 ? 0 : search.Vectors), options.Matrix);
        return together;
    }
}
