using Understudy.Engine;
using Understudy.Engine.Graphs;

namespace Understudy.Learning.Networks.Layers;

/// <summary>path(x) + skip(x), or path(x) + x without a skip (He, Zhang, Ren and Sun 2016).</summary>
/// <remarks>Parameters are those of the path, named <c>path.…</c>, and then those of the skip, named <c>skip.…</c>.</remarks>
/// <param name="path">The layer beside the skip.</param>
/// <param name="skip">A projection to the shape of the path's result; null for the identity.</param>
public sealed class ResidualLayer(ILayer path, ILayer? skip = null) : ILayer
{
    private readonly ILayer _skip = skip ?? new SequenceLayer();

    /// <summary>The layer beside the skip.</summary>
    internal ILayer Path => path;

    /// <summary>The projection; a sequence of no layers for the identity.</summary>
    internal ILayer Skip => _skip;

    /// <inheritdoc/>
    public bool CouplesExamples => path.CouplesExamples || _skip.CouplesExamples;

    /// <inheritdoc/>
    public Shape Output(Shape example)
    {
        var (result, skipped) = (path.Output(example), _skip.Output(example));
        return result == skipped ? result : throw new ShapeException("Residual", "a skip with the shape of the path's result", result, skipped);
    }

    /// <inheritdoc/>
    public IReadOnlyList<(string Name, Shape Shape)> Parameters(Shape example)
        => [.. path.Parameters(example).Select(own => ($"path.{own.Name}", own.Shape)), .. _skip.Parameters(example).Select(own => ($"skip.{own.Name}", own.Shape))];

    /// <inheritdoc/>
    public double MultiplyAdds(Shape example) => path.MultiplyAdds(example) + _skip.MultiplyAdds(example);

    /// <inheritdoc/>
    public Sym Apply(Sym input, ReadOnlySpan<Sym> parameters)
    {
        ArgumentNullException.ThrowIfNull(input);
        var count = path.Parameters(input.Shape.Without(0)).Count;
        return path.Apply(input, parameters[..count]) + _skip.Apply(input, parameters[count..]);
    }

    /// <inheritdoc/>
    public ILayer Replaced(Func<ILayer, ILayer> by) => new ResidualLayer(path.Replaced(by), _skip.Replaced(by));
}
