using Understudy.Engine.Random;

namespace Understudy.Learning.Landscape;

/// <summary>A change of parameters that leaves the function of a network as it is: the channels of every group in another order.</summary>
/// <remarks>Numbers only move, so outputs are the same but for the order of sums.</remarks>
public sealed class GroupPermutation
{
    private readonly PermutationGroups _groups;
    private readonly int[][] _sources;

    private GroupPermutation(PermutationGroups groups, int[][] sources) => (_groups, _sources) = (groups, sources);

    /// <summary>The change that changes nothing.</summary>
    public static GroupPermutation Identity(PermutationGroups groups)
    {
        ArgumentNullException.ThrowIfNull(groups);
        return new GroupPermutation(groups, [.. groups.All.Select(group => Enumerable.Range(0, group.Width).ToArray())]);
    }

    /// <summary>A change of given orders.</summary>
    /// <param name="groups">The groups.</param>
    /// <param name="sources">By group and place, the channel that comes there.</param>
    /// <exception cref="ArgumentException">An order is no permutation of its group.</exception>
    public static GroupPermutation Of(PermutationGroups groups, IReadOnlyList<int[]> sources)
    {
        ArgumentNullException.ThrowIfNull(groups);
        ArgumentNullException.ThrowIfNull(sources);
        if (sources.Count != groups.All.Count)
            throw new ArgumentException($"The network has {groups.All.Count} groups, but was given orders for {sources.Count}.", nameof(sources));
        foreach (var (i, group) in groups.All.Index())
        {
            if (!sources[i].Order().SequenceEqual(Enumerable.Range(0, group.Width)))
                throw new ArgumentException($"The order of group {i} is no permutation of its {group.Width} channels.", nameof(sources));
        }

        return new GroupPermutation(groups, [.. sources]);
    }

    /// <summary>Every group in a drawn order: group i by step i.</summary>
    public static GroupPermutation Drawn(PermutationGroups groups, RandomSequence draws)
    {
        ArgumentNullException.ThrowIfNull(groups);
        var sources = groups.All.Select(group => new int[group.Width]).ToArray();
        for (var i = 0; i < sources.Length; i++)
            draws.FillPermutation(i, sources[i]);
        return new GroupPermutation(groups, sources);
    }

    /// <summary>By place, the channel of a group that comes there.</summary>
    public ReadOnlySpan<int> Sources(int group) => _sources[group];

    /// <summary>The changed parameters.</summary>
    /// <exception cref="ArgumentException">The parameters are not those of the network.</exception>
    public double[] Apply(ReadOnlySpan<double> parameters)
    {
        _groups.Require(parameters);
        var (result, before) = (parameters.ToArray(), new double[_groups.Network.Layout.Slots.Max(slot => slot.Shape.Count)]);
        foreach (var (i, group) in _groups.All.Index())
        {
            foreach (var axis in group.Axes)
                Move(axis, _sources[i], axis.Slot.Of(result.AsSpan()), before);
        }

        return result;
    }

    /// <summary>This change, and after it another one of a single group.</summary>
    internal GroupPermutation Then(int group, int[] sources)
    {
        int[][] order = [.. _sources];
        order[group] = [.. sources.Select(k => _sources[group][k])];
        return new GroupPermutation(_groups, order);
    }

    private static void Move(PermutedAxis axis, int[] sources, Span<double> values, Span<double> before)
    {
        values.CopyTo(before);
        for (var outer = 0; outer < axis.Outer; outer++)
        {
            var start = outer * sources.Length;
            for (var place = 0; place < sources.Length; place++)
                before.Slice((start + sources[place]) * axis.Inner, axis.Inner).CopyTo(values[((start + place) * axis.Inner)..]);
        }
    }
}
