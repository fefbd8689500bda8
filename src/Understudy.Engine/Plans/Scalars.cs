using Understudy.Engine.Graphs;
using Understudy.Engine.Primitives;

namespace Understudy.Engine.Plans;

/// <summary>Values that are one number for all elements.</summary>
internal static class Scalars
{
    /// <summary>The scalar that fills <paramref name="node"/>: itself, a uniform constant, or what was broadcast; null where the elements differ.</summary>
    internal static Sym? Source(Sym node) => node.Operation switch
    {
        Constant => node,
        Broadcast when node.Inputs[0].Shape.Count == 1 => Source(node.Inputs[0]) ?? node.Inputs[0],
        Reshape when node.Shape.Count == 1 => Source(node.Inputs[0]),
        _ => node.Shape.Count == 1 ? node : null,
    };
}
