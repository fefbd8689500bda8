using Understudy.Engine;
using Understudy.Engine.Graphs;

namespace Understudy.Learning.Networks.Layers;

/// <summary>Self-attention of tokens [t, d] with several heads (Vaswani et al. 2017, section 3.2).</summary>
/// <remarks>
/// With q, k and v [t, d / heads] the parts of x W + b that belong to a head, that head gives softmax(q kᵀ / √(d / heads)) v; the heads side by side go through one more linear map.
/// Parameters: <c>qkv.weight</c> [d, 3 d] with the columns of q, k and v in this order and within each head by head, <c>qkv.bias</c>, <c>out.weight</c> [d, d], <c>out.bias</c>.
/// </remarks>
public sealed class AttentionLayer : ILayer
{
    private readonly int _heads;

    /// <summary>Attention with <paramref name="heads"/> heads.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Fewer than one.</exception>
    public AttentionLayer(int heads)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(heads, 1);
        _heads = heads;
    }

    /// <inheritdoc/>
    public Shape Output(Shape example)
        => example.Rank == 2 && example[1] % _heads == 0 ? example : throw new ShapeException("Attention", $"tokens [t, d] whose d is a multiple of {_heads} heads", example);

    /// <inheritdoc/>
    public IReadOnlyList<(string Name, Shape Shape)> Parameters(Shape example)
    {
        var width = example[1];
        return [("qkv.weight", new Shape(width, 3 * width)), ("qkv.bias", new Shape(3 * width)), ("out.weight", new Shape(width, width)), ("out.bias", new Shape(width))];
    }

    /// <inheritdoc/>
    public double MultiplyAdds(Shape example)
    {
        double tokens = example[0], width = example[1];
        return (4 * tokens * width * width) + (2 * tokens * tokens * width);
    }

    /// <inheritdoc/>
    public Sym Apply(Sym input, ReadOnlySpan<Sym> parameters)
    {
        ArgumentNullException.ThrowIfNull(input);
        var (batch, tokens, width) = (input.Shape[0], input.Shape[1], input.Shape[2]);
        var size = width / _heads;
        var all = Ops.MatMul(Ops.Reshape(input, new Shape(batch * tokens, width)), parameters[0]) + parameters[1];
        Sym Heads(int part)
        {
            var byToken = Ops.Reshape(Ops.Slice(all, 1, part * width, width), new Shape(batch, tokens, _heads, size));
            return Ops.Reshape(Ops.Permute(byToken, 0, 2, 1, 3), new Shape(batch * _heads, tokens, size));
        }

        var weights = Ops.Softmax(Ops.MatMul(Heads(0) * (1 / Math.Sqrt(size)), Heads(1), transposeRight: true));
        var byHead = Ops.Reshape(Ops.MatMul(weights, Heads(2)), new Shape(batch, _heads, tokens, size));
        var joined = Ops.Reshape(Ops.Permute(byHead, 0, 2, 1, 3), new Shape(batch * tokens, width));
        return Ops.Reshape(Ops.MatMul(joined, parameters[2]) + parameters[3], input.Shape);
    }
}
