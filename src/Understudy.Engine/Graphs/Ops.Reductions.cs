using System.Runtime.CompilerServices;
using Understudy.Engine.Kernels;
using Understudy.Engine.Primitives;

namespace Understudy.Engine.Graphs;

/// <content>Sums, maxima, products of matrices and losses.</content>
public static partial class Ops
{
    /// <summary>The sum over the given axes, which disappear; without axes, over all of them.</summary>
    /// <exception cref="ShapeException">x does not have such an axis, or it is named twice.</exception>
    public static Sym Sum(Sym x, params ReadOnlySpan<int> axes) => Sum(x, Reduced(x, axes));

    /// <summary>The mean over the given axes, which disappear; without axes, over all of them.</summary>
    /// <exception cref="ShapeException">x does not have such an axis, or it is named twice.</exception>
    public static Sym Mean(Sym x, params ReadOnlySpan<int> axes)
    {
        var sum = Sum(x, Reduced(x, axes));
        return sum * ((double)sum.Shape.Count / x.Shape.Count);
    }

    /// <summary>log Σ exp(x) along an axis, which disappears; overflows nowhere.</summary>
    /// <exception cref="ShapeException">x does not have the axis.</exception>
    public static Sym LogSumExp(Sym x, int axis = -1, [CallerFilePath] string file = "", [CallerLineNumber] int line = 0)
        => Node(new LogSumExp(Axis(axis, x)), file, line, x);

    /// <summary>exp(x) / Σ exp(x) along an axis.</summary>
    /// <exception cref="ShapeException">x does not have the axis.</exception>
    public static Sym Softmax(Sym x, int axis = -1, [CallerFilePath] string file = "", [CallerLineNumber] int line = 0)
        => Node(new Softmax(Axis(axis, x)), file, line, x);

    /// <summary>The maximum along an axis, which disappears; the derivative belongs to the first maximum.</summary>
    /// <exception cref="ShapeException">x does not have the axis.</exception>
    public static Sym MaxAlong(Sym x, int axis = -1, [CallerFilePath] string file = "", [CallerLineNumber] int line = 0)
        => Node(new MaxAlong(Axis(axis, x)), file, line, x);

    /// <summary>The index of the first maximum along an axis, which disappears; the derivative is zero.</summary>
    /// <exception cref="ShapeException">x does not have the axis.</exception>
    public static Sym ArgMax(Sym x, int axis = -1, [CallerFilePath] string file = "", [CallerLineNumber] int line = 0)
        => Node(new ArgMax(Axis(axis, x)), file, line, x);

    /// <summary>The matrix product of a [m, k] and b [k, n], each read transposed where asked for; equal leading axes are gone through side by side.</summary>
    /// <exception cref="ShapeException">The shapes do not fit.</exception>
    public static Sym MatMul(
        Sym a, Sym b, bool transposeLeft = false, bool transposeRight = false, [CallerFilePath] string file = "", [CallerLineNumber] int line = 0)
        => Node(new MatMul(transposeLeft, transposeRight), file, line, a, b);

    /// <summary>A linear layer x W + b, with x [batch, in], weights W [in, out] and bias b [out].</summary>
    /// <exception cref="ShapeException">The shapes do not fit.</exception>
    public static Sym Linear(Sym x, Sym weights, Sym bias, [CallerFilePath] string file = "", [CallerLineNumber] int line = 0)
        => Node(new LinearAct(Activation.None, 0), file, line, x, weights, bias);

    /// <summary>A linear layer followed by <see cref="Rectify"/>. One operation for first-order training; its expansion otherwise.</summary>
    /// <exception cref="ShapeException">The shapes do not fit.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The slope is negative.</exception>
    public static Sym LinearRectify(
        Sym x, Sym weights, Sym bias, double slope = 0, [CallerFilePath] string file = "", [CallerLineNumber] int line = 0)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(slope);
        return Node(new LinearAct(Activation.Rectify, slope), file, line, x, weights, bias);
    }

    /// <summary>A linear layer followed by <see cref="Tanh"/>.</summary>
    /// <exception cref="ShapeException">The shapes do not fit.</exception>
    public static Sym LinearTanh(Sym x, Sym weights, Sym bias, [CallerFilePath] string file = "", [CallerLineNumber] int line = 0)
        => Node(new LinearAct(Activation.Tanh, 0), file, line, x, weights, bias);

    /// <summary>Cross-entropy of softmax(logits) against target probabilities, both [rows, classes], averaged over rows: a scalar.</summary>
    /// <remarks>The rows of the targets add up to one; for labels pass <see cref="OneHot"/>.</remarks>
    /// <exception cref="ShapeException">The shapes do not fit.</exception>
    public static Sym SoftmaxCrossEntropy(Sym logits, Sym targets, [CallerFilePath] string file = "", [CallerLineNumber] int line = 0)
        => Node(new SoftmaxCrossEntropy(), file, line, logits, targets);

    /// <summary>The mean over all elements of (a − b)²: a scalar.</summary>
    /// <exception cref="ShapeException">The shapes differ.</exception>
    public static Sym MseLoss(Sym a, Sym b, [CallerFilePath] string file = "", [CallerLineNumber] int line = 0)
        => Node(new MseLoss(), file, line, a, b);

    internal static Sym Sum(Sym x, Axes over) => Simplify.Node(new Sum(over), null, x);

    private static Axes Reduced(Sym x, ReadOnlySpan<int> axes)
    {
        if (axes.Length == 0)
            return Axes.Range(0, x.Shape.Rank);
        var over = new int[axes.Length];
        for (var i = 0; i < over.Length; i++)
            over[i] = Axis(axes[i], x);
        Array.Sort(over);
        return new Axes(over);
    }
}
