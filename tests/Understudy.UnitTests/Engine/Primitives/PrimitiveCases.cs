using Understudy.Engine;
using Understudy.Engine.Graphs;
using Understudy.Engine.Primitives;

namespace Understudy.UnitTests.Engine.Primitives;

/// <summary>How the elements of an operand are drawn.</summary>
internal enum Domain
{
    /// <summary>Between −1 and 1.</summary>
    Any,

    /// <summary>Between 0.5 and 1.5.</summary>
    Positive,

    /// <summary>No two alike and none zero, at least 0.01 apart across all operands: nothing is near a kink or a tie.</summary>
    Distinct,

    /// <summary>Whole numbers 0, 1 or 2, which are not differentiated.</summary>
    Index,

    /// <summary>0 or 1, not differentiated.</summary>
    Mask,
}

/// <summary>An operation on operands of given shapes, for the laws that hold for all operations.</summary>
internal sealed record PrimitiveCase(string Name, Shape[] Shapes, Domain[] Draws, Func<Sym[], Sym> Build)
{
    /// <summary>A graph of the case: its inputs and its output.</summary>
    internal (Sym[] Inputs, Sym Output) Trace()
    {
        Sym[] inputs = [.. Shapes.Select(shape => Ops.Input(shape))];
        return (inputs, Build(inputs));
    }

    /// <summary>The inputs among these that a derivative can be taken of.</summary>
    internal T[] Differentiable<T>(IEnumerable<T> perInput) => [.. perInput.Where((_, i) => Draws[i] is not (Domain.Index or Domain.Mask))];

    internal double[][] Values(Numbers numbers)
    {
        var values = new double[Shapes.Length][];
        for (var i = 0; i < values.Length; i++)
            values[i] = numbers.Of(Draws[i], Shapes[i].Count, offset: i);
        return values;
    }
}

/// <summary>All operations that are made directly by <see cref="Ops"/>, on shapes that exercise their attributes.</summary>
internal static class PrimitiveCases
{
    internal static IReadOnlyList<PrimitiveCase> All { get; } =
    [
        .. Functions(), .. Arithmetic(), .. Structure(), .. Reductions(), .. Products(), .. Images(), .. Macros(),
    ];

    internal static TheoryData<string> Names => [.. All.Select(@case => @case.Name)];

    internal static TheoryData<string> MacroNames => [.. Macros().Select(@case => @case.Name)];

    internal static PrimitiveCase Named(string name) => All.Single(@case => @case.Name == name);

    private static IEnumerable<PrimitiveCase> Functions() =>
    [
        Of("StopGradient", [[3]], [Domain.Any], x => Ops.StopGradient(x[0]) * x[0]),
        Of("Affine", [[2, 3]], [Domain.Any], x => Ops.Affine(x[0], 2.5, -0.5)),
        Of("Exp", [[2, 3]], [Domain.Any], x => Ops.Exp(x[0])),
        Of("Expm1", [[2, 3]], [Domain.Any], x => Ops.Expm1(x[0])),
        Of("Log", [[2, 3]], [Domain.Positive], x => Ops.Log(x[0])),
        Of("Log1p", [[2, 3]], [Domain.Positive], x => Ops.Log1p(x[0])),
        Of("Tanh", [[2, 3]], [Domain.Any], x => Ops.Tanh(x[0])),
        Of("Sigmoid", [[2, 3]], [Domain.Any], x => Ops.Sigmoid(x[0])),
        Of("Softplus", [[2, 3]], [Domain.Any], x => Ops.Softplus(x[0])),
        Of("Sqrt", [[2, 3]], [Domain.Positive], x => Ops.Sqrt(x[0])),
        Of("Rsqrt", [[2, 3]], [Domain.Positive], x => Ops.Rsqrt(x[0])),
        Of("Sin", [[2, 3]], [Domain.Any], x => Ops.Sin(x[0])),
        Of("Cos", [[]], [Domain.Any], x => Ops.Cos(x[0])),
        Of("Erf", [[2, 3]], [Domain.Any], x => Ops.Erf(x[0])),
        Of("Abs", [[2, 3]], [Domain.Distinct], x => Ops.Abs(x[0])),
        Of("Sign", [[2, 3]], [Domain.Distinct], x => Ops.Sign(x[0]) * x[0]),
        Of("Square", [[2, 3]], [Domain.Any], x => Ops.Square(x[0])),
        Of("Rectify", [[2, 3]], [Domain.Distinct], x => Ops.Rectify(x[0])),
        Of("Rectify leaky", [[4, 3]], [Domain.Distinct], x => Ops.Rectify(x[0], 0.1)),
        Of("Step", [[4]], [Domain.Distinct], x => Ops.Step(x[0], 0.3) * x[0]),
    ];

