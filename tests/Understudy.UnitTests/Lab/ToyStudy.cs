using Understudy.Data.Formats;
using Understudy.Lab;
using Understudy.Lab.Claims;
using Understudy.Lab.Configuration;
using Understudy.Lab.Figures;
using Understudy.Lab.Runs;

namespace Understudy.UnitTests.Lab;

/// <summary>Which activation a toy student has.</summary>
public enum ToyKind
{
    /// <summary>ReLU.</summary>
    Relu,

    /// <summary>Leaky ReLU.</summary>
    LeakyRelu,
}

/// <summary>The student of a toy.</summary>
public sealed record ToyStudent
{
    /// <summary>Hidden nodes, n.</summary>
    public int Width { get; init; } = 4;

    /// <summary>Hidden layers.</summary>
    public int Depth { get; init; } = 1;

    /// <summary>The activation; see <see cref="ToyKind"/>.</summary>
    public ToyKind Kind { get; init; }

    /// <summary>Names of layers.</summary>
    public string Label { get; init; } = "plain";
}

/// <summary>A walk that pretends to be training.</summary>
public sealed record ToyConfig : StudyConfig
{
    /// <summary>Steps of each part.</summary>
    public int Steps { get; init; } = 40;

    /// <summary>Step size of the walk.</summary>
    public double LearningRate { get; init; } = 0.1;

    /// <summary>Seeds of every part; null leaves them to the parts.</summary>
    public int? Seeds { get; init; }

    /// <summary>The parts to run.</summary>
    public IReadOnlyList<string> Parts { get; init; } = ["first", "second"];

    /// <summary>A grid inside the run.</summary>
    public IReadOnlyList<int> Grid { get; init; } = [1, 2];

    /// <summary>The student.</summary>
    public ToyStudent Student { get; init; } = new();

    /// <inheritdoc/>
    public override IEnumerable<string> Problems()
    {
        if (Steps < 1)
            yield return $"steps ({Steps}) must be at least 1.";
        if (LearningRate <= 0)
            yield return $"learningRate ({LearningRate}) must be positive.";
    }
}

/// <summary>A study small enough to run a hundred times in a test; what happens before each step can be told from outside.</summary>
public sealed class ToyStudy : Study<ToyConfig>
{
    internal static readonly Claim Falls = new("falls", "The walk ends below where it began.", "Toy 2026, figure 1", "a negative difference");
    internal static readonly Claim Other = new("other", "The second part <was> run.", "Toy 2026, table 2", "rows of the second part");

    /// <summary>Called before each step with part, step and token.</summary>
    internal Action<string, int> BeforeStep { get; init; } = (_, _) => { };

    /// <summary>Data sets it says it needs.</summary>
    internal IReadOnlyList<string> Sets { get; init; } = [];

    /// <inheritdoc/>
    public override StudyCard Card { get; } = new(
        "toy", "A toy & its <walk>", "Does a walk go anywhere?", "Toy 2026, On walks", ["Toy 2026, On walks", "Toy 2025, Data"], [Falls, Other]);

    /// <inheritdoc/>
    protected override IReadOnlyList<string> Needs(ToyConfig config) => Sets;

    /// <inheritdoc/>
    protected override void Run(ToyConfig config, RunContext run, CancellationToken cancellation)
    {
        foreach (var part in config.Parts)
        {
            if (run.IsFinished(part))
                continue;
            var at = run.Restore(part);
            var position = at?.Tensors["position"].Doubles.ToArray() ?? new double[3];
            for (var step = (int)(at?.Step ?? -1) + 1; step <= config.Steps; step++)
            {
                BeforeStep(part, step);
                cancellation.ThrowIfCancellationRequested();
                var noise = new float[3];
                run.Random("toy/walk", part.Length).FillNormal(step, noise);
                for (var i = 0; i < 3; i++)
                {
                    position[i] += config.LearningRate * (noise[i] - 0.5);
                    run.Record($"{part}.walk", new ToyRow(i, step, position[i]));
                }
                if (step % 10 == 0)
                    run.Save($"{part}.position", step, [Tensor.Of("position", (double[])position.Clone(), 3)]);
                var now = step;
                run.Checkpoint(part, step, () => [Tensor.Of("position", (double[])position.Clone(), 3), Tensor.Of("step", [now], 1)]);
                run.Report((double)step / config.Steps, $"part {part}", ("position", position[0]));
            }
            run.Record("summary", new ToySummary(part, position.Sum()));
            run.Finish(part);
        }
        using var picture = run.Artifact("pictures/last.txt");
        picture.Write("done"u8);
    }

    /// <inheritdoc/>
    public override IEnumerable<Verdict> Judge(IReadOnlyList<RunRecord> runs)
    {
        double[] ends = [.. runs.SelectMany(run => run.Table<ToyRow>("first.walk")).GroupBy(row => row.Replica).Select(rows => rows.Last().Value)];
        var estimate = Statistics.MeanInterval(ends);
        yield return Falls.Judge(Bar.AtMost(0).Judge(estimate, ends.Length), $"mean end {estimate.Value:F3}", "three walks of a few steps", estimate, ends.Length);
        yield return runs.Any(run => run.Tables.Contains("second.walk"))
            ? Other.Judge(Outcome.Inconclusive, "there are rows", "toy scale")
            : Other.NotRun("needs part second: run again with parts=[first,second]");
    }

    /// <inheritdoc/>
    public override IEnumerable<Figure> Draw(IReadOnlyList<RunRecord> runs)
    {
        yield return new Figure("walk", "Walks & <ways>", "Each replica's position by step; it falls.", [new Panel("", new Axis("step"), new Axis("position"),
        [
            .. runs.SelectMany(run => run.Table<ToyRow>("first.walk")).GroupBy(row => row.Replica)
                .Select(rows => new LineLayer($"replica {rows.Key}", [.. rows.Select(row => new XY(row.Step, row.Value))])),
            new RuleLayer("start", 0),
        ])]);
    }
}

/// <summary>A row of the walk.</summary>
public sealed record ToyRow(int Replica, int Step, double Value);

/// <summary>The row at the end of a part.</summary>
public sealed record ToySummary(string Part, double Sum);
