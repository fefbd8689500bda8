using Understudy.Engine;
using Understudy.Engine.Graphs;

namespace Understudy.Learning.Networks.Layers;

/// <summary>The first of tokens [t, d], such as the class token.</summary>
public sealed class FirstTokenLayer : ILayer
{
    /// <inheritdoc/>
    public Shape Output(Shape example) => example.Rank == 2 ? new(example[1]) : throw new ShapeException("FirstToken", "tokens [t, d]", example);

    /// <inheritdoc/>
    public IReadOnlyList<(string Name, Shape Shape)> Parameters(Shape example) => [];

    /// <inheritdoc/>
    public Sym Apply(Sym input, ReadOnlySpan<Sym> parameters)
    {
        ArgumentNullException.ThrowIfNull(input);
        return Ops.Reshape(Ops.Slice(input, 1, 0, 1), new Shape(input.Shape[0], input.Shape[2]));
    }
}
