using Understudy.Learning.Geometry;

namespace Understudy.Learning.Landscape;

/// <summary>How a band of pivots is relaxed.</summary>
public sealed record ElasticBandOptions
{
    /// <summary>Pivots between the ends at the start.</summary>
    public int Pivots { get; init; } = 3;

    /// <summary>Rounds of relaxing and inserting.</summary>
    public int Cycles { get; init; } = 4;

    /// <summary>Steps of a round.</summary>
    public int Steps { get; init; } = 100;

    /// <summary>The step size.</summary>
    public double LearningRate { get; init; } = 0.1;

    /// <summary>How much of the last step is kept.</summary>
    public double Momentum { get; init; } = 0.9;

    /// <summary>k in [0, ½]: the share of the difference between its ways ahead and behind that a pivot moves by in a step.</summary>
    public double Stiffness { get; init; } = 0.25;

    /// <summary>A pivot is inserted where the loss between two exceeds their linear interpolation by more than this.</summary>
    public double Tolerance { get; init; } = 0.02;

    /// <summary>Places between two pivots at which the loss is looked at for that.</summary>
    public int Probes { get; init; } = 9;

    /// <summary>No pivot is inserted above this number.</summary>
    public int MaximumPivots { get; init; } = 20;
}

/// <summary>A path of low loss between two solutions: pivots that slide downhill across the path and are spaced by springs along it.</summary>
/// <remarks>
/// A step moves a pivot by −η v, v ← (1 − τ τᵀ)(β v + ∇L), with τ the unit vector from or to the neighbour of larger loss (Henkelman and Jónsson 2000), and by springs: k times the difference
/// of its distances to both neighbours, towards the farther one. Springs pull along the band and not along τ, and have no momentum: else they throw pivots out at bends, and the band grows
/// without end. Pivots are inserted after each round (AutoNEB: Kolsbjerg, Groves and Hammer 2016; Draxler et al. 2018). Gradients are of all examples.
/// </remarks>
public static class NudgedElasticBand
{
    /// <summary>Relaxes a band that starts as the straight line; it comes back as a chain through the pivots.</summary>
    /// <param name="start">A, which stays.</param>
    /// <param name="end">B, which stays.</param>
    /// <param name="evaluator">The training examples.</param>
    /// <param name="options">Pivots, steps and springs.</param>
    /// <param name="progress">Takes the share that is done.</param>
    /// <param name="cancellation">Looked at once per batch.</param>
    /// <exception cref="ArgumentException">A and B are not as long as the network's parameters, or are the same.</exception>
    public static ParameterCurve Relax(
        double[] start, double[] end, LossEvaluator evaluator, ElasticBandOptions? options = null, IProgress<double>? progress = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(evaluator);
        options ??= new ElasticBandOptions();
        ArgumentOutOfRangeException.ThrowIfLessThan(options.Pivots, 1, nameof(options));
        ArgumentOutOfRangeException.ThrowIfLessThan(options.Probes, 1, nameof(options));
        ArgumentOutOfRangeException.ThrowIfNegative(options.Stiffness, nameof(options));
        ArgumentOutOfRangeException.ThrowIfGreaterThan(options.Stiffness, 0.5, nameof(options));
        evaluator.Require(start);
        evaluator.Require(end);
        if (start.AsSpan().SequenceEqual(end))
            throw new ArgumentException("The band needs two different ends.", nameof(end));
        var band = new Band([.. ParameterCurve.Straight(CurveKind.Chain, start, end, options.Pivots).Points], evaluator, options);
        for (var cycle = 0; cycle < options.Cycles; cycle++)
        {
            for (var step = 0; step < options.Steps; step++)
            {
                band.Step(cancellation);
                progress?.Report(((cycle * options.Steps) + step + 1.0) / (options.Cycles * options.Steps));
            }

            // what comes in last would never be relaxed
            if (cycle < options.Cycles - 1)
                band.Insert(cancellation);
        }

        return new ParameterCurve(CurveKind.Chain, band.Pivots);
    }

    /// <summary>The pivots on their way, both ends among them.</summary>
    private sealed class Band(List<double[]> pivots, LossEvaluator evaluator, ElasticBandOptions options)
    {
        private readonly int _size = evaluator.Size;
        private readonly double[] _endLosses = new double[2];
        private List<double[]> _inner = [];
        private double[] _gradients = [];
        private double[] _losses = [];
        private double[] _velocities = [];
        private double[] _tangents = [];
        private double[] _springs = [];

