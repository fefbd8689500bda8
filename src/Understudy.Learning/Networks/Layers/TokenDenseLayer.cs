using Understudy.Engine;
using Understudy.Engine.Graphs;

namespace Understudy.Learning.Networks.Layers;

/// <summary>x W + b of every token by itself, with W [in, width] on the last axis of tokens [t, in].</summary>
public sealed class TokenDenseLayer : ILayer
{
    private readonly int _width;

    /// <summary>A layer of <paramref name="width"/> nodes.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Fewer than one.</exception>
    public TokenDenseLayer(int width)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(width, 1);
        _width = width;
    }

    /// <inheritdoc/>
    public Shape Output(Shape example) => example.Rank == 2 ? new(example[0], _width) : throw new ShapeException("TokenDense", "tokens [t, d]", example);

    /// <inheritdoc/>
    public IReadOnlyList<(string Name, Shape Shape)> Parameters(Shape example) => [("weight", new Shape(example[1], _width)), ("bias", new Shape(_width))];

    /// <inheritdoc/>
    public double MultiplyAdds(Shape example) => (double)example.Count * _width;

    /// <inheritdoc/>
    public Sym Apply(Sym input, ReadOnlySpan<Sym> parameters)
    {
        ArgumentNullException.ThrowIfNull(input);
        var (batch, tokens, width) = (input.Shape[0], input.Shape[1], input.Shape[2]);
        var rows = Ops.MatMul(Ops.Reshape(input, new Shape(batch * tokens, width)), parameters[0]) + parameters[1];
        return Ops.Reshape(rows, new Shape(batch, tokens, _width));
    }
}
