using Understudy.Engine.Graphs;
using Understudy.Engine.Plans;
using Understudy.Engine.Threading;
using Understudy.Learning.Losses;
using Understudy.Learning.Networks;

namespace Understudy.Learning.Curvature;

/// <summary>A sum over all examples that is linear in a vector, batch by batch.</summary>
/// <remarks>
/// Each batch has a plan of its own that keeps what does not depend on the vector, as long as memory allows; else the batches take turns in one. A batch goes through the vectors of a block
/// before the next one begins, so what it keeps stays in the cache, and batches take turns once per block. One plan for eight vectors at once took 1.8 times as long per vector, for four 1.4
/// times (64-64-10 on batches of 500 in single precision, November 2026): what lies between its products does not fit into the cache.
/// </remarks>
internal sealed class BatchedProduct : IDisposable
{
    // numbers that a batch keeps of its sums while other threads are at theirs
    private const int MostKept = 1 << 18;

    // batches whose sums are kept at a time, for each thread: enough that threads seldom wait for each other
    private const int SlotsPerThread = 2;

    private readonly ExampleSet _examples;
    private readonly CurvatureOptions _options;
    private readonly Batch[] _batches;
    private readonly Action<int> _run;
    private readonly bool _takesTurns;
    private readonly double[][] _slots;
    private double[] _vectors = [];
    private int _first;
    private int _given;
    private int _count;

    internal BatchedProduct(
        INetwork network, OutputLoss loss, ExampleSet examples, bool[] isChosen, Func<TracedLoss, Sym[]> outputs, CurvatureOptions options)
    {
        (_examples, _options) = (examples, options);
        var rows = Math.Min(options.BatchRows, examples.Count);
        var count = (examples.Count + rows - 1) / rows;
        _slots = new double[Slots(options, count)][];
        Array.Fill(_slots, []);
        _batches = new Batch[count];
        for (var i = 0; i < count; i++)
        {
            var own = Math.Min(rows, examples.Count - (i * rows));
            // another plan is as large as the first one
            var shared = i > 0 && own == rows && Bytes + _batches[0].Plan.Bytes > options.MemoryBytes ? _batches[i - 1] : null;
            _batches[i] = shared is null ? new Batch(new TracedLoss(network, loss, own, examples.Count, isChosen), outputs, options, i * rows) : shared.Next(i * rows);
            if (i == 0)
                Bytes = SlotBytes(options, count, Size);
            Bytes += shared is null ? _batches[i].Plan.Bytes : 0;
            _takesTurns |= shared is not null;
        }

        _run = RunKept;
    }

    /// <summary>What it takes at least: the plan of one batch, and another where the last one is shorter, and the sums in work. Nothing is allocated for it.</summary>
    internal static long LeastBytes(INetwork network, OutputLoss loss, ExampleSet examples, bool[] isChosen, Func<TracedLoss, Sym[]> outputs, CurvatureOptions options)
    {
        int rows = Math.Min(options.BatchRows, examples.Count), rest = examples.Count % rows, sums = 0;
        long Of(int own)
        {
            var traced = new TracedLoss(network, loss, own, examples.Count, isChosen);
            var values = outputs(traced);
            sums = values.Sum(value => value.Shape.Count);
            return Plan.BytesOf(values, new PlanOptions { Precision = options.Precision, Varying = traced.Directions });
        }

        var plans = Of(rows) + (rest == 0 ? 0 : Of(rest));
        return plans + SlotBytes(options, (examples.Count + rows - 1) / rows, sums);
    }

    /// <summary>What its plans and the sums in work take, in bytes.</summary>
    internal long Bytes { get; }

    /// <summary>The numbers of one sum.</summary>
    private int Size => _batches[0].OutputCount;

    /// <summary>Takes the point; what does not depend on a vector is computed at the next product.</summary>
    internal void MoveTo(double[] parameters)
    {
        foreach (var batch in _batches)
            batch.MoveTo(parameters);
    }

    /// <summary>The sums where nothing depends on a vector.</summary>
    internal void Evaluate(Span<double> sums) => Total([], sums);

