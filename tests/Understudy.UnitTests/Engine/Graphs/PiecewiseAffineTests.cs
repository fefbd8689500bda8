using Understudy.Engine;
using Understudy.Engine.Graphs;
using Understudy.Engine.Plans;

namespace Understudy.UnitTests.Engine.Graphs;

public sealed class PiecewiseAffineTests
{
    private static readonly Sym X = Ops.Input("x", new Shape(3, 4));
    private static readonly Sym W = Ops.Input("w", new Shape(4, 4));
    private static readonly Sym V = Ops.Input("v", new Shape(4, 4));

    [Fact]
    public void Products_of_different_inputs_are_affine_in_each_and_of_one_with_itself_are_not()
    {
        var layers = Ops.MatMul(Ops.Rectify(Ops.MatMul(X, W)), V);
        var residual = Ops.MatMul(X, W) + Ops.MatMul(Ops.Rectify(Ops.MatMul(X, W)), V);

        Assert.True(PiecewiseAffine.InEach(layers, [W, V]));
        Assert.True(PiecewiseAffine.InEach(residual, [W, V]));
        Assert.True(PiecewiseAffine.InEach(0.5 * Ops.Sum(layers) - 3.0, [W, V]));
        Assert.False(PiecewiseAffine.InEach(Ops.MatMul(Ops.MatMul(X, W), W), [W, V]));
        Assert.False(PiecewiseAffine.InEach(Ops.MatMul(Ops.Rectify(Ops.MatMul(X, W)), W), [W]));
        // in the other one alone it still is
        Assert.True(PiecewiseAffine.InEach(Ops.MatMul(Ops.MatMul(Ops.MatMul(X, W), W), V), [V]));
    }

    [Fact]
    public void Curved_functions_and_quotients_of_what_is_looked_at_are_not()
    {
        var z = Ops.MatMul(X, W);

        Assert.All(new[] { Ops.Tanh(z), Ops.Square(z), Ops.Exp(z), z / (1.0 + z), z * z, Ops.Softmax(z, 1) }, value => Assert.False(PiecewiseAffine.InEach(value, [W])));
        Assert.All(new[] { Ops.Tanh(X), Ops.Square(X) }, value => Assert.True(PiecewiseAffine.InEach(Ops.MatMul(value, W), [W])));
        Assert.True(PiecewiseAffine.InEach(z / (1.0 + Ops.Square(X)), [W]));
    }

    [Fact]
    public void A_yes_means_that_second_derivatives_by_elements_of_one_input_vanish() => Property.Holds(20, draw =>
    {
        // between the kinks: differences of second order along one element
        var value = Ops.Sum(Ops.Max(Ops.MatMul(Ops.Abs(Ops.MatMul(X, W)), V), Ops.MatMul(X, V)));
        Assert.True(PiecewiseAffine.InEach(value, [W, V]));
        double[] x = draw.Normal(12), w = draw.Normal(16), v = draw.Normal(16);
        double At(double[] first, double[] second)
        {
            using var plan = Plan.Compile([value], new PlanOptions { Precision = DType.F64 });
            plan.Write(X, x);
            plan.Write(W, first);
            plan.Write(V, second);
            plan.Run();
            return plan.Scalar(0);
        }

        double Bend(int element, bool ofSecond)
        {
            double[] Moved(double[] from, double by) => [.. from.Select((number, i) => i == element ? number + by : number)];
            double Value(double by) => ofSecond ? At(w, Moved(v, by)) : At(Moved(w, by), v);
            return Value(1e-4) - (2 * Value(0)) + Value(-1e-4);
        }

        // a kink within 1e-4 of the point bends by some 1e-4; elements without one by rounding alone
        var bends = Enumerable.Range(0, 16).SelectMany(i => new[] { Math.Abs(Bend(i, false)), Math.Abs(Bend(i, true)) }).Order().ToArray();
        Assert.InRange(bends[bends.Length / 2], 0, 1e-12);
    });
}
