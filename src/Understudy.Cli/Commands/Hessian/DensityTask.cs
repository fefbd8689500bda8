using System.Text.Json.Nodes;
using Understudy.Engine.LinearAlgebra.Estimation;
using Understudy.Engine.LinearAlgebra.Krylov;
using Understudy.Lab.Figures;
using Understudy.Learning.Curvature;
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
        using var curvature = material.Curvature();
        var matrix = SpectrumTasks.Matrix(curvature, options.Matrix);
        var (stems, steps) = (Stems(options, curvature.Size), options.StepsOf(curvature.Size));
        _ = Budget.RequirePairs(stems, 0, curvature.Size, options);
        var together = Together(options, stems, steps, curvature.Size, out var bytes);
        var found = stems == 0 ? null : SpectrumTasks.Pairs(matrix, material, options with { Top = stems, Bottom = 0 }, [], watch);
        if (found is { IsCancelled: true })
            return StemsAlone(material, options, curvature, found);
        var top = found?.Top ?? Eigenpairs.None;
        Budget.Tell(watch, (double)options.Probes * steps, Budget.SecondsOfProduct(matrix, material, watch, options.Matrix), bytes);
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

        var axis = options.Axis == "asinh" ? SpectralAxis.Asinh(1e-3 * Math.Max(Math.Abs(measure.Largest), Math.Abs(measure.Smallest))) : SpectralAxis.Linear;
        var density = SpectralDensity.Of(measure, axis);
        var mean = density.Mean.ToArray();
        XY[] Curve(Func<int, double> value) => [.. Enumerable.Range(0, mean.Length).Select(i => new XY(density.Grid.Coordinate(i), value(i)))];
        var document = SpectrumTasks.Document(material, curvature, options);
        document["products"] = measure.Products;
        (document["sigma"], document["mass"]) = (density.Sigma, density.Mass);
        document["coordinates"] = TaskResult.Numbers(Curve(_ => 0).Select(point => point.X));
        (document["density"], document["stems"]) = (TaskResult.Numbers(mean), TaskResult.Numbers(measure.Stems.ToArray()));
        document["probes"] = new JsonArray([.. measure.Probes.Select(probe => new JsonObject { ["nodes"] = TaskResult.Numbers(probe.Nodes.ToArray()), ["weights"] = TaskResult.Numbers(probe.Weights.ToArray()) })]);
        return new TaskResult(
            [
                .. SpectrumTasks.At(curvature),
                Invariant($"density of {options.Matrix} from {measure.Probes.Count} probes of {measure.Steps} steps, {measure.Products} products; width σ = {TaskResult.Text(density.Sigma)}{(axis.Scale == SpectralScale.Asinh ? " on the asinh axis" : "")}, mass {density.Mass:0.0000}"),
                $"stems     {(top.Count == 0 ? "none" : string.Join("  ", top.Values.ToArray().Select(TaskResult.Text)))}",
                Invariant($"share of eigenvalues up to 0: {Share(measure.ShareUpTo(0))}; number above a hundredth of λ₁: {Share(measure.CountAbove(0.01 * Math.Max(measure.Largest, top.Count > 0 ? top.Values[0] : 0)))}"),
            ],
            document,
            new Figure("density", $"Density of the eigenvalues of {options.Matrix}", Invariant($"Mean over {measure.Probes.Count} probes with its 95 % band; stems are eigenvalues found before. Width σ = {TaskResult.Text(density.Sigma)}."),
            [
                new Panel("", new Axis(axis.Scale == SpectralScale.Asinh ? $"asinh(λ/λ₀) with λ₀ = {TaskResult.Text(axis.Unit)}" : "eigenvalue λ"), new Axis("density", Logarithmic: true, Min: 1e-6 * mean.Max()),
                [
                    new BandLayer("", Curve(i => Math.Max(1e-6 * mean.Max(), mean[i] - density.HalfWidth(i))), Curve(i => Math.Max(1e-6 * mean.Max(), mean[i] + density.HalfWidth(i))), SeriesRole.Student),
                    new LineLayer("density", Curve(i => Math.Max(1e-6 * mean.Max(), mean[i])), SeriesRole.Student),
                    .. measure.Stems.ToArray().Select(stem => new RuleLayer("dashed: outliers", axis.Coordinate(stem), Vertical: true)),
                ]),
            ]))
        {
            IsPartial = measure.IsCancelled,
        };
    }

    /// <summary>What was found of the stems before the rest was stopped.</summary>
    private static TaskResult StemsAlone(Material material, TaskOptions options, NetworkCurvature curvature, ExtremeEigenpairs found)
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

    /// <summary>How many probes advance at once in the memory that is allowed, which does not change the result.</summary>
    private static int Together(TaskOptions options, int stems, int steps, int size, out double bytes)
    {
        double known = 2.0 * stems * sizeof(double) * size, each = (steps + 5.0) * sizeof(double) * size;
        Budget.Require(Invariant($"{steps:N0} Lanczos vectors of a probe"), known + each, (double)steps * size, options, "take fewer with --steps");
        var together = (int)Math.Clamp((options.MemoryBytes - known) / each, 1, Math.Min(MostTogether, options.Probes));
        bytes = known + (together * each);
        return together;
    }

    private static string Share(SpectralShare share) => Invariant($"{share.Value:0.###} [{share.Lower:0.###}, {share.Upper:0.###}]");
}