    private static IEnumerable<PrimitiveCase> Arithmetic() =>
    [
        Of("Add", [[2, 3], [2, 3]], [Domain.Any, Domain.Any], x => x[0] + x[1]),
        Of("Literal", [[2, 3]], [Domain.Any], x => x[0] * Ops.Constant([1, -2, 0.5], new Shape(3)) * x[0]),
        Of("Add of a bias", [[2, 3], [3]], [Domain.Any, Domain.Any], x => x[0] + x[1]),
        Of("Subtract", [[2, 3], [2, 3]], [Domain.Any, Domain.Any], x => x[0] - x[1]),
        Of("Subtract from a scalar", [[], [2, 3]], [Domain.Any, Domain.Any], x => x[0] - x[1]),
        Of("Multiply", [[2, 3], [2, 3]], [Domain.Any, Domain.Any], x => x[0] * x[1]),
        Of("Multiply by a scalar", [[2, 3], []], [Domain.Any, Domain.Any], x => x[0] * x[1]),
        Of("Divide", [[2, 3], [2, 3]], [Domain.Any, Domain.Positive], x => x[0] / x[1]),
        Of("Reciprocal", [[3]], [Domain.Positive], x => 2 / x[0]),
        Of("ScaledAdd", [[2, 3], [], [2, 3]], [Domain.Any, Domain.Any, Domain.Any], x => Ops.ScaledAdd(x[0], x[1], x[2])),
        Of("ScaledAdd element-wise", [[2, 3], [2, 3], [2, 3]], [Domain.Any, Domain.Any, Domain.Any], x => Ops.ScaledAdd(x[0], x[1], x[2])),
        Of("Max", [[2, 3], [2, 3]], [Domain.Distinct, Domain.Distinct], x => Ops.Max(x[0], x[1])),
        Of("Min", [[2, 3], [3]], [Domain.Distinct, Domain.Distinct], x => Ops.Min(x[0], x[1])),
        Of("Greater", [[2, 3], [2, 3]], [Domain.Distinct, Domain.Distinct], x => Ops.Greater(x[0], x[1]) * x[0]),
        Of("Select", [[2, 3], [2, 3], [3]], [Domain.Mask, Domain.Any, Domain.Any], x => Ops.Select(x[0], x[1], x[2])),
    ];

    private static IEnumerable<PrimitiveCase> Structure() =>
    [
        Of("Reshape", [[2, 6]], [Domain.Any], x => Ops.Reshape(x[0], new Shape(3, 4))),
        Of("Permute", [[2, 3, 4]], [Domain.Any], x => Ops.Permute(x[0], 2, 0, 1)),
        Of("Transpose", [[2, 3, 4]], [Domain.Any], x => Ops.Transpose(x[0])),
        Of("Broadcast", [[2]], [Domain.Any], x => Ops.BroadcastAlong(Ops.BroadcastAlong(x[0], 1, 3), 0, 2)),
        Of("Slice", [[4, 3]], [Domain.Any], x => Ops.Slice(x[0], 0, 1, 2)),
        Of("Pad", [[2, 3]], [Domain.Any], x => Ops.Pad(x[0], 1, 1, 2)),
        Of("Concat", [[2, 3], [2, 1], [2, 2]], [Domain.Any, Domain.Any, Domain.Any], x => Ops.Concat(1, x[0], x[1], x[2])),
        Of("GatherRows", [[3, 2], [5]], [Domain.Any, Domain.Index], x => Ops.GatherRows(x[0], x[1])),
        Of("GatherRows side by side", [[2, 3, 2], [2, 4]], [Domain.Any, Domain.Index], x => Ops.GatherRows(x[0], x[1])),
        Of("ScatterAddRows", [[5, 2], [5]], [Domain.Any, Domain.Index], x => Ops.ScatterAddRows(x[0], x[1], 4)),
        Of("ScatterAddRows side by side", [[2, 4, 2], [2, 4]], [Domain.Any, Domain.Index], x => Ops.ScatterAddRows(x[0], x[1], 3)),
        Of("OneHot", [[4], [4, 3]], [Domain.Index, Domain.Any], x => Ops.OneHot(x[0], 3) * x[1]),
    ];

