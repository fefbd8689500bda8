using Understudy.Data.Formats;
using Understudy.Learning.Networks.Layers;

namespace Understudy.Learning.Networks.Exporting;

/// <summary>Networks as ONNX files, which other programs read and run.</summary>
/// <remarks>
/// <para>A file computes what the network computes in evaluation mode: the input <c>input</c> is [batch, c, h, w] for images [h, w, c] and otherwise [batch, …], the output <c>output</c> is [batch, C] with its numbers in our
/// order. Operators are of version 17, numbers in single precision.</para>
/// <para>Weights have the names of the layout. Convolutions are [filters, c, k, k] and dense layers [out, in], where the inputs of an image are ordered by channel, row and column, as other programs flatten it. A normalization's
/// statistics stand beside its scale as <c>….mean</c> and <c>….variance</c>; nodes of unit length are stored with this length.</para>
/// <para>Not written are attention, tokens, layer and group normalization, and a grid of averages whose windows have different sizes or are not equally far apart.</para>
/// </remarks>
public static class OnnxExport
{
    /// <summary>The version of the standard operators that is written.</summary>
    private const long OperatorSet = 17;

    private const string Input = "input", Output = "output", Batch = "batch";

    /// <summary>Writes a network.</summary>
    /// <param name="encoder">The network, in training or evaluation mode.</param>
    /// <param name="parameters">[P], in the order of its layout.</param>
    /// <param name="statistics">Of its batch normalizations in training mode, in order; null for those a network starts with, mean 0 and variance 1.</param>
    /// <param name="stream">Where to.</param>
    /// <exception cref="ArgumentException">Parameters or statistics are not as many as the network has.</exception>
    /// <exception cref="NotExportableException">A layer cannot be written, or a number is not finite in single precision; it is named.</exception>
    public static void Write(LayeredNetwork encoder, ReadOnlySpan<double> parameters, IReadOnlyList<ChannelStatistics>? statistics, Stream stream)
        => Onnx.Write(stream, Model(encoder, parameters, statistics));

    /// <summary>The content of the file that <see cref="Write"/> writes.</summary>
    /// <inheritdoc cref="Write"/>
    public static OnnxModel Model(LayeredNetwork encoder, ReadOnlySpan<double> parameters, IReadOnlyList<ChannelStatistics>? statistics = null)
    {
        ArgumentNullException.ThrowIfNull(encoder);
        if (parameters.Length != encoder.Layout.Count)
            throw new ArgumentException($"The network has {encoder.Layout.Count} parameters, but was given {parameters.Length}.", nameof(parameters));
        var network = encoder.InEvaluationMode(statistics);
        var graph = new ExportedGraph(network.Layout, parameters);
        var input = new ExportedValue(Input, network.Example);
        graph.Finish(graph.Flat(graph.Add(network.Layers, "layer", input)).Name, Output);
        var extents = input.Extents.Select(extent => new OnnxExtent(extent, ""));
        return new OnnxModel(
            "", "understudy", OperatorSet, graph.Nodes, graph.Stored,
            [new OnnxValue(Input, [new OnnxExtent(null, Batch), .. extents])],
            [new OnnxValue(Output, [new OnnxExtent(null, Batch), new OnnxExtent(network.Outputs, "")])]);
    }
}
