using Understudy.Learning.Networks;

namespace Understudy.Learning.Pruning;

/// <summary>Which parameters may be pruned.</summary>
public sealed record PruningScope
{
    private const char Any = '*';

    /// <summary>Every parameter, biases and the last layer too.</summary>
    public static PruningScope All { get; } = new() { IsWeightsOnly = false, HasLastLayer = true };

    /// <summary>Weight matrices and kernels but those of the last layer (Frankle et al. 2020).</summary>
    public static PruningScope HiddenWeights { get; } = new();

    /// <summary>Whether only parameters of more than one axis may be pruned: no biases, and no scales and shifts of normalizations.</summary>
    public bool IsWeightsOnly { get; init; } = true;

    /// <summary>Whether the layer of the last parameter, the classifier, may be pruned.</summary>
    public bool HasLastLayer { get; init; }

    /// <summary>Patterns of names that may be pruned, in which * stands for any characters, such as <c>layer.*.weight</c>; empty for all.</summary>
    public IReadOnlyList<string> Included { get; init; } = [];

    /// <summary>Patterns of names that stay whole.</summary>
    public IReadOnlyList<string> Excluded { get; init; } = [];

    /// <summary>Whether a parameter of a layout may be pruned.</summary>
    internal bool Holds(ParameterLayout layout, ParameterSlot slot)
        => (!IsWeightsOnly || slot.Shape.Rank > 1)
            && (HasLastLayer || Layer(slot.Name) != Layer(layout.Slots[^1].Name))
            && (Included.Count == 0 || Included.Any(pattern => Matches(pattern, slot.Name)))
            && !Excluded.Any(pattern => Matches(pattern, slot.Name));

    /// <summary>Whether a name is what a pattern says.</summary>
    internal static bool Matches(ReadOnlySpan<char> pattern, ReadOnlySpan<char> name)
    {
        var star = pattern.IndexOf(Any);
        if (star < 0)
            return pattern.SequenceEqual(name);
        if (!name.StartsWith(pattern[..star]))
            return false;
        var rest = pattern[(star + 1)..];
        var left = name[star..];
        for (var skipped = 0; skipped <= left.Length; skipped++)
        {
            if (Matches(rest, left[skipped..]))
                return true;
        }

        return false;
    }

    /// <summary>The name without what the layer calls the parameter.</summary>
    private static string Layer(string name) => name.LastIndexOf('.') is > 0 and var dot ? name[..dot] : name;
}
