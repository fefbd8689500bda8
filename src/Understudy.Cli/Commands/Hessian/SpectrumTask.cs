using System.Text.Json.Nodes;
using Understudy.Cli.Output;
using Understudy.Engine.LinearAlgebra;
using Understudy.Engine.LinearAlgebra.Estimation;
using Understudy.Engine.LinearAlgebra.Krylov;
using Understudy.Engine.Random;
using Understudy.Lab.Figures;
using Understudy.Learning.Curvature;
using static System.FormattableString;

namespace Understudy.Cli.Commands.Hessian;

/// <summary>The task spectrum: all eigenvalues, or what some Lanczos steps know of them.</summary>
/// <remarks>Source: hessian specification, sections 2.3, 3.1 and 7.3.</remarks>
internal static class SpectrumTask
{
    /// <summary>The largest number of parameters whose eigenvalues are all found without being asked for twice.</summary>
    internal const int MostUnasked = 8192;

    private const int Shown = 10;

    internal static TaskResult Run(Material material, TaskOptions options, TaskWatch watch)
        => options.LanczosSteps is { } steps ? Lanczos(material, options, steps, watch) : Whole(material, options, watch);

    /// <summary>All eigenvalues.</summary>
    private static TaskResult Whole(Material material, TaskOptions options, TaskWatch watch)
    {
        using var curvature = new PenalizedCurvature(material, options);
        var entries = Entries(material, curvature, options, watch, out var asymmetry);
        var spectrum = SymmetricEigenvalues.Overwriting(entries, curvature.Size, material.Team, watch.Share("eigenvalues"), watch.Token);
        if (!spectrum.IsConverged)
            throw material.NotFinite($"an entry of {options.Matrix}", options.WeightDecay);
        double[] values = [.. spectrum.Values.ToArray().Reverse()];
        var (counts, outliers, trace, norm) = (SignCount.Of(values), OutlierCount.Of(values), values.Sum(), Math.Sqrt(values.Sum(value => value * value)));
        string[] lines =
        [
            .. SpectrumTasks.At(curvature),
            Invariant($"eigenvalues of {options.Matrix}: {counts.Positive:N0} positive, {counts.Negative:N0} negative, {counts.Zero:N0} of at most 1e-10 of the largest"),
            $"largest   {SpectrumTasks.Joined(values.AsSpan(0, Math.Min(Shown, values.Length)))}",
            $"smallest  {SpectrumTasks.Joined(values.Reverse().Take(Shown).ToArray())}",
            $"trace {TaskResult.Text(trace)}, Frobenius norm {TaskResult.Text(norm)}",
            Invariant($"outliers: {outliers.Gap.Count} by the largest gap, {outliers.Ratio.Count} by the largest ratio, {outliers.Elbow.Count?.ToString(System.Globalization.CultureInfo.InvariantCulture) ?? "none"} by the elbow"),
        ];
        var document = SpectrumTasks.Document(material, curvature, options);
        (document["method"], document["asymmetry"]) = ("exact", asymmetry);
        document["eigenvalues"] = TaskResult.Numbers(values);
        (document["positive"], document["negative"], document["zero"]) = (counts.Positive, counts.Negative, counts.Zero);
        (document["trace"], document["frobeniusNorm"]) = (trace, norm);
        document["outliers"] = new JsonObject { ["gap"] = outliers.Gap.Count, ["ratio"] = outliers.Ratio.Count, ["elbow"] = outliers.Elbow.Count };
        return new TaskResult(lines, document, new Figure("spectrum", $"Eigenvalues of {options.Matrix}", Invariant($"All {curvature.Size:N0} eigenvalues by rank, at a loss of {curvature.Loss():0.####}."),
        [
            new Panel("", new Axis("rank from the largest", Logarithmic: true), new Axis("eigenvalue λ"), [new LineLayer("", [.. values.Select((value, rank) => new XY(rank + 1, value))], SeriesRole.Student)]),
        ]));
    }

