using Understudy.Cli.Output;
using Understudy.Lab.Runs;

namespace Understudy.Cli.Progress;

/// <summary>Progress of a run for people: a bar on a terminal, a line now and then elsewhere, or nothing.</summary>
internal abstract class RunDisplay : IProgress<RunProgress>
{
    /// <summary>The display that suits an invocation.</summary>
    internal static RunDisplay For(Invocation invocation)
    {
        var surroundings = invocation.Surroundings;
        if (invocation.Quiet || invocation.NoProgress)
            return new SilentDisplay(invocation.Error, invocation.Quiet);
        var dumb = surroundings.Variable("TERM") == "dumb" || surroundings.IsOn("CI");
        return surroundings.ErrorIsTerminal && !dumb ? new BarDisplay(surroundings, invocation.Error) : new LineDisplay(invocation.Error, surroundings.Time);
    }

    /// <summary>Shows progress while something is done.</summary>
    internal abstract T During<T>(Func<T> work);

    /// <summary>Says something in between.</summary>
    internal abstract void Note(string text);

    /// <inheritdoc/>
    public abstract void Report(RunProgress value);

    /// <summary>The numbers that matter, as "loss 0.0123, found 0.83".</summary>
    protected static string Numbers(RunProgress progress) => string.Join(", ", progress.Values.Select(value => $"{value.Name} {Wording.Of(value.Value)}"));
}

/// <summary>No progress, but what has to be said.</summary>
internal sealed class SilentDisplay(Screen screen, bool quiet) : RunDisplay
{
    internal override T During<T>(Func<T> work) => work();

    internal override void Note(string text)
    {
        if (!quiet)
            screen.Line(text);
    }

    public override void Report(RunProgress value)
    {
    }
}

/// <summary>A line at every tenth and every half minute.</summary>
internal sealed class LineDisplay(Screen screen, TimeProvider time) : RunDisplay
{
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(30);

    private readonly Lock _gate = new();
    private readonly RemainingTime _remaining = new(time);
    private long? _lastAt;
    private int _lastTenth;

    internal override T During<T>(Func<T> work) => work();

    internal override void Note(string text) => screen.Line(text);

    public override void Report(RunProgress value)
    {
        lock (_gate)
        {
            _remaining.At(value.Fraction);
            var tenth = (int)(value.Fraction * 10 + 1e-9);
            var first = _lastAt is null;
            if (!first && tenth <= _lastTenth && time.GetElapsedTime(_lastAt!.Value) < Longest)
                return;
            (_lastTenth, _lastAt) = (tenth, time.GetTimestamp());
            string[] parts = [$"{(int)(value.Fraction * 100 + 1e-9),3} %", value.Stage, Numbers(value), _remaining.Text];
            screen.Line(string.Join("  ", parts.Where(part => part.Length > 0)));
        }
    }
}
