using Understudy.Engine.Primitives;

namespace Understudy.Engine.Graphs;

/// <summary>A graph in two parts: what is computed once per point, and what is computed once per vector.</summary>
/// <remarks>
/// Made by <see cref="Transforms.Linearize"/>, typically from a Hessian-vector product: run <see cref="Prepared"/> when the parameters change, keep
/// its values, and hand them to <see cref="Outputs"/> as <see cref="Kept"/> for every vector.
/// </remarks>
public sealed class Linearization
{
    internal Linearization(Sym[] prepared, Sym[] kept, Sym[] outputs)
    {
        Prepared = prepared;
        Kept = kept;
        Outputs = outputs;
    }

    /// <summary>The outputs of the prepare part: values that do not depend on the vector but are needed with it.</summary>
    public IReadOnlyList<Sym> Prepared { get; }

    /// <summary>Inputs of the apply part, one for each of <see cref="Prepared"/>, with its shape.</summary>
    public IReadOnlyList<Sym> Kept { get; }

    /// <summary>The outputs of the apply part. Inputs of the original graph that are needed directly stay its inputs.</summary>
    public IReadOnlyList<Sym> Outputs { get; }
}

/// <content>Splitting a graph in two.</content>
public static partial class Transforms
{
    /// <summary>Splits a graph into the part that depends on the given inputs and what that part needs of the rest.</summary>
    /// <exception cref="ArgumentException">One of <paramref name="vectors"/> is not an input.</exception>
    public static Linearization Linearize(IReadOnlyList<Sym> outputs, params Sym[] vectors)
    {
        ArgumentNullException.ThrowIfNull(vectors);
        Sym[] merged = Canonical.Of([.. outputs]);
        var order = Canonical.TopologicalOrder(merged);
        var leading = LeadingFrom(vectors, order);
        var (prepared, kept, map) = (new List<Sym>(), new List<Sym>(), new Dictionary<Sym, Sym>());

        // Cheap views of a prepared value are redone by the apply part, so that the smaller value is kept.
        var replayed = new HashSet<Sym>();
        for (var n = order.Length - 1; n >= 0; n--)
        {
            var node = order[n];
            if (!leading.Contains(node) && !replayed.Contains(node))
                continue;
            foreach (var operand in node.Inputs)
            {
                if (operand.Operation is Broadcast or Reshape && !leading.Contains(operand))
                    replayed.Add(operand);
            }
        }

        foreach (var node in order)
        {
            if (!leading.Contains(node) && !replayed.Contains(node))
                continue;
            foreach (var operand in node.Inputs)
                Keep(operand);
        }

        foreach (var output in merged)
            Keep(output);
        return new Linearization([.. prepared], [.. kept], Canonical.Rebuild(merged, map, expandMacros: false));

        void Keep(Sym node)
        {
            if (leading.Contains(node) || replayed.Contains(node) || node.Operation is Leaf || map.ContainsKey(node))
                return;
            var standIn = Ops.Input(node.Shape);
            prepared.Add(node);
            kept.Add(standIn);
            map[node] = standIn;
        }
    }
}
