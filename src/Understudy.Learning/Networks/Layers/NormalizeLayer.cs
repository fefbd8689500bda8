using Understudy.Engine;
using Understudy.Engine.Graphs;

namespace Understudy.Learning.Networks.Layers;

/// <summary>Batch normalization in evaluation mode: every channel with a given mean and variance, times a scale plus a shift.</summary>
/// <remarks>Its parameters are those of <see cref="BatchNormLayer"/>. The statistics are constants: no derivative goes through them, and examples do not see each other.</remarks>
/// <param name="statistics">Of the channels; null for those a network starts with, mean 0 and variance 1.</param>
public sealed class NormalizeLayer(ChannelStatistics? statistics = null) : ILayer
{
    /// <summary>ε, which is added to the variance.</summary>
    public double Epsilon { get; init; } = 1e-5;

    /// <summary>The given statistics; null for mean 0 and variance 1.</summary>
    internal ChannelStatistics? Statistics => statistics;

    /// <inheritdoc/>
    public Shape Output(Shape example)
        => example.Rank >= 1 && (statistics is null || statistics.Mean.Length == example[-1])
            ? example
            : throw new ShapeException("Normalize", statistics is null ? "examples with channels" : $"examples with {statistics.Mean.Length} channels", example);

    /// <inheritdoc/>
    public IReadOnlyList<(string Name, Shape Shape)> Parameters(Shape example) => [("scale", new Shape(example[-1])), ("shift", new Shape(example[-1]))];

    /// <inheritdoc/>
    public Sym Apply(Sym input, ReadOnlySpan<Sym> parameters)
    {
        ArgumentNullException.ThrowIfNull(input);
        var channels = new Shape(input.Shape[-1]);
        var mean = statistics is null ? Ops.Constant(0, channels) : Ops.Constant(statistics.Mean, channels);
        var variance = statistics is null ? Ops.Constant(1, channels) : Ops.Constant(statistics.Variance, channels);
        return Ops.Normalize(input, mean, variance, parameters[0], parameters[1], Epsilon);
    }
}
