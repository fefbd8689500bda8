using Understudy.Engine.Graphs;

namespace Understudy.Engine.Primitives;

/// <summary>Indices […] to indicator rows […, Classes]; an index outside 0 to Classes − 1 gives a row of zeros. No derivative.</summary>
internal sealed record OneHot(int Classes) : Primitive
{
    internal override Shape Infer(ReadOnlySpan<Shape> inputs) => inputs[0].With(inputs[0].Rank, Classes);

    internal override void Evaluate(ReadOnlySpan<Shape> shapes, double[][] inputs, double[] result)
    {
        for (var i = 0; i < result.Length; i++)
            result[i] = inputs[0][i / Classes] == i % Classes ? 1 : 0;
    }

    internal override Sym? Jvp(Sym node, Sym?[] tangents) => null;

    internal override Sym?[] Vjp(Sym node, Sym cotangent) => [null];

    internal override Sym Replicate(Sym node, Sym[] inputs, bool[] replicated, int replicas) => Simplify.Node(this, node.Caller, inputs);
}
