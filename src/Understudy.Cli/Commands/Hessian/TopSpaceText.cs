using System.Text.Json.Nodes;
using Understudy.Learning.Curvature;
using static System.FormattableString;

namespace Understudy.Cli.Commands.Hessian;

/// <summary>How the top space of a tracked model lies to that of the one before, in words and in the document.</summary>
internal static class TopSpaceText
{
    /// <summary>The line below a model's, and the fields <c>gradientShare</c> and <c>sinceLast</c> in its row.</summary>
    internal static string Add(TopSpacePlace place, JsonObject row)
    {
        row["gradientShare"] = Number(place.GradientShare);
        var gradient = $"  top space  gradient {Share(place.GradientShare)}";
        if (place.SinceLast is not { } drift)
            return gradient;
        row["sinceLast"] = new JsonObject
        {
            ["overlap"] = drift.Overlap,
            ["angles"] = TaskResult.Numbers(drift.Angles),
            ["updateShareBefore"] = Number(drift.UpdateShareBefore),
            ["updateShareAfter"] = Number(drift.UpdateShareAfter),
            ["updateLength"] = drift.UpdateLength,
        };
        return Invariant($"{gradient}  since the last: overlap {TaskResult.Text(drift.Overlap)}  angles up to {drift.Angles[^1] * 180 / Math.PI:0.##}°  update {Share(drift.UpdateShareBefore)} before, {Share(drift.UpdateShareAfter)} after, length {TaskResult.Text(drift.UpdateLength)}");
    }

    private static string Share(double share) => double.IsNaN(share) ? "none" : $"{TaskResult.Text(100 * share)} %";

    // what there is none of has no share
    private static JsonValue? Number(double share) => double.IsNaN(share) ? null : JsonValue.Create(share);
}
