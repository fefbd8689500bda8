using Understudy.Engine.Primitives;

namespace Understudy.Engine.Graphs;

/// <summary>Orders graphs and rebuilds them with equal nodes merged.</summary>
internal static class Canonical
{
    /// <summary>Every node the outputs need, operands before their users: depth first from the first output on, operands from left to right.</summary>
    internal static Sym[] TopologicalOrder(params ReadOnlySpan<Sym> outputs)
    {
        var order = new List<Sym>();
        var visited = new HashSet<Sym>();

        // An explicit stack of (node, next operand): a graph may be deeper than the thread's stack.
        var path = new Stack<(Sym Node, int Next)>();
        foreach (var output in outputs)
        {
            if (visited.Add(output))
                path.Push((output, 0));
            while (path.TryPop(out var top))
            {
                if (top.Next == top.Node.Inputs.Length)
                {
                    order.Add(top.Node);
                    continue;
                }

                path.Push((top.Node, top.Next + 1));
                var operand = top.Node.Inputs[top.Next];
                if (visited.Add(operand))
                    path.Push((operand, 0));
            }
        }

        return [.. order];
    }

    /// <summary>The same values with common sub-expressions merged; nodes that need no change are kept. Inputs are never merged.</summary>
    /// <param name="outputs">The values to rebuild.</param>
    /// <param name="expandMacros">Whether macro operations are replaced by their expansions.</param>
    internal static Sym[] Of(Sym[] outputs, bool expandMacros = false) => Rebuild(outputs, [], expandMacros);

    /// <summary>The value with <paramref name="old"/> nodes replaced by <paramref name="replacements"/>.</summary>
    internal static Sym Substitute(Sym output, ReadOnlySpan<Sym> old, ReadOnlySpan<Sym> replacements)
    {
        var map = new Dictionary<Sym, Sym>();
        for (var i = 0; i < old.Length; i++)
            map[old[i]] = replacements[i];
        return Rebuild([output], map, expandMacros: false)[0];
    }

    /// <summary>The nodes of the outputs rebuilt over the replacements in <paramref name="map"/>, which receives every node's successor.</summary>
    internal static Sym[] Rebuild(Sym[] outputs, Dictionary<Sym, Sym> map, bool expandMacros)
    {
        var merger = new CommonSubexpressions();
        foreach (var node in TopologicalOrder(outputs))
        {
            if (!map.ContainsKey(node))
                map[node] = merger.Merged(Successor(node, map, expandMacros));
        }

        var results = new Sym[outputs.Length];
        for (var i = 0; i < results.Length; i++)
            results[i] = map[outputs[i]];
        return results;
    }

    private static Sym Successor(Sym node, Dictionary<Sym, Sym> map, bool expandMacros)
    {
        var inputs = new Sym[node.Inputs.Length];
        var changed = false;
        for (var i = 0; i < inputs.Length; i++)
        {
            inputs[i] = map[node.Inputs[i]];
            changed |= inputs[i] != node.Inputs[i];
        }

        if (expandMacros && node.Operation is Macro macro)
            return macro.Expand(inputs);
        return changed ? Simplify.Node(node.Operation, node.Caller, inputs) : node;
    }
}
