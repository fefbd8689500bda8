using Understudy.Engine.Graphs;
using Understudy.Engine.Plans;
using Understudy.Learning.Losses;
using Understudy.Learning.Networks;

namespace Understudy.Learning.Curvature;

/// <summary>A sum over all examples that is linear in a vector, batch by batch.</summary>
/// <remarks>Each batch has a plan of its own that keeps what does not depend on the vector, as long as memory allows; else the batches take turns in one.</remarks>
internal sealed class BatchedProduct : IDisposable
{
    private readonly ExampleSet _examples;
    private readonly CurvatureOptions _options;
    private readonly Batch[] _batches;
    private readonly double[][] _partial;

    internal BatchedProduct(
        INetwork network, OutputLoss loss, ExampleSet examples, bool[] isChosen, Func<TracedLoss, Sym[]> outputs, CurvatureOptions options)
    {
        (_examples, _options) = (examples, options);
        var rows = Math.Min(options.BatchRows, examples.Count);
        var count = (examples.Count + rows - 1) / rows;
        _batches = new Batch[count];
        var bytes = 0L;
        for (var i = 0; i < count; i++)
        {
            var own = Math.Min(rows, examples.Count - (i * rows));
            var shared = bytes > options.MemoryBytes && own == rows ? _batches[i - 1] : null;
            _batches[i] = shared is null ? new Batch(new TracedLoss(network, loss, own, examples.Count, isChosen), outputs, options, i * rows) : shared.Next(i * rows);
            bytes += shared is null ? _batches[i].Plan.Bytes : 0;
        }

        _partial = [.. _batches.Select(batch => new double[batch.OutputCount])];
    }

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
        var size = _partial[0].Length;
        if (vectors.Length != products.Length || vectors.Length % size != 0)
            throw new ArgumentException($"Vectors of {vectors.Length} and products of {products.Length} numbers are not rows of {size}.", nameof(vectors));
        for (var start = 0; start < vectors.Length; start += size)
            Total(vectors.Slice(start, size).ToArray(), products.Slice(start, size));
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var batch in _batches)
            batch.Dispose();
    }

    private void Total(double[] vector, Span<double> sums)
    {
        if (_batches.Any(batch => batch.IsShared))
        {
            foreach (var (i, batch) in _batches.Index())
                batch.Run(_examples, vector, _partial[i]);
        }
        else if (_options.Team is { } team)
        {
            team.Run(_batches.Length, i => _batches[i].Run(_examples, vector, _partial[i]));
        }
        else
        {
            for (var i = 0; i < _batches.Length; i++)
                _batches[i].Run(_examples, vector, _partial[i]);
        }

        sums.Clear();
        foreach (var partial in _partial)
        {
            for (var i = 0; i < sums.Length; i++)
                sums[i] += partial[i];
        }
    }

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
            _owner = new Owner { Of = this };
        }

        private Batch(Batch like, int first)
        {
            (_traced, _counts, Plan, _owner, _first) = (like._traced, like._counts, like.Plan, like._owner, first);
            _owner.IsShared = true;
        }

        internal Plan Plan { get; }

        internal int OutputCount => _counts.Sum();

        internal bool IsShared => _owner.IsShared;

        internal Batch Next(int first) => new(this, first);

        internal void MoveTo(double[] parameters)
        {
            _parameters = parameters;
            _owner.Prepared = null;
        }

        internal void Run(ExampleSet examples, double[] vector, double[] sums)
        {
            if (_owner.Prepared != this)
                Prepare(examples);
            var at = 0;
            foreach (var direction in vector.Length == 0 ? [] : _traced.Directions)
            {
                Plan.Write(direction, vector.AsSpan(at, direction.Shape.Count));
                at += direction.Shape.Count;
            }

            Plan.Apply();
            at = 0;
            for (var output = 0; output < _counts.Length; output++)
            {
                Plan.Read(output, sums.AsSpan(at, _counts[output]));
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

            internal bool IsShared { get; set; }

            internal Batch? Prepared { get; set; }
        }
    }
}
