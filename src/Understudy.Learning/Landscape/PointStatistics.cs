using Understudy.Data.Datasets;
using Understudy.Engine;
using Understudy.Engine.Threading;
using Understudy.Learning.Curvature;
using Understudy.Learning.Networks;

namespace Understudy.Learning.Landscape;

/// <summary>Statistics of batch normalizations at many points, each estimated anew by passes over the same examples; points are shared out over the threads.</summary>
/// <remarks>A point between two networks has other statistics than a mixture of theirs. Not for two threads at once.</remarks>
public sealed class PointStatistics : IDisposable
{
    private readonly LayeredNetwork _inTraining;
    private readonly FloatImages? _images;
    private readonly ExampleSet? _examples;
    private readonly Team? _team;
    private readonly StatisticsSequence[] _sequences;
    private readonly double[][] _points;

    /// <summary>Compiles an estimation by one pass in single precision: every batch is normalized with its own statistics, as in training.</summary>
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
        var evaluation = WithStatistics(network);
        if (images.Features != network.Inputs || images.Count == 0)
            throw new ArgumentException($"The network reads {network.Inputs} numbers, but {images.Count} images of {images.Features} are to estimate its statistics.", nameof(images));
        (_inTraining, _images, _team) = ((LayeredNetwork)evaluation.Network, images, team);
        var rows = Math.Min(batchRows, images.Count);
        (_sequences, _points) = Compile(evaluation, Math.Min(batches, images.Count / rows) * rows, new RecalibrationOptions { Precision = DType.F32, BatchRows = rows, IsOnePass = true });
    }

    /// <summary>Compiles the estimation that <see cref="Recalibration"/> is: full passes over all examples, one normalization after the other, each with those before it in evaluation mode.</summary>
    /// <param name="network">An <see cref="EvaluationNetwork"/> with batch normalizations.</param>
    /// <param name="examples">The examples, as a rule those of the training; their targets are not read.</param>
    /// <param name="options">Precision and batches, of which each thread has one in memory, and the threads.</param>
    /// <exception cref="ArgumentException">The network has no statistics, or the examples are none for it.</exception>
    public PointStatistics(INetwork network, ExampleSet examples, RecalibrationOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(examples);
        options ??= new RecalibrationOptions();
        var evaluation = WithStatistics(network);
        if (examples.InputWidth != network.Inputs)
            throw new ArgumentException($"The network reads {network.Inputs} numbers, but examples of {examples.InputWidth} are to estimate its statistics.", nameof(examples));
        (_inTraining, _examples, _team) = ((LayeredNetwork)evaluation.Network, examples, options.Team);
        (_sequences, _points) = Compile(evaluation, examples.Count, options);
    }

    /// <summary>How many numbers a point's statistics are.</summary>
    internal int Width => _sequences[0].Width;

    /// <summary>What stands behind the parameters of every point: mean and variance of each normalization, in the order of <see cref="EvaluationNetwork"/>.</summary>
    /// <param name="count">How many points.</param>
    /// <param name="point">Writes a point; what it writes behind the parameters is not read.</param>
    /// <param name="cancellation">Looked at once per point.</param>
    public double[][] At(int count, ParameterPoint point, CancellationToken cancellation = default) => At(count, point, null, cancellation);

    /// <summary>The same, told the share that is done.</summary>
    internal double[][] At(int count, ParameterPoint point, IProgress<double>? progress, CancellationToken cancellation)
    {
        var (all, next, done) = (new double[count][], 0, 0);
        _team.ForEach(_sequences.Length, lane =>
        {
            for (var index = Interlocked.Increment(ref next) - 1; index < count; index = Interlocked.Increment(ref next) - 1)
            {
                cancellation.ThrowIfCancellationRequested();
                point(index, _points[lane]);
                all[index] = new double[Width];
                _sequences[lane].Measure(_images is null ? new NumberRows(_examples!.Inputs) : new NumberRows(_images.Values), _points[lane].AsSpan(0, _inTraining.Layout.Count), all[index]);
                progress?.Report((double)Interlocked.Increment(ref done) / count);
            }
        });
        return all;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var sequence in _sequences)
            sequence.Dispose();
    }

    private static EvaluationNetwork WithStatistics(INetwork network) => network is EvaluationNetwork { HasStatistics: true } evaluation
        ? evaluation
        : throw new ArgumentException("Only a network with batch normalizations (EvaluationNetwork) has statistics to estimate.", nameof(network));

    private (StatisticsSequence[] Sequences, double[][] Points) Compile(EvaluationNetwork network, int examples, RecalibrationOptions options)
    {
        StatisticsSequence[] sequences = [.. Enumerable.Range(0, _team?.Threads ?? 1).Select(_ => new StatisticsSequence(_inTraining, examples, options))];
        return (sequences, [.. sequences.Select(_ => new double[network.Layout.Count])]);
    }
}
