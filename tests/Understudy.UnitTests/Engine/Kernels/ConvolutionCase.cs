using System.Numerics;
using Understudy.Engine;
using Understudy.Engine.Kernels;
using Understudy.Engine.Primitives;
using Understudy.Engine.Threading;

namespace Understudy.UnitTests.Engine.Kernels;

/// <summary>The convolution or one of its two gradients on drawn operands.</summary>
/// <remarks>A bias follows a convolution in cases of odd numbers, and a rectifier in every second pair of them.</remarks>
internal sealed class ConvolutionCase<T>(Draw draw, ConvolutionSum sum, ConvolutionShape shape) : IRegisterVisitor<T[]>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private static readonly T Slope = T.CreateTruncating(0.3);

    private readonly (Shape Left, Shape Right, Shape Result) _operands = Operands(sum, shape);

    internal T[] Left { get; } = GuardedRoom<T>.Operand(draw.Normal(Operands(sum, shape).Left.Count));

    internal T[] Right { get; } = GuardedRoom<T>.Operand(draw.Normal(Operands(sum, shape).Right.Count));

    /// <summary>Large beside the sums: one that is added twice shows.</summary>
    internal T[] Bias { get; } = GuardedRoom<T>.Operand([.. draw.Normal(shape.Filters).Select(value => 10 * value)]);

    internal bool HasBias { get; } = sum is Convolve && draw.Case % 2 == 1;

    internal bool Rectifies { get; } = sum is Convolve && draw.Case % 4 > 1;

    internal Team? Team { get; set; }

    /// <summary>Whether the algorithm is Winograd's.</summary>
    internal bool IsWinograd { get; init; }

    internal int Count => _operands.Result.Count;

    public unsafe T[] Visit<V, S>()
        where V : struct, ISimd<V, S>
        where S : unmanaged, IBinaryFloatingPointIeee754<S>
    {
        var threads = Team?.Threads ?? 1;
        var workspace = new GuardedRoom<T>(sum switch
        {
            Convolve when IsWinograd => Winograd<V, S>.ForwardWorkspace(in shape, threads),
            ConvolveBackToInput when IsWinograd => Winograd<V, S>.BackToInputWorkspace(in shape, threads),
            _ when IsWinograd => Winograd<V, S>.BackToKernelWorkspace(in shape, threads),
            Convolve => Convolution<V, S>.ForwardWorkspace(in shape, threads),
            ConvolveBackToInput => Convolution<V, S>.BackToInputWorkspace(in shape, threads),
            _ => Convolution<V, S>.BackToKernelWorkspace(in shape, threads),
        });
        var result = new GuardedRoom<T>(Count);
        const int start = GuardedRoom<T>.Margin;
        fixed (T* left = &Left[start], right = &Right[start], bias = &Bias[start], y = &result.All[start], working = &workspace.All[start])
        {
            if (IsWinograd)
                ByWinograd<V, S>((S*)left, (S*)right, (S*)bias, (S*)y, (S*)working);
            else if (sum is Convolve)
                Convolution<V, S>.Forward(in shape, (S*)left, (S*)right, (S*)y, End<S>((S*)bias), (S*)working, Team);
            else if (sum is ConvolveBackToInput)
                Convolution<V, S>.BackToInput(in shape, (S*)left, (S*)right, (S*)y, (S*)working, Team);
            else
                Convolution<V, S>.BackToKernel(in shape, (S*)left, (S*)right, (S*)y, (S*)working, Team);
        }

        workspace.CheckSurroundings($"Workspace of {sum.Name} {shape}");
        return result.Written($"Result of {sum.Name} {shape}");
    }

    private unsafe void ByWinograd<V, S>(S* left, S* right, S* bias, S* y, S* working)
        where V : struct, ISimd<V, S>
        where S : unmanaged, IBinaryFloatingPointIeee754<S>
    {
        if (sum is Convolve)
            Winograd<V, S>.Forward(in shape, left, right, y, End(bias), working, Team);
        else if (sum is ConvolveBackToInput)
            Winograd<V, S>.BackToInput(in shape, left, right, y, working, Team);
        else
            Winograd<V, S>.BackToKernel(in shape, left, right, y, working, Team);
    }

    internal unsafe WindowEnd<S> End<S>(S* bias)
        where S : unmanaged, IBinaryFloatingPointIeee754<S>
        => new() { Bias = HasBias ? bias : null, Rectifies = Rectifies, Slope = S.CreateTruncating(Slope) };

    /// <summary>The definition in double precision, for every element the sum of the absolute terms, and the number of terms of the longest sum.</summary>
    internal (double[] Exact, double[] Size, int Terms) Exact()
    {
        var (left, right, result) = _operands;
        double[] a = Numbers(Left), b = Numbers(Right), bias = Numbers(Bias);
        var (exact, size) = (new double[result.Count], new double[result.Count]);
        sum.Evaluate([left, right], [a, b], exact);
        sum.Evaluate([left, right], [[.. a.Select(Math.Abs)], [.. b.Select(Math.Abs)]], size);
        var terms = sum switch
        {
            Convolve => shape.PatchSize + 1,
            ConvolveBackToInput => shape.KernelHeight * shape.KernelWidth * shape.Filters,
            _ => shape.ResultPixels,
        };
        for (var i = 0; i < exact.Length; i++)
        {
            if (HasBias)
                (exact[i], size[i]) = (exact[i] + bias[i % shape.Filters], size[i] + Math.Abs(bias[i % shape.Filters]));
            if (Rectifies && exact[i] < 0)
                exact[i] *= double.CreateTruncating(Slope);
        }

        return (exact, size, terms);
    }

    private static double[] Numbers(T[] operand)
        => [.. operand[GuardedRoom<T>.Margin..^GuardedRoom<T>.Margin].Select(double.CreateTruncating)];

    private static (Shape Left, Shape Right, Shape Result) Operands(ConvolutionSum sum, in ConvolutionShape shape)
    {
        var x = new Shape(shape.Images, shape.Height, shape.Width, shape.Channels);
        var kernel = new Shape(shape.KernelHeight, shape.KernelWidth, shape.Channels, shape.Filters);
        var y = new Shape(shape.Images, shape.ResultHeight, shape.ResultWidth, shape.Filters);
        return sum switch
        {
            Convolve => (x, kernel, y),
            ConvolveBackToInput => (y, kernel, x),
            _ => (x, y, kernel),
        };
    }
}
