using System.Text.Json.Nodes;
using Understudy.Cli.Output;
using Understudy.Engine.LinearAlgebra;
using Understudy.Engine.LinearAlgebra.Krylov;
using Understudy.Learning.Curvature;
using static System.FormattableString;

namespace Understudy.Cli.Commands.Hessian;

/// <summary>Tasks on eigenvalues: top, classes, track; and what others have in common with them.</summary>
internal static class SpectrumTasks
{
    private const string FewerPairs = "take fewer with --top and --bottom, or `density` for the rest";
    private const int Shown = 10;

    /// <summary>Eigenpairs at both ends; what has converged is kept when it is interrupted.</summary>
    internal static TaskResult Top(Material material, TaskOptions options, TaskWatch watch)
    {
        using var curvature = new PenalizedCurvature(material, options);
        var memory = Budget.RequirePairs(options.TopOf(curvature.Size), options.BottomOf(curvature.Size), 0, curvature, options, FewerPairs, options.Matrix);
        var pairs = Pairs(curvature.Matrix(options.Matrix), material, options, [], memory, watch);
        var (document, stopped) = (Document(material, curvature, options), WasStopped(pairs));
        (document["top"], document["bottom"], document["products"], document["tolerance"], document["cancelled"]) = (Json(pairs.Top), Json(pairs.Bottom), pairs.Products, options.Tolerance, stopped);
        return new TaskResult(
            [.. At(curvature), .. Rows(pairs.Top, "largest"), .. Rows(pairs.Bottom, "smallest"), Invariant($"{pairs.Products} products, {pairs.Restarts} restarts{(stopped ? ", interrupted" : "")}"), .. Single(material)], document)
        {
            IsPartial = stopped,
        };
    }

    /// <summary>G by the means of classes and cross-classes.</summary>
    internal static TaskResult Classes(Material material, TaskOptions options, TaskWatch watch)
    {
        if (!ReferenceEquals(material.Loss, Learning.Losses.OutputLoss.CrossEntropy))
            throw new UsageException("only cross-entropy against classes has a class structure\n  take --loss cross-entropy");
        using var curvature = new PenalizedCurvature(material, options);
        var outputs = (double)material.Network.Outputs;
        var means = outputs * outputs * curvature.Size;
        Budget.Require("means of pairs of classes", (24 * means) + (sizeof(double) * outputs * curvature.Size), means, curvature, options, "take `top` for the outliers alone");
        var classes = ClassStructure.Of(curvature.Network, watch.Share(), watch.Token);
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
    internal static TaskResult Track(Material material, TaskOptions options, TaskWatch watch)
    {
        using var curvature = new PenalizedCurvature(material, options);
        var (lines, rows, found, warm, products) = (new List<string>(), new JsonArray(), new List<(double, double[], double[])>(), Array.Empty<double>(), 0);
        var (top, bottom) = (options.TopOf(curvature.Size), options.BottomOf(curvature.Size));
        // the vectors of one model are the start of the next search beside which they stay
        var memory = Budget.RequirePairs(top, bottom, sizeof(double) * (double)(top + bottom) * curvature.Size, curvature, options, FewerPairs, options.Matrix);
        watch.Tell(Invariant($"{material.Points.Length} models, about {Wording.Bytes(memory.All)} beside them"));
        foreach (var (index, point) in material.Points.Index())
        {
            curvature.MoveTo(point);
            var pairs = Pairs(curvature.Matrix(options.Matrix), material, options, warm, memory, watch);
            if (WasStopped(pairs))
                break;
            warm = [.. pairs.Top.Vectors, .. pairs.Bottom.Vectors];
            products += pairs.Products;
            var loss = curvature.Loss();
            lines.Add(Invariant($"{material.Names[index]}  loss {TaskResult.Text(loss)}  largest {Joined(pairs.Top.Values)}  smallest {Joined(pairs.Bottom.Values)}  residuals up to {WorstResidual(pairs):0.0e0}  {pairs.Products} products"));
            var row = material.Row(index);
            (row["loss"], row["top"], row["bottom"], row["products"]) = (loss, Json(pairs.Top), Json(pairs.Bottom), pairs.Products);
            rows.Add(row);
            found.Add((loss, pairs.Top.Values.ToArray(), pairs.Bottom.Values.ToArray()));
        }

        var document = Document(material, curvature, options);
        (document["models"], document["products"]) = (rows, products);
        return new TaskResult(lines, document, TrackFigure.Of(material, options.Matrix, found)) { IsPartial = rows.Count < material.Points.Length };
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

    /// <summary>Whether a matrix has no negative eigenvalue; its many zeros at the bottom take long to find and say nothing.</summary>
    internal static bool IsSemidefinite(string matrix) => matrix is "G" or "S" or "cov";

    /// <summary>Where everything was measured: curvature means little far from a critical point.</summary>
    internal static IEnumerable<string> At(PenalizedCurvature curvature)
    {
        var gradient = curvature.Gradient(out var loss);
        yield return Invariant($"{curvature.Size:N0} parameters, {curvature.Examples:N0} examples, loss {TaskResult.Text(loss)}, gradient norm {TaskResult.Text(Math.Sqrt(gradient.Sum(value => value * value)))}{(curvature.WeightDecay == 0 ? "" : $", both with weight decay {TaskResult.Text(curvature.WeightDecay)}, which adds as much to each eigenvalue of H and G")}");
    }

    internal static JsonObject Document(Material material, PenalizedCurvature curvature, TaskOptions options)
    {
        var gradient = curvature.Gradient(out var loss);
        return new JsonObject
        {
            ["network"] = material.Shape,
            ["matrix"] = options.Matrix,
            ["parameters"] = curvature.Size,
            ["examples"] = curvature.Examples,
            ["loss"] = loss,
            ["gradientNorm"] = Math.Sqrt(gradient.Sum(value => value * value)),
            ["weightDecay"] = options.WeightDecay,
            ["precision"] = material.Options.Precision.ToString(),
            ["seed"] = options.Seed,
        };
    }

    /// <summary>Pairs at both ends in the memory that was reserved.</summary>
    internal static ExtremeEigenpairs Pairs(ISymmetricOperator matrix, Material material, TaskOptions options, double[] warm, SearchMemory memory, TaskWatch watch) => ExtremeEigenpairs.Of(
        matrix,
        new EigenpairOptions
        {
            Top = options.TopOf(matrix.Size),
            Bottom = options.BottomOf(matrix.Size),
            Tolerance = options.Tolerance,
            Seed = options.Seed,
            WarmStart = warm,
            MemoryBytes = memory.Vectors,
            Team = material.Team,
        },
        watch.Pairs, watch.Token);

    /// <summary>Whether a search was stopped before it had all it was for.</summary>
    internal static bool WasStopped(ExtremeEigenpairs pairs) => pairs.IsCancelled && !pairs.IsConverged;
}
