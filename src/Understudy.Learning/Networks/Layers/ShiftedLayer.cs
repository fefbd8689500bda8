using Understudy.Engine;
using Understudy.Engine.Graphs;

namespace Understudy.Learning.Networks.Layers;

/// <summary>A layer with a further input added to what it makes: the derivative by that input is the one by the layer's result.</summary>
internal sealed class ShiftedLayer(ILayer layer, Action<Sym, Sym> told) : ILayer
{
    public bool CouplesExamples => layer.CouplesExamples;

    public Shape Output(Shape example) => layer.Output(example);

    public IReadOnlyList<(string Name, Shape Shape)> Parameters(Shape example) => layer.Parameters(example);

    public double MultiplyAdds(Shape example) => layer.MultiplyAdds(example);

    public Sym Apply(Sym input, ReadOnlySpan<Sym> parameters)
    {
        var result = layer.Apply(input, parameters);
        var shift = Ops.Input("shift", result.Shape);
        told(input, shift);
        return result + shift;
    }
}
