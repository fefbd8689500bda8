using System.Diagnostics.CodeAnalysis;
using Understudy.Engine.Primitives;

namespace Understudy.Engine.Graphs;

/// <content>Arithmetic in the field's notation; every operator is the function of the same name in <see cref="Ops"/>.</content>
[SuppressMessage("Usage", "CA2225", Justification = "The named alternates are the functions of Ops.")]
public sealed partial class Sym
{
    /// <summary>Element-wise sum; an operand whose shape is a suffix of the other's is broadcast.</summary>
    /// <exception cref="ShapeException">Neither shape is a suffix of the other.</exception>
    public static Sym operator +(Sym left, Sym right) => Ops.Pointwise(new Add(), null, left, right);

    /// <summary>Element-wise difference; an operand whose shape is a suffix of the other's is broadcast.</summary>
    /// <exception cref="ShapeException">Neither shape is a suffix of the other.</exception>
    public static Sym operator -(Sym left, Sym right) => Ops.Pointwise(new Subtract(), null, left, right);

    /// <summary>Element-wise product; an operand whose shape is a suffix of the other's is broadcast.</summary>
    /// <exception cref="ShapeException">Neither shape is a suffix of the other.</exception>
    public static Sym operator *(Sym left, Sym right) => Ops.Pointwise(new Multiply(), null, left, right);

    /// <summary>Element-wise quotient; an operand whose shape is a suffix of the other's is broadcast.</summary>
    /// <exception cref="ShapeException">Neither shape is a suffix of the other.</exception>
    public static Sym operator /(Sym left, Sym right) => Ops.Pointwise(new Divide(), null, left, right);

    /// <summary>−x.</summary>
    public static Sym operator -(Sym value) => Ops.Scaled(value, -1, 0);

    /// <summary>x + c in every element.</summary>
    public static Sym operator +(Sym left, double right) => Ops.Scaled(left, 1, right);

    /// <summary>c + x in every element.</summary>
    public static Sym operator +(double left, Sym right) => Ops.Scaled(right, 1, left);

    /// <summary>x − c in every element.</summary>
    public static Sym operator -(Sym left, double right) => Ops.Scaled(left, 1, -right);

    /// <summary>c − x in every element.</summary>
    public static Sym operator -(double left, Sym right) => Ops.Scaled(right, -1, left);

    /// <summary>c · x in every element.</summary>
    public static Sym operator *(Sym left, double right) => Ops.Scaled(left, right, 0);

    /// <summary>c · x in every element.</summary>
    public static Sym operator *(double left, Sym right) => Ops.Scaled(right, left, 0);

    /// <summary>x times 1/c in every element (the reciprocal is rounded once, in double precision).</summary>
    public static Sym operator /(Sym left, double right) => Ops.Scaled(left, 1 / right, 0);

    /// <summary>c / x in every element.</summary>
    public static Sym operator /(double left, Sym right) => Ops.Pointwise(new Divide(), null, Ops.Constant(left, right.Shape), right);
}
