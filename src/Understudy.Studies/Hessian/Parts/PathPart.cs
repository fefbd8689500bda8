using Understudy.Engine;
using Understudy.Lab.Runs;
using Understudy.Learning.Curvature;
using Understudy.Learning.Landscape;
using Understudy.Learning.Losses;
using Understudy.Learning.Networks;
using Understudy.Learning.Training;
using Understudy.Studies.Kept;

namespace Understudy.Studies.Hessian.Parts;

/// <summary>Large batches first, small ones from there on, and the line between the two ends (E6).</summary>
internal sealed class PathPart(HessianConfig config) : StagedPart
{
    /// <summary>Moments of each phase at which losses are measured.</summary>
    private const int Moments = 15;

    private const string Test = "test";

    // of a loss evaluator
    private const int MeasuringRows = 500;

    private readonly PathConfig _part = config.Path;
    private readonly INetwork _network = Examples.Network(config.Path.Data.Set, config.Path.Filters, config.Path.Hidden, config.Path.Kernel);

    /// <inheritdoc/>
    internal override string Name => PartNames.Path;

    /// <inheritdoc/>
    internal override IReadOnlyList<TrainedNetwork> Networks =>
    [
        new TrainedNetwork("phases", _network, Seeds, AllSteps)
        {
            Sets = [KeptNetwork.Training, Test],
            Place = (seed, moment) => ((seed * PerSeed) + moment, 0),
            Examples = ExamplesOf,
            Recorded = (run, seed, moment) => run.Table<PhasesRow>($"{Name}.training").FirstOrDefault(row => row.Seed == seed)?.Losses[moment],
        },
        new TrainedNetwork("independent", _network, Seeds, [Steps])
        {
            Sets = [KeptNetwork.Training, Test],
            Place = (seed, _) => ((seed * PerSeed) + PerSeed - 1, 0),
            Examples = ExamplesOf,
            // the line goes from −1 to 2, and it is at 1
            Recorded = (run, seed, _) => run.Table<LineRow>($"{Name}.lines").FirstOrDefault(row => row.Seed == seed && row.Line == LineKind.Independent) is { } line
                ? line.Losses[(line.Losses.Count - 1) * 2 / 3] : null,
        },
    ];

    /// <inheritdoc/>
    protected override double Bytes(int threads) => 50e6 + (2 * Examples.Bytes(_part.Data, Seeds)) + Math.Max(TrainingBytes, MeasuringBytes(threads)) + (2.0 * sizeof(double) * Seeds * PerSeed * _network.Layout.Count);

    /// <inheritdoc/>
    protected override int Units => Seeds;

    /// <summary>Two trainings of large batches stand beside each other.</summary>
    private double TrainingBytes => Examples.TrainingBytes(_part.Data.Set, _part.Filters, Seeds * Math.Max(2 * _part.Large, _part.Small)) + (4.0 * sizeof(float) * Seeds * 2 * _network.Layout.Count);

    /// <summary>Losses on training and test images are each computed in double precision, batch by batch on every thread.</summary>
    private double MeasuringBytes(int threads) => 2.0 * 2 * threads * Examples.TrainingBytes(_part.Data.Set, _part.Filters, Math.Min(_part.Data.Samples, MeasuringRows));

    private int Seeds => config.Seeds ?? _part.Seeds;

    private int Steps => _part.Training.Steps;

    /// <inheritdoc/>
    protected override double TrainingSeconds => Seeds * ((2 * CostModel.Training(_network, Steps, _part.Large)) + CostModel.Training(_network, Steps, _part.Small));

    /// <inheritdoc/>
    protected override double MeasuringSeconds => Seeds * 4.0 * (_part.Points + Moments) * CostModel.Product(_network, _part.Data.Samples) / 3;

    /// <summary>Of each seed: every moment of both phases, then a run with large batches from another start.</summary>
    private static int PerSeed => (2 * Moments) + 2;

