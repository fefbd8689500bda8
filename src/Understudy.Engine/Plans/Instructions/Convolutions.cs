using System.Numerics;
using Understudy.Engine.Kernels;
using Understudy.Engine.Primitives;
using Understudy.Engine.Threading;

namespace Understudy.Engine.Plans.Instructions;

/// <summary>Convolutions of one replica, or gradients of them: one, or a stack of them.</summary>
internal sealed unsafe class SoloConvolution<V, S>(
    ConvolutionSum sum, ConvolutionShape shape, (int Count, nint StepA, nint StepB, nint StepY) stack, S* a, S* b, S* y, WindowEnd<S> end, S* workspace, Team? team) : Instruction
    where V : struct, ISimd<V, S>
    where S : unmanaged, IBinaryFloatingPointIeee754<S>
{
    internal static nint Workspace(ConvolutionSum sum, in ConvolutionShape shape, int threads) => sum switch
    {
        Convolve => Convolution<V, S>.ForwardWorkspace(in shape, threads),
        ConvolveBackToInput => Convolution<V, S>.BackToInputWorkspace(in shape, threads),
        _ => Convolution<V, S>.BackToKernelWorkspace(in shape, threads),
    };

    private readonly WindowEnd<S> _end = end;

    internal override void Run()
    {
        for (var i = 0; i < stack.Count; i++)
        {
            S* left = a + (i * stack.StepA), right = b + (i * stack.StepB), result = y + (i * stack.StepY);
            if (sum is Convolve)
                Convolution<V, S>.Forward(in shape, left, right, result, in _end, workspace, team);
            else if (sum is ConvolveBackToInput)
                Convolution<V, S>.BackToInput(in shape, left, right, result, workspace, team);
            else
                Convolution<V, S>.BackToKernel(in shape, left, right, result, workspace, team);
        }
    }
}

/// <summary>Convolutions of a group of replicas, or gradients of them: one, or a stack of them.</summary>
internal sealed unsafe class LaneConvolutions<V, S>(
    ConvolutionSum sum, ConvolutionShape shape, (int Count, nint StepA, nint StepB, nint StepY) stack, S* a, S* b, S* y, WindowEnd<S> end, S* workspace) : Instruction
    where V : struct, ISimd<V, S>
    where S : unmanaged, IBinaryFloatingPointIeee754<S>
{
    internal static nint Workspace(ConvolutionSum sum, in ConvolutionShape shape) => sum switch
    {
        Convolve => LaneConvolution<V, S>.ForwardWorkspace(in shape),
        ConvolveBackToInput => LaneConvolution<V, S>.BackToInputWorkspace(in shape),
        _ => LaneConvolution<V, S>.BackToKernelWorkspace(in shape),
    };

    private readonly WindowEnd<S> _end = end;

    internal override void Run()
    {
        for (var i = 0; i < stack.Count; i++)
        {
            S* left = a + (i * stack.StepA), right = b + (i * stack.StepB), result = y + (i * stack.StepY);
            if (sum is Convolve)
                LaneConvolution<V, S>.Forward(in shape, left, right, result, in _end, workspace);
            else if (sum is ConvolveBackToInput)
                LaneConvolution<V, S>.BackToInput(in shape, left, right, result, workspace);
            else
                LaneConvolution<V, S>.BackToKernel(in shape, left, right, result, workspace);
        }
    }
}
