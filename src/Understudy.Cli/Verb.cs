using System.CommandLine;

namespace Understudy.Cli;

/// <summary>One verb of the command line.</summary>
internal abstract class Verb
{
    /// <summary>A verb.</summary>
    /// <param name="name">The word.</param>
    /// <param name="summary">What it does, in half a line.</param>
    /// <param name="usage">What follows the word, as in "STUDY [@preset]".</param>
    protected Verb(string name, string summary, string usage)
        => (Command, Usage) = (new Command(name, summary) { TreatUnmatchedTokensAsErrors = false }, usage);

    /// <summary>Its grammar.</summary>
    internal Command Command { get; }

    /// <summary>What follows the word.</summary>
    internal string Usage { get; }

    /// <summary>Commands a stranger can copy, each with what it gives; <see cref="Output.ExampleRuns"/> fills in the user's own runs.</summary>
    internal abstract IReadOnlyList<Example> Examples { get; }

    /// <summary>What one should know beyond the examples, one paragraph each.</summary>
    internal virtual IReadOnlyList<string> Details => [];

    /// <summary>The least and the most words after the verb.</summary>
    internal abstract (int Least, int Most) Words { get; }

    /// <summary>What is asked for where too few words are given, as in "name a study".</summary>
    internal virtual string Missing => "";

    /// <summary>Does it.</summary>
    /// <returns>The exit code.</returns>
    internal abstract int Execute(Invocation invocation);

    /// <summary>The words that could stand next after those that are there, for completion.</summary>
    internal virtual IEnumerable<string> Continue(Surroundings surroundings, IReadOnlyList<string> words) => [];
}

/// <summary>A command line one can copy.</summary>
/// <param name="Line">The line.</param>
/// <param name="Meaning">What it gives, in a few words.</param>
internal sealed record Example(string Line, string Meaning);
