using Understudy.Engine;
using Understudy.Engine.Graphs;
using Understudy.Engine.Threading;
using Understudy.Learning.Curvature;
using Understudy.Learning.Losses;
using Understudy.Learning.Networks;

namespace Understudy.Learning.Landscape;

/// <summary>Sums over all examples at many points, shared out by point and batch.</summary>
/// <remarks>
/// Each thread has plans of its own; batches of a point are added in order, so no number depends on the threads. Points go in groups: what is kept of their batches is bounded,
/// however many there are.
/// </remarks>
internal sealed class PointSums : IDisposable
{
    // numbers that are kept of batches until their points are added up, 32 MiB
    private const int MostKept = 1 << 22;

    private readonly Team? _team;
    private readonly Lane[] _lanes;
    private readonly int _batchRows;
    private readonly int _batches;
    private readonly int _atOnce;
    private double[] _partial = [];

    internal PointSums(INetwork network, OutputLoss loss, ExampleSet examples, Func<TracedLoss, Sym[]> outputs, int batchRows, Team? team, int mostKept = MostKept, DType precision = DType.F64)
    {
        _team = team;
        _batchRows = Math.Min(examples.BatchRows(network, batchRows), examples.Count);
        _batches = (examples.Count + _batchRows - 1) / _batchRows;
        var last = examples.Count - ((_batches - 1) * _batchRows);
        BatchSums Compile(int rows) => new(network, loss, examples, rows, examples.Count, outputs, precision: precision);
        _lanes = new Lane[team?.Threads ?? 1];
        for (var i = 0; i < _lanes.Length; i++)
            _lanes[i] = new Lane(Compile(_batchRows), last == _batchRows ? null : Compile(last), network.Layout.Count);
        Width = _lanes[0].Whole.Width;
        // at least one item for each thread
        _atOnce = Math.Max((int)(mostKept / ((long)_batches * Width)), (_lanes.Length + _batches - 1) / _batches);
    }

    /// <summary>The numbers of one point.</summary>
    internal int Width { get; }

    /// <summary>The sums [count, width] of points.</summary>
    internal void Evaluate(int count, ParameterPoint point, Span<double> sums, IProgress<double>? progress, CancellationToken cancellation)
    {
        var (done, all) = (0L, (double)count * _batches);
        Action? ended = progress is null ? null : () => progress.Report(Interlocked.Increment(ref done) / all);
        for (var first = 0; first < count; first += _atOnce)
            EvaluateGroup(first, Math.Min(_atOnce, count - first), point, sums[(first * Width)..], ended, cancellation);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var lane in _lanes)
        {
            lane.Whole.Dispose();
            lane.Last?.Dispose();
        }
    }

    /// <summary>The sums [count, width] of points that stand one behind the other.</summary>
    private void EvaluateGroup(int first, int count, ParameterPoint point, Span<double> sums, Action? ended, CancellationToken cancellation)
    {
        var (next, items) = (0, checked(count * _batches));
        if (_partial.Length < checked(items * Width))
            _partial = new double[items * Width];
        void Work(int lane)
        {
            _lanes[lane].Point = -1;
            for (var item = Interlocked.Increment(ref next) - 1; item < items; item = Interlocked.Increment(ref next) - 1)
            {
                cancellation.ThrowIfCancellationRequested();
                Run(_lanes[lane], first, item, point);
                ended?.Invoke();
            }
        }

        if (_team is { } team)
            team.Run(_lanes.Length, Work);
        else
            Work(0);
        for (var i = 0; i < count; i++)
        {
            var sum = sums.Slice(i * Width, Width);
            sum.Clear();
            for (var batch = 0; batch < _batches; batch++)
            {
                var part = _partial.AsSpan(((i * _batches) + batch) * Width, Width);
                for (var j = 0; j < sum.Length; j++)
                    sum[j] += part[j];
            }
        }
    }

    private void Run(Lane lane, int first, int item, ParameterPoint point)
    {
        var (index, batch) = (first + (item / _batches), item % _batches);
        if (lane.Point != index)
        {
            point(index, lane.Parameters);
            lane.Point = index;
        }

        var sums = batch == _batches - 1 && lane.Last is { } last ? last : lane.Whole;
        sums.MoveTo(lane.Parameters);
        sums.Load(batch * _batchRows);
        sums.Run(_partial.AsSpan(item * Width, Width));
    }

    /// <summary>What one thread works with.</summary>
    private sealed class Lane(BatchSums whole, BatchSums? last, int size)
    {
        internal BatchSums Whole => whole;

        internal BatchSums? Last => last;

        internal double[] Parameters { get; } = new double[size];

        internal int Point { get; set; } = -1;
    }
}

/// <summary>Writes the parameter vector of a point, by its number; called on any thread, and more than once for a point.</summary>
public delegate void ParameterPoint(int index, Span<double> parameters);
