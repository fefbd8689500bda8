using Understudy.Engine.Graphs;

namespace Understudy.Learning.Networks;

/// <summary>A function of inputs and parameters that the engine can trace.</summary>
public interface INetwork
{
    /// <summary>Where each parameter stands in the flat vector.</summary>
    ParameterLayout Layout { get; }

    /// <summary>d, the numbers of one example.</summary>
    int Inputs { get; }

    /// <summary>C, the outputs of one example.</summary>
    int Outputs { get; }

    /// <summary>Whether row i of the output depends on other rows of the input than row i, as with batch normalization: then a batch is whole or another function.</summary>
    bool CouplesExamples => false;

    /// <summary>Multiplications with an addition that the output of one example takes, for estimates of time.</summary>
    double MultiplyAdds => Layout.Count;

    /// <summary>The output [batch, C] for an input [batch, d].</summary>
    /// <param name="input">[batch, d].</param>
    /// <param name="parameters">In the order of <see cref="Layout"/>.</param>
    Sym Output(Sym input, IReadOnlyList<Sym> parameters);
}
