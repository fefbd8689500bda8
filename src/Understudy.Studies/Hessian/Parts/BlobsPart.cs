using Understudy.Engine;
using Understudy.Engine.LinearAlgebra.Estimation;
using Understudy.Engine.Plans;
using Understudy.Lab.Runs;
using Understudy.Learning.Losses;
using Understudy.Learning.Networks;
using Understudy.Learning.Training;

namespace Understudy.Studies.Hessian.Parts;

/// <summary>Two blobs in the plane, farther spread from cell to cell (E11).</summary>
internal sealed class BlobsPart(HessianConfig config) : StagedPart
{
    private const int Shown = 20;

    private readonly BlobsConfig _part = config.Blobs;
    private readonly Mlp _network = Mlp.Relu([2, .. config.Blobs.Hidden, 2]);

    /// <inheritdoc/>
    internal override string Name => PartNames.Blobs;

    /// <inheritdoc/>
    internal override IReadOnlyList<TrainedNetwork> Networks =>
    [
        .. _part.Deviations.Index().Select(cell => new TrainedNetwork(FormattableString.Invariant($"d{cell.Item}"), _network, Seeds, [_part.Training.Steps])
        {
            Place = (seed, _) => ((seed * _part.Deviations.Count) + cell.Index, 0),
            Examples = (seed, _, run) => Samples((seed * _part.Deviations.Count) + cell.Index, run),
            Recorded = (run, seed, _) => run.Table<BlobRow>($"{Name}.spectra").FirstOrDefault(row => row.Step == (seed * _part.Deviations.Count) + cell.Index + 1)?.Loss,
        }),
    ];

    /// <inheritdoc/>
    protected override double TrainingSeconds => Units * CostModel.Training(_network, _part.Training.Steps, _part.Samples);

    /// <inheritdoc/>
    protected override double MeasuringSeconds => Units * CostModel.Spectrum(_network, _part.Samples);

    /// <inheritdoc/>
    protected override double Bytes(int threads) => 1e6 + (8 * Math.Pow(_network.Layout.Count, 2));

    /// <inheritdoc/>
    protected override int Units => Seeds * _part.Deviations.Count;

    private int Seeds => config.Seeds ?? _part.Seeds;

    /// <inheritdoc/>
    protected override IReadOnlyList<double[]> Train(RunContext run, TrainingLog log, Action<double> progress, CancellationToken cancellation)
    {
        using var descent = new Descent(_network, TrainingLoss.CrossEntropy, 0, DType.F64,
        [
            .. Enumerable.Range(0, Units).Select(unit => (
                Samples(unit, run), FanInUniform.Of(_network, 1, layer => run.Random($"{Purposes.Network}/{layer}", Seed(unit))), _part.Training.LearningRate, run.Random(Purposes.Batches, Seed(unit)))),
        ], ReplicaLayout.Lanes);
        log.RunTo(_part.Training.Steps, [descent], cancellation, step => progress((double)step / _part.Training.Steps));
        return [.. Enumerable.Range(0, Units).Select(unit => log.Parameters(descent, unit))];
    }

    /// <inheritdoc/>
    protected override string Describe(int unit) => FormattableString.Invariant($"deviation {Deviation(unit)}");

    /// <inheritdoc/>
    protected override IReadOnlyList<(string Name, double Value)> Measure(int unit, IReadOnlyList<double[]> trained, MeasuringLog log, RunContext run, CancellationToken cancellation)
    {
        var examples = Samples(unit, run);
        using var curvature = Curved.At(_network, OutputLoss.CrossEntropy, examples, trained[unit], run.Team);
        var gradient = curvature.Gradient(out var loss);
        var values = Curved.Eigenvalues(Curved.Entries(_network, OutputLoss.CrossEntropy, examples, trained[unit], run.Team, cancellation), curvature.Size, run.Team, cancellation);
        Array.Reverse(values);
        run.Record($"{Name}.spectra", new BlobRow(
            Seed(unit), unit + 1, Deviation(unit), loss, Curved.Norm(gradient), OutlierCount.Of(values).Gap.Count, values[..Math.Min(Shown, values.Length)]));
        return [("loss", loss), ("largest", values[0])];
    }

    private int Seed(int unit) => unit / _part.Deviations.Count;

    private double Deviation(int unit) => _part.Deviations[unit % _part.Deviations.Count];

    // the same normal numbers at every deviation
    private Learning.Curvature.ExampleSet Samples(int unit, RunContext run) => Examples.Blobs(_part.Samples, Deviation(unit), run.Random(Purposes.Samples, Seed(unit)));
}
