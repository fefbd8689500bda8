using Understudy.Engine;
using Understudy.Learning.Networks;
using Understudy.Learning.Networks.Layers;

namespace Understudy.Learning.Landscape;

/// <summary>Goes through the layers of a network and puts every axis of a parameter to the group of the channels it stands for.</summary>
/// <remarks>A value is [repeats, n] numbers of an example that ends in the n channels of a group: of an image, rows and columns repeat nothing; once it is flat they do.</remarks>
internal sealed class PermutationWalk(IReadOnlyList<ParameterSlot> slots)
{
    // statistics of an EvaluationNetwork stand behind all parameters, mean and variance of each normalization
    private const int StatisticsOfOne = 2;

    private readonly PermutationTies _ties = new();
    private int _next;
    private int _statistics = slots.Count;

    /// <summary>A fully connected network.</summary>
    internal void Dense(IReadOnlyList<int> widths)
    {
        var value = Fixed(widths[0]);
        for (var layer = 1; layer < widths.Count; layer++)
            value = Dense(value, hasBias: true);
        _ties.Fix(value.Group);
    }

    /// <summary>A network of layers.</summary>
    internal void Layers(LayeredNetwork network)
    {
        _statistics = network.Layout.Slots.Count;
        _ties.Fix(Visit(network.Layers, network.Example, Fixed(network.Example[-1])).Group);
    }

    /// <summary>The groups whose channels are neither inputs nor outputs nor held by anything else.</summary>
    internal IReadOnlyList<PermutationGroup> Free() => _ties.Free();

    private Value Visit(ILayer layer, Shape example, Value value)
    {
        switch (layer)
        {
            case SequenceLayer sequence:
                foreach (var inner in sequence.Layers)
                {
                    value = Visit(inner, example, value);
                    example = inner.Output(example);
                }

                return value;
            case ResidualLayer residual:
                var path = Visit(residual.Path, example, value);
                return Tied(path, Visit(residual.Skip, example, value));
            case RepeatedLayer repeated:
                return Tied(value, Visit(repeated.Layer, example, value));
            case ConvolutionLayer convolution:
                return Convolution(value, convolution.HasBias);
            case DenseLayer dense:
                return Dense(Flat(value, example), dense.HasBias);
            case BatchNormLayer:
                return Normalized(value, hasStatistics: true);
            case NormalizeLayer { Statistics: null } or LayerNormLayer:
                return Normalized(value, hasStatistics: false);
            case GroupNormLayer group:
                return Grouped(value, group, example);
            case FlattenLayer:
                return Flat(value, example);
            case ActivationLayer or PoolLayer or AdaptiveAverageLayer or UnitLengthLayer:
                return value;
            case NormalizeLayer:
                throw new ArgumentException("A normalization has given statistics, which are no parameters and could not follow: take the network in training mode, or an EvaluationNetwork of it.");
            default:
                throw new ArgumentException($"Which channels of a {layer.GetType().Name} can change places is not known.");
        }
    }

    /// <summary>[k, k, c, filters].</summary>
    private Value Convolution(Value value, bool hasBias)
    {
        var slot = slots[_next++];
        var (channels, filters) = (slot.Shape[-2], slot.Shape[-1]);
        Take(value.Group, slot, slot.Shape.Count / (channels * filters), filters);
        return Made(slot, filters, hasBias);
    }

    /// <summary>[repeats · n, width].</summary>
    private Value Dense(Value value, bool hasBias)
    {
        var slot = slots[_next++];
        Take(value.Group, slot, value.Repeats, slot.Shape[-1]);
        return Made(slot, slot.Shape[-1], hasBias);
    }

    private Value Made(ParameterSlot weights, int width, bool hasBias)
    {
        var group = _ties.New(width);
        Take(group, weights, weights.Shape.Count / width, 1);
        if (hasBias)
            Take(group, slots[_next++], 1, 1);
        return new Value(group, 1);
    }

    private Value Normalized(Value value, bool hasStatistics)
    {
        Take(value.Group, slots[_next++], value.Repeats, 1);
        Take(value.Group, slots[_next++], value.Repeats, 1);
        if (!hasStatistics || _statistics >= slots.Count)
            return value;
        for (var i = 0; i < StatisticsOfOne; i++)
            Take(value.Group, slots[_statistics++], value.Repeats, 1, isStatistic: true);
        return value;
    }

    private Value Grouped(Value value, GroupNormLayer layer, Shape example)
    {
        // channels of one group of several would have to stay together
        if (layer.Channels is { } channels && channels > 1 && channels < example[-1])
            _ties.Fix(value.Group);
        return Normalized(value, hasStatistics: false);
    }

    private Value Flat(Value value, Shape example) => value with { Repeats = example.Count / _ties.Width(value.Group) };

    /// <summary>Two values that are added, or that have the same parameters behind them.</summary>
    private Value Tied(Value first, Value second)
    {
        _ties.Tie(first.Group, second.Group);
        return first;
    }

    private Value Fixed(int width) => new(_ties.New(width, isFixed: true), 1);

    private void Take(int group, ParameterSlot slot, int outer, int inner, bool isStatistic = false) => _ties.Take(group, slot, outer, inner, isStatistic);

    /// <summary>What an example is at a place of the network.</summary>
    /// <param name="Group">The group of its channels.</param>
    /// <param name="Repeats">How often all of them are there, one time behind the other.</param>
    private readonly record struct Value(int Group, int Repeats);
}
