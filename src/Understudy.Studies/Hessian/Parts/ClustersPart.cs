using Understudy.Engine;
using Understudy.Engine.LinearAlgebra.Estimation;
using Understudy.Engine.LinearAlgebra.Krylov;
using Understudy.Lab.Runs;
using Understudy.Learning.Curvature;
using Understudy.Learning.Landscape;
using Understudy.Learning.Losses;
using Understudy.Learning.Networks;
using Understudy.Learning.Training;

namespace Understudy.Studies.Hessian.Parts;

/// <summary>k clusters, k classes, and how many eigenvalues stand out (E2).</summary>
internal sealed class ClustersPart(HessianConfig config) : StagedPart
{
    private const double Tolerance = 1e-6;
    private const int ProductsPerPair = 3;

    private readonly ClustersConfig _part = config.Clusters;

    /// <inheritdoc/>
    internal override string Name => PartNames.Clusters;

    /// <inheritdoc/>
    protected override double Bytes => 8e6 + _part.Classes.Max(k => 8.0 * Network(k).Layout.Count * 6 * _part.Top);

    /// <inheritdoc/>
    protected override int Units => Seeds * _part.Classes.Count;

    private int Seeds => config.Seeds ?? _part.Seeds;

    private int BatchSize => _part.Batch == 0 ? _part.Samples : _part.Batch;

    /// <inheritdoc/>
    protected override double TrainingSeconds => Seeds * _part.Classes.Sum(k => CostModel.Training(Network(k), _part.Training.Steps, BatchSize));

    /// <inheritdoc/>
    protected override double MeasuringSeconds => Seeds * _part.Classes.Sum(k => IsWhole(Network(k))
        ? CostModel.Spectrum(Network(k), _part.Samples)
        : ProductsPerPair * _part.Top * CostModel.Product(Network(k), _part.Samples));

    /// <inheritdoc/>
    protected override IReadOnlyList<double[]> Train(RunContext run, TrainingLog log, Action<double> progress, CancellationToken cancellation)
    {
        Descent[] descents =
        [
            .. _part.Classes.Select(k => new Descent(Network(k), TrainingLoss.CrossEntropy, _part.Batch, DType.F32,
            [
                .. Enumerable.Range(0, Seeds).Select(seed => (
                    Samples(k, seed, run), FanInUniform.Of(Network(k), 1, layer => run.Random($"{Purposes.Network}/{layer}", seed)), _part.Training.LearningRate, run.Random(Purposes.Batches, seed))),
            ])),
        ];
        try
        {
            log.RunTo(_part.Training.Steps, descents, cancellation, step => progress((double)step / _part.Training.Steps));
            return [.. from seed in Enumerable.Range(0, Seeds) from descent in descents select log.Parameters(descent, seed)];
        }
        finally
        {
            foreach (var descent in descents)
                descent.Dispose();
        }
    }

    /// <inheritdoc/>
    protected override string Describe(int unit) => $"k = {Classes(unit)}";

    /// <inheritdoc/>
    protected override IReadOnlyList<(string Name, double Value)> Measure(int unit, IReadOnlyList<double[]> trained, RunContext run, CancellationToken cancellation)
    {
        var (seed, k) = (unit / _part.Classes.Count, Classes(unit));
        var (network, examples) = (Network(k), Samples(k, seed, run));
        using var curvature = Curved.At(network, OutputLoss.CrossEntropy, examples, trained[unit], run.Team);
        using var evaluator = new LossEvaluator(network, OutputLoss.CrossEntropy, examples, run.Team);
        var (top, products, residual) = IsWhole(network) ? Whole(network, examples, trained[unit], run, cancellation) : Top(curvature, run, cancellation);
        var counts = OutlierCount.Of(top, _part.CutOff);
        var (loss, accuracy) = evaluator.At(trained[unit]);
        run.Record($"{Name}.outliers", new OutlierRow(
            seed, unit + 1, k, curvature.Size, loss, accuracy, Curved.Norm(curvature.Gradient()), ExactTraces.Of(new MlpPoint(network, OutputLoss.CrossEntropy, examples, trained[unit]), run.Team).Hessian, products, residual,
            counts.Gap.Count, counts.Ratio.Count, counts.Elbow.Count, counts.Threshold.Count, top[..Math.Min(top.Length, 120)]));
        return [("loss", loss), ("outliers", counts.Gap.Count ?? 0)];
    }

    private (double[] Top, int Products, double Residual) Top(NetworkCurvature curvature, RunContext run, CancellationToken cancellation)
    {
        var pairs = Curved.Pairs(curvature.Hessian, new EigenpairOptions { Top = _part.Top, Tolerance = Tolerance, Floor = 1e-2, Seed = 1, Team = run.Team }, cancellation);
        return (pairs.Top.Values.ToArray(), pairs.Products, Curved.Residual(pairs.Top) / pairs.Top.Values[0]);
    }

    private static (double[] Top, int Products, double Residual) Whole(Mlp network, ExampleSet examples, double[] parameters, RunContext run, CancellationToken cancellation)
    {
        var values = Curved.Eigenvalues(Curved.Entries(network, OutputLoss.CrossEntropy, examples, parameters, run.Team, cancellation), parameters.Length, run.Team, cancellation);
        Array.Reverse(values);
        return (values, 0, 0);
    }

    private bool IsWhole(Mlp network) => _part.Top >= network.Layout.Count;

    private int Classes(int unit) => _part.Classes[unit % _part.Classes.Count];

    private Mlp Network(int classes) => Mlp.Of(
        _part.Activation == CurvedActivation.Tanh ? NodeActivation.Tanh : NodeActivation.Relu, [_part.Dimension, .. _part.Hidden, classes]);

    private ExampleSet Samples(int classes, int seed, RunContext run)
        => Examples.Clusters(_part, classes, run.Random(Purposes.Centres, seed), run.Random(Purposes.Samples, seed));
}
