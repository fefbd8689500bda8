using System.Text.Json.Nodes;
using Understudy.Learning.Curvature;
using static System.FormattableString;

namespace Understudy.Cli.Commands.Hessian;

/// <summary>Whether the curvature of the user's own model keeps its laws.</summary>
internal static class VerifyTask
{
    internal static TaskResult Run(Material material, TaskOptions options, TaskWatch watch)
    {
        using var curvature = material.Curvature();
        var found = CurvatureChecks.Of(material.Network, material.Loss, material.Examples, material.Point, material.Options, options.Seed, watch.Each<CurvatureCheck>(check => $"{check.Name}{(check.Holds ? "" : " fails")}"), watch.Token);
        if (found.Checks.FirstOrDefault(check => !double.IsFinite(check.Value)) is { Name: not null } wild)
            throw material.NotFinite(wild.Name);
        var document = new JsonObject(found.Checks.Select(check => KeyValuePair.Create<string, JsonNode?>(check.Name, new JsonObject { ["value"] = check.Value, ["bar"] = check.Bar, ["holds"] = check.Holds })));
        document["notes"] = new JsonArray([.. found.Notes.Select(note => (JsonNode)note)]);
        return new TaskResult(
            [
                .. SpectrumTasks.At(curvature),
                .. found.Checks.Select(check => Invariant($"{(check.Holds ? "holds" : "FAILS"),-6} {check.Name}: {check.Value:0.0e0} (at most {check.Bar:0e0})")),
                .. found.Notes,
                found.Failures == 0 ? "all hold" : Invariant($"{found.Failures} of {found.Checks.Count} fail"),
            ], document)
        {
            Failed = found.Failures > 0,
        };
    }
}
