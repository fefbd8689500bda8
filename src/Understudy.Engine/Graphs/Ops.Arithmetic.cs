using System.Runtime.CompilerServices;
using Understudy.Engine.Primitives;

namespace Understudy.Engine.Graphs;

/// <content>Arithmetic and choices, element by element.</content>
public static partial class Ops
{
    /// <summary>scale · x + shift, rounded once, with constants of the graph.</summary>
    public static Sym Affine(Sym x, double scale, double shift, [CallerFilePath] string file = "", [CallerLineNumber] int line = 0)
        => Node(new Affine(scale, shift), file, line, x);

    /// <summary>a + b.</summary>
    /// <exception cref="ShapeException">The shapes do not fit.</exception>
    public static Sym Add(Sym a, Sym b, [CallerFilePath] string file = "", [CallerLineNumber] int line = 0)
        => Pointwise(new Add(), At(file, line), a, b);

    /// <summary>a − b.</summary>
    /// <exception cref="ShapeException">The shapes do not fit.</exception>
    public static Sym Subtract(Sym a, Sym b, [CallerFilePath] string file = "", [CallerLineNumber] int line = 0)
        => Pointwise(new Subtract(), At(file, line), a, b);

    /// <summary>The element-wise (Hadamard) product a · b.</summary>
    /// <exception cref="ShapeException">The shapes do not fit.</exception>
    public static Sym Multiply(Sym a, Sym b, [CallerFilePath] string file = "", [CallerLineNumber] int line = 0)
        => Pointwise(new Multiply(), At(file, line), a, b);

    /// <summary>a / b.</summary>
    /// <exception cref="ShapeException">The shapes do not fit.</exception>
    public static Sym Divide(Sym a, Sym b, [CallerFilePath] string file = "", [CallerLineNumber] int line = 0)
        => Pointwise(new Divide(), At(file, line), a, b);

    /// <summary>x + s · y, rounded once: the update of gradient descent, with s = −learning rate.</summary>
    /// <remarks>A scalar s stays a scalar.</remarks>
    /// <exception cref="ShapeException">The shapes do not fit.</exception>
    public static Sym ScaledAdd(Sym x, Sym s, Sym y, [CallerFilePath] string file = "", [CallerLineNumber] int line = 0)
    {
        Sym[] pair = [x, y];
        Align(pair);
        return Node(new ScaledAdd(), file, line, pair[0], s.Shape.Rank == 0 ? s : Aligned(s, pair[0].Shape), pair[1]);
    }

    /// <summary>The larger of a and b; at a tie the derivative belongs to a.</summary>
    /// <exception cref="ShapeException">The shapes do not fit.</exception>
    public static Sym Max(Sym a, Sym b, [CallerFilePath] string file = "", [CallerLineNumber] int line = 0)
        => Pointwise(new Max(), At(file, line), a, b);

    /// <summary>The smaller of a and b; at a tie the derivative belongs to a.</summary>
    /// <exception cref="ShapeException">The shapes do not fit.</exception>
    public static Sym Min(Sym a, Sym b, [CallerFilePath] string file = "", [CallerLineNumber] int line = 0)
        => Pointwise(new Min(), At(file, line), a, b);

    /// <summary>1 where a &gt; b, and 0 elsewhere; the derivative is zero.</summary>
    /// <exception cref="ShapeException">The shapes do not fit.</exception>
    public static Sym Greater(Sym a, Sym b, [CallerFilePath] string file = "", [CallerLineNumber] int line = 0)
        => Pointwise(new Greater(), At(file, line), a, b);

    /// <summary>a where the condition is not zero, and b elsewhere; the value not taken has no influence, even where it is not a number.</summary>
    /// <exception cref="ShapeException">The shapes do not fit.</exception>
    public static Sym Select(Sym condition, Sym a, Sym b, [CallerFilePath] string file = "", [CallerLineNumber] int line = 0)
        => Pointwise(new Select(), At(file, line), condition, a, b);

    internal static Sym Scaled(Sym x, double scale, double shift) => Simplify.Node(new Affine(scale, shift), null, x);

    internal static Sym Pointwise(Primitive operation, string? caller, params Sym[] operands)
    {
        Align(operands);
        return Simplify.Node(operation, caller, operands);
    }

    /// <summary>Broadcasts every operand to the largest shape among them; one that does not fit stays, for the operation to name.</summary>
    private static void Align(Sym[] operands)
    {
        var largest = operands[0].Shape;
        foreach (var operand in operands)
            largest = operand.Shape.Rank > largest.Rank ? operand.Shape : largest;
        foreach (var operand in operands)
        {
            if (!IsSuffix(operand.Shape, largest))
                return;
        }

        for (var i = 0; i < operands.Length; i++)
            operands[i] = Aligned(operands[i], largest);
    }

    private static Sym Aligned(Sym x, Shape to)
        => x.Shape == to || !IsSuffix(x.Shape, to) ? x : Broadcast(x, Axes.Range(0, to.Rank - x.Shape.Rank), to);

    private static bool IsSuffix(Shape shape, Shape of) => of.Rank >= shape.Rank && of.Extents[(of.Rank - shape.Rank)..].SequenceEqual(shape.Extents);
}
