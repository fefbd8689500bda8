using Understudy.Engine;
using Understudy.Engine.Graphs;
using Understudy.Engine.Primitives;
using Understudy.UnitTests.Engine.Primitives;

namespace Understudy.UnitTests.Engine.Graphs;

/// <summary>Derivatives of whole networks.</summary>
public class TransformsTests
{
    [Fact]
    public void Gradients_by_hand_of_a_linear_regression()
    {
        var (x, w, y) = (Ops.Input(2, 2), Ops.Input(2, 1), Ops.Input(2, 1));
        var loss = Ops.Mean(Ops.Square(Ops.MatMul(x, w) - y));

        var gradient = Transforms.Grad(loss, w)[0];

        // (2/n) Xᵀ (X w − y) with residuals 2 and −1.
        var values = new Dictionary<Sym, double[]> { [x] = [1, 2, 3, 4], [w] = [1, 1], [y] = [1, 8] };
        Assert.Equal([-1, 0], Reference.Evaluate(values, gradient)[0]);
    }

    [Theory]
    [InlineData(2.0, 2.0, 1.0)]
    [InlineData(-2.0, -0.2, 0.1)]
    [InlineData(0.0, 0.0, 0.1)]
    public void Rectify_has_its_slope_at_zero(double at, double value, double slope)
    {
        var x = Ops.Input();
        var y = Ops.Rectify(x, 0.1);

        var results = Reference.Evaluate(new Dictionary<Sym, double[]> { [x] = [at] }, y, Transforms.Grad(y, x)[0]);

        Assert.Equal(value, results[0][0], 15);
        Assert.Equal(slope, results[1][0], 15);
    }

    [Fact]
    public void Ties_belong_to_the_first()
    {
        var (a, b, x) = (Ops.Input(), Ops.Input(), Ops.Input(3));
        var values = new Dictionary<Sym, double[]> { [a] = [1], [b] = [1], [x] = [0, 2, 2] };

        var results = Reference.Evaluate(
            values,
            [
                .. Transforms.Grad(Ops.Max(a, b), a, b), .. Transforms.Grad(Ops.Min(a, b), a, b),
                .. Transforms.Grad(Ops.MaxAlong(x), x), Ops.ArgMax(x), Ops.Greater(a, b),
            ]);

        Assert.Equal([1, 0, 1, 0], results[..4].Select(result => result[0]));
        Assert.Equal([0, 1, 0], results[4]);
        Assert.Equal([1, 0], results[5..].Select(result => result[0]));
    }

    [Fact]
    public void Curvature_of_a_smooth_network_is_the_difference_of_gradients()
    {
        var net = new Network(x => Ops.Tanh(x));
        const double Step = 1e-6;

        var exact = net.Evaluate(0, Transforms.Hvp(net.Loss, net.Weights, net.Directions));
        var ahead = net.Evaluate(Step, Transforms.Grad(net.Loss, net.Weights));
        var behind = net.Evaluate(-Step, Transforms.Grad(net.Loss, net.Weights));

        for (var i = 0; i < exact.Length; i++)
        {
            double[] difference = [.. ahead[i].Zip(behind[i], (a, b) => (a - b) / (2 * Step))];
            DerivativeLaws.AssertClose(difference, exact[i], 1e-7);
        }
    }

    [Fact]
    public void Both_orders_of_second_derivatives_agree_for_a_rectified_network()
    {
        var net = new Network(x => Ops.Rectify(x, 0.1));

        var forward = net.Evaluate(0, Transforms.Hvp(net.Loss, net.Weights, net.Directions));
        var reverse = net.Evaluate(0, Transforms.HvpInReverse(net.Loss, net.Weights, net.Directions));

        for (var i = 0; i < forward.Length; i++)
            DerivativeLaws.AssertClose(forward[i], reverse[i], 1e-10);
    }

    [Fact]
    public void Gauss_newton_is_the_hessian_of_a_linear_model()
    {
        var (x, w, v, p) = (Ops.Input(5, 3), Ops.Input(3, 4), Ops.Input(3, 4), Ops.Input(5, 4));
        var output = Ops.MatMul(x, w);
        Sym Loss(Sym z) => Ops.SoftmaxCrossEntropy(z, p);
        var numbers = new Numbers(2);
        var values = new[] { x, w, v, p }.ToDictionary(input => input, input => numbers.Any(input.Shape.Count));

        var results = Reference.Evaluate(
            values, Transforms.Ggn(output, Loss, [w], [v])[0], Transforms.Hvp(Loss(output), [w], [v])[0]);

        DerivativeLaws.AssertClose(results[1], results[0], 1e-12);
    }

