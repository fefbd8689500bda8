using System.Text.Json.Nodes;
using Understudy.Learning.Curvature;
using static System.FormattableString;

namespace Understudy.Cli.Commands.Hessian;

/// <summary>Whether the curvature of the user's own model keeps its laws.</summary>
internal static class VerifyTask
{
    /// <summary>All checks.</summary>
    /// <param name="material">What was read.</param>
    /// <param name="read">Reads it once more: what changes from one reading to the next has no curvature.</param>
    /// <param name="options">The seed.</param>
    /// <param name="watch">Told of every check.</param>
    internal static TaskResult Run(Material material, Func<Material> read, TaskOptions options, TaskWatch watch)
    {
        using var curvature = new PenalizedCurvature(material, options);
        var found = CurvatureChecks.Of(material.Network, material.Loss, material.Examples, material.Point, material.Options, options.Seed, watch.Each<CurvatureCheck>(check => $"{check.Name}{(check.Holds ? "" : " fails")}"), watch.Token);
        if (found.Checks.FirstOrDefault(check => !double.IsFinite(check.Value)) is { Name: not null } wild)
            throw material.NotFinite(wild.Name);
        var again = read();
        var differing = CurvatureChecks.Differing(material.Examples.Inputs, again.Examples.Inputs) + CurvatureChecks.Differing(material.Examples.Targets, again.Examples.Targets) + CurvatureChecks.Differing(material.Point, again.Point);
        CurvatureCheck[] checks = [new("examples and parameters read twice, numbers that differ", differing, 0), .. found.Checks];
        var failures = checks.Count(check => !check.Holds);
        var document = new JsonObject(checks.Select(check => KeyValuePair.Create<string, JsonNode?>(check.Name, new JsonObject { ["value"] = check.Value, ["bar"] = check.Bar, ["holds"] = check.Holds })));
        document["notes"] = new JsonArray([.. found.Notes.Select(note => (JsonNode)note)]);
        return new TaskResult(
            [
                .. SpectrumTasks.At(curvature),
                .. checks.Select(check => Invariant($"{(check.Holds ? "holds" : "FAILS"),-6} measured {Text(check.Value),-7}  bound {Text(check.Bar),-5}  {check.Name}")),
                .. found.Notes,
                failures == 0 ? "all hold" : Invariant($"{failures} of {checks.Length} fail"),
            ], document)
        {
            Failed = failures > 0,
        };
    }

    /// <summary>Two digits, and 0 without an exponent.</summary>
    private static string Text(double value) => value == 0 ? "0" : value.ToString("0.#e0", System.Globalization.CultureInfo.InvariantCulture);
}
