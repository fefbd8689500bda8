using Understudy.Engine.Graphs;

namespace Understudy.Learning.Networks;

/// <summary>A function of inputs and parameters that the engine can trace.</summary>
/// <remarks>Examples do not see each other: row i of the output depends on row i of the input alone.</remarks>
public interface INetwork
{
    /// <summary>Where each parameter stands in the flat vector.</summary>
    ParameterLayout Layout { get; }

    /// <summary>d, the numbers of one example.</summary>
    int Inputs { get; }

    /// <summary>C, the outputs of one example.</summary>
    int Outputs { get; }

    /// <summary>The output [batch, C] for an input [batch, d].</summary>
    /// <param name="input">[batch, d].</param>
    /// <param name="parameters">In the order of <see cref="Layout"/>.</param>
    Sym Output(Sym input, IReadOnlyList<Sym> parameters);
}
