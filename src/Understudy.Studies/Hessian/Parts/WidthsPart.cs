using Understudy.Engine;
using Understudy.Lab.Runs;
using Understudy.Learning.Curvature;
using Understudy.Learning.Networks;
using Understudy.Learning.Training;

namespace Understudy.Studies.Hessian.Parts;

/// <summary>Spectra of one hidden layer of several widths, before and after training: whole ones (E1, E3, E4, E8), and both ends of those too large for that.</summary>
internal sealed class WidthsPart : StagedPart
{
    /// <summary>Parts of the training after which gradients are compared with the top subspace.</summary>
    private static readonly double[] Moments = [0, 0.05, 0.25, 1];

    internal static int MomentCount => Moments.Length;

    private readonly HessianConfig _config;
    private readonly WidthsConfig _part;
    private readonly WidthMeasurement _measurement;
    private readonly int[] _hidden;
    private readonly (int Seed, int Hidden, Kind Kind)[] _units;
    private SpectrumRow? _end;

    internal WidthsPart(HessianConfig config)
    {
        (_config, _part) = (config, config.Widths);
        _measurement = new WidthMeasurement(_part);
        _hidden = [.. _part.Hidden, .. _part.Wide];
        _units =
        [
            .. from seed in Enumerable.Range(0, Seeds)
               from hidden in _hidden
               from kind in Enum.GetValues<Kind>()
               where kind != Kind.Details || !IsWide(hidden)
               select (seed, hidden, kind),
        ];
    }

    private enum Kind
    {
        Start,
        End,
        Details,
    }

    /// <inheritdoc/>
    internal override string Name => PartNames.Widths;

    /// <inheritdoc/>
    internal override IReadOnlyList<TrainedNetwork> Networks =>
    [
        .. _hidden.Index().Select(width => new TrainedNetwork($"n{width.Item}", Network(width.Item), Seeds, [.. Enumerable.Range(0, Moments.Length).Select(TrainingStep)])
        {
            Place = (seed, moment) => (Place(seed, width.Index, moment), 0),
            Examples = (seed, _, run) => Examples.Load(_part.Data, run, seed),
            Recorded = (run, seed, moment) => moment != 0 && moment != Moments.Length - 1 ? null : Loss(run, seed, width.Item, moment == 0 ? TrainingStage.Start : TrainingStage.End),
        }),
    ];

    /// <inheritdoc/>
    protected override double Bytes(int threads)
        => _hidden.Max(hidden => IsWide(hidden) ? WideMeasurement.Bytes(Network(hidden)) : 3 * 8 * Math.Pow(Network(hidden).Layout.Count, 2)) + 50e6;

    /// <inheritdoc/>
    protected override int Units => _units.Length;

    private int Seeds => _config.Seeds ?? _part.Seeds;

    /// <inheritdoc/>
    protected override double TrainingSeconds => Seeds * _hidden.Sum(hidden => CostModel.Training(Network(hidden), _part.Training.Steps, _part.Data.Samples));

    /// <summary>Before and after; one more of the smallest width for rescaling, with some 1,200 losses, which take what 200 products do, and one of the largest for zeros.</summary>
    /// <inheritdoc/>
    protected override double MeasuringSeconds => Seeds * (_hidden.Sum(hidden => 2 * (IsWide(hidden) ? WideMeasurement.Seconds(Network(hidden), _part.Data.Samples) : Spectrum(hidden))) + Spectrum(_part.Hidden.Min()) + Sharpness(_part.Hidden.Min()) + Spectrum(_part.Hidden.Max()));

    /// <inheritdoc/>
    protected override IReadOnlyList<double[]> Train(RunContext run, TrainingLog log, Action<double> progress, CancellationToken cancellation)
    {
        Descent[] descents =
        [
            .. _hidden.Select(hidden => new Descent(Network(hidden), TrainingLoss.CrossEntropy, 0, DType.F32,
            [
                .. Enumerable.Range(0, Seeds).Select(seed => (
                    Examples.Load(_part.Data, run, seed), FanInUniform.Of(Network(hidden), 1, layer => run.Random($"{Purposes.Network}/{layer}", seed)), _part.Training.LearningRate, run.Random(Purposes.Batches, seed))),
            ])),
        ];
        var trained = new double[Seeds * _hidden.Length * Moments.Length][];
        try
        {
            for (var moment = 0; moment < Moments.Length; moment++)
            {
                log.RunTo(TrainingStep(moment), descents, cancellation, step => progress((double)step / _part.Training.Steps));
                for (var seed = 0; seed < Seeds; seed++)
                {
                    for (var width = 0; width < descents.Length; width++)
                        trained[Place(seed, width, moment)] = log.Parameters(descents[width], seed);
                }
            }

            return trained;
        }
        finally
        {
            foreach (var descent in descents)
                descent.Dispose();
        }
    }

