using Understudy.Engine.Graphs;

namespace Understudy.Engine.Plans;

/// <summary>Who reads each value of a graph.</summary>
internal sealed class Uses
{
    private readonly Dictionary<Sym, List<Sym>> _consumers = [];
    private readonly HashSet<Sym> _kept;

    internal Uses(IReadOnlyList<Sym> order, IEnumerable<Sym> kept)
    {
        _kept = [.. kept];
        foreach (var node in order)
        {
            foreach (var input in node.Inputs)
            {
                if (!_consumers.TryGetValue(input, out var list))
                    _consumers[input] = list = [];
                list.Add(node);
            }
        }
    }

    /// <summary>The nodes that read a value, once per operand.</summary>
    internal IReadOnlyList<Sym> Of(Sym node) => _consumers.TryGetValue(node, out var list) ? list : [];

    /// <summary>Whether a value is asked for from outside.</summary>
    internal bool IsKept(Sym node) => _kept.Contains(node);

    /// <summary>Whether a value is read once, by one node, and not asked for from outside.</summary>
    internal bool IsSingle(Sym node) => !IsKept(node) && Of(node).Count == 1;
}
