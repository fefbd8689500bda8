using System.Text.Json.Nodes;

namespace Understudy.Cli.Commands.Hessian;

/// <summary>How a network and its loss were read: what a file of tensors does not say is said by flags, or assumed.</summary>
/// <param name="Activation">ψ of the hidden nodes; null where the file says it.</param>
/// <param name="HasActivation">Whether a flag says so.</param>
/// <param name="Loss">The loss.</param>
/// <param name="HasLoss">Whether a flag says so.</param>
/// <param name="Layers">The layers of a file of tensors, in their order.</param>
/// <param name="Layout">How its weights are laid out; null where the file says it.</param>
internal sealed record Provenance(string? Activation, bool HasActivation, string Loss, bool HasLoss, IReadOnlyList<string> Layers, string? Layout)
{
    /// <summary>The file of each model, in the order of the command line.</summary>
    internal IReadOnlyList<ModelFile> Files { get; init; } = [];

    /// <summary>The runs that the models are from; null where they are files.</summary>
    internal RunSource? Run { get; init; }

    /// <summary>For people.</summary>
    internal IEnumerable<string> Lines(string shape)
        => Run is null ? [Text(shape)] : [.. Run.Lines, $"network {shape}, {(Activation is null ? "" : Activation + ", ")}{Loss}, {Run.Data}"];

    /// <summary>In a line; models that were read otherwise than the first are named.</summary>
    private string Text(string shape)
    {
        static string Word(string word, bool isSaid) => isSaid ? word : word + " (assumed)";
        static string Read(IReadOnlyList<string> layers, string? layout) => $"layers {string.Join(", ", layers)}, weights [{(layout == NetworkFile.Layouts[0] ? "out, in" : "in, out")}]";
        if (Activation is null)
            return $"network {shape}, {Word(Loss, HasLoss)}";
        var others = Files.Where(file => file.Layout != Layout || !file.Layers.SequenceEqual(Layers)).Select(file => $"; {file.Path} with {Read(file.Layers, file.Layout)}");
        return $"network {shape}, {Word(Activation, HasActivation)}, {Word(Loss, HasLoss)}, {Read(Layers, Layout)}{string.Concat(others)}";
    }

    /// <summary>For a document.</summary>
    internal JsonObject Json(string shape) => new()
    {
        ["network"] = shape,
        ["activation"] = Activation,
        ["activationAssumed"] = Activation is not null && !HasActivation,
        ["loss"] = Loss,
        ["lossAssumed"] = !HasLoss,
        ["layers"] = new JsonArray([.. Layers.Select(layer => (JsonNode)layer)]),
        ["layout"] = Layout,
        ["files"] = new JsonArray([.. Files.Select(file => new JsonObject
        {
            ["path"] = file.Path,
            ["layers"] = new JsonArray([.. file.Layers.Select(layer => (JsonNode)layer)]),
            ["layout"] = file.Layout,
        })]),
        ["run"] = Run?.Json(),
    };
}

/// <summary>How the file of a model was read.</summary>
/// <param name="Path">The file.</param>
/// <param name="Layers">The layers of a file of tensors, in their order.</param>
/// <param name="Layout">How its weights are laid out; null where the file says it.</param>
internal sealed record ModelFile(string Path, IReadOnlyList<string> Layers, string? Layout);
