using Understudy.Engine.Graphs;
using Understudy.Engine.Kernels;
using Understudy.Engine.Primitives;

namespace Understudy.Engine.Plans;

/// <summary>Turns nodes into element-wise operations, folding a gate into the product that uses it.</summary>
internal sealed class ElementPatterns(Uses uses, ProductPatterns products, Func<Sym, bool> varies)
{
    /// <summary>Whether the operation computes every element from the elements at the same place.</summary>
    internal static bool IsElementwise(Sym node) => node.Operation is (Unary and not StopGradient) or Binary or ScaledAdd or Primitives.Select;

    /// <summary>Whether the node is computed inside the operation that uses it.</summary>
    internal bool IsAbsorbed(Sym node)
        => node.Operation is Primitives.Step && uses.IsSingle(node) && uses.Of(node)[0] is { Operation: Multiply } product
            && varies(node) == varies(product) && GateOf(product) == node;

    /// <summary>The operation that computes a node.</summary>
    internal GroupOperation Operation(Sym node)
    {
        if (node.Operation is Multiply && GateOf(node) is { } gate && IsAbsorbed(gate))
        {
            var other = node.Inputs[0] == gate ? node.Inputs[1] : node.Inputs[0];
            return new GroupOperation(
                node, ElementOperation.RectifyGrad, ((Primitives.Step)gate.Operation).Slope, 0, [Operand(gate.Inputs[0], node), Operand(other, node)]);
        }

        var operands = new GroupOperand[node.Inputs.Length];
        for (var i = 0; i < operands.Length; i++)
            operands[i] = Operand(node.Inputs[i], node);
        var (kernel, p, q) = ElementKernels.Of(node.Operation);
        return new GroupOperation(node, kernel, p, q, operands);
    }

    private static Sym? GateOf(Sym product)
        => product.Inputs[0].Operation is Primitives.Step ? product.Inputs[0]
            : product.Inputs[1].Operation is Primitives.Step ? product.Inputs[1]
            : null;

    private GroupOperand Operand(Sym source, Sym result)
    {
        source = products.Gate(source);
        // one number read by one number is an ordinary element, perhaps of the same group
        return Scalars.Source(source) is { } scalar
            ? new GroupOperand(scalar, IsScalar: result.Shape.Count > 1 || scalar.Operation is Constant)
            : new GroupOperand(source, IsScalar: false);
    }
}
