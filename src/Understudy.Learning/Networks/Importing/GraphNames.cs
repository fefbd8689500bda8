using Understudy.Data.Formats;

namespace Understudy.Learning.Networks.Importing;

/// <summary>What the names in a graph stand for: results of operations and stored arrays.</summary>
internal sealed class GraphNames
{
    private readonly Dictionary<string, OnnxNode> _makers = new(StringComparer.Ordinal);
    private readonly Dictionary<string, OnnxTensor> _stored = new(StringComparer.Ordinal);

    /// <summary>The names of a file.</summary>
    internal GraphNames(OnnxModel model)
    {
        foreach (var tensor in model.Initializers)
            _stored.Add(tensor.Name, tensor);
        foreach (var node in model.Nodes)
        {
            foreach (var name in node.Outputs.Where(name => name.Length > 0))
            {
                if (!_makers.TryAdd(name, node))
                    MadeTwice ??= (node, name);
            }
        }
    }

    /// <summary>An operation whose result has a name that another result has too; null in a sound file.</summary>
    internal (OnnxNode Node, string Name)? MadeTwice { get; }

    /// <summary>The operation that makes a value; null for one that is handed in or stored.</summary>
    internal OnnxNode? Maker(string name) => _makers.GetValueOrDefault(name);

    /// <summary>The stored array of that name.</summary>
    internal OnnxTensor? Stored(string name) => _stored.GetValueOrDefault(name);

    /// <summary>The stored array that a name shows, perhaps in another form.</summary>
    internal OnnxTensor? Source(string name)
    {
        // a damaged file may go in circles
        for (var steps = 0; steps <= _makers.Count; steps++)
        {
            if (Stored(name) is { } tensor)
                return tensor;
            if (Maker(name) is not { Inputs.Count: > 0 } node || !Operators.IsView(node.Operator))
                return null;
            name = node.Inputs[0];
        }

        return null;
    }
}
