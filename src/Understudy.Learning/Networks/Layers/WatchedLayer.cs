using Understudy.Engine;
using Understudy.Engine.Graphs;

namespace Understudy.Learning.Networks.Layers;

/// <summary>A layer that tells what it is applied to, and what it makes of it.</summary>
internal sealed class WatchedLayer(ILayer layer, Action<Sym> told, Action<Sym>? gave = null) : ILayer
{
    public bool CouplesExamples => layer.CouplesExamples;

    public Shape Output(Shape example) => layer.Output(example);

    public IReadOnlyList<(string Name, Shape Shape)> Parameters(Shape example) => layer.Parameters(example);

    public double MultiplyAdds(Shape example) => layer.MultiplyAdds(example);

    public Sym Apply(Sym input, ReadOnlySpan<Sym> parameters)
    {
        told(input);
        var result = layer.Apply(input, parameters);
        gave?.Invoke(result);
        return result;
    }
}
