using Understudy.Engine;
using Understudy.Engine.Graphs;

namespace Understudy.Learning.Networks.Layers;

/// <summary>All numbers of an example as one row: of an image in the order of rows, columns and channels.</summary>
public sealed class FlattenLayer : ILayer
{
    /// <inheritdoc/>
    public Shape Output(Shape example) => new(example.Count);

    /// <inheritdoc/>
    public IReadOnlyList<(string Name, Shape Shape)> Parameters(Shape example) => [];

    /// <inheritdoc/>
    public Sym Apply(Sym input, ReadOnlySpan<Sym> parameters)
    {
        ArgumentNullException.ThrowIfNull(input);
        return Ops.Reshape(input, new Shape(input.Shape[0], input.Shape.Count / input.Shape[0]));
    }
}
