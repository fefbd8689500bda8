using System.Text.Json.Nodes;

namespace Understudy.UnitTests.Cli;

public sealed class RunVerbTests : IDisposable
{
    private readonly Terminal _terminal = new();

    [Fact]
    public void A_run_ends_with_verdicts_places_and_the_command_to_repeat_it()
    {
        var answer = _terminal.Run("run", "specialization", "seed=3");

        var run = _terminal.OnlyRun();
        Assert.Equal(0, answer.Code);
        Assert.Equal(
            $"""
            ✔ Supported     every step is counted  40 rows, 95 % interval [40, 40]
            ◐ Partly        wide students win      width 8
            run     {run}
            report  {Path.Combine(run, "report.html")}
            again   understudy run specialization @quick seed=3

            """, answer.Out);
        Assert.True(File.Exists(Path.Combine(run, "report.html")));
    }

    [Fact]
    public void Quiet_leaves_only_results()
    {
        var answer = _terminal.Run("run", "specialization", "-q");

        Assert.Equal("", answer.Error);
        Assert.Contains("✔ Supported", answer.Out, StringComparison.Ordinal);
    }

    [Fact]
    public void Output_without_a_terminal_has_no_control_characters()
    {
        var answer = _terminal.Run("run", "specialization");

        Assert.DoesNotContain(answer.Out + answer.Error, letter => char.IsControl(letter) && letter != '\n');
    }

    [Theory]
    [InlineData("LANG", "C")]
    [InlineData("TERM", "dumb")]
    public void Without_UTF_8_or_with_a_dumb_terminal_words_stand_alone(string variable, string value)
    {
        _terminal.Variables[variable] = value;

        var answer = _terminal.Run("run", "specialization");

        Assert.StartsWith("Supported     every step is counted", answer.Out, StringComparison.Ordinal);
        Assert.All(answer.Out, letter => Assert.True(char.IsAscii(letter)));
    }

    [Fact]
    public void A_terminal_gets_colors_unless_NO_COLOR_or_no_color()
    {
        (_terminal.IsTerminal, _terminal.Columns) = (true, 100);
        var colored = _terminal.Run("run", "specialization", "--no-progress");
        var flagged = _terminal.Run("run", "specialization", "--no-progress", "--no-color");
        _terminal.Variables["NO_COLOR"] = "1";
        var asked = _terminal.Run("run", "specialization", "--no-progress");

        Assert.Contains("\u001b[32m✔ Supported\u001b[0m", colored.Out, StringComparison.Ordinal);
        Assert.DoesNotContain('\u001b', flagged.Out);
        Assert.DoesNotContain('\u001b', asked.Out);
    }

    [Fact]
    public void Long_statements_stand_above_their_measurement_on_a_narrow_terminal()
    {
        (_terminal.IsTerminal, _terminal.Columns) = (true, 50);

        var answer = _terminal.Run("run", "specialization", "--no-progress", "--no-color");

        Assert.StartsWith(
            "✔ Supported     every step is counted\n                  40 rows, 95 % interval [40, 40]\n◐ Partly        wide students win  width 8\n",
            answer.Out, StringComparison.Ordinal);
    }

    [Fact]
    public void Json_is_one_document_and_nothing_else()
    {
        var answer = _terminal.Run("run", "specialization", "--json");

        var document = JsonNode.Parse(answer.Out)!;
        Assert.Equal("completed", (string?)document["status"]);
        Assert.Equal(_terminal.OnlyRun(), (string?)document["run"]);
        Assert.Equal("Supported", (string?)document["verdicts"]![0]!["outcome"]);
    }

    [Fact]
    public void Verbose_prints_the_log_and_quiet_does_not()
    {
        var verbose = _terminal.Run("run", "specialization", "@smoke", "--verbose", "--no-progress");
        var log = File.ReadAllLines(Path.Combine(_terminal.OnlyRun(), "log.txt"));
        var quiet = _terminal.Run("run", "specialization", "@smoke", "--verbose", "--quiet");

        Assert.NotEmpty(log);
        // the file has the time in front
        Assert.All(log, line => Assert.Contains(line[(line.IndexOf(' ', StringComparison.Ordinal) + 1)..] + "\n", verbose.Error, StringComparison.Ordinal));
        Assert.Equal("", quiet.Error);
    }

    [Fact]
    public void Strict_gives_4_where_a_claim_is_not_supported()
    {
        Assert.Equal(0, _terminal.Run("run", "specialization", "student.width=2").Code);
        Assert.Equal(4, _terminal.Run("run", "specialization", "student.width=2", "--strict").Code);
        Assert.Equal(0, _terminal.Run("run", "specialization", "--strict").Code);
    }

