using Understudy.Engine;
using Understudy.Engine.LinearAlgebra.Estimation;
using Understudy.Engine.LinearAlgebra.Krylov;
using Understudy.Lab.Runs;
using Understudy.Learning.Curvature;
using Understudy.Learning.Landscape;
using Understudy.Learning.Losses;
using Understudy.Learning.Networks;
using Understudy.Learning.Training;
using Understudy.Studies.Parts;

namespace Understudy.Studies.Hessian.Parts;

/// <summary>k clusters, k classes, and how many eigenvalues stand out (E2).</summary>
internal sealed class ClustersPart(HessianConfig config) : StagedPart
{
    private const double Tolerance = 1e-6;
    private const int ProductsPerPair = 3;

    /// <summary>The settings themselves, then their variants, each with a table of its own.</summary>
    private readonly (string Table, ClustersConfig Part)[] _blocks =
    [
        ($"{PartNames.Clusters}.outliers", config.Clusters),
        .. config.Clusters.Variants.Select(variant => (PartNames.Variant(variant), config.Clusters.Of(variant))),
    ];

    private readonly IReadOnlyList<int> _classes = config.Clusters.Classes;

    /// <inheritdoc/>
    internal override string Name => PartNames.Clusters;

    /// <inheritdoc/>
    internal override IReadOnlyList<TrainedNetwork> Networks =>
    [
        .. from block in _blocks.Index()
           from k in _classes.Index()
           let variant = block.Index == 0 ? "" : $"{block.Item.Table[(Name.Length + 1)..]}."
           let part = block.Item.Part
           select new TrainedNetwork($"{variant}k{k.Item}", Network(part, k.Item), Seeds, [part.Training.Steps])
           {
               Place = (seed, _) => ((((block.Index * Seeds) + seed) * _classes.Count) + k.Index, 0),
               Examples = (seed, _, run) => Samples(part, k.Item, seed, run),
               Recorded = (run, seed, _) => run.Table<OutlierRow>(block.Item.Table).FirstOrDefault(row => row.Seed == seed && row.Classes == k.Item)?.Loss,
           },
    ];

    /// <inheritdoc/>
    protected override double Bytes(int threads) => 8e6 + Costs((part, network) => IsWhole(network) ? SpectrumCost.Bytes(network.Layout.Count, part.Samples) : 8.0 * network.Layout.Count * 6 * part.Top).Max();

    /// <inheritdoc/>
    protected override int Units => _blocks.Length * UnitsOfBlock;

    /// <inheritdoc/>
    protected override double TrainingSeconds => Seeds * Costs((part, network) => CostModel.Training(network, part.Training.Steps, part.Batch == 0 ? part.Samples : part.Batch)).Sum();

    /// <inheritdoc/>
    protected override double MeasuringSeconds => Seeds * Costs((part, network) => IsWhole(network)
        ? CostModel.Spectrum(network, part.Samples)
        : ProductsPerPair * part.Top * CostModel.Product(network, part.Samples)).Sum();

    private int Seeds => config.Seeds ?? config.Clusters.Seeds;

    private int UnitsOfBlock => Seeds * _classes.Count;

    /// <inheritdoc/>
    protected override IReadOnlyList<double[]> Train(RunContext run, TrainingLog log, Action<double> progress, CancellationToken cancellation)
    {
        Descent[] descents = [.. from block in _blocks from k in _classes select Start(block.Part, k, run)];
        var steps = config.Clusters.Training.Steps;
        try
        {
            log.RunTo(steps, descents, cancellation, step => progress((double)step / steps));
            return [.. from block in descents.Chunk(_classes.Count) from seed in Enumerable.Range(0, Seeds) from descent in block select log.Parameters(descent, seed)];
        }
        finally
        {
            foreach (var descent in descents)
                descent.Dispose();
        }
    }

    /// <inheritdoc/>
    protected override string Describe(int unit) => unit < UnitsOfBlock ? $"k = {Classes(unit)}" : $"{_blocks[unit / UnitsOfBlock].Table[(Name.Length + 1)..]}, k = {Classes(unit)}";

