using Understudy.Engine;
using Understudy.Engine.Graphs;

namespace Understudy.Learning.Networks.Layers;

/// <summary>Patches [h, w, d] as tokens [1 + h w, d]: a learned class token, then the patches in the order of rows, plus a learned vector for every position.</summary>
/// <remarks>Parameters: <c>token</c> [d] and <c>positions</c> [1 + h w, d]. Source: Dosovitskiy et al. 2021, section 3.1.</remarks>
public sealed class ClassTokenLayer : ILayer
{
    /// <inheritdoc/>
    public Shape Output(Shape example) => example.Rank == 3 ? new(1 + example.Product(0, 2), example[2]) : throw new ShapeException("ClassToken", "patches [h, w, d]", example);

    /// <inheritdoc/>
    public IReadOnlyList<(string Name, Shape Shape)> Parameters(Shape example) => [("token", new Shape(example[2])), ("positions", Output(example))];

    /// <inheritdoc/>
    public double MultiplyAdds(Shape example) => 0;

    /// <inheritdoc/>
    public Sym Apply(Sym input, ReadOnlySpan<Sym> parameters)
    {
        ArgumentNullException.ThrowIfNull(input);
        var (batch, width) = (input.Shape[0], input.Shape[3]);
        var patches = Ops.Reshape(input, new Shape(batch, input.Shape.Product(1, 3), width));
        var token = Ops.BroadcastTo(Ops.Reshape(parameters[0], new Shape(1, width)), new Shape(batch, 1, width));
        return Ops.Concat(1, token, patches) + parameters[1];
    }
}
