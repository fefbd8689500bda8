using System.Text.Json.Nodes;
using Understudy.Engine.LinearAlgebra;
using Understudy.Engine.LinearAlgebra.Estimation;
using Understudy.Engine.LinearAlgebra.Krylov;
using Understudy.Lab.Figures;
using Understudy.Learning.Curvature;
using static System.FormattableString;

namespace Understudy.Cli.Commands.Hessian;

/// <summary>Tasks on eigenvalues: spectrum, top, density, trace, split, classes, track.</summary>
internal static class SpectrumTasks
{
    private const int Shown = 10;
    private const int DefaultBottom = 3;

    /// <summary>All eigenvalues.</summary>
    internal static TaskResult Spectrum(Material material, TaskOptions options, IProgress<double> progress, CancellationToken cancellation)
    {
        using var curvature = material.Curvature();
        var entries = Whole(material, curvature, options, progress, cancellation);
        var spectrum = SymmetricEigenvalues.Overwriting(entries, curvature.Size, material.Team, null, cancellation);
        double[] values = [.. spectrum.Values.ToArray().Reverse()];
        var (counts, outliers, moments) = (SignCount.Of(values), OutlierCount.Of(values), Moments(values));
        string[] lines =
        [
            .. At(curvature),
            Invariant($"eigenvalues of {options.Matrix}: {counts.Positive:N0} positive, {counts.Negative:N0} negative, {counts.Zero:N0} of at most 1e-10 of the largest"),
            $"largest   {string.Join("  ", values.Take(Shown).Select(TaskResult.Text))}",
            $"smallest  {string.Join("  ", values.Reverse().Take(Shown).Select(TaskResult.Text))}",
            $"trace {TaskResult.Text(moments.Trace)}, Frobenius norm {TaskResult.Text(moments.Norm)}",
            Invariant($"outliers: {outliers.Gap.Count} by the largest gap, {outliers.Ratio.Count} by the largest ratio, {outliers.Elbow.Count?.ToString(System.Globalization.CultureInfo.InvariantCulture) ?? "none"} by the elbow"),
        ];
        var document = Document(material, curvature, options);
        document["eigenvalues"] = TaskResult.Numbers(values);
        return new TaskResult(lines, document, new Figure("spectrum", $"Eigenvalues of {options.Matrix}", Invariant($"All {curvature.Size:N0} eigenvalues by rank, at a loss of {curvature.Loss():0.####}."),
        [
            new Panel("", new Axis("rank from the largest", Logarithmic: true), new Axis("eigenvalue λ"), [new LineLayer("", [.. values.Select((value, rank) => new XY(rank + 1, value))], SeriesRole.Student)]),
        ]));
    }

    /// <summary>Eigenpairs at both ends; what has converged is kept when it is interrupted.</summary>
    internal static TaskResult Top(Material material, TaskOptions options, IProgress<EigenpairProgress> progress, CancellationToken cancellation)
    {
        using var curvature = material.Curvature();
        var pairs = Pairs(Matrix(curvature, options.Matrix), material, options, [], progress, cancellation);
        IEnumerable<string> Rows(Eigenpairs end, string name) => Enumerable.Range(0, end.Count).Select(i => Invariant(
            $"{name,-9}{i + 1,4}  {TaskResult.Text(end.Values[i]),12}  residual {end.Residuals[i]:0.0e0}{(end.Converged[i] ? "" : "  not converged")}"));
        var document = Document(material, curvature, options);
        (document["top"], document["bottom"], document["products"], document["cancelled"]) = (Json(pairs.Top), Json(pairs.Bottom), pairs.Products, pairs.IsCancelled);
        return new TaskResult(
            [.. At(curvature), .. Rows(pairs.Top, "largest"), .. Rows(pairs.Bottom, "smallest"), Invariant($"{pairs.Products} products, {pairs.Restarts} restarts{(pairs.IsCancelled ? ", interrupted" : "")}"), .. Single(material)], document);
    }

