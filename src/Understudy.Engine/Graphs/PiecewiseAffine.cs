using Understudy.Engine.Primitives;

namespace Understudy.Engine.Graphs;

/// <summary>Whether a value is piecewise affine in some of its inputs, each by itself.</summary>
/// <remarks>
/// It then has no second derivative by two elements of one input where it is smooth: the blocks on the diagonal of its Hessian vanish. So it is with a network of rectifiers in each of its weight
/// matrices, while the others stay. Products of values that depend on one and the same input do not count, nor do operations that are not known to be piecewise affine: a yes is certain, a no may be wrong.
/// </remarks>
public static class PiecewiseAffine
{
    /// <summary>Whether it is in every one of the inputs.</summary>
    public static bool InEach(Sym output, IReadOnlyList<Sym> inputs)
    {
        ArgumentNullException.ThrowIfNull(output);
        ArgumentNullException.ThrowIfNull(inputs);
        // by node, the inputs that it depends on
        var seen = new Dictionary<Sym, HashSet<Sym>>();
        foreach (var input in inputs)
            seen[input] = [input];
        foreach (var node in Canonical.TopologicalOrder(Canonical.Of([output], expandMacros: true)))
        {
            if (seen.ContainsKey(node))
                continue;
            HashSet<Sym>[] on = [.. node.Inputs.ToArray().Select(operand => seen[operand])];
            if (Dependence(node.Operation, on) is not { } all)
                return false;
            seen[node] = all;
        }

        return true;
    }

    /// <summary>What a result depends on; null where it is not piecewise affine in each.</summary>
    private static HashSet<Sym>? Dependence(Primitive operation, HashSet<Sym>[] on)
    {
        if (Array.TrueForAll(on, operand => operand.Count == 0))
            return [];
        switch (operation)
        {
            // constant between jumps
            case Step or Sign or Greater or ArgMax or OneHot or PoolPlaces:
                return [];
            case Add or Subtract or Affine or Broadcast or Sum or Concat or Reshape or Permute or Slice or Pad or Rectify or Abs or Max or Min or MaxAlong:
                return Union(on);
            // the first operand, at places that the second one tells
            case PoolGather or PoolScatter or GatherRows or ScatterAddRows when on[1].Count == 0:
                return on[0];
            case Select when on[0].Count == 0:
                return Union(on);
            case Divide when on[1].Count == 0:
                return on[0];
            case Multiply or MatMul or ConvolutionSum when on.Length == 2 && !on[0].Overlaps(on[1]):
                return Union(on);
            default:
                return null;
        }
    }

    private static HashSet<Sym> Union(HashSet<Sym>[] on)
    {
        var all = new HashSet<Sym>();
        foreach (var operand in on)
            all.UnionWith(operand);
        return all;
    }
}