    [Fact]
    public void Gauss_newton_of_a_network_is_jacobian_transposed_times_jacobian()
    {
        var net = new Network(x => Ops.Tanh(x));
        var tangent = Transforms.Jvp(net.Output, net.Weights.Zip(net.Directions).ToDictionary(pair => pair.First, pair => pair.Second))!;

        var ggn = Transforms.Ggn(net.Output, z => 0.5 * Ops.Sum(Ops.Square(z - net.Target)), net.Weights, net.Directions);

        var results = net.Evaluate(0, [Ops.Sum(Ops.Square(tangent)), Point.Inner(net.Directions, ggn)]);
        DerivativeLaws.AssertClose(results[0], results[1], 1e-12);
    }

    [Fact]
    public void Prepare_and_apply_give_the_same_product()
    {
        var net = new Network(x => Ops.Tanh(x));
        var product = Transforms.Hvp(net.Loss, net.Weights, net.Directions);

        var parts = Transforms.Linearize(product, net.Directions);

        var kept = net.Evaluate(0, [.. parts.Prepared]);
        for (var i = 0; i < kept.Length; i++)
            net.Values[parts.Kept[i]] = kept[i];
        var (whole, applied) = (net.Evaluate(0, product), net.Evaluate(0, [.. parts.Outputs]));
        for (var i = 0; i < whole.Length; i++)
            DerivativeLaws.AssertClose(whole[i], applied[i], 1e-14);
        var prepare = Canonical.TopologicalOrder([.. parts.Prepared]);
        var apply = Canonical.TopologicalOrder([.. parts.Outputs]);
        Assert.DoesNotContain(prepare, net.Directions.Contains);
        Assert.DoesNotContain(prepare.Intersect(apply), node => node.Operation is not (Leaf or Reshape or Broadcast));
        Assert.All(parts.Prepared, node => Assert.False(node.Operation is Broadcast or Reshape));
    }

    [Fact]
    public void Two_layers_cost_the_products_the_textbook_counts()
    {
        var net = new Network(x => Ops.Tanh(x));

        var gradient = Transforms.Grad(net.Loss, net.Weights);
        var parts = Transforms.Linearize(Transforms.Hvp(net.Loss, net.Weights, net.Directions), net.Directions);

        // Forward x W1, h W2; backward δ W2ᵀ, hᵀ δ, xᵀ δ1. Pearlmutter 1994: the gradient's own products, except those of the forward
        // and backward sweep, are not needed, and each of the three sweeps is differentiated in both factors.
        Assert.Equal(5, Products([net.Loss, .. gradient]));
        Assert.Equal(3, Products(parts.Prepared));
        Assert.Equal(8, Products(parts.Outputs));

        static int Products(IEnumerable<Sym> outputs) => Canonical.TopologicalOrder([.. outputs]).Count(node => node.Operation is MatMul);
    }

    [Fact]
    public void A_network_of_macro_operations_costs_no_more_products()
    {
        var (x, w1, b1, w2, b2) = (Ops.Input(7, 4), Ops.Input(4, 5), Ops.Input(5), Ops.Input(5, 3), Ops.Input(3));
        Sym[] weights = [w1, b1, w2, b2];
        Sym[] directions = [.. weights.Select(weight => Ops.Input(weight.Shape))];
        var loss = Ops.MseLoss(Ops.Linear(Ops.LinearRectify(x, w1, b1), w2, b2), Ops.Input(7, 3));

        var product = Canonical.TopologicalOrder(Transforms.Hvp(loss, weights, directions));
        var gaussNewton = Canonical.TopologicalOrder(Transforms.Ggn(
            Ops.Linear(Ops.LinearRectify(x, w1, b1), w2, b2), z => Ops.MseLoss(z, Ops.Input(7, 3)), weights, directions));

        // One less than for a smooth network: nothing needs the first layer's δ where the slope of the activation does not change.
        Assert.Equal(10, product.Count(node => node.Operation is MatMul or LinearAct));
        Assert.Equal(7, gaussNewton.Count(node => node.Operation is MatMul or LinearAct));
    }

