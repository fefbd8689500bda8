using Understudy.Engine;
using Understudy.Engine.LinearAlgebra.Estimation;
using Understudy.Engine.LinearAlgebra.Krylov;
using Understudy.Lab.Runs;
using Understudy.Learning.Landscape;
using Understudy.Learning.Losses;
using Understudy.Learning.Networks;
using Understudy.Learning.Training;

namespace Understudy.Studies.Hessian.Parts;

/// <summary>Small and large batches, the same learning rate and number of steps (E5).</summary>
internal sealed class BatchesPart(HessianConfig config) : StagedPart
{
    private const int Top = 60;
    private const int TopShown = 20;
    private const int Bottom = 5;
    private const double Tolerance = 1e-4;

    /// <summary>Of small and large batches, in the order in which they are trained.</summary>
    private static readonly string[] Words = ["small", "large"];

    private readonly BatchesConfig _part = config.Batches;
    private readonly INetwork _network = Examples.Network(config.Batches.Data.Set, config.Batches.Filters, config.Batches.Hidden);

    /// <inheritdoc/>
    internal override string Name => PartNames.Batches;

    /// <inheritdoc/>
    internal override IReadOnlyList<TrainedNetwork> Networks =>
    [
        .. Words.Index().Select(batch => new TrainedNetwork(batch.Item, _network, Seeds, [_part.Training.Steps])
        {
            Place = (seed, _) => ((2 * seed) + batch.Index, 0),
            Examples = (seed, _, run) => Examples.Load(_part.Data, run, seed),
            // units are numbered from 1
            Recorded = (run, seed, _) => run.Table<BatchRow>($"{Name}.spectra").FirstOrDefault(row => row.Step == (2 * seed) + batch.Index + 1)?.Loss,
        }),
    ];

    /// <inheritdoc/>
    protected override double Bytes(int threads)
        => 50e6 + (8.0 * _network.Layout.Count * 300) + (2 * Examples.Bytes(_part.Data, Seeds)) + Examples.TrainingBytes(_part.Data.Set, _part.Filters, Seeds * (_part.Large + _part.Small)) + (2.5 * Examples.TrainingBytes(_part.Data.Set, _part.Filters, _part.Data.Samples));

    /// <inheritdoc/>
    protected override int Units => 2 * Seeds;

    private int Seeds => config.Seeds ?? _part.Seeds;

    /// <inheritdoc/>
    protected override double TrainingSeconds => Seeds * (CostModel.Training(_network, _part.Training.Steps, _part.Small) + CostModel.Training(_network, _part.Training.Steps, _part.Large));

    /// <inheritdoc/>
    protected override double MeasuringSeconds => Units * 300 * CostModel.Product(_network, _part.Data.Samples);

    /// <inheritdoc/>
    protected override IReadOnlyList<double[]> Train(RunContext run, TrainingLog log, Action<double> progress, CancellationToken cancellation)
    {
        using Descent small = Start(_part.Small, run), large = Start(_part.Large, run);
        log.RunTo(_part.Training.Steps, [small, large], cancellation, step => progress((double)step / _part.Training.Steps));
        return [.. Enumerable.Range(0, Seeds).SelectMany(seed => new[] { log.Parameters(small, seed), log.Parameters(large, seed) })];
    }

    /// <inheritdoc/>
    protected override string Describe(int unit) => $"batch {Batch(unit)}";

    /// <inheritdoc/>
    protected override IReadOnlyList<(string Name, double Value)> Measure(int unit, IReadOnlyList<double[]> trained, MeasuringLog log, RunContext run, CancellationToken cancellation)
    {
        var examples = Examples.Load(_part.Data, run, unit / 2);
        using var curvature = Curved.At(_network, OutputLoss.CrossEntropy, examples, trained[unit], run.Team);
        using var evaluator = new LossEvaluator(_network, OutputLoss.CrossEntropy, examples, run.Team);
        var top = Curved.Pairs(
            curvature.Hessian, new EigenpairOptions { Top = Math.Min(Top, curvature.Size), Tolerance = Tolerance, Floor = 1e-2, Seed = 1, Team = run.Team }, cancellation);
        var bottom = NegativeTail.Of(
            curvature.Hessian, new EigenpairOptions { Top = Math.Min(TopShown, curvature.Size), Bottom = Math.Min(Bottom, curvature.Size), Tolerance = 1e-3, Seed = 1, Team = run.Team }, cancellation: cancellation);
        cancellation.ThrowIfCancellationRequested();
        var (loss, accuracy) = evaluator.At(trained[unit]);
        run.Record($"{Name}.spectra", new BatchRow(
            unit / 2, unit + 1, Batch(unit), loss, accuracy, Curved.Norm(curvature.Gradient()), OutlierCount.Of(top.Top.Values).Elbow.Count, top.Products + bottom.Products,
            Curved.Residual(top.Top, bottom.Bottom) / top.Top.Values[0],
            top.Top.Values[..Math.Min(TopShown, top.Top.Count)].ToArray(), bottom.Bottom.Values.ToArray()));
        return [("loss", loss), ("largest", top.Top.Values[0])];
    }

    private int Batch(int unit) => unit % 2 == 0 ? _part.Small : _part.Large;

    private Descent Start(int batch, RunContext run) => new(_network, TrainingLoss.CrossEntropy, batch, DType.F32,
    [
        .. Examples.Load(_part.Data, run, ..Seeds).Select((examples, seed) => (
            examples, FanInUniform.Of(_network, 1, layer => run.Random($"{Purposes.Network}/{layer}", seed)), _part.Training.LearningRate, run.Random(Purposes.Batches, seed))),
    ]);
}
