using Understudy.Engine.Graphs;

namespace Understudy.Engine.Primitives;

/// <summary>One operation of the graph: its shape rule, its definition in double precision and its derivative rules.</summary>
/// <remarks>
/// Derived types are sealed records whose properties are the operation's attributes, so that two nodes with equal
/// operations and the same operands are the same value (common sub-expressions). Attributes must compare by value:
/// hold axes in <see cref="Axes"/>, never in an array. Derivative rules emit graph, so they can be differentiated again.
/// </remarks>
internal abstract record Primitive
{
    /// <summary>The name in messages and listings.</summary>
    internal string Name => GetType().Name;

    /// <summary>The shape of the result.</summary>
    /// <exception cref="ShapeException">The operands do not fit.</exception>
    internal abstract Shape Infer(ReadOnlySpan<Shape> inputs);

    /// <summary>The definition, in double precision: plain loops, no tricks. Kernels are compared with it.</summary>
    /// <param name="shapes">Shapes of the operands.</param>
    /// <param name="inputs">Their elements, row-major.</param>
    /// <param name="result">Receives the elements of the result; zero on entry.</param>
    internal abstract void Evaluate(ReadOnlySpan<Shape> shapes, double[][] inputs, double[] result);

    /// <summary>The tangent of <paramref name="node"/>; null where it is zero. A null tangent is a zero tangent, and at least one is not null.</summary>
    internal abstract Sym? Jvp(Sym node, Sym?[] tangents);

    /// <summary>The cotangent of every operand of <paramref name="node"/>; null where it is zero.</summary>
    internal abstract Sym?[] Vjp(Sym node, Sym cotangent);

    /// <summary>The operation for all replicas at once: operands marked in <paramref name="replicated"/> have a leading replica axis, and so has the result.</summary>
    /// <param name="node">The node of one replica.</param>
    /// <param name="inputs">Its operands; at least one of them is replicated.</param>
    /// <param name="replicated">Which operands carry the axis.</param>
    /// <param name="replicas">The extent of the axis.</param>
    internal abstract Sym Replicate(Sym node, Sym[] inputs, bool[] replicated, int replicas);

    /// <summary>The operands with the replica axis on every one: shared operands are broadcast (a plan reads them with stride zero).</summary>
    protected static Sym[] OnEvery(Sym[] inputs, bool[] replicated, int replicas)
    {
        var all = new Sym[inputs.Length];
        for (var i = 0; i < inputs.Length; i++)
            all[i] = replicated[i] ? inputs[i] : Ops.Broadcast(inputs[i], new Axes(0), inputs[i].Shape.With(0, replicas));
        return all;
    }
}
