using Understudy.Cli;
using Understudy.Lab;

namespace Understudy.UnitTests.Cli;

/// <summary>The tool in this process, in a folder of its own, with captured output.</summary>
internal sealed class Terminal : IDisposable
{
    internal Terminal()
    {
        Folder = Directory.CreateTempSubdirectory("understudy-cli-").FullName;
        Variables["UNDERSTUDY_RUNS"] = Path.Combine(Folder, "runs");
        Variables["UNDERSTUDY_CACHE"] = Path.Combine(Folder, "cache");
        Variables["LANG"] = "C.UTF-8";
    }

    internal string Folder { get; }

    internal string Runs => Variables["UNDERSTUDY_RUNS"];

    internal Dictionary<string, string> Variables { get; } = [];

    internal IReadOnlyList<IStudy> Studies { get; set; } = [new FakeStudy()];

    internal bool IsTerminal { get; set; }

    internal int? Columns { get; set; }

    internal string Input { get; set; } = "";

    internal List<int> EndedAtOnce { get; } = [];

    internal Interruption? Interruption { get; private set; }

    /// <summary>Asks to stop as soon as what was written to standard error holds this; null for never.</summary>
    internal string? StopsAt { get; set; }

    /// <summary>Carries out a command line.</summary>
    internal Answer Run(params string[] arguments)
    {
        using var interruption = new Interruption(EndedAtOnce.Add, TimeProvider.System);
        using var output = new StringWriter();
        using var error = new WatchedWriter(text =>
        {
            if (StopsAt is { } words && text.Contains(words, StringComparison.Ordinal) && !interruption.Token.IsCancellationRequested)
                interruption.Request();
        });
        Interruption = interruption;
        var code = Tool.Invoke(arguments, new Surroundings
        {
            Studies = Studies,
            Out = output,
            Error = TextWriter.Synchronized(error),
            In = new StringReader(Input),
            OutIsTerminal = IsTerminal,
            ErrorIsTerminal = IsTerminal,
            InIsTerminal = IsTerminal,
            Columns = Columns,
            Variable = name => Variables.GetValueOrDefault(name),
            Interruption = interruption,
            Children = Child,
        });
        return new Answer(code, output.ToString(), error.ToString());
    }

    /// <summary>The only run there is.</summary>
    internal string OnlyRun() => Assert.Single(Directory.GetDirectories(Runs));

    public void Dispose() => Directory.Delete(Folder, recursive: true);

    private ChildEnd Child(IReadOnlyList<string> arguments, CancellationToken stop, CancellationToken end)
    {
        using var interruption = new Interruption(_ => { }, TimeProvider.System);
        using var error = new StringWriter();
        using var registration = stop.Register(interruption.RequestOnce);
        var code = Tool.Invoke([.. arguments.Where(argument => argument != "--stop-with-input")], new Surroundings
        {
            Studies = Studies,
            Out = TextWriter.Null,
            Error = TextWriter.Synchronized(error),
            Variable = name => Variables.GetValueOrDefault(name),
            Interruption = interruption,
            Children = Child,
        });
        return new ChildEnd(code, error.ToString());
    }
}

/// <summary>Text in memory that somebody reads while it is written.</summary>
internal sealed class WatchedWriter(Action<string> written) : StringWriter
{
    public override void Write(string? value)
    {
        base.Write(value);
        written(ToString());
    }
}

/// <summary>What the tool answered.</summary>
internal sealed record Answer(int Code, string Out, string Error);
