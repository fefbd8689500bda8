using Understudy.Data.Formats;
using Understudy.Engine;
using Understudy.Learning.Networks.Layers;

namespace Understudy.Learning.Networks.Exporting;

/// <summary>What single layers are in an exported graph.</summary>
internal static class ExportedLayers
{
    /// <summary>Adds the nodes of a layer.</summary>
    internal static ExportedValue Add(ExportedGraph graph, ILayer layer, string place, ExportedValue input) => layer switch
    {
        ConvolutionLayer convolution => Convolution(graph, convolution, place, input),
        NormalizeLayer normalize when input.Example.Rank is 1 or 3 => Normalize(graph, normalize, place, graph.Flat(input)),
        ActivationLayer activation => input with { Name = Activation(graph, activation.Activation, place, input.Name) },
        PoolLayer pool => Pool(graph, pool.IsLargest ? "MaxPool" : "AveragePool", place, input, pool.Output(input.Example), (pool.Size, pool.Size), (pool.Size, pool.Size)),
        AdaptiveAverageLayer average => AdaptiveAverage(graph, average, place, input),
        FlattenLayer when input.Example.Rank == 3 => new ExportedValue(input.Name, layer.Output(input.Example)) { Image = input.Example },
        FlattenLayer => input.Example.Rank == 1 ? input : Row(graph, place, input),
        DenseLayer dense => Dense(graph, dense, place, input),
        UnitLengthLayer length => UnitLength(graph, length, place, graph.Flat(input)),
        _ => throw new NotExportableException(
            $"{place} is a layer {layer.GetType().Name} on examples {input.Example}, which ONNX files written here do not have; written are convolutions, pools, averages, fully connected layers, activations, batch normalization of channels and unit lengths."),
    };

    private static ExportedValue Convolution(ExportedGraph graph, ConvolutionLayer layer, string place, ExportedValue input)
    {
        var (values, shape) = graph.Parameter(place, "weight");
        var (k, channels, filters) = (shape[0], shape[2], shape[3]);
        var weights = graph.Store(place, "weight", Moved(values, k * k, channels, filters, (pixel, channel, filter) => (((filter * channels) + channel) * k * k) + pixel), filters, channels, k, k);
        string[] operands = layer.HasBias ? [input.Name, weights, Vector(graph, place, "bias")] : [input.Name, weights];
        var name = graph.Node(place, "Conv", operands,
            ("kernel_shape", Pair(k, k)), ("strides", Pair(layer.Stride, layer.Stride)), ("pads", new OnnxAttribute(WholeNumbers: [layer.Padding, layer.Padding, layer.Padding, layer.Padding])));
        return new ExportedValue(name, layer.Output(input.Example));
    }

    private static ExportedValue Normalize(ExportedGraph graph, NormalizeLayer layer, string place, ExportedValue input)
    {
        var channels = input.Example[-1];
        double[] mean = layer.Statistics is { } given ? given.Mean.ToArray() : new double[channels];
        double[] variance = layer.Statistics is { } measured ? measured.Variance.ToArray() : [.. Enumerable.Repeat(1.0, channels)];
        string[] operands = [input.Name, Vector(graph, place, "scale"), Vector(graph, place, "shift"), graph.Store(place, "mean", mean, channels), graph.Store(place, "variance", variance, channels)];
        return input with { Name = graph.Node(place, "BatchNormalization", operands, ("epsilon", new OnnxAttribute(Number: layer.Epsilon))) };
    }

    private static string Activation(ExportedGraph graph, NodeActivation activation, string place, string input)
    {
        string Node(string operation, params string[] operands) => graph.Node(place, operation, operands);
        string Number(string name, double value) => graph.Store(place, name, [value]);
        string Erf() => Node("Erf", Node("Mul", input, Number("halfRoot", Math.Sqrt(0.5))));
        return activation switch
        {
            { Kind: ActivationKind.Tanh } => Node("Tanh", input),
            { Kind: ActivationKind.Erf } => Erf(),
            // the operator of this name is younger than the version that is written
            { Kind: ActivationKind.Gelu } => Node("Mul", Node("Mul", input, Number("half", 0.5)), Node("Add", Erf(), Number("one", 1))),
            { Slope: 0 } => Node("Relu", input),
            { Slope: 1 } => input,
            _ => graph.Node(place, "LeakyRelu", [input], ("alpha", new OnnxAttribute(Number: activation.Slope))),
        };
    }

    private static ExportedValue Pool(ExportedGraph graph, string operation, string place, ExportedValue input, Shape output, (int Down, int Across) window, (int Down, int Across) step)
        => new(graph.Node(place, operation, [input.Name], ("kernel_shape", Pair(window.Down, window.Across)), ("strides", Pair(step.Down, step.Across))), output);

