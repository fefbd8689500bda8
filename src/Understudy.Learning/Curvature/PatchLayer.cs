using Understudy.Engine;
using Understudy.Learning.Networks;
using Understudy.Learning.Networks.Layers;

namespace Understudy.Learning.Curvature;

/// <summary>A layer that multiplies every patch of its input by one matrix of weights: a convolution, or a fully connected layer, whose only patch is the whole input.</summary>
/// <remarks>Patches are flat in the order in which the weights are stored, rows, columns and channels of a kernel, with a one behind them where there is a bias.</remarks>
internal sealed class PatchLayer
{
    private readonly Shape _input;
    private readonly ConvolutionLayer? _convolution;
    private readonly bool _hasBias;
    private readonly Shape _kernel;

    private PatchLayer(Shape input, Shape output, Shape weights, int offset, ConvolutionLayer? convolution, bool hasBias)
    {
        (_input, _convolution, _hasBias, Offset) = (input, convolution, hasBias, offset);
        _kernel = convolution is null ? new Shape(1, 1, input.Count) : new Shape(weights[0], weights[1], weights[2]);
        (Nodes, Columns) = (weights[-1], convolution is null ? 1 : output[1]);
        Positions = convolution is null ? 1 : output.Product(0, 2);
        Inputs = _kernel.Count + (hasBias ? 1 : 0);
    }

    /// <summary>Where the weights start in the flat parameter vector.</summary>
    internal int Offset { get; }

    /// <summary>n, and one more with a bias.</summary>
    internal int Inputs { get; }

    /// <summary>m, nodes or filters.</summary>
    internal int Nodes { get; }

    /// <summary>T, where the weights are applied.</summary>
    internal int Positions { get; }

    /// <summary>The numbers of one example that the layer is applied to.</summary>
    internal int Values => _input.Count;

    private int Columns { get; }

    /// <summary>Whether Kronecker factors are made for a layer.</summary>
    internal static bool HasFactors(ILayer layer) => layer is DenseLayer or ConvolutionLayer;

    /// <summary>Whether all layers of a network are of these kinds, or without parameters between them.</summary>
    internal static bool AreAll(LayeredNetwork network) => IsTaken(network.Layers);

    /// <summary>The layers of a network that have weights, in order.</summary>
    /// <exception cref="ArgumentException">There is none, or a layer that has no Kronecker factors and is not without parameters.</exception>
    internal static PatchLayer[] Of(LayeredNetwork network)
    {
        var (found, offset) = (new List<PatchLayer>(), 0);
        Visit((SequenceLayer)network.Layers, network.Example, "layer");
        return found.Count > 0 ? [.. found] : throw new ArgumentException("The network has no layer with weights.", nameof(network));

        void Visit(SequenceLayer sequence, Shape example, string name)
        {
            foreach (var (number, layer) in sequence.Layers.ToArray().Index())
            {
                var place = $"{name}.{number}";
                if (layer is SequenceLayer inner)
                    Visit(inner, example, place);
                else
                    Add(layer, example, place);
                example = layer.Output(example);
            }
        }

        void Add(ILayer layer, Shape example, string place)
        {
            var (convolution, dense) = (layer as ConvolutionLayer, layer as DenseLayer);
            if (dense is { HasUnitNodes: false } || convolution is not null)
            {
                var parameters = layer.Parameters(example);
                found.Add(new PatchLayer(example, layer.Output(example), parameters[0].Shape, offset, convolution, convolution?.HasBias ?? dense!.HasBias));
                offset += parameters.Sum(parameter => parameter.Shape.Count);
            }
            else if (!IsTaken(layer))
            {
                var reason = dense is null ? $"a {layer.GetType().Name}" : "a fully connected layer whose weights are divided by their lengths";
                throw new ArgumentException(
                    $"Kronecker factors are for fully connected and convolutional layers with activations, pools and flattening between them, but {place} is {reason}: "
                    + "take products with the matrix itself (NetworkCurvature.GaussNewton), or leave the layer out.", nameof(network));
            }
        }
    }

    /// <summary>The patches of several examples, row by row.</summary>
    /// <param name="values">What the layer is applied to, [rows, Values]; images have channels last.</param>
    /// <param name="rows">Examples.</param>
    /// <param name="patches">Becomes [rows, T, Inputs].</param>
    internal void WritePatches(ReadOnlySpan<double> values, int rows, Span<double> patches)
    {
        for (var row = 0; row < rows; row++)
        {
            var image = values.Slice(row * Values, Values);
            for (var position = 0; position < Positions; position++)
            {
                var patch = patches.Slice(((row * Positions) + position) * Inputs, Inputs);
                if (_convolution is null)
                    image.CopyTo(patch);
                else
                    WritePatch(image, (position / Columns * _convolution.Stride) - _convolution.Padding, (position % Columns * _convolution.Stride) - _convolution.Padding, patch);
                if (_hasBias)
                    patch[^1] = 1;
            }
        }
    }

    private static bool IsTaken(ILayer layer) => layer switch
    {
        SequenceLayer sequence => sequence.Layers.ToArray().All(IsTaken),
        DenseLayer dense => !dense.HasUnitNodes,
        _ => layer is ConvolutionLayer or ActivationLayer or PoolLayer or AdaptiveAverageLayer or FlattenLayer,
    };

    private void WritePatch(ReadOnlySpan<double> image, int top, int left, Span<double> patch)
    {
        var (height, width, channels) = (_input[0], _input[1], _input[2]);
        for (var y = 0; y < _kernel[0]; y++)
        {
            for (var x = 0; x < _kernel[1]; x++)
            {
                var pixel = patch.Slice(((y * _kernel[1]) + x) * channels, channels);
                if ((uint)(top + y) < (uint)height && (uint)(left + x) < (uint)width)
                    image.Slice((((top + y) * width) + left + x) * channels, channels).CopyTo(pixel);
                else
                    pixel.Clear();
            }
        }
    }
}
