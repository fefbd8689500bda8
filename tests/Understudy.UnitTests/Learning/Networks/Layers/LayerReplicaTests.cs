using Understudy.Engine;
using Understudy.Engine.Graphs;
using Understudy.Engine.Plans;
using static Understudy.UnitTests.Learning.Curvature.NetworkCurvatureTests;

namespace Understudy.UnitTests.Learning.Networks.Layers;

public sealed class LayerReplicaTests
{
    private const int Examples = 4;
    private const int Replicas = 3;

    [Theory]
    [MemberData(nameof(LayerDerivativeTests.Names), MemberType = typeof(LayerDerivativeTests))]
    public void A_replica_has_the_outputs_and_gradients_that_it_has_alone(string name)
    {
        var (draw, network) = (new Draw(name.Length), LayerDerivativeTests.Networks[name]);
        var (input, parameters) = (Ops.Input("x", Examples, network.Inputs), network.Layout.ToInputs());
        var output = network.Output(input, parameters);
        Sym[] alone = [output, .. Transforms.Grad(Ops.Sum(Ops.Square(output)), parameters)];
        var copies = parameters.ToDictionary(parameter => parameter, parameter => Ops.Input(parameter.Shape.With(0, Replicas)));
        var x = draw.Normal(Examples * network.Inputs);
        double[][] points = [.. Enumerable.Range(0, Replicas).Select(_ => draw.Normal(network.Layout.Count))];

        var together = Run(
            Transforms.Replicate(alone, copies, Replicas),
            [(input, x), .. parameters.Select((parameter, i) => (copies[parameter], points.SelectMany(point => network.Layout.Slots[i].Of<double>(point).ToArray()).ToArray()))]);

        for (var replica = 0; replica < Replicas; replica++)
        {
            var expected = Run(alone, [(input, x), .. parameters.Select((parameter, i) => (parameter, network.Layout.Slots[i].Of<double>(points[replica]).ToArray()))]);
            double[] Own(int i) => together[i][(replica * expected[i].Length)..((replica + 1) * expected[i].Length)];
            AssertClose(expected[0], Own(0));
            // all parameters at once: a bias in front of a normalization has a gradient of rounding only
            AssertClose([.. expected[1..].SelectMany(values => values)], [.. Enumerable.Range(1, parameters.Length).SelectMany(Own)]);
        }
    }

    private static double[][] Run(Sym[] outputs, (Sym Input, double[] Values)[] given)
    {
        using var plan = Plan.Compile(outputs, new PlanOptions { Precision = DType.F64 });
        foreach (var (symbol, values) in given)
            plan.Write(symbol, values);
        plan.Run();
        return [.. outputs.Select((output, i) =>
        {
            var values = new double[output.Shape.Count];
            plan.Read(i, values);
            return values;
        })];
    }
}
