using Understudy.Engine.Graphs;
using Understudy.Learning.Geometry;
using Understudy.Learning.Networks;

namespace Understudy.UnitTests.Learning;

public class NodeActivationTests
{
    private static readonly double[] Points = [-6, -2.5, -1, -0.3, -0.01, 0.02, 0.4, 1.1, 3, 7];

    public static TheoryData<ActivationKind, double> All => new()
    {
        { ActivationKind.Rectified, 0 }, { ActivationKind.Rectified, 0.3 }, { ActivationKind.Rectified, 1 },
        { ActivationKind.Tanh, 0 }, { ActivationKind.Gelu, 0 }, { ActivationKind.Erf, 0 },
    };

    [Theory]
    [MemberData(nameof(All))]
    public void Numbers_are_those_of_the_graph_and_of_its_derivatives(ActivationKind kind, double slope)
    {
        var (activation, z) = (new NodeActivation(kind, slope), Ops.Input(Points.Length));
        var first = Transforms.Grad(Ops.Sum(activation.Of(z)), z)[0];
        var second = Transforms.Grad(Ops.Sum(first), z)[0];
        var values = Reference.Evaluate(new Dictionary<Sym, double[]> { [z] = Points }, [activation.Of(z), first, second]);

        for (var i = 0; i < Points.Length; i++)
        {
            Assert.Equal(values[0][i], activation.Of(Points[i]), 1e-14);
            Assert.Equal(values[1][i], activation.Derivative(Points[i]), 1e-14);
            Assert.Equal(values[2][i], activation.SecondDerivative(Points[i]), 1e-14);
        }
    }

    [Fact]
    public void Published_values_of_gelu_and_erf()
    {
        // Φ(1) and erf(1/√2) = 2Φ(1) − 1 from tables of the normal distribution
        Assert.Equal(0.8413447460685429, NodeActivation.Gelu.Of(1.0), 1e-15);
        Assert.Equal(0.6826894921370859, NodeActivation.Erf.Of(1.0), 1e-15);
    }

    [Fact]
    public void Only_rectified_nodes_have_boundaries()
    {
        var network = Mlp.Of(NodeActivation.Tanh, 2, 3, 1);

        var refused = Assert.Throws<ArgumentException>(() => TwoLayerNodes.Of(network, new double[network.Layout.Count]));

        Assert.Contains("Nodes of Tanh have no boundaries", refused.Message, StringComparison.Ordinal);
    }
}
