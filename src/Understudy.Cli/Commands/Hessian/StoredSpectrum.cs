using System.Text.Json;
using System.Text.Json.Nodes;
using Understudy.Data;
using Understudy.Engine.LinearAlgebra.Estimation;
using Understudy.Engine.LinearAlgebra.Krylov;

namespace Understudy.Cli.Commands.Hessian;

/// <summary>A spectrum in a document that <c>--out</c> or <c>--json</c> wrote: nodes and weights by probe, or all eigenvalues.</summary>
/// <remarks>Source: hessian specification, section 7.4.</remarks>
internal static class StoredSpectrum
{
    /// <summary>Writes nodes and weights, from which everything about a density can be had again.</summary>
    internal static void WriteProbes(JsonObject document, SpectralMeasure measure)
    {
        if (measure.IsExact)
            return;
        document["steps"] = measure.Steps;
        document["probes"] = new JsonArray([.. measure.Probes.Zip(measure.Exhausted, (probe, exhausted) => new JsonObject
        {
            ["nodes"] = TaskResult.Numbers(probe.Nodes.ToArray()),
            ["weights"] = TaskResult.Numbers(probe.Weights.ToArray()),
            ["exhausted"] = exhausted,
        })]);
    }

    /// <summary>Reads a document and what its spectrum is known by.</summary>
    /// <exception cref="UnreadableFileException">It is missing or damaged, or holds neither.</exception>
    internal static (JsonObject Document, SpectralMeasure Measure) Read(string path)
    {
        var document = InputFile.Read(path, (stream, name) =>
        {
            try
            {
                return JsonNode.Parse(stream, documentOptions: new JsonDocumentOptions { AllowDuplicateProperties = false }) as JsonObject ?? throw new UnreadableFileException(name, "it is not a JSON object; name a file that --out wrote");
            }
            catch (JsonException problem)
            {
                // of a name that comes twice no line is told
                var where = problem.LineNumber is { } line ? $"it is not JSON, from line {line + 1} on" : $"{problem.Message.TrimEnd('.')}";
                throw new UnreadableFileException(name, $"{where}; name a file that --out wrote", problem);
            }
        });
        return (document, Measure(path, document));
    }

    private static SpectralMeasure Measure(string path, JsonObject document)
    {
        if (document["probes"] is null && document["eigenvalues"] is null)
            throw new UnreadableFileException(path, "it holds neither probes nor all eigenvalues; name a file that `density` or `spectrum` wrote with --out");
        try
        {
            if (document["probes"] is not JsonArray probes)
            {
                var values = Numbers(document, "eigenvalues");
                if (document["parameters"] is not null && Number(document, "parameters") is var size && size != values.Length)
                    throw new FormatException(FormattableString.Invariant($"there are {values.Length:N0} eigenvalues of {size:N0} parameters"));
                return SpectralMeasure.Exact(values);
            }

            return SpectralMeasure.Kept(
                Number(document, "parameters"), [.. probes.Select(probe => GaussQuadrature.Kept(Numbers(probe, "nodes"), Numbers(probe, "weights")))], [.. probes.Select(probe => probe!["exhausted"] is { } exhausted && (bool)exhausted)],
                document["stems"] is null ? [] : Numbers(document, "stems"), Number(document, "steps"));
        }
        catch (Exception problem) when (problem is ArgumentException or InvalidOperationException or FormatException)
        {
            throw new UnreadableFileException(path, $"its spectrum is damaged: {problem.Message.Split(" (Parameter", 2)[0].TrimEnd('.')}; write it again with --out", problem);
        }
    }

    private static int Number(JsonNode? of, string name) => of?[name] is { } number ? (int)number : throw new FormatException($"there is no {name}");

    private static double[] Numbers(JsonNode? of, string name)
    {
        double[] numbers = (of as JsonObject)?[name] is JsonArray array ? [.. array.Select(value => value is null ? throw new FormatException($"{name} holds null") : (double)value)] : throw new FormatException($"there are no {name}");
        return Array.TrueForAll(numbers, double.IsFinite) ? numbers : throw new FormatException($"{name} holds a number that is not finite");
    }
}
