using Understudy.Engine;
using Understudy.Engine.Graphs;

namespace Understudy.Learning.Networks.Layers;

/// <summary>One layer applied several times with the same parameters (tied weights).</summary>
public sealed class RepeatedLayer : ILayer
{
    private readonly ILayer _layer;
    private readonly int _times;

    /// <summary>A layer applied <paramref name="times"/> times.</summary>
    /// <param name="layer">Its result has the shape of its input.</param>
    /// <param name="times">At least 1.</param>
    /// <exception cref="ArgumentException">The layer couples examples: each time it would have other statistics.</exception>
    /// <exception cref="ArgumentOutOfRangeException">Fewer than one time.</exception>
    public RepeatedLayer(ILayer layer, int times)
    {
        ArgumentNullException.ThrowIfNull(layer);
        ArgumentOutOfRangeException.ThrowIfLessThan(times, 1);
        if (layer.CouplesExamples)
            throw new ArgumentException("A layer that normalizes over the batch has other statistics each time it is applied; tied layers take a normalization of single examples.", nameof(layer));
        (_layer, _times) = (layer, times);
    }

    /// <summary>What is applied.</summary>
    internal ILayer Layer => _layer;

    /// <summary>How often.</summary>
    internal int Times => _times;

    /// <inheritdoc/>
    public Shape Output(Shape example)
        => _layer.Output(example) is var result && result == example ? example : throw new ShapeException("Repeated", "a layer that keeps the shape", example, result);

    /// <inheritdoc/>
    public IReadOnlyList<(string Name, Shape Shape)> Parameters(Shape example) => _layer.Parameters(example);

    /// <inheritdoc/>
    public double MultiplyAdds(Shape example) => _times * _layer.MultiplyAdds(example);

    /// <inheritdoc/>
    public Sym Apply(Sym input, ReadOnlySpan<Sym> parameters)
    {
        for (var i = 0; i < _times; i++)
            input = _layer.Apply(input, parameters);
        return input;
    }

    /// <inheritdoc/>
    public ILayer Replaced(Func<ILayer, ILayer> by) => new RepeatedLayer(_layer.Replaced(by), _times);
}