    /// <summary>The density of eigenvalues, with what stands out found before.</summary>
    internal static TaskResult Density(Material material, TaskOptions options, IProgress<EigenpairProgress> progress, CancellationToken cancellation)
    {
        using var curvature = material.Curvature();
        var matrix = Matrix(curvature, options.Matrix);
        var top = options.Top == 0 ? Eigenpairs.None : Pairs(matrix, material, options with { Top = Math.Min(options.Top, curvature.Size - 1), Bottom = 0 }, [], progress, cancellation).Top;
        cancellation.ThrowIfCancellationRequested();
        var quadrature = new QuadratureOptions { Probes = options.Probes, Steps = Math.Min(options.Steps, curvature.Size), Seed = options.Seed, Team = material.Team };
        var measure = top.Count == 0 ? SpectralMeasure.Estimate(matrix, quadrature, cancellation) : SpectralMeasure.Estimate(matrix, top.Values, top.Vectors, quadrature, cancellation);
        var axis = options.Axis == "asinh" ? SpectralAxis.Asinh(1e-3 * Math.Max(Math.Abs(measure.Largest), Math.Abs(measure.Smallest))) : SpectralAxis.Linear;
        var density = SpectralDensity.Of(measure, axis);
        var mean = density.Mean.ToArray();
        XY[] Curve(Func<int, double> value) => [.. Enumerable.Range(0, mean.Length).Select(i => new XY(density.Grid.Coordinate(i), value(i)))];
        var document = Document(material, curvature, options);
        document["products"] = measure.Products;
        (document["sigma"], document["mass"]) = (density.Sigma, density.Mass);
        document["coordinates"] = TaskResult.Numbers(Curve(_ => 0).Select(point => point.X));
        (document["density"], document["stems"]) = (TaskResult.Numbers(mean), TaskResult.Numbers(measure.Stems.ToArray()));
        document["probes"] = new JsonArray([.. measure.Probes.Select(probe => new JsonObject { ["nodes"] = TaskResult.Numbers(probe.Nodes.ToArray()), ["weights"] = TaskResult.Numbers(probe.Weights.ToArray()) })]);
        return new TaskResult(
            [
                .. At(curvature),
                Invariant($"density of {options.Matrix} from {options.Probes} probes of {quadrature.Steps} steps, {measure.Products} products; width σ = {TaskResult.Text(density.Sigma)}{(axis.Scale == SpectralScale.Asinh ? " on the asinh axis" : "")}, mass {density.Mass:0.0000}"),
                $"stems     {(top.Count == 0 ? "none" : string.Join("  ", top.Values.ToArray().Select(TaskResult.Text)))}",
                Invariant($"share of eigenvalues up to 0: {Share(measure.ShareUpTo(0))}; number above a hundredth of λ₁: {Share(measure.CountAbove(0.01 * Math.Max(measure.Largest, top.Count > 0 ? top.Values[0] : 0)))}"),
            ],
            document,
            new Figure("density", $"Density of the eigenvalues of {options.Matrix}", Invariant($"Mean over {options.Probes} probes with its 95 % band; stems are eigenvalues found before. Width σ = {TaskResult.Text(density.Sigma)}."),
            [
                new Panel("", new Axis(axis.Scale == SpectralScale.Asinh ? $"asinh(λ/λ₀) with λ₀ = {TaskResult.Text(axis.Unit)}" : "eigenvalue λ"), new Axis("density", Logarithmic: true, Min: 1e-6 * mean.Max()),
                [
                    new BandLayer("", Curve(i => Math.Max(1e-6 * mean.Max(), mean[i] - density.HalfWidth(i))), Curve(i => Math.Max(1e-6 * mean.Max(), mean[i] + density.HalfWidth(i))), SeriesRole.Student),
                    new LineLayer("density", Curve(i => Math.Max(1e-6 * mean.Max(), mean[i])), SeriesRole.Student),
                    .. measure.Stems.ToArray().Select(stem => new RuleLayer("dashed: outliers", axis.Coordinate(stem), Vertical: true)),
                ]),
            ]));
    }

