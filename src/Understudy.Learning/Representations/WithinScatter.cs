using Understudy.Engine;
using Understudy.Engine.LinearAlgebra;
using Understudy.Engine.Threading;
using Understudy.Learning.Geometry;

namespace Understudy.Learning.Representations;

/// <summary>The covariance S of examples around the mean of their class, with those means.</summary>
/// <param name="width">d.</param>
/// <param name="means">[K, d]; 0 for a class without examples.</param>
/// <param name="counts">Examples of each class.</param>
/// <param name="covariance">S = Σ (x − μ_y)(x − μ_y)ᵀ / N, [d, d].</param>
/// <param name="fourth">Σ ‖x − μ_y‖⁴.</param>
internal sealed class WithinScatter(int width, double[] means, int[] counts, double[] covariance, double fourth)
{
    /// <summary>2⁻²⁶: half the digits of double precision stay between what is left of S and a sphere.</summary>
    /// <remarks>
    /// Examples on one line, as far from their means on either side, all say the same of S: there is no noise to estimate, and S is singular. With s S has a condition of at most d / s, so that up to
    /// thousands of features it is positive definite beyond rounding; estimates of data with noise, 1 / N or more, are above it up to millions of examples.
    /// </remarks>
    internal const double SmallestShrinkage = 1.0 / (1 << 26);

    private double Trace
    {
        get
        {
            var sum = 0.0;
            for (var i = 0; i < width; i++)
                sum += covariance[(i * width) + i];
            return sum;
        }
    }

    /// <summary>b²/δ² with δ² = ‖S − (tr S / d) I‖² and b² = min(δ², Σ ‖(x − μ)(x − μ)ᵀ − S‖² / N²), at least <see cref="SmallestShrinkage"/>; 1 where S is a sphere already.</summary>
    internal double LedoitWolf
    {
        get
        {
            var (squares, mean, examples) = (Dense.Dot(covariance, covariance), Trace / width, (double)counts.Sum());
            var spread = squares - (width * mean * mean);
            var noise = ((fourth / examples) - squares) / examples;
            return spread > 0 && noise < spread ? Math.Max(SmallestShrinkage, noise / spread) : 1;
        }
    }

    /// <summary>The scatter of a training set.</summary>
    internal static WithinScatter Of(FeatureRows rows, Team? team, CancellationToken cancellation)
    {
        var (set, width) = (rows.Set, rows.Set.Width);
        var (means, counts) = (new double[set.Classes * width], new int[set.Classes]);
        var block = new double[Math.Min(FeatureRows.Block, set.Count) * width];
        rows.ForEachBlock(block, (part, first, count) =>
        {
            for (var i = 0; i < count; i++)
            {
                counts[set.Labels[first + i]]++;
                Dense.Add(1, part.AsSpan(i * width, width), means.AsSpan(set.Labels[first + i] * width, width));
            }
        }, cancellation);
        for (var i = 0; i < means.Length; i++)
            means[i] /= Math.Max(1, counts[i / width]);

        var (covariance, fourth) = (new double[checked(width * width)], 0.0);
        rows.ForEachBlock(block, (part, first, count) =>
        {
            for (var i = 0; i < count; i++)
            {
                var row = part.AsSpan(i * width, width);
                Dense.Add(-1, means.AsSpan(set.Labels[first + i] * width, width), row);
                var square = Dense.Dot(row, row);
                fourth += square * square;
            }

            var own = part.AsSpan(0, count * width);
            Products.Multiply(width, width, count, own, own, covariance, transposeLeft: true, accumulate: true, team: team);
        }, cancellation);
        foreach (ref var entry in covariance.AsSpan())
            entry /= set.Count;
        return new WithinScatter(width, means, counts, covariance, fourth);
    }

    /// <summary>The discriminants of the covariance shrunk by <paramref name="shrinkage"/>.</summary>
    /// <exception cref="ArgumentException">What is left is not positive definite to rounding.</exception>
    internal LinearDiscriminants Discriminants(double shrinkage, Team? team, CancellationToken cancellation)
    {
        var shrunk = (double[])covariance.Clone();
        foreach (ref var entry in shrunk.AsSpan())
            entry *= 1 - shrinkage;
        // examples that are their class's mean leave nothing to scale by: then all directions count alike
        var sphere = Trace > 0 ? shrinkage * Trace / width : 1;
        var factor = Cholesky.Of(shrunk, width, sphere, team, cancellation);
        if (!factor.IsPositiveDefinite)
            throw new ArgumentException($"The {width} features depend on each other within classes: a shrinkage of {shrinkage} is too small.");
        var (weights, biases, examples) = ((double[])means.Clone(), new double[counts.Length], (double)counts.Sum());
        factor.Solve(weights);
        for (var c = 0; c < counts.Length; c++)
        {
            biases[c] = counts[c] == 0
                ? double.NegativeInfinity
                : ScalarFunctions.Log(counts[c] / examples) - (0.5 * Dense.Dot(means.AsSpan(c * width, width), weights.AsSpan(c * width, width)));
        }

        return new LinearDiscriminants(width, weights, biases);
    }
}

/// <summary>Σ⁻¹ μ_c and the bias of every class.</summary>
/// <param name="width">d.</param>
/// <param name="weights">[K, d].</param>
/// <param name="biases">[K].</param>
internal sealed class LinearDiscriminants(int width, double[] weights, double[] biases)
{
    /// <summary>[K, d].</summary>
    internal ReadOnlySpan<double> Weights => weights;

    /// <summary>[K].</summary>
    internal ReadOnlySpan<double> Biases => biases;

    /// <summary>The class of every row.</summary>
    internal int[] Predict(FeatureRows rows, Team? team, CancellationToken cancellation)
    {
        var (predictions, classes) = (new int[rows.Set.Count], biases.Length);
        var size = Math.Min(FeatureRows.Block, rows.Set.Count);
        var (block, outputs) = (new double[size * width], new double[size * classes]);
        rows.ForEachBlock(block, (part, first, count) =>
        {
            for (var i = 0; i < count; i++)
                biases.CopyTo(outputs.AsSpan(i * classes));
            Products.Multiply(count, classes, width, part.AsSpan(0, count * width), weights, outputs, transposeRight: true, accumulate: true, team: team);
            Predictions.Largest(outputs, classes, predictions.AsSpan(first, count));
        }, cancellation);
        return predictions;
    }
}
