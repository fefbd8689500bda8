using Understudy.Engine.LinearAlgebra;
using Understudy.Engine.Threading;
using Understudy.Learning.Geometry;

namespace Understudy.Learning.Representations;

/// <summary>The normal equations (FᵀF + λI) W = Fᵀ Y of rows F with a column of ones and one-hot targets Y.</summary>
internal sealed class RidgeEquations(int width, int classes, Team? team)
{
    private readonly int _columns = width + 1;
    private readonly double[] _gram = new double[checked((width + 1) * (width + 1))];
    private readonly double[] _right = new double[classes * (width + 1)];

    /// <summary>Adds the rows from <paramref name="first"/> to before <paramref name="end"/>.</summary>
    internal void Add(FeatureRows rows, int first, int end, CancellationToken cancellation)
        => ForEachBlock(rows, first, end, (block, from, count) =>
        {
            Products.Multiply(_columns, _columns, count, block, block, _gram, transposeLeft: true, accumulate: true, team: team);
            for (var i = 0; i < count; i++)
                Dense.Add(1, block.AsSpan(i * _columns, _columns), _right.AsSpan(rows.Set.Labels[from + i] * _columns, _columns));
        }, cancellation);

    /// <summary>Wᵀ [K, d + 1].</summary>
    /// <exception cref="ArgumentException">FᵀF + λI is not positive definite to rounding.</exception>
    internal double[] Solve(double penalty, CancellationToken cancellation)
    {
        var factor = Cholesky.Of(_gram, _columns, penalty, team, cancellation);
        if (!factor.IsPositiveDefinite)
            throw new ArgumentException($"The penalty {penalty} is too small for {width} features that depend on each other.");
        var weights = (double[])_right.Clone();
        factor.Solve(weights);
        return weights;
    }

    /// <summary>The classes of the first <paramref name="count"/> rows.</summary>
    internal int[] Predict(double[] weights, FeatureRows rows, int count, CancellationToken cancellation)
    {
        var (predictions, outputs) = (new int[count], new double[Math.Min(FeatureRows.Block, count) * classes]);
        ForEachBlock(rows, 0, count, (block, from, length) =>
        {
            Products.Multiply(length, classes, _columns, block, weights, outputs, transposeRight: true, team: team);
            Predictions.Largest(outputs, classes, predictions.AsSpan(from, length));
        }, cancellation);
        return predictions;
    }

    private void ForEachBlock(FeatureRows rows, int first, int end, Action<double[], int, int> work, CancellationToken cancellation)
    {
        var block = new double[Math.Min(FeatureRows.Block, end - first) * _columns];
        for (var from = first; from < end; from += FeatureRows.Block)
        {
            cancellation.ThrowIfCancellationRequested();
            var count = Math.Min(FeatureRows.Block, end - from);
            rows.ReadWithOnes(from, block.AsSpan(0, count * _columns));
            work(block, from, count);
        }
    }
}
