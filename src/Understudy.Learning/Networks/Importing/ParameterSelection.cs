using Understudy.Data.Formats;

namespace Understudy.Learning.Networks.Importing;

/// <summary>Which stored real arrays of a file are parameters, and which stay as they are.</summary>
/// <remarks>A file does not say what was trained; the place where an array is used does (<see cref="Operators.IsTrained"/>).</remarks>
internal sealed class ParameterSelection
{
    private readonly List<OnnxTensor> _parameters = [];
    private readonly List<string> _constants = [];
    private readonly List<(string Name, string Of)> _shared = [];

    /// <summary>Goes through the nodes that the output needs.</summary>
    /// <param name="model">The file.</param>
    /// <param name="nodes">The nodes.</param>
    /// <param name="names">The names of the file.</param>
    /// <param name="isParameter">Whether an array that could be a parameter is one, by its name.</param>
    internal ParameterSelection(OnnxModel model, IReadOnlyList<OnnxNode> nodes, GraphNames names, Func<string, bool> isParameter)
    {
        HashSet<string> trained = new(StringComparer.Ordinal), used = new(StringComparer.Ordinal);
        foreach (var node in nodes)
        {
            for (var operand = 0; operand < node.Inputs.Count; operand++)
            {
                used.Add(node.Inputs[operand]);
                if (Operators.IsTrained(node.Operator, operand) && names.Source(node.Inputs[operand]) is { IsFloating: true, Shape.Count: > 0 } tensor && isParameter(tensor.Name))
                    trained.Add(tensor.Name);
            }
        }

        foreach (var tensor in model.Initializers.Where(tensor => tensor.IsFloating && used.Contains(tensor.Name)))
        {
            if (trained.Contains(tensor.Name))
                _parameters.Add(tensor);
            else
                _constants.Add(tensor.Name);
        }

        foreach (var node in nodes.Where(node => node.Operator == "Identity" && node.Inputs.Any(trained.Contains)))
            _shared.Add((node.Outputs[0], node.Inputs[0]));
    }

    /// <summary>The arrays that are trained, in the order of the file.</summary>
    internal IReadOnlyList<OnnxTensor> Parameters => _parameters;

    /// <summary>The names of the others that are used, in the order of the file.</summary>
    internal IReadOnlyList<string> Constants => _constants;

    /// <summary>Names that stand for the array of a parameter with another name.</summary>
    internal IReadOnlyList<(string Name, string Of)> Shared => _shared;
}
