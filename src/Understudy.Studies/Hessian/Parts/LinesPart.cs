using Understudy.Engine;
using Understudy.Lab.Runs;
using Understudy.Learning.Landscape;
using Understudy.Learning.Losses;
using Understudy.Learning.Networks;
using Understudy.Learning.Training;

namespace Understudy.Studies.Hessian.Parts;

/// <summary>The line between full-batch and stochastic descent from one start, and between two starts, as training goes on (E12).</summary>
internal sealed class LinesPart(HessianConfig config) : StagedPart
{
    /// <summary>Runs of a seed: all samples, batches, and all samples from another start.</summary>
    private const int Runs = 3;

    private static readonly string[] Words = ["full", "stochastic", "independent"];

    private readonly LinesConfig _part = config.Lines;
    private readonly Mlp _network = Mlp.Relu([Examples.Inputs(config.Lines.Data.Set), .. config.Lines.Hidden, Examples.Classes]);

    /// <inheritdoc/>
    internal override string Name => PartNames.Lines;

    /// <inheritdoc/>
    internal override IReadOnlyList<TrainedNetwork> Networks =>
    [
        .. Words.Index().Select(one => new TrainedNetwork(one.Item, _network, Seeds, [.. Enumerable.Range(0, Moments).Select(TrainingStep)])
        {
            Place = (seed, moment) => ((((seed * Moments) + moment) * Runs) + one.Index, 0),
            Examples = (seed, _, run) => Examples.Load(_part.Data, run, seed),
            // lines go from descent with all samples to the other two
            Recorded = (run, seed, moment) => run.Table<LineRow>($"{Name}.losses")
                .FirstOrDefault(row => row.Step == (seed * Moments) + moment + 1 && row.Line == (one.Index == 2 ? LineKind.Independent : LineKind.SameStart))?.Losses[one.Index == 0 ? 0 : ^1],
        }),
    ];

    /// <inheritdoc/>
    protected override double Bytes(int threads) => 50e6;

    /// <inheritdoc/>
    protected override int Units => Seeds * Moments;

    private int Seeds => config.Seeds ?? _part.Seeds;

    /// <summary>Moments and the start.</summary>
    private int Moments => _part.Moments + 1;

    /// <inheritdoc/>
    protected override double TrainingSeconds => Seeds * ((2 * CostModel.Training(_network, _part.Training.Steps, _part.Data.Samples)) + CostModel.Training(_network, _part.Training.Steps, _part.Batch));

    /// <inheritdoc/>
    protected override double MeasuringSeconds => 2.0 * Units * _part.Points * CostModel.Product(_network, _part.Data.Samples) / 3;

    /// <inheritdoc/>
    protected override IReadOnlyList<double[]> Train(RunContext run, TrainingLog log, Action<double> progress, CancellationToken cancellation)
    {
        using Descent full = Start(0, Purposes.Network, run), stochastic = Start(_part.Batch, Purposes.Network, run), other = Start(0, Purposes.Other, run);
        Descent[] all = [full, stochastic, other];
        var trained = new double[Units * Runs][];
        for (var moment = 0; moment < Moments; moment++)
        {
            log.RunTo(TrainingStep(moment), all, cancellation, step => progress((double)step / _part.Training.Steps));
            for (var seed = 0; seed < Seeds; seed++)
            {
                for (var i = 0; i < Runs; i++)
                    trained[(((seed * Moments) + moment) * Runs) + i] = log.Parameters(all[i], seed);
            }
        }

        return trained;
    }

    /// <inheritdoc/>
    protected override string Describe(int unit) => $"step {TrainingStep(unit % Moments)}";

    /// <inheritdoc/>
    protected override IReadOnlyList<(string Name, double Value)> Measure(int unit, IReadOnlyList<double[]> trained, MeasuringLog log, RunContext run, CancellationToken cancellation)
    {
        var (seed, step) = (unit / Moments, TrainingStep(unit % Moments));
        using var evaluator = new LossEvaluator(_network, OutputLoss.CrossEntropy, Examples.Load(_part.Data, run, seed), run.Team);
        double[] positions = [.. Enumerable.Range(0, _part.Points).Select(i => i / (_part.Points - 1.0))];
        LineRow Row(LineKind kind, int to)
        {
            var line = LossLine.Between(trained[unit * Runs], trained[(unit * Runs) + to], evaluator, positions: positions, cancellation: cancellation);
            double[] losses = [.. line.Train.Select(point => point.Loss)];
            return new LineRow(seed, unit + 1, kind, step, line.Barrier.Height, losses.Max(), positions, losses, [], []);
        }

        LineRow[] rows = [Row(LineKind.SameStart, 1), Row(LineKind.Independent, 2)];
        foreach (var row in rows)
            run.Record($"{Name}.losses", row);
        return [("barrier", rows[0].Barrier), ("independent", rows[1].Barrier)];
    }

    private int TrainingStep(int moment) => (int)((long)_part.Training.Steps * moment / _part.Moments);

    private Descent Start(int batch, string purpose, RunContext run) => new(_network, TrainingLoss.CrossEntropy, batch, DType.F32,
    [
        .. Enumerable.Range(0, Seeds).Select(seed => (
            Examples.Load(_part.Data, run, seed), FanInUniform.Of(_network, 1, layer => run.Random($"{purpose}/{layer}", seed)), _part.Training.LearningRate, run.Random(Purposes.Batches, seed))),
    ]);
}
