using Understudy.Engine.LinearAlgebra;
using Understudy.Learning.Curvature;
using Understudy.Learning.Geometry;
using Understudy.Learning.Networks;

namespace Understudy.Learning.Landscape;

/// <summary>The order, and for odd activations the signs, in which the hidden nodes of one network stand for those of another.</summary>
/// <remarks>
/// Two trained networks compute much the same with nodes in different places; a line between them is only worth walking when that is taken away. The scale of rectified nodes is taken away
/// by <see cref="NodeBalance"/>, applied to both before. Each assignment is the best (Kuhn 1955); of the layers together only a local optimum is found.
/// </remarks>
public static class NodeMatching
{
    private const int MaximumSweeps = 100;

    /// <summary>The change of B that brings its weights nearest to those of A, layer by layer until no layer changes.</summary>
    /// <remarks>
    /// Weight matching (Ainsworth, Hayase and Srinivasa 2023): the sum of products of incoming weights, biases and outgoing weights of matched nodes becomes largest, and |A − B'| smallest.
    /// Of two starts the better end: B as it is, and B matched from the input on by incoming weights alone, which recovers A itself in another order.
    /// </remarks>
    /// <exception cref="ArgumentException">A point is not as long as the network's.</exception>
    public static NodeSymmetry ByWeights(Mlp network, double[] a, double[] b)
    {
        ArgumentNullException.ThrowIfNull(network);
        ArgumentNullException.ThrowIfNull(a);
        if (a.Length != network.Layout.Count)
            throw new ArgumentException($"The network has {network.Layout.Count} parameters, but was given {a.Length}.", nameof(a));
        NodeSymmetry asItIs = NodeSymmetry.Identity(network), forward = asItIs;
        for (var layer = 0; layer < network.Layers - 1; layer++)
            forward = Matched(network, a, b, forward, layer, isIncomingOnly: true) ?? forward;
        var (first, second) = (Settled(network, a, b, asItIs), Settled(network, a, b, forward));
        return Dense.Dot(a, first.Apply(b)) > Dense.Dot(a, second.Apply(b)) ? first : second;
    }

    /// <summary>The change of B whose nodes are most correlated with those of A on some examples, each layer for itself.</summary>
    /// <remarks>Activation matching (Li et al. 2015), by the correlation of activations; nodes that never change correlate with none. Memory for all activations of a network at once.</remarks>
    /// <exception cref="ArgumentException">A point is not as long as the network's, or examples are not as wide.</exception>
    public static NodeSymmetry ByActivations(Mlp network, double[] a, double[] b, ExampleSet examples)
    {
        ArgumentNullException.ThrowIfNull(network);
        ArgumentNullException.ThrowIfNull(examples);
        if (examples.InputWidth != network.Inputs)
            throw new ArgumentException($"The network reads {network.Inputs} numbers, but the examples have {examples.InputWidth}.", nameof(examples));
        var hidden = network.Layers - 1;
        var (sources, factors) = (new int[hidden][], new double[hidden][]);
        using var activity = new LayerActivity(network, examples.Inputs, examples.Count);
        double[][] ofA = Standardized(a), ofB = Standardized(b);
        for (var layer = 0; layer < hidden; layer++)
        {
            var width = network.Widths[layer + 1];
            var correlations = new double[width * width];
            Products.Multiply(width, width, examples.Count, ofA[layer], ofB[layer], correlations, transposeLeft: true);
            (sources[layer], factors[layer]) = Assign(correlations, width, NodeSymmetry.IsOdd(network.Activation));
        }

        return NodeSymmetry.Of(network, sources, factors);

        double[][] Standardized(double[] parameters)
        {
            activity.Run(parameters);
            return [.. Enumerable.Range(0, hidden).Select(layer => Standardize(network, activity.PreActivations(layer), network.Widths[layer + 1]))];
        }
    }

