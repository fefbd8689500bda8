using Understudy.Engine;
using Understudy.Engine.Graphs;
using Understudy.Engine.Plans;
using Understudy.Learning.Losses;
using Understudy.Learning.Networks;

namespace Understudy.Learning.Curvature;

/// <summary>A sum over all examples that is linear in a vector, batch by batch.</summary>
/// <remarks>
/// Each batch has a plan of its own that keeps what does not depend on the vector, as long as memory allows; else the batches take turns in one. Blocks of vectors go through other plans,
/// which multiply several at once, with the same bits.
/// </remarks>
internal sealed class BatchedProduct : IDisposable
{
    private const int Together = 8;

    private readonly Func<int, long, Passes> _compile;
    private readonly CurvatureOptions _options;
    private readonly Passes _alone;
    private Passes? _together;
    private double[] _parameters = [];

    internal BatchedProduct(
        INetwork network, OutputLoss loss, ExampleSet examples, bool[] isChosen, Func<TracedLoss, Sym[]> outputs, CurvatureOptions options)
    {
        _compile = (vectors, bytes) => new Passes(network, loss, examples, isChosen, outputs, options, vectors, bytes);
        _options = options;
        _alone = _compile(1, options.MemoryBytes);
    }

    /// <summary>Takes the point; what does not depend on a vector is computed at the next product.</summary>
    internal void MoveTo(double[] parameters)
    {
        _parameters = parameters;
        _alone.MoveTo(parameters);
        _together?.MoveTo(parameters);
    }

    /// <summary>The sums where nothing depends on a vector.</summary>
    internal void Evaluate(Span<double> sums) => _alone.Apply([], sums);

