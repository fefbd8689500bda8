using Understudy.Data.Datasets;
using Understudy.Engine;
using Understudy.Engine.Threading;
using Understudy.Learning.Curvature;
using Understudy.Learning.Networks;

namespace Understudy.Learning.Landscape;

/// <summary>Statistics of batch normalizations at many points, each estimated in one pass over the same images; points are shared out over the threads.</summary>
/// <remarks>A point between two networks has other statistics than a mixture of theirs. Every batch is normalized with its own, as in training. Not for two threads at once.</remarks>
public sealed class PointStatistics : IDisposable
{
    private readonly LayeredNetwork _inTraining;
    private readonly FloatImages _images;
    private readonly Team? _team;
    private readonly IReadOnlyList<int> _channels;
    private readonly StatisticsMeter[] _meters;
    private readonly double[][] _points;
    private readonly int _rows;
    private readonly int _batches;

    /// <summary>Compiles the estimation for every thread.</summary>
    /// <param name="network">An <see cref="EvaluationNetwork"/> with batch normalizations.</param>
    /// <param name="images">The images, in an order that does not go by classes.</param>
    /// <param name="batchRows">Images of a batch.</param>
    /// <param name="batches">Batches, the first of the images; fewer where there are not so many.</param>
    /// <param name="team">Threads; null for the caller's alone.</param>
    /// <exception cref="ArgumentException">The network has no statistics, or the images are none for it.</exception>
    public PointStatistics(INetwork network, FloatImages images, int batchRows, int batches, Team? team)
    {
        ArgumentNullException.ThrowIfNull(images);
        ArgumentOutOfRangeException.ThrowIfLessThan(batchRows, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(batches, 1);
        if (network is not EvaluationNetwork { HasStatistics: true } evaluation)
            throw new ArgumentException("Only a network with batch normalizations (EvaluationNetwork) has statistics to estimate.", nameof(network));
        if (images.Features != network.Inputs || images.Count == 0)
            throw new ArgumentException($"The network reads {network.Inputs} numbers, but {images.Count} images of {images.Features} are to estimate its statistics.", nameof(images));
        (_inTraining, _images, _team) = ((LayeredNetwork)evaluation.Network, images, team);
        (_channels, _rows) = (_inTraining.NormalizedChannels(), Math.Min(batchRows, images.Count));
        _batches = Math.Min(batches, images.Count / _rows);
        _meters = [.. Enumerable.Range(0, team?.Threads ?? 1).Select(_ => new StatisticsMeter(_inTraining, _rows, _channels.Count, DType.F32, null))];
        _points = [.. _meters.Select(_ => new double[network.Layout.Count])];
    }

    /// <summary>What stands behind the parameters of every point: mean and variance of each normalization, in the order of <see cref="EvaluationNetwork"/>.</summary>
    /// <param name="count">How many points.</param>
    /// <param name="point">Writes a point; what it writes behind the parameters is not read.</param>
    /// <param name="cancellation">Looked at once per point.</param>
    public double[][] At(int count, ParameterPoint point, CancellationToken cancellation = default)
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
        for (var batch = 0; batch < _batches; batch++)
            meter.Add(new NumberRows(_images.Values), batch * _rows, sums);
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
