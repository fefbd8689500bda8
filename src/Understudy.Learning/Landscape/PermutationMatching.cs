using Understudy.Engine.LinearAlgebra;
using Understudy.Engine.Threading;
using Understudy.Learning.Geometry;

namespace Understudy.Learning.Landscape;

/// <summary>The order in which the channels of one network stand for those of another, for networks with convolutions, normalizations and residual connections.</summary>
/// <remarks>As <see cref="NodeMatching"/> does for fully connected networks, but without signs and scales. Each assignment is the best (Kuhn 1955); of the groups together only a local optimum is found.</remarks>
public static class PermutationMatching
{
    private const int MaximumSweeps = 100;

    /// <summary>The change of B that brings its parameters nearest to those of A, group by group until none changes.</summary>
    /// <remarks>
    /// Weight matching (Ainsworth, Hayase and Srinivasa 2023): the sum of products of everything that has the channels of a group as an axis becomes largest, statistics apart. Of two starts the better end: B
    /// as it is, and B matched from the input on, each group by what hangs on groups that are matched already, which recovers A itself in another order. Costs n² products of a channel's parameters and an assignment, O(n³), per
    /// group and sweep.
    /// </remarks>
    /// <param name="groups">Of the network.</param>
    /// <param name="a">A, which stays.</param>
    /// <param name="b">B.</param>
    /// <param name="team">Threads for the products; null for the caller's alone.</param>
    /// <param name="cancellation">Looked at once per group.</param>
    /// <exception cref="ArgumentException">A point is not as long as the network's.</exception>
    public static GroupPermutation ByWeights(PermutationGroups groups, double[] a, double[] b, Team? team = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(groups);
        groups.Require(a);
        groups.Require(b);
        GroupPermutation asItIs = GroupPermutation.Identity(groups), forward = asItIs;
        // by parameter, the groups of its axes: what is compared has no other axis that is not in place yet
        var open = groups.All.SelectMany((group, i) => group.Axes.Select(axis => (axis.Slot.Offset, Group: i))).ToLookup(pair => pair.Offset, pair => pair.Group);
        for (var group = 0; group < groups.All.Count; group++)
        {
            cancellation.ThrowIfCancellationRequested();
            var own = group;
            forward = Matched(groups, a, b, forward, group, axis => open[axis.Slot.Offset].Count(other => other >= own) == 1, team) ?? forward;
        }

        var (first, second) = (Settled(groups, a, b, asItIs, team, cancellation), Settled(groups, a, b, forward, team, cancellation));
        return Likeness(groups, a, first.Apply(b)) > Likeness(groups, a, second.Apply(b)) ? first : second;
    }

    private static GroupPermutation Settled(PermutationGroups groups, double[] a, double[] b, GroupPermutation order, Team? team, CancellationToken cancellation)
    {
        var likeness = Likeness(groups, a, order.Apply(b));
        for (var (sweep, isChanged) = (0, true); isChanged && sweep < MaximumSweeps; sweep++)
        {
            isChanged = false;
            for (var group = 0; group < groups.All.Count; group++)
            {
                cancellation.ThrowIfCancellationRequested();
                if (Matched(groups, a, b, order, group, _ => true, team) is not { } better)
                    continue;
                // a parameter with both axes in one group moves on both sides, which an assignment does not foresee
                var reached = Likeness(groups, a, better.Apply(b));
                if (reached > likeness)
                    (order, likeness, isChanged) = (better, reached, true);
            }
        }

        return order;
    }

    /// <summary>An order with one group matched anew by some of its parameters, the others as they are; null where that is no better.</summary>
    private static GroupPermutation? Matched(PermutationGroups groups, double[] a, double[] b, GroupPermutation order, int group, Func<PermutedAxis, bool> isCompared, Team? team)
    {
        var (width, changed) = (groups.All[group].Width, order.Apply(b));
        var similarity = new double[width * width];
        foreach (var axis in groups.All[group].Axes)
        {
            if (!axis.IsStatistic && isCompared(axis))
                AddProducts(axis, axis.Slot.Of<double>(a), axis.Slot.Of<double>(changed), width, similarity, team);
        }

        var sources = OneToOneMatching.Cheapest(width, width, (j, k) => -similarity[(j * width) + k]);
        var (gain, size) = (0.0, 0.0);
        for (var j = 0; j < width; j++)
        {
            var (present, found) = (similarity[(j * width) + j], similarity[(j * width) + sources[j]]);
            (gain, size) = (gain + found - present, size + Math.Abs(present) + Math.Abs(found));
        }

        // by more than rounding: ties would make groups take turns for ever
        return gain > 1e-12 * size ? order.Then(group, sources) : null;
    }

    /// <summary>[n, n] += the products of what hangs on channel j of A with what hangs on channel k of B.</summary>
    private static void AddProducts(PermutedAxis axis, ReadOnlySpan<double> a, ReadOnlySpan<double> b, int width, double[] similarity, Team? team)
    {
        if (axis.Inner == 1)
        {
            Products.Multiply(width, width, axis.Outer, a, b, similarity, transposeLeft: true, accumulate: true, team: team);
            return;
        }

        var length = width * axis.Inner;
        for (var start = 0; start < a.Length; start += length)
            Products.Multiply(width, width, axis.Inner, a.Slice(start, length), b.Slice(start, length), similarity, transposeRight: true, accumulate: true, team: team);
    }

    /// <summary>a·b of what is compared.</summary>
    private static double Likeness(PermutationGroups groups, double[] a, double[] b)
    {
        var own = groups.Network is Networks.EvaluationNetwork { Network: var inner } ? inner.Layout.Count : a.Length;
        return Dense.Dot(a.AsSpan(0, own), b.AsSpan(0, own));
    }
}
