using Understudy.Engine.Graphs;
using Understudy.Learning.Networks;

namespace Understudy.UnitTests.Learning.Curvature;

/// <summary>A network of ours that does not say so, and so has no closed form.</summary>
internal sealed class OpaqueNetwork(INetwork inner) : INetwork
{
    public ParameterLayout Layout => inner.Layout;

    public int Inputs => inner.Inputs;

    public int Outputs => inner.Outputs;

    public Sym Output(Sym input, IReadOnlyList<Sym> parameters) => inner.Output(input, parameters);
}
