using Understudy.Engine;
using Understudy.Engine.Graphs;

namespace Understudy.Learning.Networks.Layers;

/// <summary>Group normalization: every group of neighbouring channels of an example, over all of its pixels, with its own mean and biased variance, times a scale plus a shift by channel.</summary>
/// <remarks>Source: Wu and He 2018. One channel in a group is instance normalization; all of them are layer normalization of images.</remarks>
public sealed class GroupNormLayer : ILayer
{
    private readonly int? _channels;

    /// <summary>Groups of some channels.</summary>
    /// <param name="channels">Channels of a group; null for all of them.</param>
    /// <exception cref="ArgumentOutOfRangeException">Fewer than one.</exception>
    public GroupNormLayer(int? channels)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(channels ?? 1, 1, nameof(channels));
        _channels = channels;
    }

    /// <summary>Channels of a group; null for all of them.</summary>
    internal int? Channels => _channels;

    /// <summary>ε, which is added to the variance.</summary>
    public double Epsilon { get; init; } = 1e-5;

    /// <inheritdoc/>
    public Shape Output(Shape example)
        => example.Rank >= 1 && example[-1] % (_channels ?? 1) == 0
            ? example
            : throw new ShapeException("GroupNorm", $"examples whose channels make groups of {_channels ?? 1}", example);

    /// <inheritdoc/>
    public IReadOnlyList<(string Name, Shape Shape)> Parameters(Shape example) => [("scale", new Shape(example[-1])), ("shift", new Shape(example[-1]))];

    /// <inheritdoc/>
    public Sym Apply(Sym input, ReadOnlySpan<Sym> parameters)
    {
        ArgumentNullException.ThrowIfNull(input);
        var (examples, channels) = (input.Shape[0], input.Shape[-1]);
        var flat = Ops.Reshape(input, new Shape(examples, input.Shape.Count / examples / channels, channels));
        var centered = flat - Spread(Mean(flat), flat.Shape);
        var inverse = Ops.Rsqrt(Ops.Affine(Mean(Ops.Square(centered)), 1, Epsilon));
        return Ops.Reshape((centered * Spread(inverse, flat.Shape) * parameters[0]) + parameters[1], input.Shape);
    }

    /// <summary>Means [n, groups] of [n, pixels, c].</summary>
    private Sym Mean(Sym values)
    {
        var (examples, channels) = (values.Shape[0], values.Shape[2]);
        var size = _channels ?? channels;
        return Ops.Mean(Ops.Reshape(Ops.Mean(values, 1), new Shape(examples, channels / size, size)), -1);
    }

    /// <summary>A number of every group [n, groups] at all of its places [n, pixels, c].</summary>
    private static Sym Spread(Sym groups, Shape to)
    {
        var channels = Ops.BroadcastAlong(groups, -1, to[2] / groups.Shape[1]);
        return Ops.BroadcastAlong(Ops.Reshape(channels, new Shape(to[0], to[2])), 1, to[1]);
    }
}
