using Understudy.Engine.Graphs;
using Understudy.Engine.Kernels;

namespace Understudy.Engine.Plans;

/// <summary>One instruction to be: what it reads and what it writes.</summary>
internal abstract class PlanStep
{
    /// <summary>The values read, in no particular order; aliases not yet resolved.</summary>
    internal abstract IEnumerable<Sym> Reads { get; }

    /// <summary>The values written.</summary>
    internal abstract IEnumerable<Sym> Writes { get; }

    /// <summary>The node whose kernel the step runs, where that is one of its own.</summary>
    internal virtual Sym? Computed => null;

    /// <summary>A line for people.</summary>
    internal abstract string Describe();
}

/// <summary>A matrix product or a convolution with its epilogue.</summary>
internal sealed class ProductStep(Product product) : PlanStep
{
    internal Product Product => product;

    internal override Sym Computed => product.Node;

    /// <summary>What is read but the state: while the result is being written, too.</summary>
    internal IEnumerable<Sym> Operands => new[] { product.Node.Inputs[0], product.Node.Inputs[1], product.Bias, product.Alpha }.OfType<Sym>();

    internal override IEnumerable<Sym> Reads => product.State is null ? Operands : Operands.Append(product.State);

    internal override IEnumerable<Sym> Writes => [product.Result];

    internal override string Describe()
    {
        var epilogue = (product.Bias is null ? "" : " + bias") + (product.Activation == Activation.None ? "" : $", {product.Activation}");
        var target = product.State is null ? "" : " into state";
        return $"{product.Node.Operation.Name} {product.Node.Inputs[0].Shape} {product.Node.Inputs[1].Shape}{epilogue}{target}";
    }
}

/// <summary>Element-wise operations of one size, executed strip by strip.</summary>
internal sealed class GroupStep : PlanStep
{
    internal List<GroupOperation> Operations { get; } = [];

    /// <summary>Sums over rows of values of the group, in order, while a strip of them is in the cache.</summary>
    internal List<Sym> Sums { get; } = [];

    internal int Count => Operations[0].Result.Shape.Count;

    internal override IEnumerable<Sym> Reads => Operations.SelectMany(operation => operation.Operands).Select(operand => operand.Source).Concat(Sums.Select(sum => sum.Inputs[0]));

    /// <summary>The values read element by element, unlike scalars.</summary>
    internal IEnumerable<Sym> WholeReads
        => Operations.SelectMany(operation => operation.Operands).Where(operand => !operand.IsScalar).Select(operand => operand.Source);

    internal override IEnumerable<Sym> Writes => Operations.Select(operation => operation.Result).Concat(Sums);

    /// <summary>The values read by the operations that come after the one that computes <paramref name="node"/>.</summary>
    internal IEnumerable<Sym> ReadsAfter(Sym node)
        => Operations.SkipWhile(operation => operation.Result != node).Skip(1).SelectMany(operation => operation.Operands).Select(operand => operand.Source);

    internal override string Describe()
        => "{" + string.Join(", ", Operations.Select(operation => operation.Kernel)) + "} " + Operations[0].Result.Shape + (Sums.Count == 0 ? "" : $", {Sums.Count} sum(s) of rows");
}

/// <summary>An operation with a kernel of its own: a reduction, or one that moves elements.</summary>
internal sealed class SingleStep(Sym node) : PlanStep
{
    internal Sym Node => node;

    internal override Sym Computed => node;

    internal override IEnumerable<Sym> Reads => node.Inputs.ToArray();

    internal override IEnumerable<Sym> Writes => [node];

    internal override string Describe() => node.ToString();
}

/// <summary>Copies an updated value over the state it replaces, where it could not be computed in place.</summary>
internal sealed class CopyStep(Sym from, Sym to) : PlanStep
{
    internal Sym From => from;

    internal Sym To => to;

    internal override IEnumerable<Sym> Reads => [from];

    internal override IEnumerable<Sym> Writes => [];

    internal override string Describe() => $"Copy {from.Shape}";
}
