using Understudy.Engine;
using Understudy.Engine.LinearAlgebra.Krylov;
using Understudy.Lab.Runs;
using Understudy.Learning.Curvature;
using Understudy.Learning.Losses;
using Understudy.Learning.Networks;
using Understudy.Learning.Training;

namespace Understudy.Studies.Hessian.Parts;

/// <summary>The largest eigenvalue while full-batch descent goes on (Cohen et al. 2021).</summary>
internal sealed class EdgePart(HessianConfig config) : StagedPart
{
    private const double Tolerance = 1e-3;
    private const int ProductsPerMoment = 10;

    private readonly EdgeConfig _part = config.Edge;
    private readonly Mlp _network = Mlp.Of(NodeActivation.Tanh, [Examples.Inputs(config.Edge.Data.Set), .. config.Edge.Hidden, Examples.Classes]);
    private double[]? _left;

    /// <inheritdoc/>
    internal override string Name => PartNames.Edge;

    /// <inheritdoc/>
    internal override IReadOnlyList<TrainedNetwork> Networks =>
    [
        .. _part.LearningRates.Index().Select(rate => new TrainedNetwork(FormattableString.Invariant($"rate{rate.Item}"), _network, Seeds, [LastStep])
        {
            Loss = OutputLoss.HalfSquared,
            Place = (seed, _) => ((seed * _part.LearningRates.Count) + rate.Index, 0),
            Examples = (seed, _, run) => Samples(seed, run),
            // of a descent that left the numbers, what was seen until then
            Recorded = (run, seed, _) => run.Table<EdgeRow>($"{Name}.sharpness").FirstOrDefault(row => row.Step == (seed * _part.LearningRates.Count) + rate.Index + 1) is { } row && row.TrainingSteps[^1] == LastStep ? row.Losses[^1] : null,
        }),
    ];

    /// <inheritdoc/>
    protected override bool NeedsEveryTraining => false;

    /// <inheritdoc/>
    protected override double[]? Left => _left;

    /// <inheritdoc/>
    protected override double TrainingSeconds => 0;

    /// <summary>Training too: what is measured is the way.</summary>
    protected override double MeasuringSeconds
        => Units * ((2 * CostModel.Training(_network, _part.Steps, _part.Data.Samples)) + (Moments * ProductsPerMoment * CostModel.Product(_network, _part.Data.Samples)));

    /// <inheritdoc/>
    protected override double Bytes(int threads) => 50e6;

    /// <inheritdoc/>
    protected override int Units => Seeds * _part.LearningRates.Count;

    private int Seeds => config.Seeds ?? _part.Seeds;

    private int LastStep => _part.Steps / _part.Every * _part.Every;

    private int Moments => (_part.Steps / _part.Every) + 1;

    /// <inheritdoc/>
    protected override IReadOnlyList<double[]> Train(RunContext run, TrainingLog log, Action<double> progress, CancellationToken cancellation) => [];

    /// <inheritdoc/>
    protected override string Describe(int unit) => FormattableString.Invariant($"learning rate {Rate(unit)}");

    /// <inheritdoc/>
    protected override IReadOnlyList<(string Name, double Value)> Measure(int unit, IReadOnlyList<double[]> trained, MeasuringLog log, RunContext run, CancellationToken cancellation)
    {
        var (seed, rate) = (unit / _part.LearningRates.Count, Rate(unit));
        var examples = Samples(seed, run);
        var start = FanInUniform.Of(_network, 1, layer => run.Random($"{Purposes.Network}/{layer}", seed));
        using var curvature = Curved.At(_network, OutputLoss.HalfSquared, examples, start, run.Team);
        using var descent = new Descent(_network, TrainingLoss.HalfSquaredSum, 0, DType.F64, [(examples, start, rate, run.Random(Purposes.Batches, seed))]);
        var moments = log.Kept is null ? new EdgeMoments() : EdgeMoments.Of(log.Kept, descent);
        void Keep() => log.Keep((moments.Steps.Count + 1.0) / (Moments + 1), () => moments.State(descent));
        for (var step = moments.Steps.Count * _part.Every; step <= _part.Steps; step += _part.Every)
        {
            Descent.RunTo(step, [descent], run.Team, cancellation, _ => Keep());
            var parameters = descent.Parameters(0);
            // above the edge of stability it may leave the numbers: what was seen until then is the result
            if (parameters.Any(value => !double.IsFinite(value)))
                break;
            curvature.MoveTo(parameters);
            var pairs = Curved.Pairs(curvature.Hessian, new EigenpairOptions { Top = 1, Tolerance = Tolerance, Seed = 1, WarmStart = moments.Warm }, cancellation);
            var gradient = Curved.Norm(curvature.Gradient(out var loss));
            moments.Add(step, pairs, rate, loss, gradient);
            Keep();
        }

        _left = descent.Parameters(0);
        var crossing = moments.Sharpness.FindIndex(value => value >= 1);
        run.Record(
            $"{Name}.sharpness",
            new EdgeRow(
                seed, unit + 1, rate, moments.Steps, moments.Sharpness, moments.Losses, moments.Gradients, crossing < 0 ? null : moments.Steps[crossing], moments.Products, moments.Residual));
        return [("sharpness", moments.Sharpness[^1]), ("loss", moments.Losses[^1])];
    }

    private ExampleSet Samples(int seed, RunContext run) => Examples.WithIndicators(Examples.Load(_part.Data, run, seed));

    private double Rate(int unit) => _part.LearningRates[unit % _part.LearningRates.Count];
}
