using System.Numerics;
using Understudy.Engine.Kernels;
using Understudy.Engine.Primitives;

namespace Understudy.UnitTests.Engine.Kernels;

/// <summary>Cases of as many replicas as a register has lanes, at once.</summary>
internal sealed class LaneConvolutionCase<T>(ConvolutionCase<T>[] alone, ConvolutionSum sum, ConvolutionShape shape) : IRegisterVisitor<T[]>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    public unsafe T[] Visit<V, S>()
        where V : struct, ISimd<V, S>
        where S : unmanaged, IBinaryFloatingPointIeee754<S>
    {
        var result = new GuardedRoom<T>(alone[0].Count * V.Width);
        var workspace = new GuardedRoom<T>(sum switch
        {
            Convolve when IsWinograd => LaneWinograd<V, S>.ForwardWorkspace(in shape),
            ConvolveBackToInput when IsWinograd => LaneWinograd<V, S>.BackToInputWorkspace(in shape),
            _ when IsWinograd => LaneWinograd<V, S>.BackToKernelWorkspace(in shape),
            Convolve => LaneConvolution<V, S>.ForwardWorkspace(in shape),
            ConvolveBackToInput => LaneConvolution<V, S>.BackToInputWorkspace(in shape),
            _ => LaneConvolution<V, S>.BackToKernelWorkspace(in shape),
        });
        const int start = GuardedRoom<T>.Margin;
        var first = start * V.Width;
        T[] lefts = Interleaved(one => one.Left), rights = Interleaved(one => one.Right), biases = Interleaved(one => one.Bias);
        fixed (T* left = &lefts[first], right = &rights[first], bias = &biases[first], y = &result.All[start], working = &workspace.All[start])
        {
            if (IsWinograd)
                ByWinograd<V, S>((S*)left, (S*)right, (S*)bias, (S*)y, (S*)working);
            else if (sum is Convolve)
                LaneConvolution<V, S>.Forward(in shape, (S*)left, (S*)right, (S*)y, alone[0].End<S>((S*)bias), (S*)working);
            else if (sum is ConvolveBackToInput)
                LaneConvolution<V, S>.BackToInput(in shape, (S*)left, (S*)right, (S*)y, (S*)working);
            else
                LaneConvolution<V, S>.BackToKernel(in shape, (S*)left, (S*)right, (S*)y, (S*)working);
        }

        workspace.CheckSurroundings($"Workspace of {sum.Name} {shape} in lanes");
        return result.Written($"Result of {sum.Name} {shape} in lanes");
    }

    private bool IsWinograd => alone[0].IsWinograd;

    private unsafe void ByWinograd<V, S>(S* left, S* right, S* bias, S* y, S* working)
        where V : struct, ISimd<V, S>
        where S : unmanaged, IBinaryFloatingPointIeee754<S>
    {
        if (sum is Convolve)
            LaneWinograd<V, S>.Forward(in shape, left, right, y, alone[0].End(bias), working);
        else if (sum is ConvolveBackToInput)
            LaneWinograd<V, S>.BackToInput(in shape, left, right, y, working);
        else
            LaneWinograd<V, S>.BackToKernel(in shape, left, right, y, working);
    }

    private T[] Interleaved(Func<ConvolutionCase<T>, T[]> operand)
    {
        var own = Array.ConvertAll(alone, one => operand(one));
        var all = new T[own[0].Length * own.Length];
        for (var i = 0; i < all.Length; i++)
            all[i] = own[i % own.Length][i / own.Length];
        return all;
    }
}
