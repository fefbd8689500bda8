using Understudy.Engine.LinearAlgebra;
using Understudy.Engine.Threading;

namespace Understudy.Learning.Landscape;

/// <summary>The principal components of a trajectory: the plane it mostly moves in, and its path there.</summary>
/// <remarks>From the n × n products of the snapshots' differences from their mean, O(n²·P). The origin of the plane is the last snapshot (Li et al. 2018).</remarks>
public sealed class TrajectoryPlane
{
    private TrajectoryPlane(ParameterPlane plane, double[] shares, double[][] path)
    {
        (Plane, ExplainedVariance, Path) = (plane, shares, path);
    }

    /// <summary>The components, orthogonal and of length 1, from the last snapshot.</summary>
    public ParameterPlane Plane { get; }

    /// <summary>The share of the variance that each component explains, descending.</summary>
    public IReadOnlyList<double> ExplainedVariance { get; }

    /// <summary>The coordinates of every snapshot.</summary>
    public IReadOnlyList<double[]> Path { get; }

    /// <summary>Finds the leading components.</summary>
    /// <param name="snapshots">Points of the trajectory, in order.</param>
    /// <param name="components">How many, at most one less than snapshots.</param>
    /// <param name="team">Threads for the products.</param>
    /// <param name="cancellation">Looked at while eigenvectors are computed.</param>
    /// <exception cref="ArgumentException">Snapshots differ in length, or span fewer directions.</exception>
    public static TrajectoryPlane Of(IReadOnlyList<double[]> snapshots, int components = 2, Team? team = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(snapshots);
        ArgumentOutOfRangeException.ThrowIfLessThan(components, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(components, snapshots.Count);
        var (n, size) = (snapshots.Count, snapshots[0].Length);
        if (snapshots.Any(snapshot => snapshot.Length != size))
            throw new ArgumentException("The snapshots differ in length.", nameof(snapshots));
        var mean = new RunningMean(size);
        foreach (var snapshot in snapshots)
            mean.Add(snapshot);
        double[] rows = new double[n * size], gram = new double[n * n], axes = new double[components * size];
        for (var i = 0; i < n; i++)
            Vectors.Difference(snapshots[i], mean.Mean).CopyTo(rows, i * size);
        Products.Multiply(n, n, size, rows, rows, gram, transposeRight: true, team: team);
        var eigen = SymmetricEigen.Of(gram, n, cancellation);
        if (!(eigen.Values[n - components] > 1e-14 * eigen.Values[n - 1]))
            throw new ArgumentException($"The snapshots span fewer than {components} directions.", nameof(snapshots));
        var total = 0.0;
        foreach (var value in eigen.Values)
            total += Math.Max(value, 0);
        var weights = new double[components * n];
        for (var k = 0; k < components; k++)
            eigen.Vector(n - 1 - k).CopyTo(weights.AsSpan(k * n));
        Products.Multiply(components, size, n, weights, rows, axes, team: team);
        var directions = new double[components][];
        for (var k = 0; k < components; k++)
        {
            directions[k] = axes[(k * size)..((k + 1) * size)];
            Vectors.Scale(1 / Vectors.Norm(directions[k]), directions[k]);
        }

        var plane = new ParameterPlane(snapshots[n - 1], directions);
        double[] shares = [.. Enumerable.Range(0, components).Select(k => eigen.Values[n - 1 - k] / total)];
        return new TrajectoryPlane(plane, shares, [.. snapshots.Select(plane.Coordinates)]);
    }
}