    private static ExportedValue AdaptiveAverage(ExportedGraph graph, AdaptiveAverageLayer layer, string place, ExportedValue input)
    {
        var output = layer.Output(input.Example);
        if (layer.Size == 1)
            return new ExportedValue(graph.Node(place, "GlobalAveragePool", [input.Name]), output);
        var (down, across) = (Windows(layer, place, input.Example[0]), Windows(layer, place, input.Example[1]));
        return Pool(graph, "AveragePool", place, input, output, (down.Length, across.Length), (down.Step, across.Step));
    }

    /// <summary>Length and distance of windows that are all alike.</summary>
    private static (int Length, int Step) Windows(AdaptiveAverageLayer layer, string place, int extent)
    {
        var (first, second) = (layer.Window(0, extent), layer.Window(1, extent));
        var (length, step) = (first.End, second.Start);
        var isEven = step > 0 && Enumerable.Range(0, layer.Size).All(i => layer.Window(i, extent) == (i * step, (i * step) + length));
        return isEven
            ? (length, step)
            : throw new NotExportableException($"{place} averages {layer.Size} windows over {extent} pixels that are not all alike, which ONNX has no operator for; an image whose size is a multiple of {layer.Size} there can be exported.");
    }

    private static ExportedValue Dense(ExportedGraph graph, DenseLayer layer, string place, ExportedValue input)
    {
        var (values, shape) = graph.Parameter(place, "weight");
        var (inputs, width) = (shape[0], shape[1]);
        if (layer.HasUnitNodes)
            DivideByLengths(values, inputs, width);
        // of an image the file has the channels first
        var image = input.Image ?? (input.Example.Rank == 3 ? input.Example : new Shape(inputs, 1));
        var (pixels, channels) = (inputs / image[-1], image[-1]);
        var weights = graph.Store(place, "weight", Moved(values, pixels, channels, width, (pixel, channel, node) => (((node * channels) + channel) * pixels) + pixel), width, inputs);
        var row = Row(graph, place, input);
        string[] operands = layer.HasBias ? [row.Name, weights, Vector(graph, place, "bias")] : [row.Name, weights];
        return new ExportedValue(graph.Node(place, "Gemm", operands, ("transB", new OnnxAttribute(WholeNumber: 1))), new Shape(width));
    }

    /// <summary>A value as rows in the file's order.</summary>
    private static ExportedValue Row(ExportedGraph graph, string place, ExportedValue input)
        => input is { Image: null, Example.Rank: 1 } ? input : new ExportedValue(graph.Node(place, "Flatten", [input.Name]), new Shape(input.Example.Count));

    private static ExportedValue UnitLength(ExportedGraph graph, UnitLengthLayer layer, string place, ExportedValue input)
    {
        // channels are the last axis of our images and the first of the file's
        var axis = input.Example.Rank == 3 ? 1 : input.Example.Rank;
        var squares = graph.Node(place, "ReduceSumSquare", [input.Name], ("axes", new OnnxAttribute(WholeNumbers: [axis])), ("keepdims", new OnnxAttribute(WholeNumber: 1)));
        // the root of the larger one, so that derivatives stay finite in programs that train the file
        var length = graph.Node(place, "Sqrt", [graph.Node(place, "Max", [squares, graph.Store(place, "floor", [layer.Floor * layer.Floor])])]);
        return input with { Name = graph.Node(place, "Div", [input.Name, length]) };
    }

    /// <summary>Columns of a matrix [inputs, width] with length 1.</summary>
    private static void DivideByLengths(double[] matrix, int inputs, int width)
    {
        for (var node = 0; node < width; node++)
        {
            var sum = 0.0;
            for (var i = 0; i < inputs; i++)
                sum += matrix[(i * width) + node] * matrix[(i * width) + node];
            var length = Math.Max(Math.Sqrt(sum), DenseLayer.Floor);
            for (var i = 0; i < inputs; i++)
                matrix[(i * width) + node] /= length;
        }
    }

    private static string Vector(ExportedGraph graph, string place, string name)
    {
        var (values, shape) = graph.Parameter(place, name);
        return graph.Store(place, name, values, shape[0]);
    }

    /// <summary>The numbers [a, b, c] in another order.</summary>
    private static double[] Moved(double[] values, int a, int b, int c, Func<int, int, int, int> to)
    {
        var moved = new double[values.Length];
        var at = 0;
        for (var i = 0; i < a; i++)
        {
            for (var j = 0; j < b; j++)
            {
                for (var k = 0; k < c; k++)
                    moved[to(i, j, k)] = values[at++];
            }
        }

        return moved;
    }

    private static OnnxAttribute Pair(int down, int across) => new(WholeNumbers: [down, across]);
}
