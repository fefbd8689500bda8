using Understudy.Engine.Primitives;

namespace Understudy.Engine.Graphs;

/// <content>Many copies of a graph in one.</content>
public static partial class Transforms
{
    /// <summary>The outputs of all replicas at once, [replicas, …]; what does not depend on a replicated input is computed once and shared.</summary>
    /// <param name="outputs">The outputs of one replica.</param>
    /// <param name="replicatedInputs">Inputs of one replica, and for each the value with a leading replica axis that takes its place.</param>
    /// <param name="replicas">The number of replicas.</param>
    /// <exception cref="ArgumentException">A key is not an input.</exception>
    /// <exception cref="ShapeException">A replicated value is not [replicas, …] with its input's shape.</exception>
    public static Sym[] Replicate(IReadOnlyList<Sym> outputs, IReadOnlyDictionary<Sym, Sym> replicatedInputs, int replicas)
    {
        ArgumentNullException.ThrowIfNull(replicatedInputs);
        ArgumentOutOfRangeException.ThrowIfLessThan(replicas, 1);
        foreach (var (input, value) in replicatedInputs)
        {
            RequireInput(input);
            if (value.Shape != input.Shape.With(0, replicas))
                throw new ShapeException("Replicate", $"{input.Shape.With(0, replicas)} for its input", value.Shape);
        }

        var expanded = Canonical.Of([.. outputs], expandMacros: true);
        var known = new Dictionary<Sym, Sym>(replicatedInputs);
        foreach (var node in Canonical.TopologicalOrder(expanded))
        {
            if (known.ContainsKey(node))
                continue;
            var (inputs, replicated) = (new Sym[node.Inputs.Length], new bool[node.Inputs.Length]);
            for (var i = 0; i < inputs.Length; i++)
            {
                replicated[i] = known.TryGetValue(node.Inputs[i], out var copies);
                inputs[i] = copies ?? node.Inputs[i];
            }

            if (replicated.Contains(true))
                known[node] = node.Operation.Replicate(node, inputs, replicated, replicas);
        }

        return Canonical.Of([.. expanded.Select(output => known.TryGetValue(output, out var copies)
            ? copies
            : Ops.Broadcast(output, new Axes(0), output.Shape.With(0, replicas)))]);
    }
}
