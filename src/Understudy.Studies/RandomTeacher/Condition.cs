using Understudy.Engine;
using Understudy.Lab.Runs;
using Understudy.Learning.Distillation;
using Understudy.Learning.Networks;
using Understudy.Learning.Networks.Encoders;
using Understudy.Studies.RandomTeacher.Parts;

namespace Understudy.Studies.RandomTeacher;

/// <summary>A way to distil that is compared with others: one student per seed.</summary>
/// <param name="Name">Its word in tables.</param>
/// <param name="Network">Encoder and head.</param>
/// <param name="Alpha">How far students start from their teachers.</param>
/// <param name="Images">How many of the training images are distilled from.</param>
/// <param name="IsNoise">Whether normal numbers take their place.</param>
internal sealed record Condition(string Name, NetworkConfig Network, double Alpha, int Images, bool IsNoise)
{
    /// <summary>Whether the pixels of every image are permuted, in each otherwise.</summary>
    internal bool IsPermuted { get; init; }

    /// <summary>What is learned in place of the teacher's outputs; null for those.</summary>
    internal Target? Target { get; init; }

    /// <summary>The moments before the end at which its students are kept.</summary>
    internal IReadOnlyList<StudentMoment> Moments { get; init; } = [];

    /// <summary>Whether a seed has images of its own.</summary>
    internal bool HasOwnImages => IsNoise || IsPermuted;

    /// <summary>What a seed's students see.</summary>
    internal ReadOnlySpan<float> Inputs(Pictures pictures, RunContext run, int seed) => IsNoise ? pictures.Noise(run, seed) : IsPermuted ? pictures.Permuted(run, seed) : pictures.Train.Values;

    /// <summary>What a configuration says.</summary>
    internal static Condition Of(RandomTeacherConfig config, string name) => new(name, config.Network, config.Training.Alpha, config.Data.Train, IsNoise: false);

    /// <summary>The same with another normalization.</summary>
    internal static Condition Of(RandomTeacherConfig config, string name, Normalization normalization)
        => Of(config, name) with { Network = config.Network with { Normalization = normalization } };

    /// <summary>The network for images of a shape.</summary>
    internal ProjectedEncoder Build(Shape image) => Build(Network, image);

    /// <summary>The network for images of a shape.</summary>
    /// <exception cref="FormatException">Encoder or bottleneck cannot be read.</exception>
    /// <exception cref="ShapeException">The image is too small.</exception>
    internal static ProjectedEncoder Build(NetworkConfig network, Shape image) => new(
        EncoderText.Network(network.Encoder, image, network.Normalization),
        new HeadOptions { Hidden = network.Head, Bottleneck = network.Bottleneck, Outputs = network.Outputs, Activation = network.HeadActivation == HeadActivation.Gelu ? NodeActivation.Gelu : NodeActivation.Relu, Shape = BottleneckShape.Parse(network.Shape), IsNormalized = network.NormalizedHead });
}