    /// <inheritdoc/>
    protected override string Describe(int unit) => _units[unit].Kind switch
    {
        Kind.Start => $"spectrum of {_units[unit].Hidden} nodes before training",
        Kind.End => $"spectrum of {_units[unit].Hidden} nodes after training",
        _ => $"classes, zeros and subspaces of {_units[unit].Hidden} nodes",
    };

    /// <inheritdoc/>
    protected override IReadOnlyList<(string Name, double Value)> Measure(int unit, IReadOnlyList<double[]> trained, MeasuringLog log, RunContext run, CancellationToken cancellation)
    {
        var (seed, hidden, kind) = _units[unit];
        var width = Array.IndexOf(_hidden, hidden);
        var examples = Examples.Load(_part.Data, run, seed);
        var moments = Enumerable.Range(0, Moments.Length).Select(moment => trained[Place(seed, width, moment)]).ToArray();
        if (kind == Kind.Details)
        {
            Details(new WidthAddress(seed, unit + 1, hidden), examples, moments, run, cancellation);
            return [];
        }

        var (at, stage, point) = (new WidthAddress(seed, unit + 1, hidden), kind == Kind.Start ? TrainingStage.Start : TrainingStage.End, kind == Kind.Start ? moments[0] : moments[^1]);
        if (IsWide(hidden))
        {
            var (ends, away) = WideMeasurement.Of(at, stage, Network(hidden), examples, point, run.Team, cancellation);
            run.Record($"{Name}.wide", ends);
            run.Record($"{Name}.concentration", away);
            return [("loss", ends.Loss), ("largest", ends.Top[0])];
        }

        var (row, shape, concentration) = _measurement.Spectrum(at, stage, examples, point, run.Team, cancellation);
        run.Record($"{Name}.spectra", row);
        run.Record($"{Name}.shapes", shape);
        run.Record($"{Name}.concentration", concentration);
        if (kind == Kind.End)
            _end = row;
        return [("loss", row.Loss), ("largest", row.Top[0])];
    }

    /// <summary>What one width is enough for: subspaces and rescaling at the smallest, zeros at the largest.</summary>
    private void Details(WidthAddress at, ExampleSet examples, double[][] moments, RunContext run, CancellationToken cancellation)
    {
        var classes = _measurement.Classes(at, examples, moments[^1], run.Team, cancellation);
        ZerosRow? zeros = at.Hidden == _part.Hidden.Max() ? _measurement.Zeros(at, examples, moments[^1], run.Team, cancellation) : null;
        (RescalingRow Row, SharpnessRow Sharpness)? rescaling = at.Hidden == _part.Hidden.Min() ? _measurement.Rescaling(at, examples, moments[^1], Known(at), run.Team, cancellation) : null;
        SubspaceRow[] subspaces = at.Hidden == _part.Hidden.Min()
            ? [.. moments.Select((point, moment) => _measurement.Subspace(at, TrainingStep(moment), examples, point, run, cancellation))]
            : [];
        run.Record($"{Name}.classes", classes);
        if (zeros is not null)
            run.Record($"{Name}.zeros", zeros);
        if (rescaling is { } pair)
        {
            run.Record($"{Name}.rescaling", pair.Row);
            run.Record($"{Name}.sharpness", pair.Sharpness);
        }

        foreach (var row in subspaces)
            run.Record($"{Name}.subspaces", row);
    }

    /// <summary>The spectrum after training, measured right before; null where the run was stopped in between.</summary>
    private SpectrumRow? Known(WidthAddress at) => _end is { } row && (row.Seed, row.Hidden) == (at.Seed, at.Hidden) ? row : null;

    private double Sharpness(int hidden) => 200 * CostModel.Product(Network(hidden), _part.Data.Samples);

    private double Spectrum(int hidden) => CostModel.Spectrum(Network(hidden), _part.Data.Samples);

    private double? Loss(RunRecord run, int seed, int hidden, TrainingStage stage) => IsWide(hidden)
        ? run.Table<WideRow>($"{Name}.wide").FirstOrDefault(row => row.Seed == seed && row.Hidden == hidden && row.Stage == stage)?.Loss
        : run.Table<SpectrumRow>($"{Name}.spectra").FirstOrDefault(row => row.Seed == seed && row.Hidden == hidden && row.Stage == stage)?.Loss;

    private bool IsWide(int hidden) => _part.Wide.Contains(hidden);

    private int Place(int seed, int width, int moment) => (((seed * _hidden.Length) + width) * Moments.Length) + moment;

    private int TrainingStep(int moment) => (int)(Moments[moment] * _part.Training.Steps);

    private Mlp Network(int hidden) => WidthMeasurement.Network(_part, hidden);
}

/// <summary>What a measurement is of.</summary>
/// <param name="Seed">The seed within the run.</param>
/// <param name="Step">The measurement within the part.</param>
/// <param name="Hidden">Hidden nodes.</param>
internal readonly record struct WidthAddress(int Seed, long Step, int Hidden);
