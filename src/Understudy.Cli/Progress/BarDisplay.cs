using Spectre.Console;
using Spectre.Console.Rendering;
using Understudy.Cli.Output;
using Understudy.Lab.Runs;

namespace Understudy.Cli.Progress;

/// <summary>One bar per stage on a terminal, with the time left and the numbers that matter.</summary>
internal sealed class BarDisplay : RunDisplay
{
    private const int UpdatesPerSecond = 10;

    private readonly IAnsiConsole _console;
    private readonly Screen _screen;
    private readonly TimeProvider _time;
    private readonly RemainingTime _remaining;
    private readonly Lock _gate = new();
    private ProgressTask? _task;
    private RunProgress? _last;
    private long _stageBegan;

    internal BarDisplay(Surroundings surroundings, Screen screen)
    {
        (_screen, _time, _remaining) = (screen, surroundings.Time, new RemainingTime(surroundings.Time));
        _console = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Ansi = AnsiSupport.Yes,
            ColorSystem = screen.Color ? ColorSystemSupport.Standard : ColorSystemSupport.NoColors,
            Interactive = InteractionSupport.Yes,
            Out = new AnsiConsoleOutput(surroundings.Error),
        });
        _console.Profile.Width = screen.Width;
    }

    internal override T During<T>(Func<T> work)
    {
        var progress = _console.Progress().AutoClear(true).Columns(
            new TaskDescriptionColumn { Alignment = Justify.Left },
            new ProgressBarColumn { Width = Math.Clamp(_screen.Width / 4, 10, 30) },
            new PercentageColumn(),
            new TextColumn(() => Tail()));
        progress.RefreshRate = TimeSpan.FromSeconds(1.0 / UpdatesPerSecond);
        _stageBegan = _time.GetTimestamp();
        return progress.Start(context =>
        {
            _task = context.AddTask("starting");
            try
            {
                return work();
            }
            finally
            {
                _task = null;
            }
        });
    }

    internal override void Note(string text)
    {
        if (_task is null)
            _screen.Line(text);
        else
            _console.WriteLine(text);
    }

    public override void Report(RunProgress value)
    {
        string? ended = null;
        lock (_gate)
        {
            if (_last is not null && Part(_last) != Part(value))
            {
                ended = $"{Part(_last)}  {Wording.Of(_time.GetElapsedTime(_stageBegan))}{(_last.Values.Count > 0 ? "  " : "")}{Numbers(_last)}";
                _stageBegan = _time.GetTimestamp();
            }
            _last = value;
            _remaining.At(value.Fraction);
        }
        // never under our lock: the console has its own, under which it asks for the text of the last column
        if (ended is not null)
            _console.WriteLine(ended);
        if (_task is not { } task)
            return;
        task.Description = Markup.Escape(value.Stage);
        task.Value = 100 * value.Fraction;
    }

    /// <summary>The stage without what changes within it: "two-layer" of "two-layer: epoch 3 of 20".</summary>
    private static string Part(RunProgress progress) => progress.Stage.Split(": ", 2)[0];

    private string Tail()
    {
        lock (_gate)
        {
            if (_last is null)
                return "";
            string[] parts = [_remaining.Text, Numbers(_last)];
            return string.Join("  ", parts.Where(part => part.Length > 0));
        }
    }

    /// <summary>A column of text that is asked for at every update.</summary>
    private sealed class TextColumn(Func<string> text) : ProgressColumn
    {
        protected override bool NoWrap => true;

        public override IRenderable Render(RenderOptions options, ProgressTask task, TimeSpan deltaTime) => new Text(text()).Overflow(Overflow.Ellipsis);
    }
}
