using Understudy.Engine.Graphs;
using Understudy.Engine.Primitives;
using Understudy.UnitTests.Engine.Primitives;

namespace Understudy.UnitTests.Engine.Graphs;

/// <summary>Order and merging of graphs.</summary>
public class CanonicalTests
{
    [Fact]
    public void Equal_expressions_become_one_node()
    {
        var (x, w) = (Ops.Input(2, 3), Ops.Input(3, 4));
        var (first, second) = (Ops.Tanh(Ops.MatMul(x, w)), Ops.Tanh(Ops.MatMul(x, w)));

        var merged = Canonical.Of([first, second, Ops.Sum(first * second)]);

        Assert.NotSame(first, second);
        Assert.Same(merged[0], merged[1]);
        Assert.Single(Canonical.TopologicalOrder(merged), node => node.Operation is MatMul);
    }

    [Fact]
    public void Different_attributes_stay_apart()
    {
        var x = Ops.Input(2, 2);

        var merged = Canonical.Of([Ops.Rectify(x, 0.1), Ops.Rectify(x, 0.2), Ops.Sum(x, 0), Ops.Sum(x, 1)]);

        Assert.Equal(4, merged.Distinct().Count());
    }

    [Fact]
    public void Inputs_are_never_merged()
    {
        var (a, b) = (Ops.Input("x", 3), Ops.Input("x", 3));

        var merged = Canonical.Of([Ops.Exp(a), Ops.Exp(b)]);

        Assert.NotSame(merged[0], merged[1]);
    }

    [Fact]
    public void A_graph_without_duplicates_is_kept_as_it_is()
    {
        var x = Ops.Input(3);
        var y = Ops.Sum(Ops.Exp(x) * x);

        Assert.Same(y, Canonical.Of([y])[0]);
    }

    [Theory]
    [MemberData(nameof(DerivativeLawTests.Cases), MemberType = typeof(DerivativeLawTests))]
    public void Merging_and_expanding_keep_values(string name)
    {
        var point = new Point(PrimitiveCases.Named(name), seed: 12);
        Sym[] outputs = [point.Output, .. Transforms.Grad(point.Loss(), point.Wrt)];

        var (before, after) = (point.Evaluate(outputs), point.Evaluate(Canonical.Of(outputs, expandMacros: true)));

        for (var i = 0; i < outputs.Length; i++)
            DerivativeLaws.AssertClose(before[i], after[i], 1e-14);
    }

    [Fact]
    public void Expanding_leaves_no_macro_operation()
    {
        var (x, w, b) = (Ops.Input(2, 3), Ops.Input(3, 4), Ops.Input(4));
        var loss = Ops.MseLoss(Ops.LinearRectify(x, w, b), Ops.LinearRectify(x, w, b, 0.1));

        var expanded = Canonical.Of([loss], expandMacros: true);

        var order = Canonical.TopologicalOrder(expanded);
        Assert.DoesNotContain(order, node => node.Operation is Macro);
        Assert.Single(order, node => node.Operation is MatMul);
    }

    [Fact]
    public void Operands_come_before_their_users_from_left_to_right()
    {
        var (x, y) = (Ops.Input(3), Ops.Input(3));
        var (left, right) = (Ops.Exp(x), Ops.Sin(y));
        var sum = left + right;

        Assert.Equal([x, left, y, right, sum], Canonical.TopologicalOrder(sum));
        Assert.Equal([y, right, x, left, sum], Canonical.TopologicalOrder(right, sum));
    }

    [Fact]
    public void A_graph_may_be_a_hundred_thousand_nodes_deep()
    {
        const int Depth = 100_000;
        var x = Ops.Input();
        var y = x;
        for (var i = 1; i < Depth; i++)
            y += x;

        var gradient = Transforms.Grad(y, x)[0];
        var tangent = Transforms.Jvp(y, new Dictionary<Sym, Sym> { [x] = Ops.Constant(1) })!;

        var results = Reference.Evaluate(new Dictionary<Sym, double[]> { [x] = [0.5] }, y, gradient, tangent);
        Assert.Equal([Depth / 2, Depth, Depth], results.Select(result => result[0]));
    }

    [Fact]
    public void Nodes_know_the_line_that_made_them()
    {
        var x = Ops.Input(2, 3);

        Assert.StartsWith("CanonicalTests.cs:", Ops.Exp(x).Caller, StringComparison.Ordinal);
        Assert.Null((x + x).Caller);
        Assert.All(
            Canonical.TopologicalOrder(Transforms.Grad(Ops.Sum(Ops.Sigmoid(Ops.Sigmoid(x))), x)),
            node => Assert.True(node.Operation is Sigmoid || node.Caller is null));
        Assert.Equal("Exp [2, 3]", Ops.Exp(x).ToString());
    }
}
