using Understudy.Engine;
using Understudy.Engine.Graphs;

namespace Understudy.Learning.Networks.Layers;

/// <summary>Layers one after the other as one layer; parameters are named by the place of their layer, <c>0.weight</c>, <c>0.bias</c>, ….</summary>
/// <param name="layers">In order; none of them gives back its input.</param>
public sealed class SequenceLayer(params ReadOnlySpan<ILayer> layers) : ILayer
{
    private readonly ILayer[] _layers = layers.Contains(null!) ? throw new ArgumentException("A layer is missing.", nameof(layers)) : layers.ToArray();

    /// <summary>The layers in order.</summary>
    internal ReadOnlySpan<ILayer> Layers => _layers;

    /// <inheritdoc/>
    public bool CouplesExamples => _layers.Any(layer => layer.CouplesExamples);

    /// <inheritdoc/>
    public Shape Output(Shape example)
    {
        foreach (var layer in _layers)
            example = layer.Output(example);
        return example;
    }

    /// <inheritdoc/>
    public IReadOnlyList<(string Name, Shape Shape)> Parameters(Shape example)
    {
        var parameters = new List<(string, Shape)>();
        for (var i = 0; i < _layers.Length; i++)
        {
            parameters.AddRange(_layers[i].Parameters(example).Select(own => ($"{i}.{own.Name}", own.Shape)));
            example = _layers[i].Output(example);
        }

        return parameters;
    }

    /// <inheritdoc/>
    public double MultiplyAdds(Shape example)
    {
        var sum = 0.0;
        foreach (var layer in _layers)
        {
            sum += layer.MultiplyAdds(example);
            example = layer.Output(example);
        }

        return sum;
    }

    /// <inheritdoc/>
    public Sym Apply(Sym input, ReadOnlySpan<Sym> parameters)
    {
        ArgumentNullException.ThrowIfNull(input);
        foreach (var layer in _layers)
        {
            var count = layer.Parameters(input.Shape.Without(0)).Count;
            input = layer.Apply(input, parameters[..count]);
            parameters = parameters[count..];
        }

        return input;
    }

    /// <summary>The sequence with further layers behind it, which names its own parameters as before.</summary>
    internal SequenceLayer Then(params ReadOnlySpan<ILayer> layers) => new([.. _layers, .. layers]);

    /// <inheritdoc/>
    public ILayer Replaced(Func<ILayer, ILayer> by) => new SequenceLayer([.. _layers.Select(layer => layer.Replaced(by))]);
}
