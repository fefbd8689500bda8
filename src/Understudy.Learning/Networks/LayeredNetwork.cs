using Understudy.Engine;
using Understudy.Engine.Graphs;
using Understudy.Learning.Networks.Layers;

namespace Understudy.Learning.Networks;

/// <summary>Layers one after the other, such as a convolutional network.</summary>
/// <remarks>Parameters are those of the layers in order, named <c>layer.0.weight</c>, <c>layer.0.bias</c>, …, where layers without parameters are counted too.</remarks>
public sealed class LayeredNetwork : INetwork
{
    private readonly ILayer[] _layers;
    private readonly int[] _counts;

    /// <summary>A network of layers.</summary>
    /// <param name="example">The shape of one example: [d], or [h, w, c] for an image with channels last.</param>
    /// <param name="layers">The layers; the last one has a result [C].</param>
    /// <exception cref="ShapeException">A layer does not take the result of the one before, or the last result is no row.</exception>
    public LayeredNetwork(Shape example, params ReadOnlySpan<ILayer> layers)
    {
        (Example, _layers) = (example, layers.ToArray());
        _counts = new int[_layers.Length];
        var parameters = new List<(string, Shape)>();
        for (var i = 0; i < _layers.Length; i++)
        {
            var own = _layers[i].Parameters(example);
            MultiplyAdds += _layers[i].MultiplyAdds(example);
            example = _layers[i].Output(example);
            parameters.AddRange(own.Select(parameter => ($"layer.{i}.{parameter.Name}", parameter.Shape)));
            _counts[i] = own.Count;
        }

        if (example.Rank != 1)
            throw new ShapeException("The network", "a last layer that gives one row of numbers", example);
        Outputs = example[0];
        Layout = new ParameterLayout(parameters);
    }

    /// <summary>The shape of one example.</summary>
    public Shape Example { get; }

    /// <inheritdoc/>
    public ParameterLayout Layout { get; }

    /// <inheritdoc/>
    public int Inputs => Example.Count;

    /// <inheritdoc/>
    public int Outputs { get; }

    /// <inheritdoc/>
    public double MultiplyAdds { get; }

    /// <inheritdoc/>
    public bool CouplesExamples => _layers.Any(layer => layer.CouplesExamples);

    /// <summary>Blocks of a convolution of 3 × 3 that keeps the size, ReLU and the largest of 2 × 2, then fully connected layers with ReLU between them.</summary>
    /// <param name="image">[h, w, c].</param>
    /// <param name="filters">Filters of the blocks.</param>
    /// <param name="widths">Nodes of the fully connected layers; the last is C.</param>
    /// <exception cref="ShapeException">An image is too small for so many blocks.</exception>
    public static LayeredNetwork Convolutional(Shape image, IReadOnlyList<int> filters, IReadOnlyList<int> widths)
    {
        ArgumentNullException.ThrowIfNull(filters);
        ArgumentNullException.ThrowIfNull(widths);
        var layers = new List<ILayer>();
        foreach (var count in filters)
            layers.AddRange([new ConvolutionLayer(count), new ActivationLayer(NodeActivation.Relu), PoolLayer.Largest()]);
        for (var i = 0; i < widths.Count; i++)
        {
            if (i > 0)
                layers.Add(new ActivationLayer(NodeActivation.Relu));
            layers.Add(new DenseLayer(widths[i]));
        }

        return new LayeredNetwork(image, [.. layers]);
    }

    /// <inheritdoc/>
    public Sym Output(Sym input, IReadOnlyList<Sym> parameters)
    {
        ArgumentNullException.ThrowIfNull(input);
        Sym[] all = [.. parameters];
        var (value, first) = (Ops.Reshape(input, Example.With(0, input.Shape[0])), 0);
        for (var i = 0; i < _layers.Length; i++)
        {
            value = _layers[i].Apply(value, all.AsSpan(first, _counts[i]));
            first += _counts[i];
        }

        return value;
    }
}
