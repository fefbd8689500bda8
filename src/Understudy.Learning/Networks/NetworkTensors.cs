using System.Globalization;
using Understudy.Data;
using Understudy.Data.Formats;
using Understudy.Engine;
using Understudy.Learning.Networks.Layers;

namespace Understudy.Learning.Networks;

/// <summary>The parameters of a network, and the statistics of its batch normalizations, as named tensors such as a safetensors file holds.</summary>
/// <remarks>A parameter has the name and the shape of its slot; normalization i, counted from 0, has <c>normalization.i.mean</c> [c] and <c>normalization.i.variance</c> [c].</remarks>
public static class NetworkTensors
{
    private const string StatisticsPrefix = "normalization.";

    /// <summary>Tensors in double precision: the parameters in the order of the layout, then the statistics.</summary>
    /// <param name="network">Whose layout it is.</param>
    /// <param name="parameters">[P].</param>
    /// <param name="statistics">Of its batch normalizations, in order; null for none.</param>
    /// <exception cref="ArgumentException">The parameters are not as many as the network has.</exception>
    public static IReadOnlyList<Tensor> Of(INetwork network, ReadOnlySpan<double> parameters, IReadOnlyList<ChannelStatistics>? statistics = null)
    {
        ArgumentNullException.ThrowIfNull(network);
        if (parameters.Length != network.Layout.Count)
            throw new ArgumentException($"The network has {network.Layout.Count} parameters, but was given {parameters.Length}.", nameof(parameters));
        var tensors = new List<Tensor>();
        foreach (var slot in network.Layout.Slots)
            tensors.Add(Tensor.Of(slot.Name, slot.Of(parameters).ToArray(), slot.Shape.Extents.ToArray()));
        return [.. tensors, .. Of(statistics ?? [])];
    }

    /// <summary>Statistics of batch normalizations alone, in double precision, counted from 0.</summary>
    public static IReadOnlyList<Tensor> Of(IReadOnlyList<ChannelStatistics> statistics)
    {
        ArgumentNullException.ThrowIfNull(statistics);
        var tensors = new List<Tensor>();
        for (var i = 0; i < statistics.Count; i++)
        {
            var (mean, variance) = (statistics[i].Mean.ToArray(), statistics[i].Variance.ToArray());
            tensors.AddRange([Tensor.Of(Name(i, "mean"), mean, mean.Length), Tensor.Of(Name(i, "variance"), variance, variance.Length)]);
        }

        return tensors;
    }

    /// <summary>The flat parameters of a network.</summary>
    /// <param name="network">The network, which the tensors do not tell.</param>
    /// <param name="tensors">By name; in single or double precision.</param>
    /// <param name="path">The file's name for messages.</param>
    /// <exception cref="UnreadableFileException">A parameter is missing or has another shape, a tensor is neither a parameter nor a statistic of this network, or a number is not finite.</exception>
    public static double[] Parameters(INetwork network, IReadOnlyDictionary<string, Tensor> tensors, string path)
    {
        ArgumentNullException.ThrowIfNull(network);
        ArgumentNullException.ThrowIfNull(tensors);
        var flat = new double[network.Layout.Count];
        foreach (var slot in network.Layout.Slots)
            Read(tensors, slot.Name, slot.Shape, path, slot.Of(flat.AsSpan()));
        var known = network.Layout.Slots.Select(slot => slot.Name).ToHashSet(StringComparer.Ordinal);
        var normalizations = (network as LayeredNetwork)?.BatchNormalizations() ?? 0;
        for (var i = 0; i < normalizations; i++)
            known.UnionWith([Name(i, "mean"), Name(i, "variance")]);
        if (tensors.Keys.Where(name => !known.Contains(name)).Order(StringComparer.Ordinal).FirstOrDefault() is { } other)
        {
            throw new UnreadableFileException(path, other.StartsWith(StatisticsPrefix, StringComparison.Ordinal)
                ? $"{other} {Text(tensors[other])} is no mean or variance of the {normalizations} batch normalizations of this network"
                : $"{other} {Text(tensors[other])} is no parameter of this network");
        }

        return flat;
    }

    /// <summary>The statistics of the batch normalizations of a network; null where the tensors hold none, as of a network that was saved without them.</summary>
    /// <param name="network">The network in training mode.</param>
    /// <param name="tensors">By name; in single or double precision.</param>
    /// <param name="path">The file's name for messages.</param>
    /// <exception cref="UnreadableFileException">There are some, but not those of this network, or a number is not finite or a negative variance.</exception>
    public static IReadOnlyList<ChannelStatistics>? Statistics(LayeredNetwork network, IReadOnlyDictionary<string, Tensor> tensors, string path)
    {
        ArgumentNullException.ThrowIfNull(network);
        return Statistics(network.NormalizedChannels(), tensors, path);
    }

    /// <summary>The statistics of batch normalizations, such as those of a head alone; null where the tensors hold none.</summary>
    /// <param name="channels">The channels of each, in order.</param>
    /// <param name="tensors">By name; in single or double precision.</param>
    /// <param name="path">The file's name for messages.</param>
    /// <exception cref="UnreadableFileException">There are some, but not those, or a number is not finite or a negative variance.</exception>
    public static IReadOnlyList<ChannelStatistics>? Statistics(IReadOnlyList<int> channels, IReadOnlyDictionary<string, Tensor> tensors, string path)
    {
        ArgumentNullException.ThrowIfNull(channels);
        ArgumentNullException.ThrowIfNull(tensors);
        var stored = tensors.Keys.Count(name => name.StartsWith(StatisticsPrefix, StringComparison.Ordinal));
        if (stored == 0)
            return null;
        if (stored != 2 * channels.Count)
            throw new UnreadableFileException(path, $"there are {stored} means and variances of batch normalizations, but this network has {channels.Count} of them");
        var statistics = new ChannelStatistics[channels.Count];
        for (var i = 0; i < statistics.Length; i++)
        {
            var (mean, variance) = (new double[channels[i]], new double[channels[i]]);
            Read(tensors, Name(i, "mean"), new Shape(channels[i]), path, mean);
            Read(tensors, Name(i, "variance"), new Shape(channels[i]), path, variance);
            if (variance.Any(value => value < 0))
                throw new UnreadableFileException(path, $"{Name(i, "variance")} holds a negative number");
            statistics[i] = new ChannelStatistics(mean, variance);
        }

        return statistics;
    }

    private static string Name(int normalization, string kind) => string.Create(CultureInfo.InvariantCulture, $"{StatisticsPrefix}{normalization}.{kind}");

    private static void Read(IReadOnlyDictionary<string, Tensor> tensors, string name, Shape shape, string path, Span<double> values)
    {
        if (!tensors.TryGetValue(name, out var tensor))
            throw new UnreadableFileException(path, $"there is no {name} {shape}");
        if (!tensor.Shape.SequenceEqual(shape.Extents.ToArray()))
            throw new UnreadableFileException(path, $"{name} is {Text(tensor)}, but this network has {shape}");
        if (tensor.Type is not (DType.F32 or DType.F64))
            throw new UnreadableFileException(path, $"{name} holds {tensor.Type}, but parameters are F32 or F64");
        for (var i = 0; i < values.Length; i++)
        {
            values[i] = tensor.Type == DType.F32 ? tensor.Floats[i] : tensor.Doubles[i];
            if (!double.IsFinite(values[i]))
                throw new UnreadableFileException(path, $"{name} holds a number that is not finite, at place {i}");
        }
    }

    private static string Text(Tensor tensor) => $"[{string.Join(", ", tensor.Shape)}]";
}
