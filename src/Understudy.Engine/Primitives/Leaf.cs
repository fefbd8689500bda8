using System.Runtime.InteropServices;
using Understudy.Engine.Graphs;

namespace Understudy.Engine.Primitives;

/// <summary>A node without operands. It has no derivative and no replica rule: transforms replace it or leave it.</summary>
internal abstract record Leaf(Shape Extents) : Primitive
{
    internal sealed override Shape Infer(ReadOnlySpan<Shape> inputs) => Extents;

    internal sealed override Sym? Jvp(Sym node, Sym?[] tangents) => null;

    internal sealed override Sym?[] Vjp(Sym node, Sym cotangent) => [];

    internal sealed override Sym Replicate(Sym node, Sym[] inputs, bool[] replicated, int replicas) => node;
}

/// <summary>A value handed in when the graph runs. Two inputs are never the same value, whatever their labels.</summary>
internal sealed record Input(string? Label, Shape Extents) : Leaf(Extents)
{
    internal override void Evaluate(ReadOnlySpan<Shape> shapes, double[][] inputs, double[] result)
        => throw new InvalidOperationException("An input has a value only where one is handed in.");
}

/// <summary>The same number in every element.</summary>
internal sealed record Constant(double Value, Shape Extents) : Leaf(Extents)
{
    internal override void Evaluate(ReadOnlySpan<Shape> shapes, double[][] inputs, double[] result) => Array.Fill(result, Value);
}

/// <summary>Given numbers, one per element, the same in every run.</summary>
internal sealed record Literal(ReadOnlyMemory<double> Values, Shape Extents) : Leaf(Extents)
{
    internal override void Evaluate(ReadOnlySpan<Shape> shapes, double[][] inputs, double[] result) => Values.Span.CopyTo(result);

    // by bits: a zero and a negative zero are different values
    public bool Equals(Literal? other) => other is not null && Extents == other.Extents && Bits.SequenceEqual(other.Bits);

    public override int GetHashCode() => HashCode.Combine(Extents, Bits[0], Bits[^1]);

    private ReadOnlySpan<long> Bits => MemoryMarshal.Cast<double, long>(Values.Span);
}
