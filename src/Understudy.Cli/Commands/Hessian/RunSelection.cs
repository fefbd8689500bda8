using System.Globalization;
using Understudy.Lab.Configuration;
using Understudy.Studies.Kept;

namespace Understudy.Cli.Commands.Hessian;

/// <summary>Which networks of some runs are meant: every flag takes one value for all models, or one for each, with commas between.</summary>
internal static class RunSelection
{
    private const int MostNames = 24;

    /// <summary>The models, at least one.</summary>
    /// <exception cref="UsageException">A run does not have what is named, or flags name different numbers of models.</exception>
    internal static IReadOnlyList<ChosenNetwork> Of(IReadOnlyList<RunNetworks> runs, string task, RunFlags flags)
    {
        var (networks, indices, steps) = (Split(flags.Networks), Split(flags.Indices), Split(flags.Steps));
        (string Name, int Count)[] counts = [("runs", runs.Count), ("--network", networks.Length), ("--index", indices.Length), ("--step", steps.Length)];
        var models = counts.Max(item => item.Count);
        var two = counts.Where(item => item.Count > 1).ToArray();
        if (two.FirstOrDefault(item => item.Count != models) is { Name: not null } other)
            throw new UsageException($"{other.Count} {other.Name} and {models} {two.First(item => item.Count == models).Name} do not go together\n  give one value for all models, or one for each");
        if (models > 1 && !TakesSeveral(task))
            throw new UsageException($"{task} takes one model, not {models}\n  line, curve, plane and track take several");
        static T At<T>(IReadOnlyList<T> values, int model) => values[values.Count == 1 ? 0 : model];
        return
        [
            .. Enumerable.Range(0, models).SelectMany(model =>
            {
                var run = At(runs, model);
                var network = networks.Length == 0 ? run.Networks[0] : Named(run, At(networks, model));
                var index = indices.Length == 0 ? 0 : Index(network, At(indices, model));
                return Steps(network, steps.Length == 0 ? null : At(steps, model), task, models).Select(step => new ChosenNetwork(run, network, index, step));
            }),
        ];
    }

    private static bool TakesSeveral(string task) => task is "line" or "plane" or "curve" or "track";

    private static string[] Split(string? text) => text?.Split(',', StringSplitOptions.TrimEntries) ?? [];

    /// <summary>A network by its name, or by as much of its beginning or end as no other has.</summary>
    private static KeptNetwork Named(RunNetworks run, string name)
    {
        if (run.Networks.FirstOrDefault(network => network.Name == name) is { } exact)
            return exact;
        KeptNetwork[] like = [.. run.Networks.Where(network => name.Length > 0
            && (network.Name.StartsWith(name + ".", StringComparison.Ordinal) || network.Name.EndsWith("." + name, StringComparison.Ordinal)))];
        return like.Length switch
        {
            1 => like[0],
            0 => throw new UsageException($"{run.Path} kept no network {name}{NearestName.Suggestion(name, run.Networks.Select(network => network.Name))}\n  networks there: {Names(run.Networks)}"),
            _ => throw new UsageException($"{name} may be several networks of {run.Path}\n  one of: {Names(like)}"),
        };
    }

    private static string Names(IReadOnlyList<KeptNetwork> networks)
        => string.Join(", ", networks.Take(MostNames).Select(network => network.Name)) + (networks.Count > MostNames ? $" and {networks.Count - MostNames} more" : "");

    private static int Index(KeptNetwork network, string text)
        => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var index) && index < network.Count
            ? index
            : throw new UsageException($"--index {text} is not a {network.Counted} of {network.Name}\n  {(network.Count == 1 ? "there is 0 only" : $"they go from 0 to {network.Count - 1}")}");

    private static IReadOnlyList<long> Steps(KeptNetwork network, string? asked, string task, int models)
    {
        var kept = network.Steps;
        switch (asked)
        {
            case "first":
                return [kept[0]];
            case "last":
                return [kept[^1]];
            case "all" when models == 1 && TakesSeveral(task):
                return kept;
            case "all":
                throw new UsageException($"--step all is for one run with {(TakesSeveral(task) ? "one network" : "line, curve, plane or track")}, not {(TakesSeveral(task) ? $"for {models} models" : task)}\n  name a step: {Text(kept)}");
            case { } text:
                return long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var step) && kept.Contains(step)
                    ? [step]
                    : throw new UsageException($"{network.Name} was not kept at step {text}\n  steps there: {Text(kept)}; or first, or last");
        }

        if (models > 1)
            return [kept[^1]];
        return task switch
        {
            "track" => kept,
            // fewer than three models do not make a plane
            "plane" when kept.Count > 2 => kept,
            "line" or "curve" => kept.Count > 1
                ? [kept[0], kept[^1]]
                : throw new UsageException($"{network.Name} was kept at step {kept[0]} only, and {task} takes two models\n  name two, as in: --index 0,1, or --network with two names, or another run"),
            _ => [kept[^1]],
        };
    }

    /// <summary>Steps in a few words.</summary>
    internal static string Text(IReadOnlyList<long> steps)
        => steps.Count <= 12 ? string.Join(", ", steps) : $"{string.Join(", ", steps.Take(8))}, … {steps[^2]}, {steps[^1]} ({steps.Count} steps)";
}

/// <summary>A network of a run that is meant.</summary>
/// <param name="Run">Its run.</param>
/// <param name="Network">Which of its networks.</param>
/// <param name="Index">Which of its seeds.</param>
/// <param name="Step">At which step.</param>
internal sealed record ChosenNetwork(RunNetworks Run, KeptNetwork Network, int Index, long Step);
