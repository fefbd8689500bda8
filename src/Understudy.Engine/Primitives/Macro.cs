using Understudy.Engine.Graphs;

namespace Understudy.Engine.Primitives;

/// <summary>An operation with a kernel of its own that is defined by a composition of primitives.</summary>
/// <remarks>Its first-order reverse rule is written by hand; the transforms expand it before anything of higher order.</remarks>
internal abstract record Macro : Primitive
{
    /// <summary>The definition.</summary>
    internal abstract Sym Expand(Sym[] inputs);

    internal sealed override void Evaluate(ReadOnlySpan<Shape> shapes, double[][] inputs, double[] result)
    {
        var (standIns, expansion) = Expanded(shapes);
        var values = new Dictionary<Sym, double[]>();
        for (var i = 0; i < standIns.Length; i++)
            values[standIns[i]] = inputs[i];
        Reference.Evaluate(values, expansion)[0].CopyTo(result, 0);
    }

    internal sealed override Sym? Jvp(Sym node, Sym?[] tangents)
    {
        var (standIns, expansion) = Expanded(node.InputShapes());
        var given = new Dictionary<Sym, Sym>();
        for (var i = 0; i < standIns.Length; i++)
        {
            if (tangents[i] is { } tangent)
                given[standIns[i]] = tangent;
        }

        return Transforms.Jvp(expansion, given) is { } result ? Canonical.Substitute(result, standIns, node.Inputs) : null;
    }

    internal sealed override Sym Replicate(Sym node, Sym[] inputs, bool[] replicated, int replicas)
    {
        var (standIns, expansion) = Expanded(node.InputShapes());
        var given = new Dictionary<Sym, Sym>();
        for (var i = 0; i < standIns.Length; i++)
        {
            if (replicated[i])
                given[standIns[i]] = inputs[i];
        }

        return Canonical.Substitute(Transforms.Replicate([expansion], given, replicas)[0], standIns, inputs);
    }

    // Stand-ins, because simplification may look through the real operands.
    private (Sym[] StandIns, Sym Expansion) Expanded(ReadOnlySpan<Shape> shapes)
    {
        var standIns = new Sym[shapes.Length];
        for (var i = 0; i < standIns.Length; i++)
            standIns[i] = Ops.Input(shapes[i]);
        return (standIns, Expand(standIns));
    }
}
