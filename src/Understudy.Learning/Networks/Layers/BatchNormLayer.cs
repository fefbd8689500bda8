using Understudy.Engine;
using Understudy.Engine.Graphs;

namespace Understudy.Learning.Networks.Layers;

/// <summary>Batch normalization in training mode: every channel with the mean and the biased variance of the batch, times a scale plus a shift.</summary>
/// <remarks>Every example sees the others, and derivatives go through the statistics (Ioffe and Szegedy 2015).</remarks>
public sealed class BatchNormLayer : ILayer
{
    /// <summary>ε, which is added to the variance.</summary>
    public double Epsilon { get; init; } = 1e-5;

    /// <inheritdoc/>
    public bool CouplesExamples => true;

    /// <inheritdoc/>
    public Shape Output(Shape example) => example.Rank >= 1 ? example : throw new ShapeException("BatchNorm", "examples with channels", example);

    /// <inheritdoc/>
    public IReadOnlyList<(string Name, Shape Shape)> Parameters(Shape example) => [("scale", new Shape(example[-1])), ("shift", new Shape(example[-1]))];

    /// <inheritdoc/>
    public Sym Apply(Sym input, ReadOnlySpan<Sym> parameters) => Ops.BatchNorm(input, parameters[0], parameters[1], Epsilon);

    /// <summary>The layer that takes given statistics in place of the batch's; null for mean 0 and variance 1.</summary>
    public NormalizeLayer InEvaluationMode(ChannelStatistics? statistics = null) => new(statistics) { Epsilon = Epsilon };
}
