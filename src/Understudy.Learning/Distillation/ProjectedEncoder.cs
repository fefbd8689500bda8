using Understudy.Engine;
using Understudy.Engine.Graphs;
using Understudy.Learning.Networks;
using Understudy.Learning.Networks.Layers;

namespace Understudy.Learning.Distillation;

/// <summary>An encoder with a projection head: images to embeddings, to a bottleneck, to m outputs.</summary>
/// <remarks>
/// Parameters θ = (ψ, φ): those of the encoder, <c>encoder.0.weight</c>, …, then those of the head, <c>head.0.weight</c>, …, and last those of what follows the bottleneck,
/// <c>tail.0.weight</c>, …. Source: random-teacher specification, section 2.1.
/// </remarks>
public sealed class ProjectedEncoder : INetwork
{
    private readonly LayeredNetwork _head;
    private readonly LayeredNetwork? _tail;

    /// <summary>Puts a head on an encoder.</summary>
    /// <param name="encoder">The encoder, in training mode.</param>
    /// <param name="head">The head.</param>
    /// <exception cref="ArgumentOutOfRangeException">A width below 1.</exception>
    public ProjectedEncoder(LayeredNetwork encoder, HeadOptions head)
        : this(encoder, ProjectionHead.Parts((encoder ?? throw new ArgumentNullException(nameof(encoder))).Outputs, head))
    {
    }

    private ProjectedEncoder(LayeredNetwork encoder, (LayeredNetwork ToBottleneck, LayeredNetwork? Tail) head)
    {
        (Encoder, _head, _tail) = (encoder, head.ToBottleneck, head.Tail);
        Layout = new ParameterLayout([.. Named("encoder", Encoder), .. Named("head", _head), .. _tail is null ? [] : Named("tail", _tail)]);
    }

    /// <summary>The encoder; its parameters are the first of the layout.</summary>
    public LayeredNetwork Encoder { get; }

    /// <inheritdoc/>
    public ParameterLayout Layout { get; }

    /// <inheritdoc/>
    public int Inputs => Encoder.Inputs;

    /// <inheritdoc/>
    public int Outputs => (_tail ?? _head).Outputs;

    /// <inheritdoc/>
    public bool CouplesExamples => Encoder.CouplesExamples || _head.CouplesExamples;

    /// <inheritdoc/>
    public double MultiplyAdds => Encoder.MultiplyAdds + _head.MultiplyAdds + TailMultiplyAdds;

    /// <summary>Numbers of the bottleneck: what a frozen teacher is remembered by.</summary>
    public int Bottleneck => _head.Outputs;

    /// <summary>The parameters behind the bottleneck, the last of the layout.</summary>
    public int TailCount => _tail?.Layout.Count ?? 0;

    /// <summary>Multiply-adds behind the bottleneck for one image.</summary>
    public double TailMultiplyAdds => _tail?.MultiplyAdds ?? 0;

    /// <summary>An encoder that gives back the bottleneck in place of the outputs; its parameters are those of this network without the tail.</summary>
    public INetwork ToBottleneck() => new Stem(this);

    /// <summary>The whole network as one stack of layers: the same function of the same flat parameters, under the names of layers.</summary>
    public LayeredNetwork ToLayers() => _tail is null ? Encoder.Then(_head.Layers) : Encoder.Then(_head.Layers, _tail.Layers);

    /// <summary>The same with the batch normalizations of encoder and head in evaluation mode.</summary>
    /// <param name="statistics">Of each, in order, those of the encoder first; null for those a network starts with.</param>
    /// <exception cref="ArgumentException">There are not as many as batch normalizations.</exception>
    public ProjectedEncoder InEvaluationMode(IReadOnlyList<ChannelStatistics>? statistics = null) => statistics is null
        ? new(Encoder.InEvaluationMode(), (_head.InEvaluationMode(), _tail))
        : new(Encoder.InEvaluationMode(EncoderPart(statistics)), (_head.InEvaluationMode(HeadPart(statistics)), _tail));

    /// <summary>Those of all statistics that belong to the encoder's batch normalizations, the first of them; of a network in training mode.</summary>
    public IReadOnlyList<ChannelStatistics> EncoderPart(IReadOnlyList<ChannelStatistics> statistics) => [.. statistics.Take(Encoder.NormalizedChannels().Count)];

    /// <summary>Those that belong to the head's.</summary>
    public IReadOnlyList<ChannelStatistics> HeadPart(IReadOnlyList<ChannelStatistics> statistics) => [.. statistics.Skip(Encoder.NormalizedChannels().Count)];

    /// <summary>Channels of every batch normalization of the head, in order; of a network in training mode.</summary>
    public IReadOnlyList<int> HeadChannels => _head.NormalizedChannels();

    /// <summary>The same network with the same parameters for images of another shape.</summary>
    /// <param name="image">[h, w, c].</param>
    /// <exception cref="ShapeException">The encoder does not take it, or a parameter or the embedding would have another shape.</exception>
    public ProjectedEncoder On(Shape image) => new(Encoder.On(image), (_head, _tail));

    /// <summary>The part of a flat vector that belongs to the encoder.</summary>
    public ReadOnlySpan<double> EncoderPart(ReadOnlySpan<double> parameters) => parameters[..Encoder.Layout.Count];