    /// <inheritdoc/>
    protected override IReadOnlyList<(string Name, double Value)> Measure(int unit, IReadOnlyList<double[]> trained, MeasuringLog log, RunContext run, CancellationToken cancellation)
    {
        var ((table, part), seed, k) = (_blocks[unit / UnitsOfBlock], unit % UnitsOfBlock / _classes.Count, Classes(unit));
        var (network, examples) = (Network(part, k), Samples(part, k, seed, run));
        using var curvature = Curved.At(network, OutputLoss.CrossEntropy, examples, trained[unit], run.Team);
        using var evaluator = new LossEvaluator(network, OutputLoss.CrossEntropy, examples, run.Team);
        var (top, products, residual) = IsWhole(network) ? Whole(network, examples, trained[unit], run, cancellation) : Top(curvature, run, cancellation);
        var counts = OutlierCount.Of(top, part.CutOff);
        var (loss, accuracy) = evaluator.At(trained[unit]);
        var trace = ExactTraces.Of(new MlpPoint(network, OutputLoss.CrossEntropy, examples, trained[unit]), run.Team).Hessian ?? (IsWhole(network) ? top.Sum() : null);
        run.Record(table, new OutlierRow(
            seed, unit + 1, k, curvature.Size, loss, accuracy, Curved.Norm(curvature.Gradient()), trace, products, residual,
            counts.Gap.Count, counts.Ratio.Count, counts.Elbow.Count, counts.Threshold.Count, top[..Math.Min(top.Length, 120)]));
        return [("loss", loss), ("outliers", counts.Gap.Count ?? 0)];
    }

    private (double[] Top, int Products, double Residual) Top(NetworkCurvature curvature, RunContext run, CancellationToken cancellation)
    {
        var pairs = Curved.Pairs(curvature.Hessian, new EigenpairOptions { Top = config.Clusters.Top, Tolerance = Tolerance, Floor = 1e-2, Seed = 1, Team = run.Team }, cancellation);
        return (pairs.Top.Values.ToArray(), pairs.Products, Curved.Residual(pairs.Top) / pairs.Top.Values[0]);
    }

    private static (double[] Top, int Products, double Residual) Whole(Mlp network, ExampleSet examples, double[] parameters, RunContext run, CancellationToken cancellation)
    {
        var values = Curved.Eigenvalues(Curved.Entries(network, OutputLoss.CrossEntropy, examples, parameters, run.Team, cancellation), parameters.Length, run.Team, cancellation);
        Array.Reverse(values);
        return (values, 0, 0);
    }

    private bool IsWhole(Mlp network) => config.Clusters.Top >= network.Layout.Count;

    private int Classes(int unit) => _classes[unit % _classes.Count];

    /// <summary>What each network of one seed costs.</summary>
    private IEnumerable<double> Costs(Func<ClustersConfig, Mlp, double> cost) => from block in _blocks from k in _classes select cost(block.Part, Network(block.Part, k));

    private Descent Start(ClustersConfig part, int classes, RunContext run) => new(Network(part, classes), TrainingLoss.CrossEntropy, part.Batch, DType.F32,
    [
        .. Enumerable.Range(0, Seeds).Select(seed => (
            Samples(part, classes, seed, run), FanInUniform.Of(Network(part, classes), 1, layer => run.Random($"{Purposes.Network}/{layer}", seed)), part.Training.LearningRate, run.Random(Purposes.Batches, seed))),
    ]);

    private static Mlp Network(ClustersConfig part, int classes) => Mlp.Of(
        part.Activation == CurvedActivation.Tanh ? NodeActivation.Tanh : NodeActivation.Relu, [part.Dimension, .. part.Hidden, classes]);

    private static ExampleSet Samples(ClustersConfig part, int classes, int seed, RunContext run)
        => Examples.Clusters(part, classes, run.Random(Purposes.Centres, seed), run.Random(Purposes.Samples, seed));
}
