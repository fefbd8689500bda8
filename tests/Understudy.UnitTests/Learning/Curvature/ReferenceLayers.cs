using System.Text.Json;
using Understudy.Engine;
using Understudy.Learning.Networks;
using Understudy.Learning.Networks.Layers;

namespace Understudy.UnitTests.Learning.Curvature;

/// <summary>The network of a reference case, and where its parameters stand there.</summary>
/// <remarks>There, dense weights are [out, in], kernels [filters, channels, rows, columns] and images [channels, rows, columns].</remarks>
internal sealed class ReferenceLayers
{
    private readonly List<double> _bounds = [];
    private int _start;

    internal ReferenceLayers(JsonElement[][] layers, JsonElement image, NodeActivation kind)
    {
        var shape = image.ValueKind == JsonValueKind.Array ? new Shape(image[1].GetInt32(), image[2].GetInt32(), image[0].GetInt32()) : new Shape(layers[0][1].GetInt32());
        var example = shape;
        var ours = new List<ILayer>();
        foreach (var layer in layers)
        {
            ILayer? made = layer[0].GetString() switch
            {
                "fc" => new DenseLayer(layer[2].GetInt32()),
                "conv" => new ConvolutionLayer(layer[2].GetInt32()),
                "act" => new ActivationLayer(kind),
                "maxpool" => PoolLayer.Largest(layer[1].GetInt32()),
                "avgpool" => PoolLayer.Average(layer[1].GetInt32()),
                "bn" => new BatchNormLayer(),
                _ => null,
            };
            if (made is null)
                continue;
            Take(made, example);
            example = made.Output(example);
            ours.Add(made);
        }

        var isPlain = layers.All(layer => layer[0].GetString() is "fc" or "act");
        Network = isPlain
            ? Mlp.Of(kind, [layers[0][1].GetInt32(), .. layers.Where(layer => layer[0].GetString() == "fc").Select(layer => layer[2].GetInt32())])
            : new LayeredNetwork(shape, [.. ours]);
    }

    internal INetwork Network { get; }

    /// <summary>By our place of a parameter, its place there.</summary>
    internal List<int> Order { get; } = [];

    /// <summary>θ in the order there: uniform in ± a bound, around 1 for scales.</summary>
    internal double[] Hashed(Func<ulong, double> unit)
        => [.. _bounds.Select((bound, i) => bound < 0 ? 1 - (bound * ((2 * unit((ulong)i)) - 1)) : bound * ((2 * unit((ulong)i)) - 1))];

    private void Take(ILayer layer, Shape example)
    {
        foreach (var (name, shape) in layer.Parameters(example))
        {
            var places = layer switch
            {
                ConvolutionLayer when shape.Rank == 4 => Kernel(shape),
                DenseLayer when shape.Rank == 2 => Dense(shape, example),
                _ => Enumerable.Range(0, shape.Count),
            };
            Order.AddRange(places.Select(place => _start + place));
            _start += shape.Count;
            var taps = shape.Rank == 4 ? shape[0] * shape[1] : 1;
            var bound = shape.Rank > 1 ? Math.Sqrt(6.0 / (taps * (shape[-2] + shape[-1]))) : 0.1;
            // a negative bound marks a scale
            bound = name == "scale" ? -0.2 : bound;
            _bounds.AddRange(Enumerable.Repeat(bound, shape.Count));
        }
    }

    private static IEnumerable<int> Kernel(Shape shape)
    {
        var (taps, channels, filters) = (shape[0] * shape[1], shape[2], shape[3]);
        return from tap in Enumerable.Range(0, taps)
               from channel in Enumerable.Range(0, channels)
               from filter in Enumerable.Range(0, filters)
               select (((filter * channels) + channel) * taps) + tap;
    }

    private static IEnumerable<int> Dense(Shape shape, Shape example)
    {
        var (pixels, channels) = example.Rank == 3 ? (example[0] * example[1], example[2]) : (1, example.Count);
        return from pixel in Enumerable.Range(0, pixels)
               from channel in Enumerable.Range(0, channels)
               from node in Enumerable.Range(0, shape[1])
               select (node * shape[0]) + (channel * pixels) + pixel;
    }
}