    /// <summary>Products of vectors as rows.</summary>
    internal void Apply(ReadOnlySpan<double> vectors, Span<double> products)
    {
        var size = _alone.Size;
        if (vectors.Length != products.Length || vectors.Length % size != 0)
            throw new ArgumentException($"Vectors of {vectors.Length} and products of {products.Length} numbers are not rows of {size}.", nameof(vectors));
        while (!vectors.IsEmpty)
        {
            var length = vectors.Length < Together * size ? size : Together * size;
            (length == size ? _alone : Blocks()).Apply(vectors[..length], products[..length]);
            vectors = vectors[length..];
            products = products[length..];
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _alone.Dispose();
        _together?.Dispose();
    }

    private Passes Blocks()
    {
        if (_together is null)
        {
            _together = _compile(Together, _options.MemoryBytes - _alone.Bytes);
            _together.MoveTo(_parameters);
        }

        return _together;
    }

    /// <summary>All batches, for a fixed number of vectors at once.</summary>
    private sealed class Passes : IDisposable
    {
        private readonly ExampleSet _examples;
        private readonly CurvatureOptions _options;
        private readonly int _vectors;
        private readonly Batch[] _batches;
        private readonly double[] _directions;
        private readonly Action<int> _run;
        private readonly bool _takesTurns;

        internal Passes(
            INetwork network, OutputLoss loss, ExampleSet examples, bool[] isChosen, Func<TracedLoss, Sym[]> outputs, CurvatureOptions options, int vectors, long mostBytes)
        {
            (_examples, _options, _vectors) = (examples, options, vectors);
            var rows = Math.Min(options.BatchRows, examples.Count);
            _batches = new Batch[(examples.Count + rows - 1) / rows];
            for (var i = 0; i < _batches.Length; i++)
            {
                var own = Math.Min(rows, examples.Count - (i * rows));
                var shared = Bytes > mostBytes && own == rows && i > 0 ? _batches[i - 1] : null;
                _batches[i] = shared?.Next(i * rows) ?? new Batch(new TracedLoss(network, loss, own, examples.Count, isChosen), outputs, options.Precision, vectors, i * rows);
                Bytes += shared is null ? _batches[i].Plan.Bytes : 0;
                _takesTurns |= shared is not null;
            }

            _directions = new double[vectors * _batches[0].DirectionCounts.Sum()];
            _run = batch => _batches[batch].Run(_examples, _directions);
        }

        /// <summary>Memory of all plans.</summary>
        internal long Bytes { get; }

        /// <summary>The numbers of one sum.</summary>
        internal int Size => _batches[0].Sums.Length / _vectors;

        internal void MoveTo(double[] parameters)
        {
            foreach (var batch in _batches)
                batch.MoveTo(parameters);
        }

        /// <summary>The sums for as many vectors as there are, one after another.</summary>
        internal void Apply(ReadOnlySpan<double> vectors, Span<double> sums)
        {
            Regroup(vectors, _directions, _batches[0].DirectionCounts);
            sums.Clear();
            if (_options.Team is { } team && !_takesTurns)
            {
                team.Run(_batches.Length, _run);
                foreach (var batch in _batches)
                    Add(batch, sums);
                return;
            }

            for (var i = 0; i < _batches.Length; i++)
            {
                _run(i);
                Add(_batches[i], sums);
            }
        }

        public void Dispose()
        {
            foreach (var batch in _batches)
                batch.Dispose();
        }

        /// <summary>From vectors as rows to the parts that belong to one parameter, of all vectors, one after another.</summary>
        private void Regroup(ReadOnlySpan<double> rows, Span<double> parts, ReadOnlySpan<int> counts)
        {
            var (at, size) = (0, rows.Length / _vectors);
            foreach (var count in rows.IsEmpty ? [] : counts)
            {
                for (var row = 0; row < _vectors; row++)
                {
                    rows.Slice((row * size) + at, count).CopyTo(parts);
                    parts = parts[count..];
                }

                at += count;
            }
        }

        private void Add(Batch batch, Span<double> rows)
        {
            var at = 0;
            var parts = batch.Sums.AsSpan();
            foreach (var count in batch.OutputCounts)
            {
                for (var row = 0; row < _vectors; row++)
                {
                    FeatureRows.Add(parts[..count], rows.Slice((row * Size) + at, count));
                    parts = parts[count..];
                }

                at += count;
            }
        }
    }

    /// <summary>The examples of one batch and the plan that sums over them.</summary>
    private sealed class Batch : IDisposable
    {
        private readonly TracedLoss _traced;
        private readonly Sym[] _directions;
        private readonly int _first;
        private readonly Owner _owner;
        private double[] _parameters = [];

        internal Batch(TracedLoss traced, Func<TracedLoss, Sym[]> outputs, DType precision, int vectors, int first)
        {
            (_traced, _directions, _first, _owner) = (traced, traced.Directions, first, new Owner { Of = this });
            var sums = outputs(traced);
            DirectionCounts = [.. _directions.Select(direction => direction.Shape.Count)];
            OutputCounts = [.. sums.Select(sum => sum.Shape.Count)];
            if (vectors > 1)
            {
                _directions = [.. _directions.Select(direction => Ops.Input(direction.Shape.With(0, vectors)))];
                sums = Transforms.Replicate(sums, traced.Directions.Zip(_directions).ToDictionary(pair => pair.First, pair => pair.Second), vectors);
            }

            Sums = new double[sums.Sum(sum => sum.Shape.Count)];
            Plan = Plan.Compile(sums, new PlanOptions { Precision = precision, Varying = _directions });
        }

        private Batch(Batch like, int first)
        {
            (_traced, _directions, _owner, _first) = (like._traced, like._directions, like._owner, first);
            (DirectionCounts, OutputCounts, Plan, Sums) = (like.DirectionCounts, like.OutputCounts, like.Plan, like.Sums);
        }

        internal Plan Plan { get; }

        /// <summary>The numbers of each parameter in one vector.</summary>
        internal int[] DirectionCounts { get; }

        /// <summary>The numbers of each output in one sum.</summary>
        internal int[] OutputCounts { get; }

        /// <summary>What the last run found: output by output, and of each those of all vectors.</summary>
        internal double[] Sums { get; }

        internal Batch Next(int first) => new(this, first);

        internal void MoveTo(double[] parameters)
        {
            _parameters = parameters;
            _owner.Prepared = null;
        }

        internal void Run(ExampleSet examples, ReadOnlySpan<double> directions)
        {
            if (_owner.Prepared != this)
                Prepare(examples);
            foreach (var direction in _directions)
            {
                Plan.Write(direction, directions[..direction.Shape.Count]);
                directions = directions[direction.Shape.Count..];
            }

            Plan.Apply();
            var (at, vectors) = (0, Sums.Length / OutputCounts.Sum());
            for (var output = 0; output < OutputCounts.Length; output++)
            {
                var length = vectors * OutputCounts[output];
                Plan.Read(output, Sums.AsSpan(at, length));
                at += length;
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