    /// <summary>Matches layers in turn until none changes.</summary>
    private static NodeSymmetry Settled(Mlp network, double[] a, double[] b, NodeSymmetry symmetry)
    {
        var isChanged = true;
        for (var sweep = 0; isChanged && sweep < MaximumSweeps; sweep++)
        {
            isChanged = false;
            for (var layer = 0; layer < network.Layers - 1; layer++)
            {
                var better = Matched(network, a, b, symmetry, layer, isIncomingOnly: false);
                (isChanged, symmetry) = (isChanged || better is not null, better ?? symmetry);
            }
        }

        return symmetry;
    }

    /// <summary>A symmetry with one layer matched anew, the others as they are; null where that is no better.</summary>
    private static NodeSymmetry? Matched(Mlp network, double[] a, double[] b, NodeSymmetry symmetry, int layer, bool isIncomingOnly)
    {
        var similarity = Similarity(network, a, symmetry.Apply(b), layer, isIncomingOnly);
        var (order, signs) = Assign(similarity, network.Widths[layer + 1], NodeSymmetry.IsOdd(network.Activation));
        return IsBetter(similarity, order, signs) ? symmetry.Then(layer, order, signs) : null;
    }

    /// <summary>Activations [N, n] with mean 0 and squares that add up to 1, of pre-activations.</summary>
    private static double[] Standardize(Mlp network, double[] values, int columns)
    {
        foreach (ref var value in values.AsSpan())
            value = network.Activation.Of(value);
        var (means, deviations) = LayerActivity.Moments(values, columns);
        var root = Math.Sqrt(values.Length / columns);
        for (var i = 0; i < values.Length; i++)
        {
            var deviation = deviations[i % columns];
            values[i] = deviation > 0 ? (values[i] - means[i % columns]) / (deviation * root) : 0;
        }

        return values;
    }

    /// <summary>[n, n]: the products of everything that hangs on node j of A with everything that hangs on node k of B.</summary>
    private static double[] Similarity(Mlp network, double[] a, double[] b, int layer, bool isIncomingOnly)
    {
        var (inputs, width, outputs) = (network.Widths[layer], network.Widths[layer + 1], network.Widths[layer + 2]);
        var (incoming, bias, outgoing) = (network.Layout.Slots[2 * layer], network.Layout.Slots[(2 * layer) + 1], network.Layout.Slots[2 * (layer + 1)]);
        var similarity = new double[width * width];
        Products.Multiply(width, width, inputs, incoming.Of<double>(a), incoming.Of<double>(b), similarity, transposeLeft: true);
        Products.Multiply(width, width, 1, bias.Of<double>(a), bias.Of<double>(b), similarity, accumulate: true);
        if (!isIncomingOnly)
            Products.Multiply(width, width, outputs, outgoing.Of<double>(a), outgoing.Of<double>(b), similarity, transposeRight: true, accumulate: true);
        return similarity;
    }

    /// <summary>By node of A, the node of B and its sign, with the largest total similarity.</summary>
    private static (int[] Order, double[] Signs) Assign(double[] similarity, int width, bool isOdd)
    {
        var order = OneToOneMatching.Cheapest(width, width, (j, k) => isOdd ? -Math.Abs(similarity[(j * width) + k]) : -similarity[(j * width) + k]);
        return (order, [.. order.Select((k, j) => isOdd && similarity[(j * width) + k] < 0 ? -1.0 : 1)]);
    }

    /// <summary>Whether an assignment is better than leaving nodes where they are, by more than rounding: ties would make layers take turns for ever.</summary>
    private static bool IsBetter(double[] similarity, int[] order, double[] signs)
    {
        var (width, gain, size) = (order.Length, 0.0, 0.0);
        for (var j = 0; j < width; j++)
        {
            var (present, found) = (similarity[(j * width) + j], signs[j] * similarity[(j * width) + order[j]]);
            (gain, size) = (gain + found - present, size + Math.Abs(present) + Math.Abs(found));
        }

        return gain > 1e-12 * size;
    }
}
