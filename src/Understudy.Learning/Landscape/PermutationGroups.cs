using Understudy.Learning.Networks;

namespace Understudy.Learning.Landscape;

/// <summary>The hidden channels of a network that can change places without changing what it computes, in groups that have to change together.</summary>
/// <remarks>
/// <para>A convolution's filters, or a layer's nodes, take their biases, the scales, shifts and statistics of their normalizations, and the weights of what reads them along. What is added by a residual
/// connection has one order: the ends of all blocks of a stage, and what comes into it, are one group (Ainsworth, Hayase and Srinivasa 2023, whose published code lists such groups by hand for each
/// architecture). Inputs and outputs stay where they are, and with them every group that is added to one. Channels that are normalized in groups of several stay too.</para>
/// <para>Derived from the layers: sequences, residual and repeated layers, convolutions, fully connected layers, normalizations, activations, pools, means, flattening and unit lengths; an <see cref="Mlp"/>
/// has one group for each hidden layer. Of an <see cref="EvaluationNetwork"/> the statistics behind the parameters follow; those of an <see cref="ImportedNetwork"/>, whose groups are derived from the operators of the
/// file, are constants, and hold their channels.</para>
/// </remarks>
public sealed class PermutationGroups
{
    private PermutationGroups(INetwork network, IReadOnlyList<PermutationGroup> all) => (Network, All) = (network, all);

    /// <summary>The network whose parameters they are of.</summary>
    public INetwork Network { get; }

    /// <summary>The groups, in the order in which the network comes to them.</summary>
    public IReadOnlyList<PermutationGroup> All { get; }

    /// <summary>The groups of a network.</summary>
    /// <exception cref="ArgumentException">The network is none of these, or has a layer or operator of which this is not known; the message names it.</exception>
    public static PermutationGroups Of(INetwork network)
    {
        ArgumentNullException.ThrowIfNull(network);
        if (network is ImportedNetwork imported)
            return new PermutationGroups(network, ImportedPermutations.Of(imported));
        var walk = new PermutationWalk(network.Layout.Slots);
        switch (network)
        {
            case Mlp mlp:
                walk.Dense(mlp.Widths);
                break;
            case EvaluationNetwork { Network: LayeredNetwork layered }:
                walk.Layers(layered);
                break;
            case LayeredNetwork layered:
                walk.Layers(layered);
                break;
            default:
                throw new ArgumentException($"Which channels of a {network.GetType().Name} can change places is not known: take a LayeredNetwork, an EvaluationNetwork of one, an ImportedNetwork, or an Mlp.", nameof(network));
        }

        return new PermutationGroups(network, walk.Free());
    }

    internal void Require(ReadOnlySpan<double> parameters)
    {
        if (parameters.Length != Network.Layout.Count)
            throw new ArgumentException($"The network has {Network.Layout.Count} parameters, but was given {parameters.Length}.", nameof(parameters));
    }
}

/// <summary>Channels that change places together, wherever they are an axis of a parameter.</summary>
public sealed class PermutationGroup
{
    internal PermutationGroup(int width, IReadOnlyList<PermutedAxis> axes) => (Width, Axes) = (width, axes);

    /// <summary>How many channels.</summary>
    public int Width { get; }

    /// <summary>The parameters that have them as an axis, in the order of the layout.</summary>
    public IReadOnlyList<string> Parameters => [.. Axes.OrderBy(axis => axis.Slot.Offset).Select(axis => axis.Slot.Name).Distinct()];

    /// <summary>Where they are.</summary>
    internal IReadOnlyList<PermutedAxis> Axes { get; }
}

/// <summary>A parameter seen as [outer, n, inner] with the channels of a group in the middle.</summary>
/// <param name="Slot">The parameter.</param>
/// <param name="Outer">What comes before the axis.</param>
/// <param name="Inner">What comes behind it.</param>
/// <param name="IsStatistic">Whether it is a mean or variance, which was measured and is not compared.</param>
internal readonly record struct PermutedAxis(ParameterSlot Slot, int Outer, int Inner, bool IsStatistic);
