using Understudy.Engine.Primitives;

namespace Understudy.Engine.Graphs;

/// <summary>A symbolic value: a node of an immutable computation graph.</summary>
/// <remarks>
/// Made by <see cref="Ops"/> and by the operators below; a graph is whatever is reachable from its outputs. There is no
/// ambient graph: values that meet in one operation belong together. <c>null</c> stands for a zero tangent or cotangent.
/// </remarks>
public sealed partial class Sym
{
    private readonly Sym[] _inputs;

    internal Sym(Primitive operation, string? caller, params Sym[] inputs)
    {
        Operation = operation;
        _inputs = inputs;
        Shape = operation.Infer(InputShapes());
        Caller = caller;
    }

    /// <summary>The extents of the value.</summary>
    public Shape Shape { get; }

    /// <summary>The operands, in order.</summary>
    public ReadOnlySpan<Sym> Inputs => _inputs;

    /// <summary>Where the node was traced, as <c>File.cs:line</c>, or null where an operator or a transform made it.</summary>
    public string? Caller { get; }

    internal Primitive Operation { get; }

    /// <summary>The operation and the shape: <c>MatMul [64, 50]</c>.</summary>
    public override string ToString() => $"{Operation.Name} {Shape}";

    internal Shape[] InputShapes()
    {
        var shapes = new Shape[_inputs.Length];
        for (var i = 0; i < shapes.Length; i++)
            shapes[i] = _inputs[i].Shape;
        return shapes;
    }
}