    /// <summary>The trace, exact where that is cheap.</summary>
    internal static TaskResult Trace(Material material, TaskOptions options, CancellationToken cancellation)
    {
        using var curvature = material.Curvature();
        var document = Document(material, curvature, options);
        if (options.Method == "exact")
        {
            if (!HasExactTrace(material, options.Matrix))
                throw new UsageException($"the trace of {options.Matrix} has no exact form here: G and S of fully connected networks have one, and H where their nodes are rectified, all without --block\n  take --method xtrace");
            var traces = ExactTraces.Of(new MlpPoint(material.Mlp!, material.Loss, material.Examples, material.Point), material.Team);
            var (value, slots) = options.Matrix == "S" ? (traces.SecondMoment, traces.SecondMomentBySlot) : (traces.GaussNewton, traces.GaussNewtonBySlot);
            document["trace"] = value;
            document["byTensor"] = new JsonObject(material.Network.Layout.Slots.Select((slot, i) => KeyValuePair.Create<string, JsonNode?>(slot.Name, slots[i])));
            return new TaskResult(
                [.. At(curvature), $"trace of {options.Matrix}: {TaskResult.Text(value)}, exact", .. material.Network.Layout.Slots.Select((slot, i) => $"  {slot.Name,-16} {TaskResult.Text(slots[i])}")], document);
        }

        var matrix = Matrix(curvature, options.Matrix);
        var estimate = options.Method switch
        {
            "hutchinson" => Hutchinson.Trace(matrix, new ProbeOptions { Samples = options.Probes, Seed = options.Seed }, cancellation),
            "hutchpp" => HutchPlusPlus.Trace(matrix, new SketchOptions { Products = options.Probes, Seed = options.Seed, Team = material.Team }, cancellation),
            _ => XTrace.Trace(matrix, new SketchOptions { Products = options.Probes, Seed = options.Seed, Team = material.Team }, cancellation),
        };
        (document["trace"], document["halfWidth"], document["products"]) = (estimate.Value, estimate.HalfWidth, estimate.Products);
        return new TaskResult([.. At(curvature), Invariant($"trace of {options.Matrix}: {TaskResult.Text(estimate.Value)} ± {TaskResult.Text(estimate.HalfWidth)} (95 %), {estimate.Method}, {estimate.Products} products")], document);
    }

    /// <summary>H, G, R and S side by side.</summary>
    internal static TaskResult Split(Material material, TaskOptions options, IProgress<EigenpairProgress> progress, CancellationToken cancellation)
    {
        using var curvature = material.Curvature();
        var (lines, document, layers) = (new List<string>(At(curvature)), Document(material, curvature, options), new List<Layer>());
        foreach (var name in new[] { "H", "G", "R", "S" })
        {
            var pairs = Pairs(Matrix(curvature, name), material, options with { Matrix = name, Bottom = IsSemidefinite(name) ? 0 : options.Bottom }, [], progress, cancellation);
            cancellation.ThrowIfCancellationRequested();
            var norm = XTrace.SquaredNorm(Matrix(curvature, name), new SketchOptions { Products = options.Probes, Seed = options.Seed, Team = material.Team }, cancellation);
            lines.Add(Invariant($"{name}  largest {Joined(pairs.Top.Values[..Math.Min(5, pairs.Top.Count)])}  {(IsSemidefinite(name) ? "none below 0" : $"smallest {Joined(pairs.Bottom.Values[..Math.Min(2, pairs.Bottom.Count)])}")}  ‖{name}‖² {TaskResult.Text(norm.Value)} ± {TaskResult.Text(norm.HalfWidth)}  residuals up to {WorstResidual(pairs):0.0e0}"));
            document[name] = new JsonObject { ["top"] = Json(pairs.Top), ["bottom"] = Json(pairs.Bottom), ["squaredNorm"] = norm.Value, ["squaredNormHalfWidth"] = norm.HalfWidth };
            layers.Add(new PointLayer(name, [.. pairs.Top.Values.ToArray().Select((value, rank) => new XY(rank + 1, value)).Where(point => point.Y > 0)], Size: 30));
        }

        return new TaskResult(lines, document, new Figure("split", "The Hessian and its parts", "H = G + R; S is the second moment of the gradients of single examples.",
            [new Panel("", new Axis("rank from the largest", Min: 0), new Axis("eigenvalue", Logarithmic: true), layers)]));
    }

