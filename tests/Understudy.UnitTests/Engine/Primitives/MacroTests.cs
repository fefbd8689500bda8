using Understudy.Engine.Graphs;

namespace Understudy.UnitTests.Engine.Primitives;

/// <summary>Macro operations against their expansions.</summary>
public class MacroTests
{
    public static TheoryData<string> Cases => PrimitiveCases.MacroNames;

    [Theory]
    [MemberData(nameof(Cases))]
    public void Value_gradient_and_curvature_are_those_of_the_expansion(string name)
    {
        var point = new Point(PrimitiveCases.Named(name), seed: 6);
        var loss = point.Loss();
        var expanded = Canonical.Of([loss], expandMacros: true)[0];

        Sym[] ofMacro = [loss, .. Transforms.Grad(loss, point.Wrt), .. Transforms.Hvp(loss, point.Wrt, point.Directions)];
        Sym[] ofExpansion = [expanded, .. Transforms.Grad(expanded, point.Wrt), .. Transforms.Hvp(expanded, point.Wrt, point.Directions)];

        var (macro, expansion) = (point.Evaluate(ofMacro), point.Evaluate(ofExpansion));
        for (var i = 0; i < macro.Length; i++)
            DerivativeLaws.AssertClose(expansion[i], macro[i], 1e-12);
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void Rules_asked_directly_go_through_the_expansion(string name)
    {
        var point = new Point(PrimitiveCases.Named(name), seed: 7);
        var node = point.Output;
        Sym?[] tangents = new Sym?[node.Inputs.Length];
        tangents[0] = Ops.Input(node.Inputs[0].Shape);
        point.Give(tangents[0]!);
        var replicated = new bool[node.Inputs.Length];
        replicated[0] = true;
        var copies = Ops.BroadcastAlong(node.Inputs[0], 0, 2);

        var direct = node.Operation.Jvp(node, tangents)!;
        var share = Point.Inner([node.Operation.Vjp(node, Ops.Constant(1, node.Shape))[0]!], [tangents[0]!]);
        var both = node.Operation.Replicate(node, [copies, .. node.Inputs[1..]], replicated, 2);

        var results = point.Evaluate(Ops.Sum(direct), share, Ops.Slice(both, 0, 1, 1), node);
        DerivativeLaws.AssertClose(results[0], results[1], 1e-12);
        DerivativeLaws.AssertClose(results[3], results[2], 1e-12);
    }

    [Fact]
    public void Cross_entropy_of_labels_is_the_mean_negative_log_probability()
    {
        var (z, labels) = (Ops.Input(2, 3), Ops.Input(2));
        var loss = Ops.SoftmaxCrossEntropy(z, Ops.OneHot(labels, 3));
        double[] logits = [1, 2, 3, 0, -1, 4];

        var value = Reference.Evaluate(new Dictionary<Sym, double[]> { [z] = logits, [labels] = [2, 0] }, loss)[0][0];

        var first = 3 - Math.Log(Math.Exp(1) + Math.Exp(2) + Math.Exp(3));
        var second = 0 - Math.Log(Math.Exp(0) + Math.Exp(-1) + Math.Exp(4));
        Assert.Equal(-(first + second) / 2, value, 14);
    }
}
