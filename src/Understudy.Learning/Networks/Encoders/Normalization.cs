using Understudy.Learning.Networks.Layers;

namespace Understudy.Learning.Networks.Encoders;

/// <summary>What normalizes the channels of images after a convolution.</summary>
public enum Normalization
{
    /// <summary>Nothing.</summary>
    None,

    /// <summary>Batch normalization in training mode; <see cref="LayeredNetwork.InEvaluationMode"/> fixes its statistics.</summary>
    Batch,

    /// <summary>Every channel of an image by itself.</summary>
    Instance,

    /// <summary>Groups of 8 channels of an image.</summary>
    Group,

    /// <summary>All channels and pixels of an image together.</summary>
    Layer,
}

/// <summary>Layers that encoders are made of.</summary>
internal static class EncoderLayers
{
    private const int GroupChannels = 8;

    /// <summary>ReLU.</summary>
    internal static ILayer Relu => new ActivationLayer(NodeActivation.Relu);

    /// <summary>The normalization of a kind as a layer, or none.</summary>
    internal static ILayer[] Layers(this Normalization kind) => kind switch
    {
        Normalization.None => [],
        Normalization.Batch => [new BatchNormLayer()],
        Normalization.Instance => [new GroupNormLayer(1)],
        Normalization.Group => [new GroupNormLayer(GroupChannels)],
        Normalization.Layer => [new GroupNormLayer(null)],
        _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, "This is no normalization."),
    };

    /// <summary>A number of channels times a factor, rounded.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Not even one is left.</exception>
    internal static int Scaled(int channels, double width)
    {
        var scaled = Math.Round(channels * width);
        return scaled is >= 1 and <= int.MaxValue
            ? (int)scaled
            : throw new ArgumentOutOfRangeException(nameof(width), width, $"{channels} channels times {width} are none.");
    }
}
