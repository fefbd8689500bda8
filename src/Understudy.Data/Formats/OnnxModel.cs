using System.Diagnostics.CodeAnalysis;

namespace Understudy.Data.Formats;

/// <summary>The content of an ONNX file: one graph and the numbers it works with.</summary>
/// <param name="Path">The file, as the user knows it.</param>
/// <param name="Producer">The program that wrote it; empty where the file does not say.</param>
/// <param name="OperatorSet">The version of the standard operators ("opset"), which decides what an operator means.</param>
/// <param name="Nodes">The operations; each after those whose results it reads.</param>
/// <param name="Initializers">Weights and other stored arrays, in the order of the file.</param>
/// <param name="Inputs">What is handed in; stored arrays that the file lists as inputs too are not among them.</param>
/// <param name="Outputs">What the graph computes.</param>
public sealed record OnnxModel(
    string Path,
    string Producer,
    long OperatorSet,
    IReadOnlyList<OnnxNode> Nodes,
    IReadOnlyList<OnnxTensor> Initializers,
    IReadOnlyList<OnnxValue> Inputs,
    IReadOnlyList<OnnxValue> Outputs);

/// <summary>One operation.</summary>
/// <param name="Operator">Such as <c>Gemm</c>; operators outside the standard have their domain in front: <c>com.microsoft::Gelu</c>.</param>
/// <param name="Name">Such as <c>/0/Gemm</c>; where the file gives none, the name of the first result.</param>
/// <param name="Inputs">The names of the operands; an empty one stands for an optional operand that is left out.</param>
/// <param name="Outputs">The names of the results.</param>
/// <param name="Attributes">Its constants by name.</param>
public sealed record OnnxNode(
    string Operator, string Name, IReadOnlyList<string> Inputs, IReadOnlyList<string> Outputs, IReadOnlyDictionary<string, OnnxAttribute> Attributes);

/// <summary>A constant of an operation; what is not of its kind is null.</summary>
/// <param name="Number">A float.</param>
/// <param name="WholeNumber">A whole number, or a truth value as 0 or 1.</param>
/// <param name="Text">A text.</param>
/// <param name="Tensor">An array.</param>
/// <param name="Numbers">A list of floats.</param>
/// <param name="WholeNumbers">A list of whole numbers.</param>
[SuppressMessage("Naming", "CA1711", Justification = "Attribute is the format's word.")]
public sealed record OnnxAttribute(
    double? Number = null,
    long? WholeNumber = null,
    string? Text = null,
    OnnxTensor? Tensor = null,
    IReadOnlyList<double>? Numbers = null,
    IReadOnlyList<long>? WholeNumbers = null);

/// <summary>An input or output of the graph.</summary>
/// <param name="Name">Such as <c>input</c>.</param>
/// <param name="Shape">Its extents; null where the file does not say how many there are.</param>
public sealed record OnnxValue(string Name, IReadOnlyList<OnnxExtent>? Shape);

/// <summary>An extent of an input or output: a number, or open and perhaps named.</summary>
/// <param name="Length">The extent; null where it is open.</param>
/// <param name="Symbol">The name of an open extent, such as <c>batch</c>; empty where it has none.</param>
public readonly record struct OnnxExtent(long? Length, string Symbol)
{
    /// <summary>The number or the name, and <c>?</c> for neither.</summary>
    public override string ToString() => Length is { } length ? $"{length}" : Symbol.Length > 0 ? Symbol : "?";
}
