using Understudy.Data.Formats;
using Understudy.Engine;
using Understudy.Engine.Graphs;
using Understudy.Learning.Networks;
using Understudy.Learning.Networks.Importing;

namespace Understudy.Learning.Landscape;

/// <summary>Goes through the operators of an ONNX graph and puts every axis of a parameter to the group of the channels it stands for.</summary>
/// <remarks>
/// Images are [batch, C, H, W]; once they are flat, a channel's pixels stand together. Stored arrays that are no parameters, such as means and variances, cannot follow: channels that they belong to stay. So do
/// those of an array that serves in several places.
/// </remarks>
internal sealed class ImportedPermutations
{
    private const int TrialRows = 2;

    private readonly ImportedGraph _graph;
    private readonly Dictionary<string, ParameterSlot> _slots;
    private readonly Dictionary<string, int> _groups = new(StringComparer.Ordinal);
    private readonly HashSet<string> _used = new(StringComparer.Ordinal);
    private readonly PermutationTies _ties = new();

    private ImportedPermutations(ImportedNetwork network)
    {
        _graph = network.Graph;
        _slots = network.Layout.Slots.ToDictionary(slot => slot.Name, StringComparer.Ordinal);
        _groups[_graph.Input] = _ties.New(_graph.ExampleShape[0], isFixed: true);
        var values = _graph.Values(Ops.Input(TrialRows, network.Inputs), network.Layout.ToInputs());
        foreach (var node in _graph.Nodes)
        {
            // what does not go over examples, such as extents for a reshape, has no channels
            if (values[node.Outputs[0]] is TracedValue { HasExamples: true } made)
                _groups[node.Outputs[0]] = Visit(node, made.Sym.Shape);
        }

        _ties.Fix(_groups[_graph.Output]);
    }

    /// <exception cref="ArgumentException">An operator is there of which this is not known.</exception>
    internal static IReadOnlyList<PermutationGroup> Of(ImportedNetwork network) => new ImportedPermutations(network)._ties.Free();

    private int Visit(OnnxNode node, Shape made)
    {
        switch (node.Operator)
        {
            case "Conv":
                return Weights(node, isOutputFirst: true);
            case "Gemm" when node.Attributes.GetValueOrDefault("transA")?.WholeNumber is null or 0:
                return Weights(node, isOutputFirst: node.Attributes.GetValueOrDefault("transB")?.WholeNumber is not (null or 0));
            case "BatchNormalization":
                // its mean and variance stay what they are
                _ties.Fix(Group(node, 0));
                return Group(node, 0);
            case "Add" or "Sub" or "Mul" or "Div" or "Max" when node.Inputs.Count == 2:
                return Combined(node);
            case "Relu" or "LeakyRelu" or "Elu" or "Tanh" or "Sigmoid" or "Sqrt" or "Erf" or "Softplus" or "Gelu" or "MaxPool" or "AveragePool" or "GlobalAveragePool" or "Identity" or "Dropout" or "Cast":
                return Group(node, 0);
            case "Pad" when made.Rank == 4 && made[1] == _ties.Width(Group(node, 0)):
            case "Flatten" or "Reshape" when made.Rank == 2:
                return Group(node, 0);
            default:
                throw Unknown(node);
        }
    }

    /// <summary>A convolution [F, C, height, width] or a matrix, [out, in] or [in, out], with its bias.</summary>
    private int Weights(OnnxNode node, bool isOutputFirst)
    {
        var (read, weights) = (Group(node, 0), _graph.Stored(node.Inputs[1]) ?? throw Unknown(node));
        var rest = weights.Shape.Skip(2).Aggregate(1, (product, extent) => product * extent);
        var (outputs, inputs) = isOutputFirst ? (weights.Shape[0], weights.Shape[1]) : (weights.Shape[1], weights.Shape[0]);
        var made = _ties.New(outputs);
        if (inputs % _ties.Width(read) != 0)
            throw Unknown(node);
        var pixels = inputs / _ties.Width(read);
        if (Parameter(weights.Name) is { } slot)
        {
            _ties.Take(read, slot, isOutputFirst ? outputs : 1, pixels * (isOutputFirst ? rest : outputs));
            _ties.Take(made, slot, isOutputFirst ? 1 : inputs, isOutputFirst ? inputs * rest : 1);
            Use(slot);
        }
        else
        {
            _ties.Fix(read);
            _ties.Fix(made);
        }

        if (node.Inputs.Count > 2 && node.Inputs[2].Length > 0)
            Along(node.Inputs[2], made);
        return made;
    }

    /// <summary>Two values, or a value and an array with a number for each channel, or one number.</summary>
    private int Combined(OnnxNode node)
    {
        if (_groups.TryGetValue(node.Inputs[0], out var first) && _groups.TryGetValue(node.Inputs[1], out var second))
        {
            _ties.Tie(first, second);
            return first;
        }

        var value = _groups.ContainsKey(node.Inputs[0]) ? 0 : 1;
        var group = Group(node, value);
        Along(node.Inputs[1 - value], group);
        return group;
    }

    /// <summary>An array with a number for each channel of a group; any other one but a single number holds the group.</summary>
    private void Along(string name, int group)
    {
        var stored = _graph.Stored(name);
        if (stored is { Numbers.Length: 1 } && _ties.Width(group) > 1)
            return;
        if (stored is not null && Parameter(name) is { } slot && slot.Shape.Count == _ties.Width(group) && slot.Shape.Extents.ToArray().Count(extent => extent > 1) <= 1)
        {
            _ties.Take(group, slot, 1, 1);
            Use(slot);
        }
        else
        {
            _ties.Fix(group);
        }
    }

    /// <summary>Counts a use: an array in two places would have to take both orders.</summary>
    private void Use(ParameterSlot slot)
    {
        if (!_used.Add(slot.Name))
            _ties.FixAxes(slot);
    }

    private ParameterSlot? Parameter(string name) => _slots.TryGetValue(name, out var slot) ? slot : null;

    private int Group(OnnxNode node, int operand) => _groups.TryGetValue(node.Inputs[operand], out var group) ? group : throw Unknown(node);

    private static ArgumentException Unknown(OnnxNode node)
        => new($"Which channels can change places around an operator {string.Concat(node.Operator.Where(char.IsLetterOrDigit))} like the one in the file is not known.");
}
