using Understudy.Data;
using Understudy.Data.Formats;
using Understudy.Engine;
using Understudy.Engine.Graphs;

namespace Understudy.Learning.Networks.Importing;

/// <summary>The part of an ONNX graph that its output needs, ready to be traced for any number of examples.</summary>
internal sealed class ImportedGraph
{
    private readonly OnnxModel _model;
    private readonly List<OnnxNode> _nodes = [];
    private readonly Dictionary<string, OnnxNode> _makers = new(StringComparer.Ordinal);
    private readonly Dictionary<string, OnnxTensor> _stored = new(StringComparer.Ordinal);
    private readonly List<string> _notes = [];
    private readonly string _output;

    /// <summary>Finds what the output needs and checks that it can be imported.</summary>
    /// <param name="model">The file.</param>
    /// <param name="isParameter">Whether a stored array may be trained, by its name.</param>
    internal ImportedGraph(OnnxModel model, Func<string, bool> isParameter)
    {
        _model = model;
        if (model.OperatorSet is < Operators.OldestSet or > Operators.NewestSet)
            throw Problem($"the operators are of version {model.OperatorSet}; supported are {Operators.OldestSet} to {Operators.NewestSet} (opset_version of the exporter)");
        if (model.Inputs.Count != 1 || model.Outputs.Count != 1)
            throw Problem($"the network has {Listed(model.Inputs, "input")} and {Listed(model.Outputs, "output")}; supported is one of each");
        (ExampleShape, FixedRows) = InputShape(model.Inputs[0]);
        foreach (var tensor in model.Initializers)
            _stored.Add(tensor.Name, tensor);
        foreach (var node in model.Nodes)
        {
            foreach (var name in node.Outputs.Where(name => name.Length > 0))
            {
                if (!_makers.TryAdd(name, node))
                    throw Problem(node, $"makes {Quoted(name)}, which an earlier one makes too");
            }
        }

        _output = OutputBeforeSoftmax();
        SelectNodes();
        SelectParameters(isParameter);
    }

    /// <summary>The extents of one example.</summary>
    internal int[] ExampleShape { get; }

    /// <summary>The number of examples the file was exported with; null where it is open.</summary>
    internal long? FixedRows { get; }

    internal long OperatorSet => _model.OperatorSet;

    /// <summary>The stored arrays that are trained, in the order of the file.</summary>
    internal List<OnnxTensor> Parameters { get; } = [];

    /// <summary>The names of stored real arrays that are used as they are, in the order of the file.</summary>
    internal List<string> Constants { get; } = [];

    internal IReadOnlyList<string> Notes => _notes;

    /// <summary>A stored array as a value that stays.</summary>
    internal static GraphValue Constant(OnnxTensor tensor) => tensor.IsFloating
        ? new TracedValue(Ops.Constant(tensor.Numbers, new Shape([.. tensor.Shape])), HasExamples: false)
        : new WholeNumbers(tensor.Integers.ToArray(), tensor.Shape.Count);

    /// <summary>The output for an input [batch, d].</summary>
    internal TracedValue Trace(Sym input, IReadOnlyList<Sym> parameters)
    {
        var rows = input.Shape[0];
        var values = new Dictionary<string, GraphValue>(StringComparer.Ordinal)
        {
            [_model.Inputs[0].Name] = new TracedValue(Ops.Reshape(input, new Shape([rows, .. ExampleShape])), HasExamples: true),
        };
        for (var i = 0; i < parameters.Count; i++)
            values[Parameters[i].Name] = new TracedValue(parameters[i], HasExamples: false);
        foreach (var node in _nodes)
        {
            var value = Apply(node, values, rows);
            values[node.Outputs[0]] = value;
        }

        return values.GetValueOrDefault(_output) as TracedValue ?? throw Problem($"nothing makes the output {Quoted(_output)}");
    }

    /// <summary>"operator X (node Y) …", about the file.</summary>
    internal UnreadableFileException Problem(OnnxNode node, string what) => Problem($"operator {Quoted(node.Operator)} (node {Quoted(node.Name)}) {what}");

    /// <summary>A sentence about the file.</summary>
    internal UnreadableFileException Problem(string what) => new(_model.Path, $"{what}.");

    private static string Quoted(string name) => name.Length > 60 ? $"{name[..60]}…" : name;

    private static string Listed(IReadOnlyList<OnnxValue> values, string what)
        => $"{values.Count} {what}{(values.Count == 1 ? "" : "s")}{(values.Count is 0 ? "" : $" ({string.Join(", ", values.Take(4).Select(value => Quoted(value.Name)))})")}";

    private (int[] Example, long? Rows) InputShape(OnnxValue input)
    {
        var described = input.Shape is null ? "an unknown shape" : $"the shape [{string.Join(", ", input.Shape.Take(8))}]";
        if (input.Shape is not { Count: >= 2 and < Shape.MaxRank } shape)
            throw Problem($"input {Quoted(input.Name)} has {described}; supported is [batch, …] with at most {Shape.MaxRank - 1} axes");
        var (example, count) = (new int[shape.Count - 1], 1L);
        for (var axis = 1; axis < shape.Count; axis++)
        {
            if (shape[axis].Length is not (>= 1 and <= int.MaxValue and var extent) || (count *= extent) > int.MaxValue / 4)
                throw Problem($"input {Quoted(input.Name)} has {described}; all extents but the first, that of the examples, must be numbers of reasonable size");
            example[axis - 1] = (int)extent;
        }

        return (example, shape[0].Length);
    }

