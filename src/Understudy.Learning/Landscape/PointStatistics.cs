using Understudy.Engine;
using Understudy.Engine.Threading;
using Understudy.Learning.Curvature;
using Understudy.Learning.Networks;

namespace Understudy.Learning.Landscape;

/// <summary>Statistics of batch normalizations at many points, each estimated in one pass over the same images; points are shared out over the threads.</summary>
internal sealed class PointStatistics : IDisposable
{
    private readonly LayeredNetwork _inTraining;
    private readonly InstabilityOptions _options;
    private readonly Team? _team;
    private readonly IReadOnlyList<int> _channels;
    private readonly StatisticsMeter[] _meters;
    private readonly double[][] _points;
    private readonly int _rows;

    /// <summary>Compiles the estimation for every thread.</summary>
    /// <exception cref="ArgumentException">The network has no statistics, or the images are none for it.</exception>
    internal PointStatistics(INetwork network, InstabilityOptions options, Team? team)
    {
        var images = options.Calibration!;
        ArgumentOutOfRangeException.ThrowIfLessThan(options.CalibrationBatch, 1, nameof(options));
        ArgumentOutOfRangeException.ThrowIfLessThan(options.CalibrationBatches, 1, nameof(options));
        if (network is not EvaluationNetwork { HasStatistics: true } evaluation)
            throw new ArgumentException("Only a network with batch normalizations (EvaluationNetwork) has statistics to estimate.", nameof(network));
        if (images.Features != network.Inputs || images.Count == 0)
            throw new ArgumentException($"The network reads {network.Inputs} numbers, but {images.Count} images of {images.Features} are to estimate its statistics.", nameof(options));
        (_inTraining, _options, _team) = ((LayeredNetwork)evaluation.Network, options, team);
        (_channels, _rows) = (_inTraining.NormalizedChannels(), Math.Min(options.CalibrationBatch, images.Count));
        _meters = [.. Enumerable.Range(0, team?.Threads ?? 1).Select(_ => new StatisticsMeter(_inTraining, _rows, _channels.Count, DType.F32, null))];
        _points = [.. _meters.Select(_ => new double[network.Layout.Count])];
    }

    /// <summary>What stands behind the parameters of every point.</summary>
    internal double[][] At(int count, ParameterPoint point, CancellationToken cancellation)
    {
        var (all, next) = (new double[count][], 0);
        _team.ForEach(_meters.Length, lane =>
        {
            for (var index = Interlocked.Increment(ref next) - 1; index < count; index = Interlocked.Increment(ref next) - 1)
            {
                cancellation.ThrowIfCancellationRequested();
                point(index, _points[lane]);
                all[index] = Measure(_meters[lane], _points[lane].AsSpan(0, _inTraining.Layout.Count));
            }
        });
        return all;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var meter in _meters)
            meter.Dispose();
    }

    private double[] Measure(StatisticsMeter meter, ReadOnlySpan<double> parameters)
    {
        meter.MoveTo(parameters);
        ChannelSums[] sums = [.. _channels.Select(channels => new ChannelSums(channels))];
        var batches = Math.Min(_options.CalibrationBatches, _options.Calibration!.Count / _rows);
        for (var batch = 0; batch < batches; batch++)
            meter.Add(new NumberRows(_options.Calibration.Values), batch * _rows, sums);
        var values = new double[2 * _channels.Sum()];
        var rest = values.AsSpan();
        foreach (var sum in sums)
        {
            // not checked: of a point that diverged they are no numbers
            sum.Means.CopyTo(rest);
            sum.CopyVariances(rest.Slice(sum.Means.Length, sum.Means.Length));
            rest = rest[(2 * sum.Means.Length)..];
        }

        return values;
    }
}
