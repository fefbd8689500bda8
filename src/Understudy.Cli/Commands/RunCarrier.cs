using System.Text.Json.Nodes;
using Understudy.Cli.Output;
using Understudy.Cli.Progress;
using Understudy.Data;
using Understudy.Lab;
using Understudy.Lab.Claims;
using Understudy.Lab.Execution;
using Understudy.Lab.Runs;

namespace Understudy.Cli.Commands;

/// <summary>Carries out a run directory in this process, and says how it ended.</summary>
internal static class RunCarrier
{
    /// <summary>How a line of the log begins that everybody should see.</summary>
    private const string Warning = "warning ";

    /// <summary>Does whatever is missing in a run.</summary>
    /// <returns>The exit code.</returns>
    internal static int Carry(Invocation invocation, IStudy study, RunDirectory run, bool strict)
    {
        var surroundings = invocation.Surroundings;
        var display = RunDisplay.For(invocation);
        surroundings.Interruption.Hold(
            () => display.Note($"stopping after this step, checkpoint in {run.File("checkpoints")}; Ctrl-C again to end at once"),
            () => display.Note($"{run.Path} did not stop within a minute; it can be resumed from its last checkpoint"));
        var options = new RunOptions
        {
            Threads = invocation.Threads,
            Time = surroundings.Time,
            Data = DataSets.Finder(invocation),
            Log = line =>
            {
                if (invocation.Verbose || line.StartsWith(Warning, StringComparison.Ordinal))
                    display.Note(line);
            },
        };
        if (invocation.Verbose)
            display.Note($"{run.Path}: {Wording.Count(options.Threads, "thread")}, log in {run.File("log.txt")}");
        var result = display.During(() => LocalRunner.Resume(study, run, options, display, surroundings.Interruption.Token));
        return End(invocation, study, run, result, strict);
    }

    /// <summary>What came out, where it is, how to repeat it.</summary>
    internal static int End(Invocation invocation, IStudy study, RunDirectory run, RunResult result, bool strict)
    {
        var code = Code(result, strict);
        if (invocation.Json)
            invocation.Write(Document(study, run, result, code));
        if (result.Error is { } error)
            Tell(invocation, run, error);
        else if (!invocation.Json)
            Tell(invocation, study, run, result);
        return code;
    }

    /// <summary>The command that gives the same run again.</summary>
    internal static string Again(IStudy study, RunJson run)
    {
        var named = run.Arguments.Any(argument => argument.StartsWith('@')) || !Lab.Configuration.Presets.Names(study).Contains("quick") ? [] : new[] { "@quick" };
        return Wording.Command(["understudy", "run", run.Study, .. named, .. run.Arguments]);
    }

    /// <summary>4 where a claim came out NotSupported and that was asked for, else 0.</summary>
    internal static int Judged(IReadOnlyList<Verdict> verdicts, bool strict)
        => strict && verdicts.Any(verdict => verdict.Outcome == Outcome.NotSupported) ? ExitCode.NotSupported : ExitCode.Done;

    private static int Code(RunResult result, bool strict) => result switch
    {
        { Error: UserException } => ExitCode.UserError,
        { Status: RunStatus.Failed } => ExitCode.Failed,
        { Status: RunStatus.Cancelled } => ExitCode.Cancelled,
        _ => Judged(result.Verdicts, strict),
    };

    private static void Tell(Invocation invocation, RunDirectory run, Exception error)
    {
        var lines = error.Message.Split('\n');
        invocation.Error.Line($"{invocation.Error.Alarm("error:")} {lines[0]}");
        foreach (var line in lines[1..])
            invocation.Error.Line(line);
        if (error is not UserException)
            invocation.Error.Line($"  the trace is in {run.File("log.txt")}");
    }

    private static void Tell(Invocation invocation, IStudy study, RunDirectory run, RunResult result)
    {
        if (result.Status == RunStatus.Cancelled)
        {
            invocation.Out.Line($"run     {run.Path}");
            invocation.Out.Line($"resume  {Wording.Command("understudy", "resume", run.Path)}");
            return;
        }
        VerdictBlock.Write(invocation.Out, result.Verdicts);
        invocation.Out.Line($"run     {run.Path}");
        invocation.Out.Line($"report  {run.File("report.html")}");
        invocation.Out.Line($"again   {Again(study, run.ReadRun())}");
    }

    private static JsonObject Document(IStudy study, RunDirectory run, RunResult result, int code)
    {
        var state = run.ReadRun();
        var document = new JsonObject
        {
            ["id"] = state.Id,
            ["study"] = state.Study,
            ["status"] = Invocation.Node(result.Status),
            ["exitCode"] = code,
            ["run"] = run.Path,
            ["verdicts"] = Invocation.Node(result.Verdicts),
        };
        if (result.Status == RunStatus.Completed)
            document["report"] = run.File("report.html");
        if (result.Error is not null)
            document["error"] = new JsonObject { ["message"] = result.Error.Message, ["kind"] = result.Error.GetType().Name };
        document[result.Status == RunStatus.Completed ? "again" : "resume"] = result.Status == RunStatus.Completed
            ? Again(study, state)
            : Wording.Command("understudy", "resume", run.Path);
        return document;
    }
}
