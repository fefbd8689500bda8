using System.Text.Json.Nodes;
using Understudy.Engine.LinearAlgebra.Estimation;
using Understudy.Learning.Curvature;
using Understudy.Learning.Landscape;
using static System.FormattableString;

namespace Understudy.Cli.Commands.Hessian;

/// <summary>The task sharpness: every usual number, and what rescaling a layer makes of it.</summary>
internal static class SharpnessTask
{
    private const string Noise = "filter-normalised noise";

    private static readonly Row[] Rows =
    [
        new("largest eigenvalue", values => values.Curvature!.Largest, values => values.Curvature!.Residual),
        Row.Of("trace", values => values.Curvature!.Trace), Row.Of("Frobenius norm", values => values.Curvature!.Frobenius), new("Fisher-Rao norm", values => values.Curvature!.FisherRao),
        new("box 1e-3 (Keskar)", values => values.Boxes[0]), new("box 5e-4", values => values.Boxes[1]), new("ball, one step (SAM)", values => values.BallStep), new("ball, ascent", values => values.BallAscent),
        new("ball over batches (m-sharpness)", values => values.BatchStep), new("adaptive, one step", values => values.AdaptiveStep), new("adaptive, ascent", values => values.AdaptiveAscent),
        Row.Of(Noise, values => values.NoiseRise), Row.Of("PAC-Bayes σ", values => values.PacBayesSigma),
    ];

    internal static TaskResult Run(Material material, TaskOptions options, IProgress<double> progress, CancellationToken cancellation)
    {
        using var curvature = new PenalizedCurvature(material, options);
        var sketch = Budget.SketchBytes(options.Probes, curvature.Size);
        Budget.Require(Invariant($"{options.Probes:N0} products"), sketch, 0.5 * options.Probes * curvature.Size, curvature, options, "take fewer with --probes", "H", "G");
        var memory = Budget.RequirePairs(1, 0, 0, curvature, options, "take `trace` for a number that needs no such search", "H", "G");
        curvature.Keep(options.MemoryBytes - Math.Max(sketch, memory.Vectors), "H", "G");
        using var evaluator = LandscapeTasks.Evaluator(material);
        var estimate = new CurvatureNumbersOptions { Products = options.Probes, Tolerance = options.Tolerance, Seed = options.Seed, SearchBytes = memory.Vectors };
        CurvatureNumbers Numbers(double[] point) => CurvatureNumbers.Estimated(curvature.Network, point, estimate, cancellation);
        // the nodes of a network from elsewhere need not be the last axis of its weights
        var norm = material.Mlp is null ? DirectionNorm.Layer : DirectionNorm.Filter;
        var settings = new SharpnessOptions { Seed = options.Seed, NoiseNorm = norm, BatchSize = Math.Min(128, material.Examples.Count) };
        var (own, other) = material.Mlp is { Activation.IsPiecewiseLinear: true, Layers: > 1 }
            ? Both(Sharpness.Compare(evaluator, material.Point, settings, Numbers, progress, cancellation))
            : (Sharpness.Measure(evaluator, material.Point, settings, Numbers, progress, cancellation), null);
        return new TaskResult(
            [
                $"loss {TaskResult.Text(own.Loss)}{(other is null ? "" : "; second column: the same function with its first layer doubled and its second halved")}",
                .. Rows.Select(row => $"{row.Name,-32} {row.Text(own)}{(other is null ? "" : $" {row.Text(other)}")}".TrimEnd()),
                "± is half of a 95 % interval, of the largest eigenvalue its residual",
                .. norm == DirectionNorm.Layer ? [$"{Noise}: by tensors, because the model does not say which axis of a weight its nodes are"] : Array.Empty<string>(),
                .. SpectrumTasks.Single(material),
            ],
            new JsonObject(Rows.Select(row => KeyValuePair.Create<string, JsonNode?>(row.Name, row.Json(own, other)))));
    }

    private static (SharpnessValues Own, SharpnessValues? Rescaled) Both(SharpnessComparison compared) => (compared.Original, compared.Rescaled);

    /// <summary>One number of sharpness.</summary>
    /// <param name="Name">In front of it.</param>
    /// <param name="Value">The number.</param>
    /// <param name="Error">How far it may be off; null where it is not estimated.</param>
    private sealed record Row(string Name, Func<SharpnessValues, double> Value, Func<SharpnessValues, double>? Error = null)
    {
        internal static Row Of(string name, Func<SharpnessValues, SampledValue> estimate) => new(name, values => estimate(values).Value, values => estimate(values).HalfWidth);

        internal string Text(SharpnessValues values)
            => $"{TaskResult.Text(Value(values)),12} {(Error?.Invoke(values) is { } error and > 0 ? "± " + error.ToString("0.0e0", System.Globalization.CultureInfo.InvariantCulture) : ""),-9}";

        internal JsonObject Json(SharpnessValues own, SharpnessValues? other)
        {
            var found = new JsonObject { ["value"] = Value(own), ["rescaled"] = other is null ? null : Value(other) };
            if (Error is not null)
                (found["error"], found["rescaledError"]) = (Error(own), other is null ? null : Error(other));
            return found;
        }
    }
}