    [Fact]
    public void An_output_that_needs_no_vector_is_prepared()
    {
        var (x, v) = (Ops.Input(3), Ops.Input(3));
        var fixedValue = Ops.Exp(x);

        var parts = Transforms.Linearize([fixedValue, fixedValue * v], v);

        Assert.Equal([fixedValue], parts.Prepared);
        Assert.Same(parts.Kept[0], parts.Outputs[0]);
    }

    [Fact]
    public void What_does_not_depend_has_no_derivative()
    {
        var (x, y) = (Ops.Input(3), Ops.Input(2));
        var loss = Ops.Sum(Ops.Exp(x)) + Ops.Sum(Ops.StopGradient(y));

        Assert.Null(Transforms.Vjp(loss, Ops.Constant(1), y)[0]);
        Assert.Null(Transforms.Jvp(loss, new Dictionary<Sym, Sym> { [y] = Ops.Input(2) }));
        Assert.Equal([0, 0], Reference.Evaluate(new Dictionary<Sym, double[]>(), Transforms.Grad(loss, y))[0]);
        Assert.Equal([0, 0], Reference.Evaluate(new Dictionary<Sym, double[]>(), Transforms.Hvp(loss, [y], [Ops.Input(2)]))[0]);
    }

    [Fact]
    public void Several_outputs_share_one_reverse_sweep()
    {
        var (x, u) = (Ops.Input(2), Ops.Input(2));
        Sym[] outputs = [Ops.Exp(x), Ops.Square(x), x];

        var cotangent = Transforms.Vjp(outputs, [u, null, u], x)[0]!;

        var value = Reference.Evaluate(new Dictionary<Sym, double[]> { [x] = [0, 1], [u] = [2, 3] }, cotangent)[0];
        DerivativeLaws.AssertClose([4, 3 + (3 * Math.E)], value, 1e-15);
    }

    [Fact]
    public void Transforms_refuse_what_is_not_an_input()
    {
        var x = Ops.Input(2, 3);
        var inner = Ops.Exp(x);

        var error = Assert.Throws<ArgumentException>(() => Transforms.Grad(Ops.Sum(inner), inner));

        Assert.StartsWith("Transforms act on inputs, but were given Exp [2, 3]; add an input to the value and hand in zeros.", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Gradients_are_of_scalars()
    {
        var x = Ops.Input(2);

        var error = Assert.Throws<ShapeException>(() => Transforms.Grad(x, x));

        Assert.Equal("Grad needs a scalar loss, but was given [2].", error.Message);
    }

    [Fact]
    public void Tangents_and_cotangents_have_the_shapes_of_their_values()
    {
        var x = Ops.Input(2);

        var forward = Assert.Throws<ShapeException>(() => Transforms.Jvp(x, new Dictionary<Sym, Sym> { [x] = Ops.Input(3) }));
        var reverse = Assert.Throws<ShapeException>(() => Transforms.Vjp(x, Ops.Input(3), x));

        Assert.Equal("Jvp needs a tangent with its input's shape, but was given [2] and [3].", forward.Message);
        Assert.Equal("Vjp needs a cotangent with its output's shape, but was given [2] and [3].", reverse.Message);
    }

    /// <summary>A network with one hidden layer and values for everything.</summary>
    private sealed class Network
    {
        internal Network(Func<Sym, Sym> activation)
        {
            var x = Ops.Input("x", 7, 4);
            Weights = [Ops.Input("w1", 4, 5), Ops.Input("b1", 5), Ops.Input("w2", 5, 3)];
            Directions = [.. Weights.Select(weight => Ops.Input(weight.Shape))];
            Output = Ops.MatMul(activation(Ops.MatMul(x, Weights[0]) + Weights[1]), Weights[2]);
            Loss = Ops.MseLoss(Output, Target);
            var numbers = new Numbers(3);
            foreach (var input in (Sym[])[x, Target, .. Weights, .. Directions])
                Values[input] = numbers.Any(input.Shape.Count);
        }

        internal Sym[] Weights { get; }

        internal Sym[] Directions { get; }

        internal Sym Output { get; }

        internal Sym Target { get; } = Ops.Input("target", 7, 3);

        internal Sym Loss { get; }

        internal Dictionary<Sym, double[]> Values { get; } = [];

        internal double[][] Evaluate(double moved, Sym[] outputs)
        {
            var values = new Dictionary<Sym, double[]>(Values);
            for (var i = 0; i < Weights.Length; i++)
                values[Weights[i]] = [.. Values[Weights[i]].Zip(Values[Directions[i]], (w, v) => w + (moved * v))];
            return Reference.Evaluate(values, outputs);
        }
    }
}
