using Understudy.Engine;
using Understudy.Engine.Graphs;

namespace Understudy.Learning.Networks.Layers;

/// <summary>x W + b with W [in, width]; an image is taken flat, in the order of rows, columns and channels.</summary>
public sealed class DenseLayer : ILayer
{
    /// <summary>The length below which a node's weights are divided by this number.</summary>
    internal const double Floor = 1e-12;

    private readonly int _width;
    private readonly bool _hasBias;

    /// <summary>A layer of <paramref name="width"/> nodes.</summary>
    /// <param name="width">Nodes.</param>
    /// <param name="hasBias">Whether there is b.</param>
    /// <exception cref="ArgumentOutOfRangeException">Fewer than one.</exception>
    public DenseLayer(int width, bool hasBias = true)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(width, 1);
        (_width, _hasBias) = (width, hasBias);
    }

    /// <summary>Whether the weights of every node, a column of W, are divided by their length, which derivatives go through.</summary>
    public bool HasUnitNodes { get; init; }

    /// <summary>Whether there is b.</summary>
    internal bool HasBias => _hasBias;

    /// <inheritdoc/>
    public Shape Output(Shape example) => new(_width);

    /// <inheritdoc/>
    public IReadOnlyList<(string Name, Shape Shape)> Parameters(Shape example)
    {
        (string, Shape) weight = ("weight", new Shape(example.Count, _width));
        return _hasBias ? [weight, ("bias", new Shape(_width))] : [weight];
    }

    /// <inheritdoc/>
    public Sym Apply(Sym input, ReadOnlySpan<Sym> parameters)
    {
        ArgumentNullException.ThrowIfNull(input);
        var rows = input.Shape[0];
        var result = Ops.MatMul(Ops.Reshape(input, new Shape(rows, input.Shape.Count / rows)), parameters[0]);
        if (HasUnitNodes)
            result *= UnitLengthLayer.InverseLengths(parameters[0], 0, Floor);
        return _hasBias ? result + parameters[1] : result;
    }
}
