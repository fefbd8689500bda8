using Understudy.Data;
using Understudy.Data.Formats;
using Understudy.Engine;
using Understudy.Engine.Graphs;

namespace Understudy.Learning.Networks.Importing;

/// <summary>One operation of an imported graph with its operands.</summary>
/// <param name="graph">The graph it belongs to.</param>
/// <param name="node">The operation.</param>
/// <param name="operands">Its operands; null for one that is left out.</param>
/// <param name="rows">The number of examples that are traced.</param>
internal sealed class NodeCall(ImportedGraph graph, OnnxNode node, GraphValue?[] operands, int rows)
{
    /// <summary>The number of examples.</summary>
    internal int Rows => rows;

    /// <summary>The number of examples the file was exported with; null where it is open.</summary>
    internal long? FixedRows => graph.FixedRows;

    /// <summary>The version of the standard operators.</summary>
    internal long OperatorSet => graph.OperatorSet;

    internal IReadOnlyList<GraphValue?> Operands => operands;

    /// <summary>How many results are asked for.</summary>
    internal int Results => node.Outputs.Count(name => name.Length > 0);

    /// <summary>Whether an operand is there.</summary>
    internal bool Has(int operand) => operand < operands.Length && operands[operand] is not null;

    /// <summary>An operand of real numbers.</summary>
    internal TracedValue Traced(int operand)
        => Has(operand) ? operands[operand] as TracedValue ?? throw Problem($"computes with whole numbers in operand {operand}") : throw Problem($"lacks operand {operand}");

    /// <summary>An operand of real numbers [batch, …].</summary>
    internal Sym Examples(int operand)
        => Traced(operand) is { HasExamples: true, Sym: var x } ? x : throw Problem($"needs an operand {operand} that depends on the input");

    /// <summary>An operand of images [batch, C, H, W], as [batch, H, W, C].</summary>
    internal Sym Images(int operand)
        => Examples(operand).Shape is { Rank: not 4 } shape ? throw Problem($"is supported for images [batch, C, H, W] only, but was given {shape}") : Traced(operand).ChannelsLast();

    /// <summary>An operand of real numbers that is the same for all examples.</summary>
    internal Sym Shared(int operand)
        => Traced(operand) is { HasExamples: false, Sym: var x } ? x : throw Problem($"needs weights or constants as operand {operand}");

    /// <summary>An operand of whole numbers that is known while tracing.</summary>
    internal WholeNumbers Whole(int operand)
        => Has(operand) && operands[operand] is WholeNumbers whole ? whole : throw Problem($"needs whole numbers that do not depend on the input as operand {operand}");

    internal double Number(string attribute, double otherwise) => Attribute(attribute)?.Number ?? otherwise;

    internal long WholeNumber(string attribute, long otherwise) => Attribute(attribute)?.WholeNumber ?? otherwise;

    internal OnnxAttribute? Attribute(string name) => node.Attributes.GetValueOrDefault(name);

    /// <summary>An axis, counted from the front, of something with a rank.</summary>
    internal int Axis(long axis, int rank)
        => axis >= -rank && axis < rank ? (int)(axis < 0 ? axis + rank : axis) : throw Problem($"names the axis {axis} of {rank}");

    /// <summary>A shape, or the sentence that it is none.</summary>
    internal Shape ShapeOf(ReadOnlySpan<long> extents)
    {
        var shape = new int[extents.Length];
        for (var axis = 0; axis < shape.Length; axis++)
            shape[axis] = extents[axis] is >= 1 and <= int.MaxValue ? (int)extents[axis] : throw Problem($"asks for an extent of {extents[axis]}");
        return new Shape(shape);
    }

    /// <summary>"operator X (node Y) …", about the file.</summary>
    internal UnreadableFileException Problem(string what) => graph.Problem(node, what);
}
