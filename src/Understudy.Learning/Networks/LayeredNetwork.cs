using Understudy.Engine;
using Understudy.Engine.Graphs;
using Understudy.Learning.Networks.Layers;

namespace Understudy.Learning.Networks;

/// <summary>Layers one after the other, such as a convolutional network.</summary>
/// <remarks>Parameters are those of the layers in order, named <c>layer.0.weight</c>, <c>layer.0.bias</c>, …, where layers without parameters are counted too.</remarks>
public sealed class LayeredNetwork : INetwork
{
    private readonly SequenceLayer _layers;

    /// <summary>A network of layers.</summary>
    /// <param name="example">The shape of one example: [d], or [h, w, c] for an image with channels last.</param>
    /// <param name="layers">The layers; the last one has a result [C].</param>
    /// <exception cref="ShapeException">A layer does not take the result of the one before, or the last result is no row.</exception>
    public LayeredNetwork(Shape example, params ReadOnlySpan<ILayer> layers)
        : this(example, new SequenceLayer(layers))
    {
    }

    // layers are one sequence, which numbers the parameters
    private LayeredNetwork(Shape example, SequenceLayer layers)
    {
        var result = layers.Output(example);
        if (result.Rank != 1)
            throw new ShapeException("The network", "a last layer that gives one row of numbers", result);
        (Example, Outputs, _layers) = (example, result[0], layers);
        MultiplyAdds = layers.MultiplyAdds(example);
        Layout = new ParameterLayout([.. layers.Parameters(example).Select(own => ($"layer.{own.Name}", own.Shape))]);
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
    public bool CouplesExamples => _layers.CouplesExamples;

    /// <summary>The layers as one, whose parameters have the names of the layout without the first word.</summary>
    internal ILayer Layers => _layers;

    /// <summary>Blocks of a convolution that keeps the size, ReLU and the largest of 2 × 2, then fully connected layers with ReLU between them.</summary>
    /// <param name="image">[h, w, c].</param>
    /// <param name="filters">Filters of the blocks.</param>
    /// <param name="widths">Nodes of the fully connected layers; the last is C.</param>
    /// <param name="kernel">Rows and columns of every kernel, an odd number.</param>
    /// <exception cref="ShapeException">An image is too small for so many blocks.</exception>
    public static LayeredNetwork Convolutional(Shape image, IReadOnlyList<int> filters, IReadOnlyList<int> widths, int kernel = 3)
    {
        ArgumentNullException.ThrowIfNull(filters);
        ArgumentNullException.ThrowIfNull(widths);
        var layers = new List<ILayer>();
        foreach (var count in filters)
            layers.AddRange([new ConvolutionLayer(count, kernel), new ActivationLayer(NodeActivation.Relu), PoolLayer.Largest()]);
        for (var i = 0; i < widths.Count; i++)
        {
            if (i > 0)
                layers.Add(new ActivationLayer(NodeActivation.Relu));
            layers.Add(new DenseLayer(widths[i]));
        }

        return new LayeredNetwork(image, [.. layers]);
    }

    /// <summary>The network with further layers behind it, such as a linear classifier behind an encoder.</summary>
    /// <remarks>This network's parameters are the first of the new layout, under the same names.</remarks>
    /// <param name="layers">What follows; the last one has a result [C].</param>
    /// <exception cref="ShapeException">A layer does not take the result of the one before, or the last result is no row.</exception>
    public LayeredNetwork Then(params ReadOnlySpan<ILayer> layers) => new(Example, _layers.Then(layers));

    /// <summary>The same layers with the same parameters for examples of another shape, such as smaller images.</summary>
    /// <remarks>Networks that end in a mean over the whole image, or over a grid of windows, take any size that their pools leave something of.</remarks>
    /// <param name="example">The other shape.</param>
    /// <exception cref="ShapeException">A layer does not take it, or a parameter or the result would have another shape.</exception>
    public LayeredNetwork On(Shape example)
    {
        var other = new LayeredNetwork(example, _layers);
        foreach (var (own, its) in Layout.Slots.Zip(other.Layout.Slots))
        {
            if (own.Shape != its.Shape)
                throw new ShapeException($"The network on {example}", $"{own.Name} of {own.Shape} as on {Example}", its.Shape);
        }

        return other.Outputs == Outputs ? other : throw new ShapeException($"The network on {example}", $"a result of {new Shape(Outputs)} as on {Example}", new Shape(other.Outputs));
    }

    /// <inheritdoc/>
    public Sym Output(Sym input, IReadOnlyList<Sym> parameters)
    {
        ArgumentNullException.ThrowIfNull(input);
        ArgumentNullException.ThrowIfNull(parameters);
        if (input.Shape.Rank != 2 || input.Shape[1] != Inputs || !parameters.Select(parameter => parameter.Shape).SequenceEqual(Layout.Slots.Select(slot => slot.Shape)))
            throw new ShapeException("The network", $"an input [batch, {Inputs}] and the {Layout.Slots.Count} parameters of its layout", input.Shape);
        return _layers.Apply(Ops.Reshape(input, Example.With(0, input.Shape[0])), [.. parameters]);
    }

    /// <summary>The channels of every batch normalization in training mode, in order.</summary>
    /// <remarks>The network is traced for it.</remarks>
    public IReadOnlyList<int> NormalizedChannels() => [.. OutputWithStatistics(Ops.Input(1, Inputs), Layout.ToInputs()).Statistics.Select(pair => pair.Mean.Shape[0])];

    /// <summary>How many batch normalizations there are, in training and in evaluation mode.</summary>
    internal int BatchNormalizations()
    {
        var count = 0;
        Replaced(layer =>
        {
            count += layer is BatchNormLayer or NormalizeLayer ? 1 : 0;
            return layer;
        });
        return count;
    }

    /// <summary>The output with mean and biased variance of the batch at every batch normalization, and over how many numbers of a channel, in order: for averages of statistics along a training.</summary>
    /// <param name="input">[batch, d].</param>
    /// <param name="parameters">In the order of <see cref="Layout"/>.</param>
    public (Sym Output, IReadOnlyList<(Sym Mean, Sym Variance, int Numbers)> Statistics) OutputWithStatistics(Sym input, IReadOnlyList<Sym> parameters)
    {
        var statistics = new List<(Sym, Sym, int)>();
        ILayer Watched(ILayer layer) => layer is BatchNormLayer ? new WatchedLayer(layer, Measure) : layer;
        void Measure(Sym value)
        {
            var (mean, variance) = Ops.BatchStatistics(value);
            statistics.Add((mean, variance, value.Shape.Count / value.Shape[-1]));
        }

        return (Replaced(Watched).Output(input, parameters), statistics);
    }

    /// <summary>The network in evaluation mode: every batch normalization takes given statistics in place of the batch's, and examples no longer see each other.</summary>
    /// <remarks>The layout stays the same.</remarks>
    /// <param name="statistics">For each batch normalization, in order, such as <see cref="Recalibration"/> gives; null for those a network starts with, mean 0 and variance 1.</param>
    /// <exception cref="ArgumentException">There are not as many as batch normalizations.</exception>
    /// <exception cref="ShapeException">One has another number of channels.</exception>
    public LayeredNetwork InEvaluationMode(IReadOnlyList<ChannelStatistics>? statistics = null)
    {
        var count = NormalizedChannels().Count;
        if (statistics is not null && statistics.Count != count)
            throw new ArgumentException($"There are {statistics.Count} statistics, but {count} batch normalizations.", nameof(statistics));
        return WithFirst((IReadOnlyList<ChannelStatistics?>?)statistics ?? new ChannelStatistics?[count]);
    }

    /// <summary>The output with what every layer of some kind is applied to, [batch, …], in order: what a layer reads is what the layers below it did.</summary>
    /// <param name="input">[batch, d].</param>
    /// <param name="parameters">In the order of <see cref="Layout"/>.</param>
    /// <param name="isWatched">Which layers.</param>
    public (Sym Output, IReadOnlyList<Sym> Read) OutputWithRead(Sym input, IReadOnlyList<Sym> parameters, Func<ILayer, bool> isWatched)
    {
        ArgumentNullException.ThrowIfNull(isWatched);
        var read = new List<Sym>();
        return (Replaced(layer => isWatched(layer) ? new WatchedLayer(layer, read.Add) : layer).Output(input, parameters), read);
    }

    /// <summary>The output with what every innermost layer made of its input, [batch, …], in the order in which they are applied; a layer that is applied several times is there each time.</summary>
    /// <param name="input">[batch, d].</param>
    /// <param name="parameters">In the order of <see cref="Layout"/>.</param>
    public (Sym Output, IReadOnlyList<(ILayer Layer, Sym Result)> Results) OutputWithResults(Sym input, IReadOnlyList<Sym> parameters)
    {
        var results = new List<(ILayer, Sym)>();
        return (Replaced(layer => new WatchedLayer(layer, _ => { }, result => results.Add((layer, result)))).Output(input, parameters), results);
    }

    /// <summary>The output where an input of the graph, to be written as zeros, is added to the result of every layer of some kind, with those inputs and what the layers are applied to, in order.</summary>
    /// <param name="input">[batch, d].</param>
    /// <param name="parameters">In the order of <see cref="Layout"/>.</param>
    /// <param name="isShifted">Which layers.</param>
    internal (Sym Output, IReadOnlyList<(Sym Read, Sym Shift)> Layers) OutputWithShifts(Sym input, IReadOnlyList<Sym> parameters, Func<ILayer, bool> isShifted)
    {
        var layers = new List<(Sym, Sym)>();
        return (Replaced(layer => isShifted(layer) ? new ShiftedLayer(layer, (read, shift) => layers.Add((read, shift))) : layer).Output(input, parameters), layers);
    }

    /// <summary>The network whose first batch normalizations take statistics that are values of a graph, such as further inputs; with all of them in evaluation mode.</summary>
    /// <param name="statistics">Mean and variance of each, in order.</param>
    internal LayeredNetwork WithStatistics(IReadOnlyList<(Sym Mean, Sym Variance)> statistics)
    {
        var next = 0;
        return Replaced(layer => layer is BatchNormLayer norm && next < statistics.Count ? new TracedNormalizeLayer(norm, statistics[next].Mean, statistics[next++].Variance) : layer);
    }

    /// <summary>The network whose first batch normalizations take given statistics.</summary>
    internal LayeredNetwork WithFirst(IReadOnlyList<ChannelStatistics?> statistics)
    {
        var next = 0;
        return Replaced(layer => layer is BatchNormLayer norm && next < statistics.Count ? norm.InEvaluationMode(statistics[next++]) : layer);
    }

    private LayeredNetwork Replaced(Func<ILayer, ILayer> by) => new(Example, (SequenceLayer)_layers.Replaced(by));
}
