using System.Numerics;
using Understudy.Engine.Kernels;
using Understudy.Engine.Random;

namespace Understudy.Engine.Plans;

/// <summary>The replicas that share a register, or one alone, with their states, tables and random numbers.</summary>
internal abstract class ReplicaGroup : IDisposable
{
    /// <summary>Instructions and memory of the group.</summary>
    internal abstract Executor Executor { get; }

    /// <summary>Sets the tables a lane's row feed is drawn from.</summary>
    internal abstract void SetTables(int lane, IReadOnlyList<RowTable> tables);

    /// <summary>Sets the random numbers of a lane's feeds.</summary>
    internal abstract void SetSequence(int lane, RandomSequence sequence);

    /// <exception cref="InvalidOperationException">A lane that is reported lacks tables or random numbers.</exception>
    /// <exception cref="ObjectDisposedException">The group or one of its tables was disposed of.</exception>
    internal abstract void CheckReady();

    /// <summary>Does <paramref name="steps"/> steps from <paramref name="first"/> on.</summary>
    internal abstract void Run(long first, int steps);

    /// <inheritdoc/>
    public abstract void Dispose();
}

/// <summary>A group of replicas for one type and register.</summary>
internal sealed unsafe class ReplicaGroup<V, S> : ReplicaGroup
    where V : struct, ISimd<V, S>
    where S : unmanaged, IBinaryFloatingPointIeee754<S>
{
    private readonly Executor<V, S> _executor;
    private readonly int _lanes;
    private readonly int _active;
    private readonly int _instructions;
    private readonly RowFeed? _rows;
    private readonly DrawFeed[] _draws;
    private readonly RandomSequence[] _sequences;
    private readonly bool[] _hasSequence;
    private readonly RowTable[][] _tables;
    private readonly int[][] _orders;
    private readonly long[] _passes;
    private readonly int[] _picks;
    private readonly int[] _indices;
    private readonly double[] _numbers;
    private readonly int _ownNumbers;

    internal ReplicaGroup(Emitter<V, S> emitter, ReplicaProgram program, int active, int instructions, bool poison)
    {
        _executor = new Executor<V, S>(emitter, poison);
        _lanes = emitter.Lanes;
        _active = active;
        _instructions = instructions;
        _rows = program.Feeds.OfType<RowFeed>().SingleOrDefault();
        _draws = [.. program.Feeds.OfType<DrawFeed>()];
        _picks = new int[_rows?.Targets[0].Shape[0] ?? 0];
        _indices = new int[_lanes * _picks.Length];
        _sequences = new RandomSequence[_lanes];
        _hasSequence = new bool[_lanes];
        _tables = new RowTable[_lanes][];
        _orders = new int[_lanes][];
        _passes = new long[_lanes];
        _ownNumbers = _draws.Where(feed => feed.Purpose.Length == 0).Sum(feed => feed.Target.Shape.Count);
        _numbers = new double[_ownNumbers + _draws.Where(feed => feed.Purpose.Length > 0).Select(feed => feed.Target.Shape.Count).DefaultIfEmpty().Max()];
    }

    internal override Executor Executor => _executor;

    internal override void SetTables(int lane, IReadOnlyList<RowTable> tables)
    {
        var targets = _rows?.Targets ?? throw new InvalidOperationException("The program has no row feed.");
        if (tables.Count != targets.Count)
            throw new ArgumentException($"The row feed has {targets.Count} targets, but was given {tables.Count} tables.", nameof(tables));
        for (var i = 0; i < tables.Count; i++)
        {
            if (tables[i].Width != targets[i].Shape[1] || tables[i].Rows != tables[0].Rows)
                throw new ArgumentException($"Table {i} is [{tables[i].Rows}, {tables[i].Width}], but {tables[0].Rows} rows of {targets[i].Shape[1]} are needed.", nameof(tables));
        }

        if (_rows is { IsShuffled: true } && tables[0].Rows < _picks.Length)
            throw new ArgumentException($"A shuffled batch of {_picks.Length} rows needs at least as many rows, but the tables have {tables[0].Rows}.", nameof(tables));
        _tables[lane] = [.. tables];
        _passes[lane] = -1;
    }

    internal override void SetSequence(int lane, RandomSequence sequence)
    {
        _sequences[lane] = sequence;
        _hasSequence[lane] = true;
        _passes[lane] = -1;
    }

    internal override void CheckReady()
    {
        _executor.ThrowIfDisposed();
        for (var lane = 0; lane < _lanes; lane++)
        {
            // idle lanes repeat the first one: defined numbers, never reported
            var own = lane < _active ? lane : 0;
            if (_rows is not null)
                _tables[lane] = _tables[own] ?? throw new InvalidOperationException($"Replica {own} of a group has no samples.");
            if (_rows is not null || _draws.Length > 0)
                _sequences[lane] = _hasSequence[own] ? _sequences[own] : throw new InvalidOperationException($"Replica {own} of a group has no random numbers for its batches.");
            foreach (var table in _tables[lane] ?? [])
                table.Memory.ThrowIfDisposed();
            if (_rows is { IsShuffled: true } && lane < _active && _orders[lane]?.Length != _tables[lane][0].Rows)
                (_orders[lane], _passes[lane]) = (new int[_tables[lane][0].Rows], -1);
        }
    }

    internal override void Run(long first, int steps)
    {
        for (var step = first; step < first + steps; step++)
        {
            if (_rows is not null)
                FeedRows(step);
            if (_draws.Length > 0)
                FeedDraws(step);
            _executor.Run(0, _instructions);
        }
    }

    public override void Dispose() => _executor.Dispose();

    private void FeedRows(long step)
    {
        var batch = _rows!.Targets[0].Shape[0];
        for (var lane = 0; lane < _lanes; lane++)
        {
            // idle lanes repeat the first one
            var picks = _rows.IsShuffled ? Shuffled(lane < _active ? lane : 0, step) : _picks;
            if (!_rows.IsShuffled)
                _sequences[lane].FillIndices(step, _tables[lane][0].Rows, _picks);
            for (var row = 0; row < batch; row++)
                _indices[(row * _lanes) + lane] = picks[row];
        }

        var rows = stackalloc S*[_lanes];
        fixed (int* indices = _indices)
        {
            for (var i = 0; i < _rows.Targets.Count; i++)
            {
                if (!_executor.Has(_rows.Targets[i]))
                    continue;
                for (var lane = 0; lane < _lanes; lane++)
                    rows[lane] = (S*)_tables[lane][i].Memory.Start;
                var width = _rows.Targets[i].Shape[1];
                var target = _executor.At(_rows.Targets[i]);
                if (_lanes == 1)
                    Movement<V, S>.GatherRows(batch, rows[0], indices, target, width);
                else
                    Movement<V, S>.LaneGather(rows, indices, batch, width, target);
            }
        }
    }

    /// <summary>The rows of a step; the order of a pass is a function of its number alone, so that a resumed run finds it again.</summary>
    private ReadOnlySpan<int> Shuffled(int lane, long step)
    {
        var order = _orders[lane];
        var (pass, place) = Math.DivRem(step, order.Length / _picks.Length);
        if (_passes[lane] != pass)
        {
            _sequences[lane].FillPermutation(pass, order);
            _passes[lane] = pass;
        }

        return order.AsSpan((int)place * _picks.Length, _picks.Length);
    }

    private void FeedDraws(long step)
    {
        for (var lane = 0; lane < _lanes; lane++)
        {
            // feeds without a purpose take one after the other from the replica's own numbers
            var own = _numbers.AsSpan(0, _ownNumbers);
            if (own.Length > 0)
                _sequences[lane].FillNormal(step, own);
            foreach (var feed in _draws)
            {
                Span<double> numbers;
                if (feed.Purpose.Length == 0)
                {
                    numbers = own[..feed.Target.Shape.Count];
                    own = own[feed.Target.Shape.Count..];
                }
                else
                {
                    numbers = _numbers.AsSpan(_ownNumbers, feed.Target.Shape.Count);
                    Draw(feed, _sequences[lane].For(feed.Purpose), step, numbers);
                }

                if (_executor.Has(feed.Target))
                    Scatter(numbers, feed is NormalFeed normal ? normal.Deviation : 1, _executor.At(feed.Target) + lane);
            }
        }
    }

    private static void Draw(DrawFeed feed, RandomSequence sequence, long step, Span<double> numbers)
    {
        if (feed is UniformFeed)
            sequence.FillUniform(step, numbers);
        else
            sequence.FillNormal(step, numbers);
    }

    private void Scatter(ReadOnlySpan<double> numbers, double factor, S* target)
    {
        for (var i = 0; i < numbers.Length; i++)
            target[(nint)i * _lanes] = S.CreateTruncating(factor * numbers[i]);
    }
}