    private static IEnumerable<PrimitiveCase> Reductions() =>
    [
        Of("Sum of everything", [[2, 3]], [Domain.Any], x => Ops.Sum(x[0])),
        Of("Sum along axes", [[2, 3, 4]], [Domain.Any], x => Ops.Sum(x[0], 2, 0)),
        Of("Mean", [[2, 3]], [Domain.Any], x => Ops.Mean(x[0], 0)),
        Of("LogSumExp", [[2, 3, 2]], [Domain.Any], x => Ops.LogSumExp(x[0], 1)),
        Of("Softmax", [[2, 3, 2]], [Domain.Any], x => Ops.Softmax(x[0], 1)),
        Of("Softmax along the last axis", [[4, 3]], [Domain.Any], x => Ops.Softmax(x[0])),
        Of("MaxAlong", [[2, 3, 2]], [Domain.Distinct], x => Ops.MaxAlong(x[0], 1)),
        Of("MaxAlong the first axis", [[3, 2]], [Domain.Distinct], x => Ops.MaxAlong(x[0], 0)),
        Of("ArgMax", [[4, 3], [4]], [Domain.Distinct, Domain.Any], x => Ops.ArgMax(x[0]) * x[1]),
    ];

    private static IEnumerable<PrimitiveCase> Products() =>
    [
        Of("MatMul", [[2, 3], [3, 4]], [Domain.Any, Domain.Any], x => Ops.MatMul(x[0], x[1])),
        Of("MatMul, left transposed", [[3, 2], [3, 4]], [Domain.Any, Domain.Any], x => Ops.MatMul(x[0], x[1], transposeLeft: true)),
        Of("MatMul, right transposed", [[2, 3], [4, 3]], [Domain.Any, Domain.Any], x => Ops.MatMul(x[0], x[1], transposeRight: true)),
        Of("MatMul, both transposed", [[3, 2], [4, 3]], [Domain.Any, Domain.Any], x => Ops.MatMul(x[0], x[1], transposeLeft: true, transposeRight: true)),
        Of("MatMul of stacks", [[2, 2, 3], [2, 3, 2]], [Domain.Any, Domain.Any], x => Ops.MatMul(x[0], x[1])),
        Of("MatMul of stacks, both transposed", [[2, 3, 2], [2, 4, 3]], [Domain.Any, Domain.Any], x => Ops.MatMul(x[0], x[1], transposeLeft: true, transposeRight: true)),
        Of("MatMul of one matrix with itself", [[3, 3]], [Domain.Any], x => Ops.MatMul(x[0], x[0])),
    ];

