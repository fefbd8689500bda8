using Understudy.Engine;
using Understudy.Engine.Graphs;

namespace Understudy.Learning.Networks.Layers;

/// <summary>x W + b with W [in, width]; an image is taken flat, in the order of rows, columns and channels.</summary>
public sealed class DenseLayer : ILayer
{
    private readonly int _width;

    /// <summary>A layer of <paramref name="width"/> nodes.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Fewer than one.</exception>
    public DenseLayer(int width)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(width, 1);
        _width = width;
    }

    /// <inheritdoc/>
    public Shape Output(Shape example) => new(_width);

    /// <inheritdoc/>
    public IReadOnlyList<(string Name, Shape Shape)> Parameters(Shape example) => [("weight", new Shape(example.Count, _width)), ("bias", new Shape(_width))];

    /// <inheritdoc/>
    public Sym Apply(Sym input, ReadOnlySpan<Sym> parameters)
    {
        ArgumentNullException.ThrowIfNull(input);
        var rows = input.Shape[0];
        return Ops.MatMul(Ops.Reshape(input, new Shape(rows, input.Shape.Count / rows)), parameters[0]) + parameters[1];
    }
}
