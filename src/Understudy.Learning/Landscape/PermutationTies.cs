using Understudy.Learning.Networks;

namespace Understudy.Learning.Landscape;

/// <summary>Groups of channels while a network is gone through: which are tied, which have to stay, and which axes of parameters stand for them.</summary>
internal sealed class PermutationTies
{
    private readonly List<int> _parents = [];
    private readonly List<int> _widths = [];
    private readonly List<bool> _areFixed = [];
    private readonly List<(int Group, PermutedAxis Axis)> _axes = [];

    /// <summary>A new group of channels.</summary>
    internal int New(int width, bool isFixed = false)
    {
        _parents.Add(_parents.Count);
        _widths.Add(width);
        _areFixed.Add(isFixed);
        return _parents.Count - 1;
    }

    /// <summary>The channels of a group.</summary>
    internal int Width(int group) => _widths[group];

    /// <summary>Keeps a group, and all that is tied to it, where it is.</summary>
    internal void Fix(int group) => _areFixed[group] = true;

    /// <summary>Ties two groups whose channels have to have the same order; where channels of one are pixels of the other, both stay.</summary>
    internal void Tie(int first, int second)
    {
        if (_widths[first] == _widths[second])
        {
            _parents[Root(second)] = Root(first);
            return;
        }

        Fix(first);
        Fix(second);
    }

    /// <summary>Puts an axis of a parameter to a group.</summary>
    internal void Take(int group, ParameterSlot slot, int outer, int inner, bool isStatistic = false) => _axes.Add((group, new PermutedAxis(slot, outer, inner, isStatistic)));

    /// <summary>Keeps the groups of all axes of a parameter.</summary>
    internal void FixAxes(ParameterSlot slot)
    {
        foreach (var (group, _) in _axes.Where(pair => pair.Axis.Slot == slot))
            Fix(group);
    }

    /// <summary>The groups whose channels are neither inputs nor outputs nor held by anything else.</summary>
    internal IReadOnlyList<PermutationGroup> Free()
    {
        var held = Enumerable.Range(0, _parents.Count).Where(group => _areFixed[group]).Select(Root).ToHashSet();
        return
        [
            .. _axes.Where(pair => !held.Contains(Root(pair.Group)) && _widths[pair.Group] > 1).GroupBy(pair => Root(pair.Group))
                .Select(group => new PermutationGroup(_widths[group.Key], [.. group.Select(pair => pair.Axis)])),
        ];
    }

    private int Root(int group)
    {
        while (_parents[group] != group)
            group = _parents[group];
        return group;
    }
}