    private static IEnumerable<PrimitiveCase> Images() =>
    [
        Of("Convolve", [[2, 4, 5, 3], [3, 3, 3, 2]], [Domain.Any, Domain.Any], x => Ops.Convolve(x[0], x[1], padding: 1)),
        Of("Convolve with a stride", [[2, 5, 4, 2], [3, 3, 2, 3]], [Domain.Any, Domain.Any], x => Ops.Convolve(x[0], x[1], stride: 2, padding: 1)),
        Of("Convolve with a kernel smaller than the stride", [[1, 5, 4, 2], [1, 1, 2, 3]], [Domain.Any, Domain.Any], x => Ops.Convolve(x[0], x[1], stride: 2)),
        Of("Convolve with a kernel that is not square", [[1, 6, 5, 1], [3, 2, 1, 2]], [Domain.Any, Domain.Any], x => Ops.Convolve(x[0], x[1], stride: 3, padding: 2)),
        Of("Convolve with a stride beyond the image", [[2, 3, 4, 1], [2, 2, 1, 2]], [Domain.Any, Domain.Any], x => Ops.Convolve(x[0], x[1], stride: 50_000, padding: 1)),
        Of("Convolve with single pixels", [[2, 3, 2, 4], [1, 1, 4, 3]], [Domain.Any, Domain.Any], x => Ops.Convolve(x[0], x[1])),
        Of("Convolve side by side", [[2, 1, 3, 3, 2], [2, 2, 2, 2, 2]], [Domain.Any, Domain.Any], x => Ops.Convolve(x[0], x[1])),
        Of("ConvolveBackToInput", [[2, 3, 2, 3], [3, 2, 2, 3]], [Domain.Any, Domain.Any], x => Simplify.Node(new ConvolveBackToInput(2, 1, 5, 3), null, x[0], x[1])),
        Of("ConvolveBackToKernel", [[2, 5, 3, 2], [2, 3, 2, 3]], [Domain.Any, Domain.Any], x => Simplify.Node(new ConvolveBackToKernel(2, 1, 3, 2), null, x[0], x[1])),
        Of("MaxPool", [[2, 4, 5, 2]], [Domain.Distinct], x => Ops.MaxPool(x[0], 2)),
        Of("MaxPool of three", [[1, 3, 7, 3]], [Domain.Distinct], x => Ops.MaxPool(x[0], 3)),
        Of("PoolPlaces", [[2, 4, 2, 3], [2, 2, 1, 3]], [Domain.Distinct, Domain.Any], x => Simplify.Node(new PoolPlaces(2), null, x[0]) * x[1]),
        Of("PoolScatter", [[2, 2, 3, 2], [2, 2, 3, 2]], [Domain.Any, Domain.Index], x => Simplify.Node(new PoolScatter(2, 4, 7), null, x[0], x[1])),
        Of("AveragePool", [[2, 5, 6, 2]], [Domain.Any], x => Ops.AveragePool(x[0], 2)),
        Of("BatchNorm", [[5, 3], [3], [3]], [Domain.Any, Domain.Positive, Domain.Any], x => Ops.BatchNorm(x[0], x[1], x[2])),
        Of("BatchNorm of images", [[2, 2, 3, 2], [2], [2]], [Domain.Any, Domain.Positive, Domain.Any], x => Ops.BatchNorm(x[0], x[1], x[2])),
    ];

    private static IEnumerable<PrimitiveCase> Macros() =>
    [
        Of("Linear", [[4, 3], [3, 2], [2]], [Domain.Any, Domain.Any, Domain.Any], x => Ops.Linear(x[0], x[1], x[2])),
        Of("LinearRectify", [[4, 3], [3, 2], [2]], [Domain.Any, Domain.Any, Domain.Any], x => Ops.LinearRectify(x[0], x[1], x[2], 0.2)),
        Of("LinearTanh", [[4, 3], [3, 2], [2]], [Domain.Any, Domain.Any, Domain.Any], x => Ops.LinearTanh(x[0], x[1], x[2])),
        Of("SoftmaxCrossEntropy", [[4, 3], [4, 3]], [Domain.Any, Domain.Positive], x => Ops.SoftmaxCrossEntropy(x[0], x[1])),
        Of("SoftmaxCrossEntropy of labels", [[4, 3], [4]], [Domain.Any, Domain.Index], x => Ops.SoftmaxCrossEntropy(x[0], Ops.OneHot(x[1], 3))),
        Of("MseLoss", [[4, 3], [4, 3]], [Domain.Any, Domain.Any], x => Ops.MseLoss(x[0], x[1])),
        Of("MseLoss of a value with its square", [[4]], [Domain.Any], x => Ops.MseLoss(x[0], Ops.Square(x[0]))),
    ];

    private static PrimitiveCase Of(string name, int[][] shapes, Domain[] draws, Func<Sym[], Sym> build)
        => new(name, [.. shapes.Select(extents => new Shape(extents))], draws, build);
}