    /// <inheritdoc/>
    protected override IReadOnlyList<double[]> Train(RunContext run, TrainingLog log, Action<double> progress, CancellationToken cancellation)
    {
        var trained = new double[Seeds * PerSeed][];
        using (Descent first = Start(_part.Large, FromStart(Purposes.Network, run), Purposes.Batches, run), other = Start(_part.Large, FromStart(Purposes.Other, run), Purposes.OtherBatches, run))
        {
            Follow(first, 0);
            log.RunTo(Steps, [other], cancellation);
            for (var seed = 0; seed < Seeds; seed++)
                trained[(seed * PerSeed) + PerSeed - 1] = log.Parameters(other, seed);
        }

        using var second = Start(_part.Small, seed => trained[(seed * PerSeed) + Moments], Purposes.SecondBatches, run);
        Follow(second, 1);
        return trained;

        void Follow(Descent descent, int phase)
        {
            for (var moment = 0; moment <= Moments; moment++)
            {
                log.RunTo(TrainingStep(phase, moment), [descent], cancellation, step => progress(((phase * (double)Steps) + step) / (2 * Steps)));
                for (var seed = 0; seed < Seeds; seed++)
                    trained[(seed * PerSeed) + (phase * Moments) + moment] = log.Parameters(descent, seed);
            }
        }
    }

    /// <inheritdoc/>
    protected override string Describe(int unit) => $"line of seed {unit}";

    /// <inheritdoc/>
    protected override IReadOnlyList<(string Name, double Value)> Measure(int unit, IReadOnlyList<double[]> trained, MeasuringLog log, RunContext run, CancellationToken cancellation)
    {
        using LossEvaluator train = new(_network, OutputLoss.CrossEntropy, Examples.Load(_part.Data, run, unit), run.Team), test = new(_network, OutputLoss.CrossEntropy, Examples.Test(_part.Data, run, unit), run.Team);
        var points = trained.Skip(unit * PerSeed).Take(PerSeed).ToArray();
        double[][] path = points[..((2 * Moments) + 1)];
        var losses = train.At(path);
        var tests = test.At(path);
        var positions = LossLine.EvenPositions(_part.Points);
        LineRow Row(LineKind kind, double[] to)
        {
            var line = LossLine.Between(points[Moments], to, train, test, positions, cancellation: cancellation);
            double[] values = [.. line.Train.Select(point => point.Loss)];
            var top = positions.Zip(values).Where(pair => pair.First is >= 0 and <= 1).Max(pair => pair.Second);
            return new LineRow(unit, unit + 1, kind, 2 * Steps, line.Barrier.Height, top, positions, values, [.. line.Test!.Select(point => point.Loss)], [.. line.Test!.Select(point => point.Accuracy)]);
        }

        LineRow[] rows = [Row(LineKind.Phases, path[^1]), Row(LineKind.Independent, points[^1])];
        run.Record($"{Name}.training", new PhasesRow(
            unit, unit + 1, AllSteps,
            [.. losses.Select(point => point.Loss)], [.. tests.Select(point => point.Accuracy)], Steps));
        foreach (var row in rows)
            run.Record($"{Name}.lines", row);
        return [("barrier", rows[0].Barrier), ("independent", rows[1].Barrier)];
    }

    /// <summary>Of every moment of both phases.</summary>
    private int[] AllSteps => [.. Enumerable.Range(0, (2 * Moments) + 1).Select(moment => moment <= Moments ? TrainingStep(0, moment) : Steps + TrainingStep(1, moment - Moments))];

    private ExampleSet ExamplesOf(int seed, string set, RunContext run) => set == Test ? Examples.Test(_part.Data, run, seed) : Examples.Load(_part.Data, run, seed);

    /// <summary>Closer together right after the switch, where the loss jumps and comes back.</summary>
    private int TrainingStep(int phase, int moment)
        => phase == 0 ? (int)((long)Steps * moment / Moments) : Math.Max(moment, (int)((long)Steps * moment * moment * moment / ((long)Moments * Moments * Moments)));

    private Func<int, double[]> FromStart(string purpose, RunContext run) => seed => FanInUniform.Of(_network, 1, layer => run.Random($"{purpose}/{layer}", seed));

    private Descent Start(int batch, Func<int, double[]> start, string batches, RunContext run) => new(_network, TrainingLoss.CrossEntropy, batch, DType.F32,
    [
        .. Examples.Load(_part.Data, run, ..Seeds).Select((examples, seed) => (examples, start(seed), _part.Training.LearningRate, run.Random(batches, seed))),
    ]);
}