    /// <summary>The name of the output; a softmax at the end is passed over.</summary>
    private string OutputBeforeSoftmax()
    {
        var output = _model.Outputs[0].Name;
        for (var steps = 0; steps < _model.Nodes.Count && _makers.TryGetValue(output, out var node) && node.Inputs.Count > 0; steps++)
        {
            if (node.Operator == "Identity")
            {
                output = node.Inputs[0];
                continue;
            }

            if (!Operators.IsSoftmax(node.Operator))
                break;
            if (node.Attributes.GetValueOrDefault("axis")?.WholeNumber is not (null or 1 or -1))
                throw Problem(node, "is supported along the last axis of [batch, C] only");
            _notes.Add($"{node.Operator} (node {Quoted(node.Name)}) at the end is left out: the outputs are what it is applied to, and the cross-entropy contains it.");
            return node.Inputs[0];
        }

        return output;
    }

    private void SelectNodes()
    {
        var needed = new HashSet<OnnxNode>(ReferenceEqualityComparer.Instance);
        var open = new Stack<string>([_output]);
        while (open.TryPop(out var name))
        {
            if (!_makers.TryGetValue(name, out var node) || !needed.Add(node))
                continue;
            foreach (var input in node.Inputs)
                open.Push(input);
        }

        _nodes.AddRange(_model.Nodes.Where(needed.Contains));
        if (_nodes.Find(node => Operators.Of(node.Operator) is null) is not { } strange)
            return;
        throw Problem(strange, Operators.IsSoftmax(strange.Operator)
            ? "is supported as the last one only"
            : $"is not supported; supported are {Operators.Names}, and Softmax or LogSoftmax at the end");
    }

    private void SelectParameters(Func<string, bool> isParameter)
    {
        HashSet<string> trained = new(StringComparer.Ordinal), used = new(StringComparer.Ordinal);
        foreach (var node in _nodes)
        {
            for (var operand = 0; operand < node.Inputs.Count; operand++)
            {
                used.Add(node.Inputs[operand]);
                if (Operators.IsTrained(node.Operator, operand) && Source(node.Inputs[operand]) is { IsFloating: true, Shape.Count: > 0 } tensor && isParameter(tensor.Name))
                    trained.Add(tensor.Name);
            }
        }

        foreach (var tensor in _model.Initializers.Where(tensor => tensor.IsFloating && used.Contains(tensor.Name)))
        {
            if (trained.Contains(tensor.Name))
                Parameters.Add(tensor);
            else
                Constants.Add(tensor.Name);
        }

        foreach (var node in _nodes.Where(node => node.Operator == "Identity" && node.Inputs.Any(trained.Contains)))
            _notes.Add($"{Quoted(node.Outputs[0])} shares the numbers of {Quoted(node.Inputs[0])}: the file has one array for both, and so has the network. PyTorch merges arrays that are equal.");

        if (Parameters.Find(tensor => tensor.Shape.Count >= Shape.MaxRank || tensor.Shape.Contains(0)) is { } strange)
            throw Problem($"tensor {Quoted(strange.Name)} has the shape [{string.Join(", ", strange.Shape.Take(8))}], which no weight can have");
    }

    /// <summary>The stored array that a name shows, perhaps in another form.</summary>
    private OnnxTensor? Source(string name)
    {
        for (var steps = 0; steps <= _model.Nodes.Count; steps++)
        {
            if (_stored.TryGetValue(name, out var tensor))
                return tensor;
            if (!_makers.TryGetValue(name, out var node) || !Operators.IsView(node.Operator) || node.Inputs.Count == 0)
                return null;
            name = node.Inputs[0];
        }

        return null;
    }

    private GraphValue Apply(OnnxNode node, Dictionary<string, GraphValue> values, int rows)
    {
        var operands = new GraphValue?[node.Inputs.Count];
        try
        {
            for (var i = 0; i < operands.Length; i++)
            {
                // statistics stay what they are even where an exporter merged them with an equal parameter
                operands[i] = Operators.IsStatistic(node.Operator, i) && Source(node.Inputs[i]) is { IsFloating: true } stored ? Constant(stored)
                    : node.Inputs[i].Length > 0 ? Operand(node, node.Inputs[i], values)
                    : null;
            }

            return Operators.Of(node.Operator)!(new NodeCall(this, node, operands, rows));
        }
        catch (Exception problem) when (problem is ArgumentException or OverflowException)
        {
            throw new UnreadableFileException(_model.Path, $"operator {node.Operator} (node {Quoted(node.Name)}) does not fit: {problem.Message.Split('\n')[0].TrimEnd('.')}.", problem);
        }
    }

    private GraphValue Operand(OnnxNode node, string name, Dictionary<string, GraphValue> values)
    {
        if (values.TryGetValue(name, out var value))
            return value;
        if (_stored.TryGetValue(name, out var tensor))
            return values[name] = Constant(tensor);
        throw Problem(node, $"reads {Quoted(name)}, which nothing before it makes");
    }
}