        internal List<double[]> Pivots => pivots;

        internal void Step(CancellationToken cancellation)
        {
            if (_losses.Length != pivots.Count)
            {
                if (_losses.Length == 0)
                    evaluator.Gradients([pivots[0], pivots[^1]], new double[2 * _size], _endLosses, cancellation);
                (_losses, _gradients) = (new double[pivots.Count], new double[pivots.Count * _size]);
                (_velocities, _tangents, _springs) = (new double[pivots.Count * _size], new double[pivots.Count * _size], new double[pivots.Count * _size]);
                (_losses[0], _losses[^1], _inner) = (_endLosses[0], _endLosses[1], pivots[1..^1]);
            }

            // the ends stay: only their losses are read
            evaluator.Gradients(_inner, _gradients.AsSpan(_size, _inner.Count * _size), _losses.AsSpan(1, _inner.Count), cancellation);
            // neighbours must be those of before the step
            for (var i = 1; i < pivots.Count - 1; i++)
                Spring(i, _springs.AsSpan(i * _size, _size));
            for (var i = 1; i < pivots.Count - 1; i++)
                Tangent(i, _tangents.AsSpan(i * _size, _size));
            for (var i = 1; i < pivots.Count - 1; i++)
            {
                ReadOnlySpan<double> tangent = _tangents.AsSpan(i * _size, _size);
                var velocity = _velocities.AsSpan(i * _size, _size);
                Vectors.Scale(options.Momentum, velocity);
                Dense.Add(1, _gradients.AsSpan(i * _size, _size), velocity);
                Dense.Add(-Dense.Dot(velocity, tangent), tangent, velocity);
                Dense.Add(-options.LearningRate, velocity, pivots[i]);
                Dense.Add(1, _springs.AsSpan(i * _size, _size), pivots[i]);
            }
        }

        /// <summary>Puts a pivot where a segment rises most above its ends, on every segment that does by more than the tolerance.</summary>
        internal void Insert(CancellationToken cancellation)
        {
            var (probes, segments) = (options.Probes, pivots.Count - 1);
            void Probe(int index, Span<double> into)
                => Vectors.Between(pivots[index / (probes + 1)], pivots[Math.Min((index / (probes + 1)) + 1, segments)], Share(index % (probes + 1)), into);
            var losses = evaluator.At((segments * (probes + 1)) + 1, Probe, cancellation: cancellation);
            var old = pivots.ToArray();
            pivots.Clear();
            pivots.Add(old[0]);
            for (var segment = 0; segment < segments; segment++)
            {
                var first = segment * (probes + 1);
                var (rise, at) = (options.Tolerance, 0);
                for (var k = 1; k <= probes; k++)
                {
                    var above = losses[first + k].Loss - (((1 - Share(k)) * losses[first].Loss) + (Share(k) * losses[first + probes + 1].Loss));
                    if (above > rise)
                        (rise, at) = (above, k);
                }

                // old segments yet to come bring their ends with them
                if (at > 0 && pivots.Count - 1 + (segments - 1 - segment) < options.MaximumPivots)
                {
                    var pivot = new double[_size];
                    Vectors.Between(old[segment], old[segment + 1], Share(at), pivot);
                    pivots.Add(pivot);
                }

                pivots.Add(old[segment + 1]);
            }
        }

        private double Share(int probe) => probe / (options.Probes + 1.0);

        /// <summary>Writes the unit vector between a pivot and its neighbour of larger loss, in the order of the band.</summary>
        private void Tangent(int i, Span<double> tangent)
        {
            var isUphill = _losses[i + 1] > _losses[i - 1];
            pivots[isUphill ? i + 1 : i].CopyTo(tangent);
            Dense.Add(-1, pivots[isUphill ? i : i - 1], tangent);
            if (Vectors.Norm(tangent) is > 0 and var length)
                Vectors.Scale(1 / length, tangent);
        }

        /// <summary>Writes by how much the springs move a pivot: a share of the difference of its two ways, along the longer one.</summary>
        private void Spring(int i, Span<double> move)
        {
            var (before, after) = (Vectors.Distance(pivots[i], pivots[i - 1]), Vectors.Distance(pivots[i + 1], pivots[i]));
            pivots[after > before ? i + 1 : i - 1].CopyTo(move);
            Dense.Add(-1, pivots[i], move);
            Vectors.Scale(options.Stiffness * Math.Abs(after - before) / Math.Max(Math.Max(before, after), double.Epsilon), move);
        }
    }
}
