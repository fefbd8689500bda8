using Understudy.Engine;
using Understudy.Engine.Graphs;

namespace Understudy.Learning.Networks.Layers;

/// <summary>ψ of every number.</summary>
/// <param name="activation">ψ.</param>
public sealed class ActivationLayer(NodeActivation activation) : ILayer
{
    /// <summary>ψ.</summary>
    internal NodeActivation Activation => activation;

    /// <inheritdoc/>
    public Shape Output(Shape example) => example;

    /// <inheritdoc/>
    public IReadOnlyList<(string Name, Shape Shape)> Parameters(Shape example) => [];

    /// <inheritdoc/>
    public Sym Apply(Sym input, ReadOnlySpan<Sym> parameters) => activation.Of(input);
}
