using System.Text.Json.Nodes;
using Understudy.Cli.Output;
using Understudy.Engine.LinearAlgebra;
using Understudy.Engine.LinearAlgebra.Estimation;
using Understudy.Engine.LinearAlgebra.Krylov;
using Understudy.Lab.Figures;
using Understudy.Learning.Curvature;
using static System.FormattableString;

namespace Understudy.Cli.Commands.Hessian;

/// <summary>Tasks on eigenvalues: spectrum, top, classes, track; and what others have in common with them.</summary>
internal static class SpectrumTasks
{
    private const int Shown = 10;

    /// <summary>All eigenvalues.</summary>
    internal static TaskResult Spectrum(Material material, TaskOptions options, TaskWatch watch)
    {
        using var curvature = material.Curvature();
        var entries = Whole(material, curvature, options, watch);
        var spectrum = SymmetricEigenvalues.Overwriting(entries, curvature.Size, material.Team, watch.Share("eigenvalues"), watch.Token);
        if (!spectrum.IsConverged)
            throw material.NotFinite($"an entry of {options.Matrix}");
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
    internal static TaskResult Top(Material material, TaskOptions options, TaskWatch watch)
    {
        using var curvature = material.Curvature();
        var pairs = Pairs(Matrix(curvature, options.Matrix), material, options, [], watch);
        var document = Document(material, curvature, options);
        (document["top"], document["bottom"], document["products"], document["cancelled"]) = (Json(pairs.Top), Json(pairs.Bottom), pairs.Products, pairs.IsCancelled);
        return new TaskResult(
            [.. At(curvature), .. Rows(pairs.Top, "largest"), .. Rows(pairs.Bottom, "smallest"), Invariant($"{pairs.Products} products, {pairs.Restarts} restarts{(pairs.IsCancelled ? ", interrupted" : "")}"), .. Single(material)], document)
        {
            IsPartial = pairs.IsCancelled,
        };
    }

    /// <summary>G by the means of classes and cross-classes.</summary>
    internal static TaskResult Classes(Material material, TaskOptions options, TaskWatch watch)
    {
        if (!ReferenceEquals(material.Loss, Learning.Losses.OutputLoss.CrossEntropy))
            throw new UsageException("only cross-entropy against classes has a class structure\n  take --loss cross-entropy");
        if (material.Mlp is not { } network)
            throw new UsageException("classes takes networks in safetensors files: the means are in closed form for fully connected networks only");
        using var curvature = material.Curvature();
        var means = (double)network.Outputs * network.Outputs * curvature.Size;
        Budget.Require("means of pairs of classes", 24 * means, means, options, "take `top` for the outliers alone");
        var classes = ClassStructure.Of(new MlpPoint(network, material.Loss, material.Examples, material.Point), material.Team, watch.Share(), watch.Token);
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
    internal static TaskResult Track(Material material, TaskOptions options, IReadOnlyList<string> names, TaskWatch watch)
    {
        using var curvature = material.Curvature();
        var (lines, rows, warm, products) = (new List<string>(), new JsonArray(), Array.Empty<double>(), 0);
        var spaces = new TopSpaceTrack(curvature, material.Team);
        foreach (var (index, point) in material.Points.Index())
        {
            curvature.MoveTo(point);
            var pairs = Pairs(Matrix(curvature, options.Matrix), material, options, warm, watch);
            if (pairs.IsCancelled)
                break;
            warm = [.. pairs.Top.Vectors, .. pairs.Bottom.Vectors];
            products += pairs.Products;
            var loss = curvature.Loss();
            lines.Add(Invariant($"{names[index]}  loss {TaskResult.Text(loss)}  largest {Joined(pairs.Top.Values)}  smallest {Joined(pairs.Bottom.Values)}  residuals up to {WorstResidual(pairs):0.0e0}  {pairs.Products} products"));
            var row = new JsonObject { ["model"] = names[index], ["loss"] = loss, ["top"] = Json(pairs.Top), ["bottom"] = Json(pairs.Bottom), ["products"] = pairs.Products };
            rows.Add(row);
            if (pairs.Top.Count > 0)
                lines.Add(TopSpaceText.Add(spaces.Add(pairs.Top.Vectors), row));
        }

        var document = Document(material, curvature, options);
        (document["models"], document["products"]) = (rows, products);
        return new TaskResult(lines, document) { IsPartial = rows.Count < material.Points.Length };
    }

    /// <summary>Pairs with how good each is, for people.</summary>
    internal static IEnumerable<string> Rows(Eigenpairs end, string name) => Enumerable.Range(0, end.Count).Select(i => Invariant(
        $"{name,-9}{i + 1,4}  {TaskResult.Text(end.Values[i]),12}  residual {end.Residuals[i]:0.0e0}{(end.Converged[i] ? "" : "  not converged")}"));

    /// <summary>Pairs with how good each is.</summary>
    internal static JsonArray Json(Eigenpairs end)
        => [.. Enumerable.Range(0, end.Count).Select(i => (JsonNode)new JsonObject { ["value"] = end.Values[i], ["residual"] = end.Residuals[i], ["converged"] = end.Converged[i] })];

    internal static string Joined(ReadOnlySpan<double> values) => values.Length == 0 ? "–" : string.Join("  ", values.ToArray().Select(TaskResult.Text));

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

    /// <summary>Pairs at both ends, with the memory they need where that is allowed.</summary>
    internal static ExtremeEigenpairs Pairs(ISymmetricOperator matrix, Material material, TaskOptions options, double[] warm, TaskWatch watch)
    {
        var (top, bottom) = (options.TopOf(matrix.Size), options.BottomOf(matrix.Size));
        var needed = Budget.RequirePairs(top, bottom, matrix.Size, options);
        return ExtremeEigenpairs.Of(
            matrix,
            new EigenpairOptions
            {
                Top = top,
                Bottom = bottom,
                Tolerance = options.Tolerance,
                Seed = options.Seed,
                WarmStart = warm,
                MemoryBytes = Math.Max((long)needed, Math.Min(options.MemoryBytes, new EigenpairOptions().MemoryBytes)),
                Team = material.Team,
            },
            watch.Pairs, watch.Token);
    }

    /// <summary>All entries: in closed form where there is one, else by products.</summary>
    private static double[] Whole(Material material, NetworkCurvature curvature, TaskOptions options, TaskWatch watch)
    {
        const string Mend = "take `top` for both ends and `density` for the rest";
        var (size, network) = ((double)curvature.Size, material.Options.Block is null && options.Matrix is "H" or "G" or "R" ? material.Mlp : null);
        // of a block, the 16 products in work come on top
        var bytes = material.Options.Block is null ? ExactHessian.Bytes(material.Network) : (sizeof(double) * size * size) + (256 << 20);
        Budget.Require(Invariant($"all eigenvalues of {curvature.Size:N0} parameters"), bytes, size * size, options, Mend);
        var exact = new ExactOptions { MemoryBytes = options.MemoryBytes, Team = material.Team };
        var reduction = Budget.SecondsOfReduction(size, material.Team, watch);
        // the closed form takes N P²/2 multiply-adds where a reduction takes 4/3 P³ operations
        var formed = network is null ? size * Budget.SecondsOfProduct(Matrix(curvature, options.Matrix), material, watch, options.Matrix) : reduction * 0.375 * curvature.Examples / size;
        watch.Tell(Invariant($"all eigenvalues of {curvature.Size:N0} parameters, about {Wording.Of(TimeSpan.FromSeconds(formed + reduction))} and {Wording.Bytes((long)bytes)}"));
        if (network is not null)
        {
            var part = options.Matrix switch { "G" => CurvatureMatrix.GaussNewton, "R" => CurvatureMatrix.Residual, _ => CurvatureMatrix.Hessian };
            return ExactHessian.Of(new MlpPoint(network, material.Loss, material.Examples, material.Point), exact with { Matrix = part }, watch.Share("entries"), watch.Token);
        }

        return ExactHessian.ByProducts(Matrix(curvature, options.Matrix), out _, exact, watch.Share("entries"), watch.Token);
    }

    private static (double Trace, double Norm) Moments(double[] values) => (values.Sum(), Math.Sqrt(values.Sum(value => value * value)));
}
