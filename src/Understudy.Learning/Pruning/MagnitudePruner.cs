using Understudy.Learning.Networks;

namespace Understudy.Learning.Pruning;

/// <summary>Prunes the parameters of smallest magnitude, over all layers together.</summary>
/// <remarks>Unstructured and global (Han et al. 2015; Frankle and Carbin 2019): layers lose different shares.</remarks>
public sealed class MagnitudePruner
{
    private readonly ParameterLayout _layout;
    private readonly int[] _prunable;

    /// <summary>A pruner of one network.</summary>
    /// <param name="layout">The network's parameters.</param>
    /// <param name="scope">Which of them may be pruned; null for <see cref="PruningScope.HiddenWeights"/>.</param>
    /// <exception cref="ArgumentException">No parameter may be pruned.</exception>
    public MagnitudePruner(ParameterLayout layout, PruningScope? scope = null)
    {
        ArgumentNullException.ThrowIfNull(layout);
        scope ??= PruningScope.HiddenWeights;
        (_layout, Prunable) = (layout, [.. layout.Slots.Where(slot => scope.Holds(layout, slot))]);
        _prunable = [.. Prunable.SelectMany(slot => Enumerable.Range(slot.Offset, slot.Shape.Count))];
        if (_prunable.Length == 0)
            throw new ArgumentException("No parameter of the network is in the scope of pruning.", nameof(scope));
    }

    /// <summary>The parameters that may be pruned.</summary>
    public IReadOnlyList<ParameterSlot> Prunable { get; }

    /// <summary>n, the numbers that may be pruned.</summary>
    public int Count => _prunable.Length;

    /// <summary>How many of n remain after some rounds: round((1 − share)^rounds · n), counted from n so that roundings do not add up.</summary>
    /// <param name="rounds">Rounds of pruning.</param>
    /// <param name="share">What each round takes of what is left.</param>
    public int Remaining(int rounds, double share = 0.2)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(rounds);
        if (!(share is >= 0 and < 1))
            throw new ArgumentOutOfRangeException(nameof(share), share, "A round of pruning takes at least 0 and less than all.");
        return (int)Math.Round(Math.Pow(1 - share, rounds) * Count, MidpointRounding.AwayFromZero);
    }

    /// <summary>Takes the smallest out of a mask until so many of its prunable parameters are left.</summary>
    /// <remarks>Of equal magnitudes the first stays; what is not a number counts as smallest. Costs a sort of what is left.</remarks>
    /// <param name="parameters">[P], the values that are compared.</param>
    /// <param name="isKept">[P]: what is left, and becomes what is left.</param>
    /// <param name="remaining">How many stay.</param>
    /// <exception cref="ArgumentException">The lengths are not the layout's, or fewer are left than should stay.</exception>
    public void Prune(ReadOnlySpan<double> parameters, Span<bool> isKept, int remaining)
    {
        if (parameters.Length != _layout.Count || isKept.Length != _layout.Count)
            throw new ArgumentException($"The layout has {_layout.Count} parameters, but was given {parameters.Length} and a mask of {isKept.Length}.", nameof(isKept));
        ArgumentOutOfRangeException.ThrowIfNegative(remaining);
        var (left, magnitudes) = (new List<int>(Count), new List<double>(Count));
        foreach (var index in _prunable)
        {
            if (!isKept[index])
                continue;
            left.Add(index);
            magnitudes.Add(double.IsNaN(parameters[index]) ? -1 : Math.Abs(parameters[index]));
        }

        if (left.Count < remaining)
            throw new ArgumentException($"{left.Count} parameters are left, of which {remaining} cannot stay.", nameof(remaining));
        int[] order = [.. Enumerable.Range(0, left.Count)];
        // largest first, then by index
        Array.Sort(order, (a, b) => magnitudes[b].CompareTo(magnitudes[a]) is not 0 and var sign ? sign : a.CompareTo(b));
        foreach (var place in order.AsSpan(remaining))
            isKept[left[place]] = false;
    }

    /// <summary>What of every prunable parameter a mask keeps, in the order of <see cref="Prunable"/>.</summary>
    /// <exception cref="ArgumentException">The mask is not as long as the layout.</exception>
    public IReadOnlyList<int> Kept(ReadOnlySpan<bool> isKept)
    {
        if (isKept.Length != _layout.Count)
            throw new ArgumentException($"The layout has {_layout.Count} parameters, but the mask has {isKept.Length}.", nameof(isKept));
        var counts = new int[Prunable.Count];
        for (var i = 0; i < counts.Length; i++)
            counts[i] = Prunable[i].Of(isKept).Count(true);
        return counts;
    }
}
