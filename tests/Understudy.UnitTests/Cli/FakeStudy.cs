using Understudy.Data.Formats;
using Understudy.Lab;
using Understudy.Lab.Claims;
using Understudy.Lab.Configuration;
using Understudy.Lab.Figures;
using Understudy.Lab.Runs;

namespace Understudy.UnitTests.Cli;

/// <summary>Settings of a study that only counts.</summary>
public sealed record FakeConfig : StudyConfig
{
    /// <summary>Steps to count.</summary>
    public int Steps { get; init; } = 40;

    /// <summary>The step at which the study breaks; never where negative.</summary>
    public int BreakAt { get; init; } = -1;

    /// <summary>The student.</summary>
    public FakeStudent Student { get; init; } = new();

    /// <summary>A data set that is needed, or none.</summary>
    public string Data { get; init; } = "none";

    public override IEnumerable<string> Problems()
    {
        if (Steps < 1)
            yield return $"steps ({Steps}) must be at least 1.";
    }
}

/// <summary>Settings of the student.</summary>
public sealed record FakeStudent
{
    /// <summary>Hidden nodes.</summary>
    public int Width { get; init; } = 8;

    /// <summary>Hidden layers.</summary>
    public int Depth { get; init; } = 1;

    /// <summary>The nonlinearity.</summary>
    public string Activation { get; init; } = "relu";

    /// <summary>How weights begin.</summary>
    public string Initialization { get; init; } = "standard";

    /// <summary>Nodes per teacher node.</summary>
    public double Multiplier { get; init; } = 1;
}

/// <summary>A study that counts, so that the command line can be tested without training.</summary>
public sealed class FakeStudy(Action<int>? atStep = null) : Study<FakeConfig>
{
    private static readonly Claim Counted = new("every-step-is-counted", "every step is counted", "Nobody 2026, figure 1", "as many rows as steps");
    private static readonly Claim Wide = new("wide-students-win", "wide students win", "Nobody 2026, table 2", "a width of at least 8");

    public override StudyCard Card { get; } = new(
        "specialization", "Counting to a number", "Does every step count?", "Nobody 2026, On Counting", ["Nobody 2026"], [Counted, Wide]);

    protected override IReadOnlyList<string> Needs(FakeConfig config) => config.Data == "none" ? [] : [config.Data];

    protected override void Run(FakeConfig config, RunContext run, CancellationToken cancellation)
    {
        var first = run.Restore("count")?.Step ?? 0;
        for (var step = first + 1; step <= config.Steps; step++)
        {
            cancellation.ThrowIfCancellationRequested();
            if (step == config.BreakAt)
                throw new InvalidOperationException($"the count broke at {step}");
            run.Record("count.rows", new Row(step, step * (double)config.Seed, new Pair(1, "a,b")));
            run.Report((double)step / config.Steps, "counting", ("loss", 1.0 / step), ("found", step));
            atStep?.Invoke((int)step);
            run.Checkpoint("count", step, () => [Tensor.Of("sum", [(float)step], 1)]);
        }
        run.Save("sums", config.Steps, [Tensor.Of("sum", [1f, 2f], 2)]);
        run.Finish("count");
    }

    public override IEnumerable<Verdict> Judge(IReadOnlyList<RunRecord> runs)
    {
        var rows = runs.Sum(run => run.Table<Row>("count.rows").Count);
        yield return Counted.Judge(Outcome.Supported, $"{rows} rows, 95 % interval [{rows}, {rows}]", "it is not a paper", new Estimate(rows, rows, rows), runs.Count);
        var width = runs.Min(run => ((FakeConfig)run.Config).Student.Width);
        yield return Wide.Judge(width >= 8 ? Outcome.Partly : Outcome.NotSupported, $"width {width}", "it is not a paper");
    }

    public override IEnumerable<Figure> Draw(IReadOnlyList<RunRecord> runs)
    {
        yield return new Figure("count", "Count", "It grows.", [new Panel("", new Axis("step"), new Axis("value"),
            [new LineLayer("count", [.. runs[0].Table<Row>("count.rows").Select(row => new XY(row.Step, row.Value))])])]);
    }

    private sealed record Row(long Step, double Value, Pair Pair);

    private sealed record Pair(int First, string Second);
}
