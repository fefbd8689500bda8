using System.CommandLine;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text.Json.Nodes;
using Understudy.Cli.Output;
using Understudy.Data;
using Understudy.Lab.Runs;

namespace Understudy.Cli;

/// <summary>The tool as a function from a command line to an exit code.</summary>
internal static class Tool
{
    /// <summary>Reads and carries out a command line.</summary>
    /// <returns>The exit code.</returns>
    [SuppressMessage("Design", "CA1031", Justification = "The outermost place: whatever went wrong becomes an exit code and a log.")]
    internal static int Invoke(IReadOnlyList<string> arguments, Surroundings surroundings)
    {
        var grammar = new Grammar(surroundings);
        var parsed = grammar.Parse(arguments);
        if (grammar.AsksForSuggestions(parsed))
            return parsed.Invoke(new InvocationConfiguration { Output = surroundings.Out, Error = surroundings.Error, ProcessTerminationTimeout = null });
        var invocation = new Invocation(surroundings, grammar, parsed);
        try
        {
            return Dispatch(grammar, parsed, invocation);
        }
        catch (UserException problem)
        {
            return Tell(invocation, ExitCode.UserError, problem.Message);
        }
        catch (OperationCanceledException) when (surroundings.Interruption.Token.IsCancellationRequested)
        {
            return Tell(invocation, ExitCode.Cancelled, "stopped");
        }
        catch (Exception problem)
        {
            return Tell(invocation, ExitCode.Failed, $"{problem.Message.ReplaceLineEndings(" ")}\n  the trace is in {Log(arguments, surroundings, problem)}");
        }
    }

    /// <summary>Says what went wrong, and gives the exit code.</summary>
    internal static int Tell(Invocation invocation, int code, string message)
    {
        var lines = message.Split('\n');
        if (code == ExitCode.Cancelled)
            invocation.Error.Line(message);
        else
            invocation.Error.Line($"{invocation.Error.Alarm("error:")} {lines[0]}");
        foreach (var line in code == ExitCode.Cancelled ? [] : lines[1..])
            invocation.Error.Line(line);
        if (invocation.Json)
            invocation.Write(new JsonObject { ["error"] = new JsonObject { ["code"] = code, ["message"] = message } });
        return code;
    }

    private static int Dispatch(Grammar grammar, ParseResult parsed, Invocation invocation)
    {
        var verb = grammar.VerbOf(parsed);
        if (parsed.GetValue(grammar.Flags.Version))
        {
            invocation.Out.Line($"understudy {ThisMachine.Version}{(ThisMachine.Commit.Length > 0 ? $" ({ThisMachine.Commit})" : "")}");
            return ExitCode.Done;
        }
        if (Grammar.IsHelp(parsed))
            return Help(grammar, grammar.Words(parsed), invocation);
        if (verb is null && grammar.Words(parsed) is [var unknown, ..])
            throw ParseProblems.UnknownVerb(unknown, grammar.Verbs);
        if (verb is null && !parsed.GetValue(grammar.Flags.Help))
        {
            HelpText.Overview(invocation.Out, grammar);
            return ExitCode.Done;
        }
        if (verb is null || parsed.GetValue(grammar.Flags.Help))
        {
            HelpText.Write(invocation, grammar, verb);
            return ExitCode.Done;
        }
        ParseProblems.Check(grammar, verb, parsed);
        return verb.Execute(invocation);
    }

    private static int Help(Grammar grammar, IReadOnlyList<string> words, Invocation invocation)
    {
        var verb = words.Count == 0 ? null : grammar.Verbs.FirstOrDefault(item => item.Command.Name == words[0]) ?? throw ParseProblems.UnknownVerb(words[0], grammar.Verbs);
        HelpText.Write(invocation, grammar, verb);
        return ExitCode.Done;
    }

    private static string Log(IReadOnlyList<string> arguments, Surroundings surroundings, Exception problem)
    {
        var at = surroundings.Time.GetUtcNow();
        var path = Path.Combine(Path.GetTempPath(), string.Create(CultureInfo.InvariantCulture, $"understudy-{at:yyyyMMdd-HHmmss}-{Environment.ProcessId}.log"));
        File.AppendAllText(path, $"{at:O} {ThisMachine.Version} {Wording.Command(["understudy", .. arguments])}\n{problem}\n");
        return path;
    }
}
