using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Understudy.Cli.Output;
using Understudy.Lab;
using Understudy.Lab.Configuration;

namespace Understudy.Cli;

/// <summary>One use of the tool, as a verb sees it.</summary>
internal sealed class Invocation
{
    private readonly Grammar _grammar;
    private readonly ParseResult _parsed;

    internal Invocation(Surroundings surroundings, Grammar grammar, ParseResult parsed)
    {
        (Surroundings, _grammar, _parsed) = (surroundings, grammar, parsed);
        var noColor = Is(grammar.Flags.NoColor);
        Out = Screen.Of(surroundings, error: false, noColor);
        Error = Screen.Of(surroundings, error: true, noColor);
        Json = Is(grammar.Flags.Json);
        Quiet = Is(grammar.Flags.Quiet);
        Verbose = Is(grammar.Flags.Verbose) && !Quiet;
        NoProgress = Is(grammar.Flags.NoProgress);
    }

    /// <summary>What is outside.</summary>
    internal Surroundings Surroundings { get; }

    /// <summary>Results, for people.</summary>
    internal Screen Out { get; }

    /// <summary>Everything else, for people.</summary>
    internal Screen Error { get; }

    /// <summary>Whether results are one JSON document.</summary>
    internal bool Json { get; }

    /// <summary>Whether only results and errors are wanted.</summary>
    internal bool Quiet { get; }

    /// <summary>Whether the log is wanted.</summary>
    internal bool Verbose { get; }

    /// <summary>Whether no progress is wanted.</summary>
    internal bool NoProgress { get; }

    /// <summary>The words after the verb.</summary>
    internal IReadOnlyList<string> Words => _grammar.Words(_parsed);

    /// <summary>Whether the network must not be used.</summary>
    internal bool Offline => Is(_grammar.Flags.Offline) || Surroundings.IsOn("UNDERSTUDY_OFFLINE");

    /// <summary>Whether a flag was given.</summary>
    internal bool Is(Option<bool> flag) => _parsed.GetResult(flag) is { Implicit: false } && _parsed.GetValue(flag);

    /// <summary>The value of a flag, or null.</summary>
    internal string? Value(Option<string?> flag) => _parsed.GetResult(flag) is null ? null : _parsed.GetValue(flag);

    /// <summary>Writes the JSON document.</summary>
    internal void Write(JsonNode document)
    {
        Surroundings.Out.Write(document.ToJsonString(LabJson.Indented));
        Surroundings.Out.Write('\n');
        Surroundings.Out.Flush();
    }

    /// <summary>A value as part of the JSON document.</summary>
    internal static JsonNode? Node<T>(T value) => JsonSerializer.SerializeToNode(value, LabJson.Indented);

    /// <summary>A study by name.</summary>
    /// <exception cref="UsageException">There is none of that name.</exception>
    internal IStudy Study(string name)
        => Surroundings.Studies.FirstOrDefault(study => study.Card.Name == name) ?? throw new UsageException(
            $"{name} is not a study{NearestName.Suggestion(name, Surroundings.Studies.Select(study => study.Card.Name))}\n"
            + $"  studies: {string.Join(", ", Surroundings.Studies.Select(study => study.Card.Name))}\n  see: understudy show");

    /// <summary>Threads to compute with: flag, environment, processors.</summary>
    internal int Threads
    {
        get
        {
            if (Value(_grammar.Flags.Threads) is { } flag)
                return Positive(flag, "--threads");
            return Surroundings.Variable("UNDERSTUDY_THREADS") is { Length: > 0 } variable ? Positive(variable, "UNDERSTUDY_THREADS") : Environment.ProcessorCount;
        }
    }

    /// <summary>The folder of runs: flag, environment, <c>runs</c>.</summary>
    internal string RunsFolder => Value(_grammar.Flags.Runs) ?? (Surroundings.Variable("UNDERSTUDY_RUNS") is { Length: > 0 } variable ? variable : "runs");

    /// <summary>A positive whole number.</summary>
    internal static int Positive(string text, string name)
        => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number is >= 1 and <= 4096
            ? number
            : throw new UsageException($"{name} takes a whole number from 1 to 4096, not {text}");
}
