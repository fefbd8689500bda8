using System.Collections.Frozen;

namespace Understudy.Learning.Networks.Importing;

/// <summary>The operators that can be imported, by the name the standard gives them.</summary>
internal static class Operators
{
    /// <summary>The oldest version of the standard operators that is read: since 7 they broadcast, and leave training to others.</summary>
    internal const long OldestSet = 7;

    /// <summary>The newest version that is read.</summary>
    internal const long NewestSet = 21;

    private static readonly FrozenDictionary<string, Func<NodeCall, GraphValue>> All = new Dictionary<string, Func<NodeCall, GraphValue>>
    {
        ["Gemm"] = MatrixOperators.Gemm,
        ["MatMul"] = MatrixOperators.MatMul,
        ["BatchNormalization"] = MatrixOperators.BatchNormalization,
        ["Conv"] = ImageOperators.Conv,
        ["MaxPool"] = ImageOperators.MaxPool,
        ["AveragePool"] = ImageOperators.AveragePool,
        ["GlobalAveragePool"] = ImageOperators.GlobalAveragePool,
        ["ReduceMean"] = ImageOperators.ReduceMean,
        ["ReduceSumSquare"] = ImageOperators.ReduceSumSquare,
        ["Add"] = ElementOperators.Add,
        ["Sub"] = ElementOperators.Sub,
        ["Mul"] = ElementOperators.Mul,
        ["Div"] = ElementOperators.Div,
        ["Max"] = ElementOperators.Max,
        ["Sqrt"] = ElementOperators.Sqrt,
        ["Relu"] = ElementOperators.Relu,
        ["LeakyRelu"] = ElementOperators.LeakyRelu,
        ["Elu"] = ElementOperators.Elu,
        ["Tanh"] = ElementOperators.Tanh,
        ["Sigmoid"] = ElementOperators.Sigmoid,
        ["Erf"] = ElementOperators.Erf,
        ["Softplus"] = ElementOperators.Softplus,
        ["Gelu"] = ElementOperators.Gelu,
        ["Flatten"] = ShapeOperators.Flatten,
        ["Reshape"] = ShapeOperators.Reshape,
        ["Transpose"] = ShapeOperators.Transpose,
        ["Pad"] = ShapeOperators.Pad,
        ["Identity"] = ShapeOperators.Identity,
        ["Dropout"] = ShapeOperators.Dropout,
        ["Cast"] = ShapeOperators.Cast,
        ["Constant"] = ShapeOperators.Constant,
        ["Shape"] = ShapeOperators.Shape,
        ["Gather"] = ShapeOperators.Gather,
        ["Unsqueeze"] = ShapeOperators.Unsqueeze,
        ["Squeeze"] = ShapeOperators.Squeeze,
        ["Concat"] = ShapeOperators.Concat,
    }.ToFrozenDictionary(StringComparer.Ordinal);

    /// <summary>The names for messages, in alphabetic order.</summary>
    internal static string Names => string.Join(", ", All.Keys.Order(StringComparer.Ordinal));

    /// <summary>What an operator does; null for one that cannot be imported.</summary>
    internal static Func<NodeCall, GraphValue>? Of(string name) => All.GetValueOrDefault(name);

    /// <summary>Whether an operator turns outputs into probabilities, which is the loss's business.</summary>
    internal static bool IsSoftmax(string name) => name is "Softmax" or "LogSoftmax";

    /// <summary>Whether the operator only shows its first operand in another form.</summary>
    internal static bool IsView(string name) => name is "Identity" or "Dropout" or "Cast" or "Flatten" or "Reshape" or "Transpose" or "Unsqueeze";

    /// <summary>Whether a stored array with axes in this place is trained: matrices, kernels and biases, what is added to or multiplied with, and scale and shift of a normalization.</summary>
    /// <remarks>What is subtracted or divided by is the data's mean and spread.</remarks>
    internal static bool IsTrained(string name, int operand) => name switch
    {
        "Gemm" or "MatMul" or "Add" or "Mul" => true,
        "BatchNormalization" or "Conv" => operand is 1 or 2,
        _ => false,
    };

    /// <summary>Whether an operand is a mean or variance that was measured, not trained.</summary>
    internal static bool IsStatistic(string name, int operand) => name == "BatchNormalization" && operand is 3 or 4;
}