    /// <summary>G by the means of classes and cross-classes.</summary>
    internal static TaskResult Classes(Material material, TaskOptions options, CancellationToken cancellation)
    {
        if (!ReferenceEquals(material.Loss, Learning.Losses.OutputLoss.CrossEntropy))
            throw new UsageException("only cross-entropy against classes has a class structure\n  take --loss cross-entropy");
        if (material.Mlp is not { } network)
            throw new UsageException("classes takes networks in safetensors files: the means are in closed form for fully connected networks only");
        using var curvature = material.Curvature();
        var classes = ClassStructure.Of(new MlpPoint(network, material.Loss, material.Examples, material.Point), material.Team);
        cancellation.ThrowIfCancellationRequested();
        var (document, leading) = (Document(material, curvature, options), classes.LeadingEigenvalues);
        (document["traceClass"], document["traceCross"], document["traceWithin"], document["traceSame"]) = (classes.ClassTrace, classes.CrossTrace, classes.WithinTrace, classes.SameTrace);
        (document["class"], document["classAndCross"]) = (TaskResult.Numbers(classes.ClassEigenvalues.ToArray()), TaskResult.Numbers(leading));
        return new TaskResult(
            [
                .. At(curvature),
                $"traces: class means {TaskResult.Text(classes.ClassTrace)}, cross-class means {TaskResult.Text(classes.CrossTrace)}, within {TaskResult.Text(classes.WithinTrace)}, own labels {TaskResult.Text(classes.SameTrace)}",
                $"class means          {string.Join("  ", classes.ClassEigenvalues.ToArray().Take(Shown).Select(TaskResult.Text))}",
                $"with cross-classes   {string.Join("  ", leading.Take(Shown).Select(TaskResult.Text))}",
            ], document);
    }

    /// <summary>The largest eigenvalues of several models in order, each search starting from the one before.</summary>
    internal static TaskResult Track(Material material, TaskOptions options, IReadOnlyList<string> names, IProgress<EigenpairProgress> progress, CancellationToken cancellation)
    {
        using var curvature = material.Curvature();
        var (lines, rows, warm, products) = (new List<string>(), new JsonArray(), Array.Empty<double>(), 0);
        foreach (var (index, point) in material.Points.Index())
        {
            curvature.MoveTo(point);
            var pairs = Pairs(Matrix(curvature, options.Matrix), material, options, warm, progress, cancellation);
            if (cancellation.IsCancellationRequested)
                break;
            warm = [.. pairs.Top.Vectors, .. pairs.Bottom.Vectors];
            products += pairs.Products;
            var loss = curvature.Loss();
            lines.Add(Invariant($"{names[index]}  loss {TaskResult.Text(loss)}  largest {Joined(pairs.Top.Values)}  smallest {Joined(pairs.Bottom.Values)}  residuals up to {WorstResidual(pairs):0.0e0}  {pairs.Products} products"));
            rows.Add(new JsonObject { ["model"] = names[index], ["loss"] = loss, ["top"] = Json(pairs.Top), ["bottom"] = Json(pairs.Bottom), ["products"] = pairs.Products });
        }

        var document = Document(material, curvature, options);
        (document["models"], document["products"]) = (rows, products);
        return new TaskResult(lines, document);
    }

    /// <summary>Pairs with how good each is.</summary>
    private static JsonArray Json(Eigenpairs end)
        => [.. Enumerable.Range(0, end.Count).Select(i => (JsonNode)new JsonObject { ["value"] = end.Values[i], ["residual"] = end.Residuals[i], ["converged"] = end.Converged[i] })];

    private static string Joined(ReadOnlySpan<double> values) => values.Length == 0 ? "–" : string.Join("  ", values.ToArray().Select(TaskResult.Text));

    /// <summary>The largest residual of all pairs.</summary>
    internal static double WorstResidual(ExtremeEigenpairs pairs) => pairs.Top.Residuals.ToArray().Concat(pairs.Bottom.Residuals.ToArray()).DefaultIfEmpty(0).Max();

    /// <summary>What residuals do not tell of products in single precision.</summary>
    internal static IEnumerable<string> Single(Material material)
        => material.Options.Precision == Engine.DType.F64 ? [] : ["products in single precision: residuals are those of the recurrence, and eigenvalues are good to about 1e-6 of λ₁"];

