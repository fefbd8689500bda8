using Understudy.Engine.Primitives;

namespace Understudy.Engine.Graphs;

/// <summary>Evaluates graphs by definition: plain loops in double precision, slow and independent of every kernel.</summary>
public static class Reference
{
    /// <summary>The elements of the outputs, row-major, for the given values of the inputs.</summary>
    /// <exception cref="ArgumentException">An input that the outputs need has no value, or one with another number of elements.</exception>
    public static double[][] Evaluate(IReadOnlyDictionary<Sym, double[]> values, params Sym[] outputs)
    {
        ArgumentNullException.ThrowIfNull(values);
        var results = new Dictionary<Sym, double[]>();
        foreach (var node in Canonical.TopologicalOrder(outputs))
            results[node] = node.Operation is Input input ? Given(values, node, input) : Evaluate(node, results);
        return [.. outputs.Select(output => (double[])results[output].Clone())];
    }

    private static double[] Evaluate(Sym node, Dictionary<Sym, double[]> results)
    {
        var operands = new double[node.Inputs.Length][];
        for (var i = 0; i < operands.Length; i++)
            operands[i] = results[node.Inputs[i]];
        var result = new double[node.Shape.Count];
        node.Operation.Evaluate(node.InputShapes(), operands, result);
        return result;
    }

    private static double[] Given(IReadOnlyDictionary<Sym, double[]> values, Sym node, Input input)
    {
        var name = $"{input.Label ?? "an input"} {node.Shape}";
        if (!values.TryGetValue(node, out var value))
            throw new ArgumentException($"There is no value for {name}.", nameof(values));
        return value.Length == node.Shape.Count
            ? value
            : throw new ArgumentException($"The value for {name} has {value.Length} elements.", nameof(values));
    }
}