    /// <summary>Products of vectors as rows.</summary>
    internal void Apply(ReadOnlySpan<double> vectors, Span<double> products)
    {
        if (vectors.Length != products.Length || vectors.Length % Size != 0)
            throw new ArgumentException($"Vectors of {vectors.Length} and products of {products.Length} numbers are not rows of {Size}.", nameof(vectors));
        Total(vectors, products);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var batch in _batches)
            batch.Dispose();
    }

    /// <summary>The sums of each vector; one where there are none.</summary>
    private void Total(ReadOnlySpan<double> vectors, Span<double> sums)
    {
        sums.Clear();
        if (_options.Team is { Threads: > 1 } team && !_takesTurns)
        {
            for (var atOnce = Math.Max(1, MostKept / Size) * Size; !sums.IsEmpty; sums = sums[Math.Min(atOnce, sums.Length)..])
            {
                var part = sums[..Math.Min(atOnce, sums.Length)];
                var taken = vectors[..Math.Min(part.Length, vectors.Length)];
                Together(team, taken, part);
                vectors = vectors[taken.Length..];
            }

            return;
        }

        foreach (var batch in _batches)
        {
            for (var at = 0; at < sums.Length; at += Size)
            {
                var kept = Slot(0, Size);
                batch.Run(_examples, vectors.IsEmpty ? [] : vectors.Slice(at, Size), kept);
                FeatureRows.Add(kept, sums.Slice(at, Size));
            }
        }
    }

    /// <summary>All batches, as many at once as there are slots, each with all of the vectors.</summary>
    private void Together(Team team, ReadOnlySpan<double> vectors, Span<double> sums)
    {
        if (_vectors.Length < vectors.Length)
            _vectors = new double[vectors.Length];
        vectors.CopyTo(_vectors);
        (_given, _count) = (vectors.Length, sums.Length);
        for (_first = 0; _first < _batches.Length; _first += _slots.Length)
        {
            var wave = Math.Min(_slots.Length, _batches.Length - _first);
            team.Run(wave, _run);
            for (var slot = 0; slot < wave; slot++)
                FeatureRows.Add(_slots[slot].AsSpan(0, _count), sums);
        }
    }

    private void RunKept(int slot)
    {
        var kept = Slot(slot, _count);
        for (var at = 0; at < kept.Length; at += Size)
            _batches[_first + slot].Run(_examples, _given == 0 ? [] : _vectors.AsSpan(at, Size), kept.Slice(at, Size));
    }

    /// <summary>Room for so many numbers, which stay until the next ones.</summary>
    private Span<double> Slot(int number, int length)
    {
        if (_slots[number].Length < length)
            _slots[number] = new double[length];
        return _slots[number].AsSpan(0, length);
    }

    private static int Slots(CurvatureOptions options, int batches) => options.Team is { Threads: > 1 } team ? Math.Min(batches, SlotsPerThread * team.Threads) : 1;

    /// <summary>What slots and the vectors in work take, from above.</summary>
    private static long SlotBytes(CurvatureOptions options, int batches, int size)
        => sizeof(double) * (Slots(options, batches) + 1L) * (options.Team is { Threads: > 1 } ? Math.Max(MostKept, size) : size);

    /// <summary>The examples of one batch and the plan that sums over them.</summary>
    private sealed class Batch : IDisposable
    {
        private readonly TracedLoss _traced;
        private readonly int[] _counts;
        private readonly int _first;
        private readonly Owner _owner;
        private double[] _parameters = [];

        internal Batch(TracedLoss traced, Func<TracedLoss, Sym[]> outputs, CurvatureOptions options, int first)
        {
            var sums = outputs(traced);
            _traced = traced;
            _counts = [.. sums.Select(sum => sum.Shape.Count)];
            _first = first;
            Plan = Plan.Compile(sums, new PlanOptions { Precision = options.Precision, Varying = traced.Directions });
            OutputCount = _counts.Sum();
            _owner = new Owner { Of = this };
        }

        private Batch(Batch like, int first)
            => (_traced, _counts, OutputCount, Plan, _owner, _first) = (like._traced, like._counts, like.OutputCount, like.Plan, like._owner, first);

        internal Plan Plan { get; }

        internal int OutputCount { get; }

        internal Batch Next(int first) => new(this, first);

        internal void MoveTo(double[] parameters)
        {
            _parameters = parameters;
            _owner.Prepared = null;
        }

        internal void Run(ExampleSet examples, ReadOnlySpan<double> vector, Span<double> sums)
        {
            if (_owner.Prepared != this)
                Prepare(examples);
            var at = 0;
            foreach (var direction in vector.IsEmpty ? [] : _traced.Directions)
            {
                Plan.Write(direction, vector.Slice(at, direction.Shape.Count));
                at += direction.Shape.Count;
            }

            Plan.Apply();
            at = 0;
            for (var output = 0; output < _counts.Length; output++)
            {
                Plan.Read(output, sums.Slice(at, _counts[output]));
                at += _counts[output];
            }
        }

        public void Dispose()
        {
            if (_owner.Of == this)
                Plan.Dispose();
        }

        private void Prepare(ExampleSet examples)
        {
            var (inputs, targets) = examples.Rows(_first, _traced.Inputs.Shape[0]);
            Plan.Write(_traced.Inputs, inputs);
            Plan.Write(_traced.Targets, targets);
            var at = 0;
            foreach (var parameter in _traced.Parameters)
            {
                Plan.Write(parameter, _parameters.AsSpan(at, parameter.Shape.Count));
                at += parameter.Shape.Count;
            }

            Plan.Prepare();
            _owner.Prepared = this;
        }

        /// <summary>What batches that take turns in one plan have in common.</summary>
        private sealed class Owner
        {
            internal required Batch Of { get; init; }

            internal Batch? Prepared { get; set; }
        }
    }
}