    /// <summary>The part of a flat vector that belongs to what follows the bottleneck.</summary>
    public ReadOnlySpan<double> TailPart(ReadOnlySpan<double> parameters) => parameters[^TailCount..];

    /// <inheritdoc/>
    public Sym Output(Sym input, IReadOnlyList<Sym> parameters) => EmbeddingAndOutput(input, parameters).Output;

    /// <summary>The embedding [batch, d] and the output [batch, m] for an input.</summary>
    /// <param name="input">[batch, inputs].</param>
    /// <param name="parameters">In the order of <see cref="Layout"/>.</param>
    public (Sym Embedding, Sym Output) EmbeddingAndOutput(Sym input, IReadOnlyList<Sym> parameters)
    {
        ArgumentNullException.ThrowIfNull(parameters);
        var embedding = Encoder.Output(input, EncoderSymbols(parameters));
        return (embedding, Project(BottleneckOf(embedding, parameters), TailSymbols(parameters)));
    }

    /// <summary>The head up to the bottleneck, and what follows.</summary>
    internal IEnumerable<LayeredNetwork> HeadParts => _tail is null ? [_head] : [_head, _tail];

    /// <summary>The outputs of bottlenecks [batch, k] by parameters of the tail.</summary>
    internal Sym Project(Sym bottleneck, IReadOnlyList<Sym> tail) => _tail is null ? bottleneck : _tail.Output(bottleneck, tail);

    /// <summary>The bottleneck of embeddings [batch, d].</summary>
    internal Sym BottleneckOf(Sym embedding, IReadOnlyList<Sym> parameters) => _head.Output(embedding, HeadSymbols(parameters));

    /// <summary>The bottleneck of images [batch, inputs].</summary>
    internal Sym BottleneckFrom(Sym input, IReadOnlyList<Sym> parameters) => BottleneckOf(Encoder.Output(input, EncoderSymbols(parameters)), parameters);

    /// <summary>The same with mean and biased variance of the batch at every batch normalization, and over how many numbers of a channel: those of the encoder, then those of the head.</summary>
    internal (Sym Bottleneck, IReadOnlyList<(Sym Mean, Sym Variance, int Numbers)> Measured) BottleneckWithStatistics(Sym input, IReadOnlyList<Sym> parameters)
    {
        var (embedding, ofEncoder) = Encoder.OutputWithStatistics(input, EncoderSymbols(parameters));
        var (bottleneck, ofHead) = _head.OutputWithStatistics(embedding, HeadSymbols(parameters));
        return (bottleneck, [.. ofEncoder, .. ofHead]);
    }

    /// <summary>The same in evaluation mode with statistics that are values of a graph, in the same order.</summary>
    internal Sym BottleneckBy(IReadOnlyList<(Sym Mean, Sym Variance)> statistics, Sym input, IReadOnlyList<Sym> parameters)
    {
        var count = Encoder.NormalizedChannels().Count;
        var embedding = Encoder.WithStatistics([.. statistics.Take(count)]).Output(input, EncoderSymbols(parameters));
        return _head.WithStatistics([.. statistics.Skip(count)]).Output(embedding, HeadSymbols(parameters));
    }

    /// <summary>Those of all parameters that are the encoder's.</summary>
    internal Sym[] EncoderSymbols(IReadOnlyList<Sym> parameters) => [.. parameters.Take(Encoder.Layout.Slots.Count)];

    private Sym[] HeadSymbols(IReadOnlyList<Sym> parameters) => [.. parameters.Skip(Encoder.Layout.Slots.Count).Take(_head.Layout.Slots.Count)];

    /// <summary>Those of all parameters that are the tail's.</summary>
    internal Sym[] TailSymbols(IReadOnlyList<Sym> parameters) => [.. parameters.Skip(Encoder.Layout.Slots.Count + _head.Layout.Slots.Count)];

    /// <summary>A symbol for every parameter of a tail, such as a teacher's.</summary>
    internal Sym[] TailInputs() => _tail?.Layout.ToInputs() ?? [];

    private static IEnumerable<(string, Shape)> Named(string part, LayeredNetwork network)
        => network.Layout.Slots.Select(slot => ($"{part}.{slot.Name["layer.".Length..]}", slot.Shape));

    /// <summary>Encoder and head up to the bottleneck.</summary>
    private sealed class Stem : INetwork
    {
        private readonly ProjectedEncoder _whole;

        internal Stem(ProjectedEncoder whole)
        {
            _whole = whole;
            Layout = new ParameterLayout([.. whole.Layout.Slots.SkipLast(whole._tail?.Layout.Slots.Count ?? 0).Select(slot => (slot.Name, slot.Shape))]);
        }

        public ParameterLayout Layout { get; }

        public int Inputs => _whole.Inputs;

        public int Outputs => _whole.Bottleneck;

        public bool CouplesExamples => _whole.CouplesExamples;

        public double MultiplyAdds => _whole.MultiplyAdds - _whole.TailMultiplyAdds;

        public Sym Output(Sym input, IReadOnlyList<Sym> parameters) => _whole.BottleneckFrom(input, parameters);
    }
}
