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
    private readonly GraphNames _names;
    private readonly ParameterSelection _selection;
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
        _names = new GraphNames(model);
        if (_names.MadeTwice is { } twice)
            throw Problem(twice.Node, $"makes {Quoted(twice.Name)}, which an earlier one makes too");
        _output = OutputBeforeSoftmax();
        if (_names.Maker(_output) is null)
            throw Problem($"nothing makes the output {Quoted(_output)}");
        SelectNodes();
        _selection = new ParameterSelection(model, _nodes, _names, isParameter);
        _notes.AddRange(_selection.Shared.Select(pair => $"{Quoted(pair.Name)} shares the numbers of {Quoted(pair.Of)}: the file has one array for both, and so has the network. PyTorch merges arrays that are equal."));
        if (_selection.Parameters.FirstOrDefault(tensor => tensor.Shape.Count >= Shape.MaxRank || tensor.Shape.Contains(0)) is { } strange)
            throw Problem($"tensor {Quoted(strange.Name)} has the shape [{string.Join(", ", strange.Shape.Take(8))}], which no weight can have");
    }

    /// <summary>The extents of one example.</summary>
    internal int[] ExampleShape { get; }

    /// <summary>The number of examples the file was exported with; null where it is open.</summary>
    internal long? FixedRows { get; }

    /// <summary>What the output needs, in the order in which it is computed.</summary>
    internal IReadOnlyList<OnnxNode> Nodes => _nodes;

    /// <summary>The name of the input.</summary>
    internal string Input => _model.Inputs[0].Name;

    /// <summary>The name of what the output of the network is.</summary>
    internal string Output => _output;

    internal long OperatorSet => _model.OperatorSet;

    /// <summary>The stored arrays that are trained, in the order of the file.</summary>
    internal IReadOnlyList<OnnxTensor> Parameters => _selection.Parameters;

    /// <summary>The names of stored real arrays that are used as they are, in the order of the file.</summary>
    internal IReadOnlyList<string> Constants => _selection.Constants;

    internal IReadOnlyList<string> Notes => _notes;

    /// <summary>The stored array of that name; null for a result.</summary>
    internal OnnxTensor? Stored(string name) => _names.Stored(name);

    /// <summary>A stored array as a value that stays.</summary>
    internal static GraphValue Constant(OnnxTensor tensor) => tensor.IsFloating
        ? new TracedValue(Ops.Constant(tensor.Numbers, new Shape([.. tensor.Shape])), hasExamples: false) { Number = tensor.Numbers is [var single] ? single : null }
        : new WholeNumbers(tensor.Integers.ToArray(), tensor.Shape.Count);

    /// <summary>The output for an input [batch, d].</summary>
    internal TracedValue Trace(Sym input, IReadOnlyList<Sym> parameters)
        => Values(input, parameters).GetValueOrDefault(_output) as TracedValue ?? throw Problem($"the output {Quoted(_output)} is not the first result of its operator");

    /// <summary>All that is computed on the way to the output, by its name, for an input [batch, d].</summary>
    internal Dictionary<string, GraphValue> Values(Sym input, IReadOnlyList<Sym> parameters)
    {
        var rows = input.Shape[0];
        var values = new Dictionary<string, GraphValue>(StringComparer.Ordinal)
        {
            [_model.Inputs[0].Name] = new TracedValue(Ops.Reshape(input, new Shape([rows, .. ExampleShape])), hasExamples: true),
        };
        for (var i = 0; i < parameters.Count; i++)
            values[Parameters[i].Name] = new TracedValue(parameters[i], hasExamples: false);
        foreach (var node in _nodes)
            values[node.Outputs[0]] = Apply(node, values, rows);
        return values;
    }

    /// <summary>"operator X (node Y) …", about the file.</summary>
    internal UnreadableFileException Problem(OnnxNode node, string what, Exception? inner = null) => Problem($"{Named(node)} {what}", inner);

    /// <summary>A sentence about the file.</summary>
    internal UnreadableFileException Problem(string what, Exception? inner = null) => new(_model.Path, $"{what}.", inner);

    private static string Named(OnnxNode node) => $"operator {Quoted(node.Operator)} (node {Quoted(node.Name)})";

    // names come from the file: short enough for a message, and nothing a terminal would obey
    private static string Quoted(string name)
        => string.Concat(name.Take(60).Select(letter => char.IsControl(letter) ? '?' : letter)) + (name.Length > 60 ? "…" : "");

    private static string Listed(IReadOnlyList<OnnxValue> values, string what)
        => $"{values.Count} {what}{(values.Count == 1 ? "" : "s")}{(values.Count is 0 ? "" : $" ({string.Join(", ", values.Take(4).Select(value => Quoted(value.Name)))})")}";

    private (int[] Example, long? Rows) InputShape(OnnxValue input)
    {
        var described = input.Shape is null ? "an unknown shape" : $"the shape [{string.Join(", ", input.Shape.Take(8).Select(extent => Quoted(extent.ToString())))}]";
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
        for (var steps = 0; steps < _model.Nodes.Count && _names.Maker(output) is { Operator: "Identity", Inputs.Count: > 0 } same; steps++)
            output = same.Inputs[0];
        if (_names.Maker(output) is not { Inputs.Count: > 0 } last)
            return output;
        if (last.Operator == "Sigmoid")
            _notes.Add($"The {Named(last)} at the end is kept: leave it out of the export for a loss that contains it, such as the logistic one.");
        if (!Operators.IsSoftmax(last.Operator))
            return output;
        if (last.Attributes.GetValueOrDefault("axis")?.WholeNumber is not (null or 1 or -1))
            throw Problem(last, "is supported along the last axis of [batch, C] only");
        _notes.Add($"The {Named(last)} at the end is left out: the outputs are what it is applied to, and the cross-entropy contains it.");
        return last.Inputs[0];
    }

    private void SelectNodes()
    {
        var needed = new HashSet<OnnxNode>(ReferenceEqualityComparer.Instance);
        var open = new Stack<string>([_output]);
        while (open.TryPop(out var name))
        {
            if (_names.Maker(name) is not { } node || !needed.Add(node))
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

    private GraphValue Apply(OnnxNode node, Dictionary<string, GraphValue> values, int rows)
    {
        var operands = new GraphValue?[node.Inputs.Count];
        try
        {
            for (var i = 0; i < operands.Length; i++)
            {
                // statistics stay what they are even where an exporter merged them with an equal parameter
                operands[i] = Operators.IsStatistic(node.Operator, i) && _names.Source(node.Inputs[i]) is { IsFloating: true } stored ? Constant(stored)
                    : node.Inputs[i].Length > 0 ? Operand(node, node.Inputs[i], values)
                    : null;
            }

            return Operators.Of(node.Operator)!(new NodeCall(this, node, operands, rows));
        }
        catch (Exception problem) when (problem is ArgumentException or OverflowException)
        {
            throw Problem(node, $"does not fit: {problem.Message.Split('\n')[0].TrimEnd('.')}", problem);
        }
    }

    private GraphValue Operand(OnnxNode node, string name, Dictionary<string, GraphValue> values)
    {
        if (values.TryGetValue(name, out var value))
            return value;
        if (_names.Stored(name) is { } tensor)
            return values[name] = Constant(tensor);
        throw Problem(node, $"reads {Quoted(name)}, which nothing before it makes");
    }
}
