using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Understudy.Engine.Primitives;

namespace Understudy.Engine.Graphs;

/// <summary>The operations that build graphs.</summary>
/// <remarks>
/// Shapes are checked while tracing (<see cref="ShapeException"/>). Element-wise operations need operands of equal shapes, where an operand
/// whose shape is a suffix of the other's (a scalar, or a bias [n] beside [batch, n]) is broadcast. Negative axes count from the last.
/// The optional parameters <c>file</c> and <c>line</c> are filled in by the compiler and kept in <see cref="Sym.Caller"/>.
/// </remarks>
public static partial class Ops
{
    private static readonly string Engine = ThisFile()[..ThisFile().LastIndexOf("Graphs", StringComparison.Ordinal)];

    /// <summary>A value to be handed in when the graph runs.</summary>
    public static Sym Input(Shape shape) => new(new Input(null, shape), null);

    /// <summary>A value to be handed in when the graph runs; no extents make a scalar.</summary>
    public static Sym Input(params ReadOnlySpan<int> extents) => new(new Input(null, new Shape(extents)), null);

    /// <summary>A value to be handed in when the graph runs. The label serves messages and listings; it need not be unique.</summary>
    public static Sym Input(string label, Shape shape) => new(new Input(label, shape), null);

    /// <summary>A labelled value to be handed in when the graph runs; no extents make a scalar.</summary>
    public static Sym Input(string label, params ReadOnlySpan<int> extents) => new(new Input(label, new Shape(extents)), null);

    /// <summary>A scalar that is the same in every run.</summary>
    public static Sym Constant(double value) => Constant(value, Shape.Scalar);

    /// <summary>The same number in every element.</summary>
    public static Sym Constant(double value, Shape shape) => new(new Constant(value, shape), null);

    /// <summary>Given numbers, row-major, the same in every run.</summary>
    /// <exception cref="ArgumentException">There are not as many numbers as the shape has elements.</exception>
    public static Sym Constant(ReadOnlySpan<double> values, Shape shape)
    {
        if (values.Length != shape.Count)
            throw new ArgumentException($"{values.Length} numbers do not fill the shape {shape}.", nameof(values));
        var bits = MemoryMarshal.Cast<double, long>(values);
        return bits.ContainsAnyExcept(bits[0]) ? new(new Literal(values.ToArray(), shape), null) : Constant(values[0], shape);
    }

    /// <summary>The value of x, through which no derivative passes: a constant for every transform.</summary>
    public static Sym StopGradient(Sym x, [CallerFilePath] string file = "", [CallerLineNumber] int line = 0)
        => Node(new StopGradient(), file, line, x);

    private static Sym Node(Primitive operation, string file, int line, params Sym[] inputs)
        => Simplify.Node(operation, At(file, line), inputs);

    // Derivative rules call these functions too; their lines say nothing about where the user traced.
    private static string? At(string file, int line)
        => file.StartsWith(Engine, StringComparison.Ordinal) ? null : $"{Path.GetFileName(file)}:{line}";

    private static string ThisFile([CallerFilePath] string path = "") => path;

    private static int Axis(int axis, Sym x) => axis < 0 ? axis + x.Shape.Rank : axis;
}
