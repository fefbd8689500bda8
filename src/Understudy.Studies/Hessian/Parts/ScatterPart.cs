using Understudy.Engine;
using Understudy.Engine.Plans;
using Understudy.Lab.Runs;
using Understudy.Learning.Curvature;
using Understudy.Learning.Losses;
using Understudy.Learning.Networks;
using Understudy.Learning.Training;

namespace Understudy.Studies.Hessian.Parts;

/// <summary>One network on two blobs from many starts on a sphere (E10).</summary>
internal sealed class ScatterPart(HessianConfig config) : StagedPart
{
    /// <summary>Starts that are trained together and measured together: what their training holds stays small.</summary>
    private const int Group = 256;

    /// <summary>What a small matrix takes beside its arithmetic.</summary>
    private const double SecondsPerStart = 1e-3;

    private readonly ScatterConfig _part = config.Scatter;
    private readonly Mlp _network = Mlp.Relu([2, .. config.Scatter.Hidden, 2]);

    /// <inheritdoc/>
    internal override string Name => PartNames.Scatter;

    /// <inheritdoc/>
    internal override IReadOnlyList<TrainedNetwork> Networks =>
    [
        new TrainedNetwork("", _network, Seeds * _part.Starts, [_part.Training.Steps])
        {
            // of all seeds one after the other
            Counted = "start",
            Place = (index, _) => ((index / _part.Starts * Groups) + (index % _part.Starts / Group), index % _part.Starts % Group * _network.Layout.Count),
            Examples = (index, _, run) => Samples(index / _part.Starts, run),
            Recorded = (run, index, _) => run.Table<StartRow>($"{Name}.starts").FirstOrDefault(row => row.Seed == index / _part.Starts && row.Start == index % _part.Starts) is { IsDiverged: false } row ? row.Loss : null,
        },
    ];

    /// <inheritdoc/>
    protected override double TrainingSeconds => Seeds * _part.Starts * CostModel.Training(_network, _part.Training.Steps, _part.Samples);

    /// <inheritdoc/>
    protected override double MeasuringSeconds => Seeds * _part.Starts * (SecondsPerStart + CostModel.Spectrum(_network, _part.Samples));

    /// <inheritdoc/>
    protected override double Bytes(int threads) => 5e6 + (16.0 * Seeds * _part.Starts * _network.Layout.Count) + (16.0 * Math.Min(Group, _part.Starts) * _part.Samples * _network.Widths.Sum()) + (16 * Math.Pow(_network.Layout.Count, 2));

    /// <inheritdoc/>
    protected override int Units => Seeds * Groups;

    /// <inheritdoc/>
    protected override bool NeedsEveryTraining => false;

    private int Seeds => config.Seeds ?? _part.Seeds;

    private int Groups => (_part.Starts + Group - 1) / Group;

    /// <inheritdoc/>
    protected override IReadOnlyList<double[]> Train(RunContext run, TrainingLog log, Action<double> progress, CancellationToken cancellation)
    {
        var trained = new double[Units][];
        for (var unit = 0; unit < Units; unit++)
        {
            var (seed, first, count, done) = (unit / Groups, First(unit), Count(unit), unit);
            var samples = Samples(seed, run);
            using var descent = new Descent(_network, TrainingLoss.CrossEntropy, 0, DType.F32,
                [.. Enumerable.Range(first, count).Select(start => (samples, Start(seed, start, run), _part.Training.LearningRate, run.Random(Purposes.Batches, seed)))], ReplicaLayout.Lanes);
            log.RunTo(_part.Training.Steps, [descent], cancellation, step => progress((done + ((double)step / _part.Training.Steps)) / Units));
            trained[unit] = [.. Enumerable.Range(0, count).SelectMany(i => log.Parameters(descent, i))];
        }

        return trained;
    }

    /// <inheritdoc/>
    protected override string Describe(int unit) => $"starts {First(unit) + 1} to {First(unit) + Count(unit)}";

    /// <inheritdoc/>
    protected override IReadOnlyList<(string Name, double Value)> Measure(int unit, IReadOnlyList<double[]> trained, MeasuringLog log, RunContext run, CancellationToken cancellation)
    {
        var (seed, size, count) = (unit / Groups, _network.Layout.Count, Count(unit));
        var examples = Samples(seed, run);
        using var curvature = new NetworkCurvature(_network, OutputLoss.CrossEntropy, examples, trained[unit].AsSpan(0, size));
        var rows = new StartRow[count];
        for (var i = 0; i < count; i++)
        {
            if (IsDiverged(i))
            {
                rows[i] = Diverged(i);
                continue;
            }

            curvature.MoveTo(Of(i));
            var norm = Curved.Norm(curvature.Gradient(out var loss));
            rows[i] = double.IsFinite(loss)
                ? new StartRow(seed, unit + 1, First(unit) + i, loss, norm, 0, 0, 0)
                : Diverged(i);
        }

        // many small matrices: each on one thread
        run.Team.Run(count, i =>
        {
            cancellation.ThrowIfCancellationRequested();
            if (rows[i].IsDiverged)
                return;
            var entries = ExactHessian.Of(new MlpPoint(_network, OutputLoss.CrossEntropy, examples, Of(i)), new ExactOptions { MemoryBytes = long.MaxValue });
            var values = Curved.Eigenvalues(entries, size, null, cancellation);
            rows[i] = rows[i] with { Largest = values[^1], Second = values[^2], Smallest = values[0] };
        });
        foreach (var row in rows)
            run.Record($"{Name}.starts", row);
        return [("largest", rows.Where(row => !row.IsDiverged).Select(row => row.Largest).DefaultIfEmpty(double.NaN).Average())];

        ReadOnlySpan<double> Of(int start) => trained[unit].AsSpan(start * size, size);

        StartRow Diverged(int start) => new(seed, unit + 1, First(unit) + start, double.NaN, double.NaN, double.NaN, double.NaN, double.NaN);

        bool IsDiverged(int start) => trained[unit].AsSpan(start * size, size).ContainsAnyExceptInRange(double.MinValue, double.MaxValue);
    }

    private int First(int unit) => unit % Groups * Group;

    private int Count(int unit) => Math.Min(Group, _part.Starts - First(unit));

    /// <summary>A point of the sphere: normal numbers, brought to its radius.</summary>
    private double[] Start(int seed, int start, RunContext run)
    {
        var direction = new double[_network.Layout.Count];
        run.Random(Purposes.Starts, seed).FillNormal(start, direction);
        var scale = _part.Radius / Curved.Norm(direction);
        return [.. direction.Select(value => scale * value)];
    }

    private ExampleSet Samples(int seed, RunContext run) => Examples.Blobs(_part.Samples, _part.Deviation, run.Random(Purposes.Samples, seed));
}
