using Understudy.Engine;
using Understudy.Engine.Graphs;

namespace Understudy.Learning.Networks.Layers;

/// <summary>A part of a network: what it makes of the values of a batch.</summary>
public interface ILayer
{
    /// <summary>Whether an example's result depends on the other examples of the batch.</summary>
    bool CouplesExamples => false;

    /// <summary>The shape of one example's result.</summary>
    /// <param name="example">The shape of one example's input, without the axis of the batch.</param>
    /// <exception cref="ShapeException">The layer does not take such an input.</exception>
    Shape Output(Shape example);

    /// <summary>Names and shapes of the parameters, in order.</summary>
    /// <param name="example">The shape of one example's input.</param>
    IReadOnlyList<(string Name, Shape Shape)> Parameters(Shape example);

    /// <summary>Multiplications with an addition for one example.</summary>
    /// <param name="example">The shape of one example's input.</param>
    double MultiplyAdds(Shape example) => Parameters(example).Where(parameter => parameter.Shape.Rank > 1).Sum(parameter => (double)parameter.Shape.Count);

    /// <summary>The result [batch, …] of an input [batch, …].</summary>
    /// <param name="input">The values of a batch.</param>
    /// <param name="parameters">As many as <see cref="Parameters"/> names.</param>
    Sym Apply(Sym input, ReadOnlySpan<Sym> parameters);

    /// <summary>The same layer with every layer inside of it, or itself where there is none, replaced: in the order in which they are applied.</summary>
    /// <param name="by">What takes the place of a layer, which may be itself.</param>
    ILayer Replaced(Func<ILayer, ILayer> by)
    {
        ArgumentNullException.ThrowIfNull(by);
        return by(this);
    }
}
