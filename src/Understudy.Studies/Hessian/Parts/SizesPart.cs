using Understudy.Engine;
using Understudy.Engine.LinearAlgebra.Estimation;
using Understudy.Engine.Plans;
using Understudy.Lab.Runs;
using Understudy.Learning.Curvature;
using Understudy.Learning.Losses;
using Understudy.Learning.Networks;
using Understudy.Learning.Training;

namespace Understudy.Studies.Hessian.Parts;

/// <summary>Two blobs in the plane, told apart by networks of several sizes that are trained until their gradient is small (E9).</summary>
internal sealed class SizesPart(HessianConfig config) : StagedPart
{
    private const int Shown = 20;
    private const int FirstLook = 500;

    /// <summary>Where the gradient of most networks is small enough, with the settings as they are.</summary>
    private const int UsualSteps = 8_000;

    private readonly SizesConfig _part = config.Sizes;
    private readonly Mlp[] _networks = [.. config.Sizes.Hidden.Select(hidden => Mlp.Relu([2, hidden, hidden, 2]))];

    /// <inheritdoc/>
    internal override string Name => PartNames.Sizes;

    /// <inheritdoc/>
    protected override double TrainingSeconds => Seeds * _networks.Sum(network => CostModel.Training(network, Math.Min(UsualSteps, _part.Training.Steps), _part.Samples));

    /// <inheritdoc/>
    protected override double MeasuringSeconds => Seeds * _networks.Sum(network => CostModel.Spectrum(network, _part.Samples));

    /// <inheritdoc/>
    protected override double Bytes(int threads) => 2e6 + (8 * Math.Pow(_networks.Max(network => network.Layout.Count), 2));

    /// <inheritdoc/>
    protected override int Units => Seeds * _networks.Length;

    private int Seeds => config.Seeds ?? _part.Seeds;

    /// <summary>θ of every unit, then one vector with the steps that each took.</summary>
    /// <inheritdoc/>
    protected override IReadOnlyList<double[]> Train(RunContext run, TrainingLog log, Action<double> progress, CancellationToken cancellation)
    {
        var samples = Enumerable.Range(0, Seeds).Select(seed => Samples(seed, run)).ToArray();
        Descent[] descents =
        [
            .. _networks.Select(network => new Descent(network, TrainingLoss.CrossEntropy, 0, DType.F64,
            [
                .. Enumerable.Range(0, Seeds).Select(seed => (
                    samples[seed], FanInUniform.Of(network, 1, layer => run.Random($"{Purposes.Network}/{layer}", seed)), _part.Training.LearningRate, run.Random(Purposes.Batches, seed))),
            ], ReplicaLayout.Lanes)),
        ];
        var (trained, steps) = (new double[Units][], new double[Units]);
        try
        {
            for (var step = Math.Min(FirstLook, _part.Training.Steps); trained.Contains(null); step = (int)Math.Min(2L * step, _part.Training.Steps))
            {
                log.RunTo(step, descents, cancellation, done => progress((double)done / _part.Training.Steps));
                foreach (var unit in Enumerable.Range(0, Units).Where(unit => trained[unit] is null))
                {
                    var parameters = log.Parameters(descents[Size(unit)], Seed(unit));
                    if (step == _part.Training.Steps || HasEnded(_networks[Size(unit)], samples[Seed(unit)], parameters))
                        (trained[unit], steps[unit]) = (parameters, step);
                }
            }

            return [.. trained, steps];
        }
        finally
        {
            foreach (var descent in descents)
                descent.Dispose();
        }
    }

    /// <inheritdoc/>
    protected override string Describe(int unit) => FormattableString.Invariant($"h = {_part.Hidden[Size(unit)]}");

    /// <inheritdoc/>
    protected override IReadOnlyList<(string Name, double Value)> Measure(int unit, IReadOnlyList<double[]> trained, MeasuringLog log, RunContext run, CancellationToken cancellation)
    {
        var (network, examples, parameters) = (_networks[Size(unit)], Samples(Seed(unit), run), trained[unit]);
        using var curvature = Curved.At(network, OutputLoss.CrossEntropy, examples, parameters, run.Team);
        var gradient = curvature.Gradient(out var loss);
        var values = Curved.Eigenvalues(Curved.Entries(network, OutputLoss.CrossEntropy, examples, parameters, run.Team, cancellation), curvature.Size, run.Team, cancellation);
        Array.Reverse(values);
        var count = OutlierCount.Of(values);
        run.Record($"{Name}.spectra", new SizeRow(
            Seed(unit), unit + 1, _part.Hidden[Size(unit)], curvature.Size, (int)trained[^1][unit], loss, Curved.Norm(gradient), count.Gap.Count, count.Ratio.Count, values[..Math.Min(Shown, values.Length)]));
        return [("loss", loss), ("largest", values[0])];
    }

    private bool HasEnded(Mlp network, ExampleSet examples, double[] parameters)
    {
        using var curvature = new NetworkCurvature(network, OutputLoss.CrossEntropy, examples, parameters);
        return Curved.Norm(curvature.Gradient()) <= _part.GradientNorm;
    }

    private int Seed(int unit) => unit / _networks.Length;

    private int Size(int unit) => unit % _networks.Length;

    private ExampleSet Samples(int seed, RunContext run) => Examples.Blobs(_part.Samples, _part.Deviation, run.Random(Purposes.Samples, seed));
}
