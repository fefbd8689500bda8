using System.Text.Json.Nodes;
using Understudy.Learning.Losses;
using Understudy.Learning.Networks;
using Understudy.Studies.Kept;
using static System.FormattableString;

namespace Understudy.Cli.Commands.Hessian;

/// <summary>Which networks of which runs the models are.</summary>
/// <param name="Runs">The run of each.</param>
/// <param name="Models">The networks; the examples are those of the first.</param>
/// <param name="Examples">How many of them are taken.</param>
/// <param name="HasNetwork">Whether a flag names the network.</param>
internal sealed record RunSource(IReadOnlyList<RunNetworks> Runs, IReadOnlyList<OpenedNetwork> Models, int Examples, bool HasNetwork)
{
    private OpenedNetwork First => Models[0];

    private bool IsOneNetwork => Models.Zip(Runs).All(pair => (pair.Second.Path, pair.First.Of.Name, pair.First.Index) == (Runs[0].Path, First.Of.Name, First.Index));

    /// <summary>What each is called beside the others: whatever they differ in.</summary>
    internal IReadOnlyList<string> Names
    {
        get
        {
            bool Differ(Func<int, object> of) => Enumerable.Range(0, Models.Count).Any(i => !of(i).Equals(of(0)));
            var (run, network, index) = (Differ(i => Runs[i].Path), Differ(i => Models[i].Of.Name), Differ(i => Models[i].Index));
            var step = Differ(i => Models[i].Step) || !(run || network || index);
            return
            [
                .. Models.Select((model, i) => string.Join(", ", new[]
                {
                    run ? Runs[i].Path : null, network || Models.Count == 1 ? model.Of.Name : null, index || Models.Count == 1 ? $"{model.Of.Counted} {model.Index}" : null, step ? $"step {model.Step}" : null,
                }.OfType<string>())),
            ];
        }
    }

    /// <summary>The training step of each, where they are one network.</summary>
    internal IReadOnlyList<long>? Steps => IsOneNetwork ? [.. Models.Select(model => model.Step)] : null;

    /// <summary>Where the models are from.</summary>
    internal IEnumerable<string> Lines => IsOneNetwork
        ? [Line(0, Models.Count == 1
            ? $"step {First.Step}{(First.Of.Steps.Count > 1 ? $" of {RunSelection.Text(First.Of.Steps)}" : "")}: {First.Point.Tensors} in {Path.GetFileName(First.Point.File)}"
            : $"steps {RunSelection.Text([.. Models.Select(model => model.Step)])}")]
        : Models.Select((model, i) => Line(i, $"step {model.Step}"));

    /// <summary>What the loss is taken on, and whether that is what the run saw.</summary>
    internal string Data => Invariant($"{Examples:N0} {First.Set} examples{(Models.Count > 1 && !IsOneNetwork ? $" of the first, {First.Of.Counted} {First.Index}" : "")}")
        + (Models.Count == 1 && First.Recorded is { } recorded ? $"; the run recorded a loss of {TaskResult.Text(recorded)} on {(Examples == First.Examples.Count ? "them" : $"all {First.Examples.Count:N0}")}" : "");

    /// <summary>A row of a document about a model.</summary>
    internal JsonObject Row(int model) => new()
    {
        ["model"] = Names[model],
        ["run"] = Runs[model].Path,
        ["network"] = Models[model].Of.Name,
        ["index"] = Models[model].Index,
        ["step"] = Models[model].Step,
        ["file"] = Models[model].Point.File,
        ["tensors"] = Models[model].Point.Tensors,
    };

    /// <summary>All of it for a document.</summary>
    internal JsonObject Json() => new()
    {
        ["study"] = Runs[0].Study,
        ["examples"] = First.Set,
        ["networkAssumed"] = !HasNetwork && Runs[0].Networks.Count > 1,
        ["networks"] = new JsonArray([.. Runs[0].Networks.Select(network => (JsonNode)network.Name)]),
        ["models"] = new JsonArray([.. Models.Select((model, i) =>
        {
            var row = Row(i);
            (row["loss"], row["recordedLoss"]) = (model.Value, model.Recorded);
            return (JsonNode)row;
        })]),
    };

    /// <summary>The word of a loss, as flags have it where they do.</summary>
    internal static string Word(OutputLoss loss) => loss switch
    {
        _ when loss == OutputLoss.CrossEntropy => "cross-entropy",
        _ when loss == OutputLoss.HalfSquared => "half-squared",
        _ when loss == OutputLoss.MeanSquared => "mean-squared",
        _ when loss == OutputLoss.Logistic => "logistic",
        _ => "KL to the teacher",
    };

    /// <summary>The word of an activation; null for networks that are not fully connected.</summary>
    internal static string? Word(INetwork network) => (network as Mlp)?.Activation switch
    {
        null => null,
        { Kind: not ActivationKind.Rectified } smooth => smooth.Kind.ToString().ToLowerInvariant(),
        { Slope: 0 } => "relu",
        { Slope: 1 } => "linear",
        { } leaky => Invariant($"leaky relu {leaky.Slope}"),
    };

    private string Line(int model, string step)
    {
        var (run, one) = (Runs[model], Models[model]);
        var others = model == 0 && !HasNetwork && run.Networks.Count > 1 ? $" (the first of {run.Networks.Count}; --network names another, such as {run.Networks[^1].Name})" : "";
        return $"run {run.Path}, {one.Of.Name}{others}, {one.Of.Counted} {one.Index}{(one.Of.Count > 1 ? $" of {one.Of.Count}" : "")}, {step}";
    }
}
