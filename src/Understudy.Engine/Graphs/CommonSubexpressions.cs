using System.Runtime.CompilerServices;
using Understudy.Engine.Primitives;

namespace Understudy.Engine.Graphs;

/// <summary>Finds for every node the first one seen that computes the same: an equal operation on the same operands.</summary>
internal sealed class CommonSubexpressions
{
    private readonly Dictionary<Key, Sym> _known = [];
    private readonly Dictionary<Sym, Sym> _merged = [];

    /// <summary>The representative of a node, whose whole graph is merged on the way. Inputs represent themselves.</summary>
    internal Sym Merged(Sym root)
    {
        var path = new Stack<(Sym Node, bool AreOperandsMerged)>();
        path.Push((root, false));
        while (path.TryPop(out var top))
        {
            if (_merged.ContainsKey(top.Node))
                continue;
            if (top.AreOperandsMerged || top.Node.Inputs.Length == 0)
            {
                var representative = Representative(top.Node);
                _merged[top.Node] = _merged[representative] = representative;
                continue;
            }

            path.Push((top.Node, true));
            foreach (var input in top.Node.Inputs)
                path.Push((input, false));
        }

        return _merged[root];
    }

    private Sym Representative(Sym node)
    {
        if (node.Operation is Input)
            return node;
        var inputs = new Sym[node.Inputs.Length];
        var changed = false;
        for (var i = 0; i < inputs.Length; i++)
        {
            inputs[i] = _merged[node.Inputs[i]];
            changed |= inputs[i] != node.Inputs[i];
        }

        var key = new Key(node.Operation, inputs);
        if (!_known.TryGetValue(key, out var first))
            _known[key] = first = changed ? new Sym(node.Operation, node.Caller, inputs) : node;
        return first;
    }

    private readonly struct Key(Primitive operation, Sym[] inputs) : IEquatable<Key>
    {
        private readonly Primitive _operation = operation;
        private readonly Sym[] _inputs = inputs;

        public bool Equals(Key other) => _operation.Equals(other._operation) && _inputs.AsSpan().SequenceEqual(other._inputs);

        public override bool Equals(object? obj) => obj is Key other && Equals(other);

        public override int GetHashCode()
        {
            var hash = new HashCode();
            hash.Add(_operation);
            foreach (var input in _inputs)
                hash.Add(RuntimeHelpers.GetHashCode(input));
            return hash.ToHashCode();
        }
    }
}
