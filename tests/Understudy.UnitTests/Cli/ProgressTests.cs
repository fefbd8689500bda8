using Understudy.Cli.Output;
using Understudy.Cli.Progress;
using Understudy.Lab.Runs;

namespace Understudy.UnitTests.Cli;

public sealed class ProgressTests : IDisposable
{
    private readonly Clock _clock = new();
    private readonly StringWriter _written = new();

    [Fact]
    public void Without_a_terminal_there_is_a_line_for_every_tenth_with_numbers_and_time_left()
    {
        var display = new LineDisplay(new Screen(_written, null, signs: true, color: false), _clock);

        for (var step = 0; step <= 100; step++)
        {
            display.Report(new RunProgress(step / 100.0, "training", [("loss", 1.0 / (step + 1)), ("found", step)]));
            _clock.Pass(TimeSpan.FromMilliseconds(500));
        }

        var lines = _written.ToString().TrimEnd().Split('\n');
        Assert.Equal(11, lines.Length);
        Assert.Equal("  0 %  training  loss 1, found 0", lines[0]);
        Assert.Equal(" 50 %  training  loss 0.01961, found 50  25 s left", lines[5]);
        Assert.Equal("100 %  training  loss 0.009901, found 100", lines[10]);
    }

    [Fact]
    public void A_slow_run_says_something_every_half_minute()
    {
        var display = new LineDisplay(new Screen(_written, null, signs: true, color: false), _clock);

        for (var i = 0; i < 13; i++)
        {
            display.Report(new RunProgress(0.001 * i, "training", []));
            _clock.Pass(TimeSpan.FromSeconds(10));
        }

        Assert.Equal(5, _written.ToString().TrimEnd().Split('\n').Length);
    }

    [Theory]
    [InlineData(0.04, "0.0 s")]
    [InlineData(12.3, "12 s")]
    [InlineData(200, "3 min 20 s")]
    [InlineData(7500, "2 h 05 min")]
    public void Times_are_short(double seconds, string expected) => Assert.Equal(expected, Wording.Of(TimeSpan.FromSeconds(seconds)));

    [Theory]
    [InlineData(512, "512 B")]
    [InlineData(2300, "2.3 kB")]
    [InlineData(139_000_000, "139 MB")]
    public void Sizes_are_powers_of_a_thousand(long bytes, string expected) => Assert.Equal(expected, Wording.Bytes(bytes));

    [Fact]
    public void Commands_are_quoted_for_a_shell()
        => Assert.Equal("understudy run x 'parts=[a,b]' 'it'\\''s'", Wording.Command("understudy", "run", "x", "parts=[a,b]", "it's"));

    public void Dispose() => _written.Dispose();

    /// <summary>A clock that is moved by hand.</summary>
    private sealed class Clock : TimeProvider
    {
        private long _ticks = TimeSpan.TicksPerDay;

        public override long TimestampFrequency => TimeSpan.TicksPerSecond;

        public override long GetTimestamp() => _ticks;

        internal void Pass(TimeSpan time) => _ticks += time.Ticks;
    }
}