    /// <summary>Whether a trace costs a few backward passes and no random vectors.</summary>
    internal static bool HasExactTrace(Material material, string matrix) => material.Options.Block is null && material.Mlp is { } network && matrix switch
    {
        "H" => network.Activation.IsPiecewiseLinear || network.Layers == 1,
        "G" or "S" => true,
        _ => false,
    };

    /// <summary>Whether a matrix has no negative eigenvalue; its many zeros at the bottom take long to find and say nothing.</summary>
    internal static bool IsSemidefinite(string matrix) => matrix is "G" or "S" or "cov";

    /// <summary>The operator of a word.</summary>
    internal static ISymmetricOperator Matrix(NetworkCurvature curvature, string name) => name switch
    {
        "G" => curvature.GaussNewton,
        "R" => curvature.Residual,
        "S" => curvature.SecondMoment,
        "cov" => curvature.Covariance,
        _ => curvature.Hessian,
    };

    /// <summary>Where everything was measured: curvature means little far from a critical point.</summary>
    internal static IEnumerable<string> At(NetworkCurvature curvature)
    {
        var gradient = curvature.Gradient(out var loss);
        yield return Invariant($"{curvature.Size:N0} parameters, {curvature.Examples:N0} examples, loss {TaskResult.Text(loss)}, gradient norm {TaskResult.Text(Math.Sqrt(gradient.Sum(value => value * value)))}");
    }

    internal static JsonObject Document(Material material, NetworkCurvature curvature, TaskOptions options) => new()
    {
        ["network"] = material.Shape,
        ["matrix"] = options.Matrix,
        ["parameters"] = curvature.Size,
        ["examples"] = curvature.Examples,
        ["loss"] = curvature.Loss(),
        ["gradientNorm"] = Math.Sqrt(curvature.Gradient().Sum(value => value * value)),
        ["precision"] = material.Options.Precision.ToString(),
        ["seed"] = options.Seed,
    };

    private static ExtremeEigenpairs Pairs(
        ISymmetricOperator matrix, Material material, TaskOptions options, double[] warm, IProgress<EigenpairProgress> progress, CancellationToken cancellation) => ExtremeEigenpairs.Of(
        matrix,
        new EigenpairOptions { Top = Math.Min(options.Top, matrix.Size), Bottom = Math.Min(options.Bottom ?? (IsSemidefinite(options.Matrix) ? 0 : DefaultBottom), matrix.Size), Tolerance = options.Tolerance, Seed = options.Seed, WarmStart = warm, Team = material.Team },
        progress, cancellation);

    /// <summary>All entries: in closed form where there is one, else by products.</summary>
    private static double[] Whole(Material material, NetworkCurvature curvature, TaskOptions options, IProgress<double> progress, CancellationToken cancellation)
    {
        var bytes = material.Options.Block is null ? ExactHessian.Bytes(material.Network) : 8L * curvature.Size * curvature.Size;
        if (bytes > options.MemoryBytes)
            throw new UsageException(Invariant($"all eigenvalues of {curvature.Size:N0} parameters need about {bytes / 1e9:0.0} GB, more than the {options.MemoryBytes / 1e9:0.0} GB allowed\n  allow more with --memory, or take `top` for both ends and `density` for the rest"));
        var exact = new ExactOptions { MemoryBytes = options.MemoryBytes, Team = material.Team };
        if (material.Options.Block is null && material.Mlp is { } network && options.Matrix is "H" or "G" or "R")
        {
            var part = options.Matrix switch { "G" => CurvatureMatrix.GaussNewton, "R" => CurvatureMatrix.Residual, _ => CurvatureMatrix.Hessian };
            return ExactHessian.Of(new MlpPoint(network, material.Loss, material.Examples, material.Point), exact with { Matrix = part }, progress, cancellation);
        }

        return ExactHessian.ByProducts(Matrix(curvature, options.Matrix), out _, exact, progress, cancellation);
    }

    private static (double Trace, double Norm) Moments(double[] values) => (values.Sum(), Math.Sqrt(values.Sum(value => value * value)));

    private static string Share(SpectralShare share) => Invariant($"{share.Value:0.###} [{share.Lower:0.###}, {share.Upper:0.###}]");
}
