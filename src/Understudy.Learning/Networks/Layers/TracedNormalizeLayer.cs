using Understudy.Engine;
using Understudy.Engine.Graphs;

namespace Understudy.Learning.Networks.Layers;

/// <summary>Batch normalization in evaluation mode with statistics that are values of a graph.</summary>
internal sealed class TracedNormalizeLayer(BatchNormLayer layer, Sym mean, Sym variance) : ILayer
{
    public Shape Output(Shape example) => layer.Output(example);

    public IReadOnlyList<(string Name, Shape Shape)> Parameters(Shape example) => layer.Parameters(example);

    public Sym Apply(Sym input, ReadOnlySpan<Sym> parameters) => Ops.Normalize(input, mean, variance, parameters[0], parameters[1], layer.Epsilon);
}
