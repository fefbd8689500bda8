using Understudy.Engine;
using Understudy.Engine.Graphs;

namespace Understudy.Learning.Networks.Layers;

/// <summary>Layer normalization: every row of the last axis with its own mean and biased variance, times a scale plus a shift (Ba, Kiros and Hinton 2016).</summary>
/// <remarks>Of tokens [t, d] each is normalized by itself.</remarks>
public sealed class LayerNormLayer : ILayer
{
    /// <summary>ε, which is added to the variance.</summary>
    public double Epsilon { get; init; } = 1e-5;

    /// <inheritdoc/>
    public Shape Output(Shape example) => example.Rank >= 1 ? example : throw new ShapeException("LayerNorm", "examples with channels", example);

    /// <inheritdoc/>
    public IReadOnlyList<(string Name, Shape Shape)> Parameters(Shape example) => [("scale", new Shape(example[-1])), ("shift", new Shape(example[-1]))];

    /// <inheritdoc/>
    public Sym Apply(Sym input, ReadOnlySpan<Sym> parameters)
    {
        ArgumentNullException.ThrowIfNull(input);
        var width = input.Shape[-1];
        var centered = input - Ops.BroadcastAlong(Ops.Mean(input, -1), -1, width);
        var inverse = Ops.Rsqrt(Ops.Affine(Ops.Mean(Ops.Square(centered), -1), 1, Epsilon));
        return (centered * Ops.BroadcastAlong(inverse, -1, width) * parameters[0]) + parameters[1];
    }
}
