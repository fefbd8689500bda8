using System.Globalization;
using Understudy.Data.Formats;
using Understudy.Engine;
using Understudy.Learning.Networks.Layers;

namespace Understudy.Learning.Networks.Exporting;

/// <summary>Nodes and stored arrays of an exported graph, as they come together layer by layer.</summary>
internal sealed class ExportedGraph
{
    private readonly Dictionary<string, ParameterSlot> _slots;
    private readonly double[] _parameters;
    private readonly List<OnnxNode> _nodes = [];
    private readonly List<OnnxTensor> _stored = [];
    private readonly HashSet<string> _names = new(StringComparer.Ordinal);

    /// <summary>An empty graph.</summary>
    /// <param name="layout">Names of the parameters.</param>
    /// <param name="parameters">[P].</param>
    internal ExportedGraph(ParameterLayout layout, ReadOnlySpan<double> parameters)
    {
        _slots = layout.Slots.ToDictionary(slot => slot.Name, StringComparer.Ordinal);
        _parameters = parameters.ToArray();
    }

    /// <summary>The nodes in the order of computing.</summary>
    internal IReadOnlyList<OnnxNode> Nodes => _nodes;

    /// <summary>The arrays in the order of their first use.</summary>
    internal IReadOnlyList<OnnxTensor> Stored => _stored;

    /// <summary>Adds what a layer does.</summary>
    /// <param name="layer">The layer.</param>
    /// <param name="place">What the names of its parameters begin with.</param>
    /// <param name="input">What it is applied to.</param>
    internal ExportedValue Add(ILayer layer, string place, ExportedValue input)
    {
        switch (layer)
        {
            case SequenceLayer sequence:
                for (var i = 0; i < sequence.Layers.Length; i++)
                    input = Add(sequence.Layers[i], string.Create(CultureInfo.InvariantCulture, $"{place}.{i}"), input);
                return input;
            case RepeatedLayer repeated:
                // every time with the same arrays, so the first time must not take an image in the file's order
                input = Flat(input);
                for (var i = 0; i < repeated.Times; i++)
                    input = Flat(Add(repeated.Layer, place, input));
                return input;
            case ResidualLayer residual:
                var (path, skip) = (Flat(Add(residual.Path, $"{place}.path", input)), Flat(Add(residual.Skip, $"{place}.skip", input)));
                return path with { Name = Node(place, "Add", [path.Name, skip.Name]) };
            default:
                return ExportedLayers.Add(this, layer, place, input);
        }
    }

    /// <summary>Adds a node and gives the name of its result.</summary>
    /// <param name="place">The place of the layer.</param>
    /// <param name="operation">The operator.</param>
    /// <param name="inputs">Names of the operands.</param>
    /// <param name="attributes">Its constants.</param>
    internal string Node(string place, string operation, string[] inputs, params ReadOnlySpan<(string Name, OnnxAttribute Value)> attributes)
    {
        var name = $"{place}/{operation}";
        // a layer may need an operator more than once
        for (var i = 2; !_names.Add(name); i++)
            name = string.Create(CultureInfo.InvariantCulture, $"{place}/{operation}_{i}");
        var named = new Dictionary<string, OnnxAttribute>(StringComparer.Ordinal);
        foreach (var (attribute, value) in attributes)
            named.Add(attribute, value);
        _nodes.Add(new OnnxNode(operation, name, inputs, [name], named));
        return name;
    }

    /// <summary>A value whose row has our order: a flat image is transposed before it is flattened.</summary>
    internal ExportedValue Flat(ExportedValue value)
    {
        if (value.Image is not { } image)
            return value;
        var place = $"{value.Name}/flat";
        // with one channel or one pixel both orders are the same
        var ordered = image[2] == 1 || image.Product(0, 2) == 1 ? value.Name : Node(place, "Transpose", [value.Name], ("perm", new OnnxAttribute(WholeNumbers: [0, 2, 3, 1])));
        return new ExportedValue(Node(place, "Flatten", [ordered]), value.Example);
    }

    /// <summary>Numbers and shape of a parameter.</summary>
    internal (double[] Values, Shape Shape) Parameter(string place, string name)
    {
        var slot = _slots[$"{place}.{name}"];
        return (slot.Of<double>(_parameters).ToArray(), slot.Shape);
    }

    /// <summary>Stores an array and gives its name; a layer that is applied again finds its own.</summary>
    internal string Store(string place, string name, double[] values, params int[] shape)
    {
        var full = $"{place}.{name}";
        if (!_names.Add(full))
            return full;
        for (var i = 0; i < values.Length; i++)
        {
            if (!float.IsFinite((float)values[i]))
                throw new NotExportableException($"{full} holds {values[i].ToString(CultureInfo.InvariantCulture)} at place {i}, which is not finite in single precision; a network is exported with finite numbers.");
        }

        _stored.Add(OnnxTensor.Of(full, values, shape));
        return full;
    }

    /// <summary>Gives the value that the graph computes the name of its output.</summary>
    internal void Finish(string value, string output)
    {
        var last = _nodes.FindIndex(node => node.Outputs[0] == value);
        var isRead = _nodes.Exists(node => node.Inputs.Contains(value));
        if (last < 0 || isRead)
            _nodes.Add(new OnnxNode("Identity", output, [value], [output], new Dictionary<string, OnnxAttribute>()));
        else
            _nodes[last] = _nodes[last] with { Outputs = [output] };
    }
}