    /// <summary>Ritz values with their residuals, and the quadrature of the start vector; when it is interrupted, of the steps so far.</summary>
    private static TaskResult Lanczos(Material material, TaskOptions options, int steps, TaskWatch watch)
    {
        using var curvature = new PenalizedCurvature(material, options);
        var size = curvature.Size;
        if (steps > size)
            throw new UsageException(Invariant($"--lanczos {steps} is more than the {size:N0} parameters\n  take at most {size}"));
        var bytes = (sizeof(double) * (steps + 6.0) * size) + (2.0 * sizeof(double) * steps * steps);
        Budget.Require(Invariant($"{steps:N0} Lanczos vectors"), bytes, (double)steps * size, curvature, options, "take fewer steps with --lanczos", options.Matrix);
        var matrix = curvature.Matrix(options.Matrix);
        Budget.Tell(watch, steps, Budget.SecondsOfProduct(matrix, material, watch, options), bytes);
        var start = new double[size];
        new RandomSequence(options.Seed, "hessian/lanczos").FillNormal(0, start);
        var process = LanczosProcess.Of(new WatchedOperator(matrix, steps) { Progress = watch.Share() }, start, steps, new LanczosOptions { EndsWhenCancelled = true, Team = material.Team }, watch.Token);
        var quadrature = process.Tridiagonal.Quadrature();
        double[] values = quadrature.Nodes.ToArray(), residuals = [.. quadrature.LastComponents.ToArray().Select(component => process.IsExhausted ? 0 : component * process.Residual)];
        var largest = values.Select(Math.Abs).Max();
        // the rule of a search for eigenpairs
        var search = new EigenpairOptions { Tolerance = options.Tolerance };
        bool[] converged = [.. values.Select((value, i) => residuals[i] <= search.Tolerance * Math.Max(Math.Abs(value), search.Floor * largest))];
        var isPartial = process.Steps < steps && !process.IsExhausted;
        var measure = SpectralMeasure.Kept(size, [quadrature], [process.IsExhausted], [], process.Steps);
        var document = SpectrumTasks.Document(material, curvature, options);
        (document["method"], document["products"], document["tolerance"]) = ("lanczos", process.Steps, options.Tolerance);
        document["ritz"] = new JsonArray([.. values.Select((value, i) => new JsonObject { ["value"] = value, ["residual"] = residuals[i], ["weight"] = quadrature.Weights[i], ["converged"] = converged[i] }).Reverse()]);
        StoredSpectrum.WriteProbes(document, measure);
        string Row(int i) => Invariant($"{TaskResult.Text(values[i]),12}  residual {residuals[i]:0.0e0}{(converged[i] ? "" : "  not converged")}");
        var ends = Math.Min(Shown, values.Length);
        return new TaskResult(
            [
                .. SpectrumTasks.At(curvature),
                Invariant($"{process.Steps} Lanczos steps with {options.Matrix} from one random vector{(process.IsExhausted ? ", which exhausted its invariant subspace" : "")}: {converged.Count(holds => holds)} of {values.Length} Ritz values converged to {TaskResult.Text(options.Tolerance)}; the others are no eigenvalues"),
                .. Enumerable.Range(0, ends).Select(i => Invariant($"largest  {i + 1,4}  {Row(values.Length - 1 - i)}")),
                .. Enumerable.Range(0, Math.Min(ends, values.Length - ends)).Select(i => Invariant($"smallest {i + 1,4}  {Row(i)}")),
                .. SpectrumTasks.Single(material),
            ],
            document, Drawn(values, converged, options))
        {
            IsPartial = isPartial,
        };
    }

    private static Figure Drawn(double[] values, bool[] converged, TaskOptions options)
    {
        XY[] Of(bool which) => [.. values.Reverse().Zip(converged.Reverse()).Index().Where(item => item.Item.Second == which).Select(item => new XY(item.Index + 1, item.Item.First))];
        return new Figure("spectrum", $"Ritz values of {options.Matrix}", Invariant($"After {values.Length} Lanczos steps from one random vector. Those that have not converged are no eigenvalues, and their ranks none among all."),
        [
            new Panel("", new Axis("rank from the largest Ritz value", Min: 0), new Axis("Ritz value θ"),
                [new PointLayer(Invariant($"converged to {options.Tolerance:0e0}"), Of(true), SeriesRole.Student, Size: 30, Opacity: 1), new PointLayer("not converged", Of(false), SeriesRole.Alternative, Size: 30)]),
        ]);
    }

    /// <summary>All entries: in closed form where there is one, else by products.</summary>
    private static double[] Entries(Material material, PenalizedCurvature curvature, TaskOptions options, TaskWatch watch, out double? asymmetry)
    {
        const string Without = "take `top` for both ends, `density` or --lanczos for the rest, `trace` for the sum";
        var (size, network) = ((double)curvature.Size, material.Options.Block is null && options.Matrix is "H" or "G" or "R" ? material.Mlp : null);
        // of a block, the 16 products in work come on top
        var bytes = material.Options.Block is null ? ExactHessian.Bytes(material.Network) : (sizeof(double) * size * size) + (256 << 20);
        var what = Invariant($"all eigenvalues of {curvature.Size:N0} parameters");
        // nothing large is allocated before it is known what all of it takes
        curvature.Keep(0);
        var reduction = Budget.SecondsOfReduction(size, material.Team, watch);
        // the closed form takes N P²/2 multiply-adds where a reduction takes 4/3 P³ operations
        var formed = network is null ? size * Budget.SecondsOfProduct(curvature.Matrix(options.Matrix), material, watch, options) : reduction * 0.375 * curvature.Examples / size;
        var seconds = Wording.Of(TimeSpan.FromSeconds(Math.Min(1e9, formed + reduction)));
        Budget.Require(Invariant($"{what} take about {seconds}, and"), bytes, size * size, curvature, options, Without, network is null ? [options.Matrix] : []);
        var cost = $"about {seconds} and {Wording.Bytes((long)bytes)}";
        if (curvature.Size > MostUnasked && !options.IsExact)
            throw new UsageException(Invariant($"{what} take {cost}, and above {MostUnasked:N0} parameters are found only with --exact\n  {Without}"));
        watch.Tell($"{what}, {cost}");
        var exact = new ExactOptions { MemoryBytes = options.MemoryBytes, Team = material.Team };
        asymmetry = null;
        if (network is null)
        {
            var entries = ExactHessian.ByProducts(curvature.Matrix(options.Matrix), out var found, exact, watch.Share("entries"), watch.Token);
            asymmetry = found;
            return entries;
        }

        var part = options.Matrix switch { "G" => CurvatureMatrix.GaussNewton, "R" => CurvatureMatrix.Residual, _ => CurvatureMatrix.Hessian };
        var formedEntries = ExactHessian.Of(new MlpPoint(network, material.Loss, material.Examples, material.Point), exact with { Matrix = part }, watch.Share("entries"), watch.Token);
        for (var i = 0L; i < curvature.Size; i++)
            formedEntries[(i * curvature.Size) + i] += curvature.ShiftOf(options.Matrix);
        return formedEntries;
    }
}
