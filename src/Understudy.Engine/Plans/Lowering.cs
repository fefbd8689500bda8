using Understudy.Engine.Graphs;
using Understudy.Engine.Primitives;

namespace Understudy.Engine.Plans;

/// <summary>Rewrites sums and broadcasts over scattered axes as several over neighbouring axes, which kernels know.</summary>
internal static class Lowering
{
    /// <summary>An equal graph whose sums and broadcasts each concern one block of neighbouring axes.</summary>
    internal static Sym[] Of(Sym[] outputs)
    {
        var map = new Dictionary<Sym, Sym>();
        foreach (var node in Canonical.TopologicalOrder(outputs))
        {
            var inputs = new Sym[node.Inputs.Length];
            var changed = false;
            for (var i = 0; i < inputs.Length; i++)
            {
                inputs[i] = map[node.Inputs[i]];
                changed |= inputs[i] != node.Inputs[i];
            }

            map[node] = node.Operation switch
            {
                Sum sum when Blocks(sum.Over) is { Count: > 1 } blocks => Sums(inputs[0], blocks, node.Caller),
                Broadcast broadcast when Blocks(broadcast.Inserted) is { Count: > 1 } blocks => Broadcasts(inputs[0], broadcast, blocks, node.Caller),
                _ => changed ? new Sym(node.Operation, node.Caller, inputs) : node,
            };
        }

        return [.. outputs.Select(output => map[output])];
    }

    /// <summary>Axes as runs of neighbours, in order.</summary>
    internal static List<int[]> Blocks(Axes axes)
    {
        var blocks = new List<int[]>();
        var start = 0;
        for (var i = 1; i <= axes.Values.Length; i++)
        {
            if (i < axes.Values.Length && axes.Values[i] == axes.Values[i - 1] + 1)
                continue;
            blocks.Add(axes.Values[start..i].ToArray());
            start = i;
        }

        return blocks;
    }

    // the last axes first, so that the numbers of the others stay right
    private static Sym Sums(Sym x, List<int[]> blocks, string? caller)
    {
        for (var i = blocks.Count - 1; i >= 0; i--)
            x = new Sym(new Sum(new Axes(blocks[i])), caller, x);
        return x;
    }

    // the first axes first: each block is inserted where it stands in the result
    private static Sym Broadcasts(Sym x, Broadcast broadcast, List<int[]> blocks, string? caller)
    {
        foreach (var block in blocks)
        {
            var shape = x.Shape;
            foreach (var axis in block)
                shape = shape.With(axis, broadcast.To[axis]);
            x = new Sym(new Broadcast(new Axes(block), shape), caller, x);
        }

        return x;
    }
}