    [Fact]
    public void A_bug_gives_1_and_the_place_of_the_trace()
    {
        var answer = _terminal.Run("run", "specialization", "breakAt=7", "--quiet");

        var log = Path.Combine(_terminal.OnlyRun(), "log.txt");
        Assert.Equal(1, answer.Code);
        Assert.Equal($"error: the count broke at 7\n  the trace is in {log}\n", answer.Error);
        Assert.Contains("at Understudy.UnitTests.Cli.FakeStudy.Run", File.ReadAllText(log), StringComparison.Ordinal);
    }

    [Fact]
    public void The_first_request_stops_after_a_checkpoint_and_resuming_gives_the_same_bytes()
    {
        _terminal.Studies = [new FakeStudy(step =>
        {
            if (step == 20 && _terminal.EndedAtOnce.Count == 0 && !_terminal.Interruption!.Token.IsCancellationRequested && !Directory.Exists(Path.Combine(_terminal.Folder, "other")))
                _terminal.Interruption.Request();
        })];

        var stopped = _terminal.Run("run", "specialization", "--no-progress");
        var run = _terminal.OnlyRun();
        Directory.CreateDirectory(Path.Combine(_terminal.Folder, "other"));
        var resumed = _terminal.Run("resume", run, "--no-progress");
        var whole = _terminal.Run("run", "specialization", "--out", Path.Combine(_terminal.Folder, "other"), "--no-progress");

        Assert.Equal(3, stopped.Code);
        Assert.Equal($"stopping after this step, checkpoint in {Path.Combine(run, "checkpoints")}; Ctrl-C again to end at once\n", stopped.Error);
        Assert.Equal($"run     {run}\nresume  understudy resume {run}\n", stopped.Out);
        Assert.Equal((0, 0), (resumed.Code, whole.Code));
        var other = Assert.Single(Directory.GetDirectories(Path.Combine(_terminal.Folder, "other")));
        Assert.Equal(File.ReadAllBytes(Path.Combine(other, "metrics", "count.rows.jsonl")), File.ReadAllBytes(Path.Combine(run, "metrics", "count.rows.jsonl")));
    }

    [Fact]
    public void A_second_request_ends_at_once_with_130()
    {
        _terminal.Studies = [new FakeStudy(step =>
        {
            if (step == 20)
            {
                _terminal.Interruption!.Request();
                _terminal.Interruption.Request();
            }
        })];

        _terminal.Run("run", "specialization");

        Assert.Equal([130], _terminal.EndedAtOnce);
    }

    [Fact]
    public void A_dry_run_prints_the_resolved_plan_and_makes_nothing()
    {
        var answer = _terminal.Run("run", "specialization", "student.width=3", "--dry-run", "--threads", "2");

        Assert.Equal(0, answer.Code);
        Assert.Contains("\"width\": 3", answer.Out, StringComparison.Ordinal);
        Assert.EndsWith(
            """

            study    specialization: Counting to a number
            threads  2
            data     none
            time     not estimated; @quick: under a second, for the tests of the command line
            memory   not estimated
            run      understudy run specialization student.width=3

            """, answer.Out, StringComparison.Ordinal);
        Assert.False(Directory.Exists(_terminal.Runs));
    }

    [Fact]
    public void Threads_come_from_the_flag_then_the_environment()
    {
        _terminal.Variables["UNDERSTUDY_THREADS"] = "3";

        _terminal.Run("run", "specialization", "--out", Path.Combine(_terminal.Folder, "a"));
        _terminal.Run("run", "specialization", "--threads", "2", "--out", Path.Combine(_terminal.Folder, "b"));

        Assert.Equal((3, 2), (Threads("a"), Threads("b")));

        int Threads(string name)
        {
            var run = Assert.Single(Directory.GetDirectories(Path.Combine(_terminal.Folder, name)));
            return (int)JsonNode.Parse(File.ReadAllText(Path.Combine(run, "run.json")))!["threads"]!;
        }
    }

    [Fact]
    public void A_file_of_settings_is_laid_over_the_preset()
    {
        var file = Path.Combine(_terminal.Folder, "mine.yaml");
        File.WriteAllText(file, "student:\n  width: 9\n");

        var answer = _terminal.Run("run", "specialization", "--config", file, "seed=2");

        Assert.EndsWith("again   understudy run specialization @quick student.width=9 seed=2\n", answer.Out, StringComparison.Ordinal);
    }

    public void Dispose() => _terminal.Dispose();
}
