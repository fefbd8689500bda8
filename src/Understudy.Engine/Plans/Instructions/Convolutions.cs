using System.Numerics;
using Understudy.Engine.Kernels;
using Understudy.Engine.Primitives;
using Understudy.Engine.Threading;

namespace Understudy.Engine.Plans.Instructions;

/// <summary>Convolutions of one replica, or gradients of them: one, or a stack of them.</summary>
internal sealed unsafe class SoloConvolution<V, S>(
    ConvolutionSum sum, ConvolutionShape shape, bool isWinograd, (int Count, nint StepA, nint StepB, nint StepY) stack, S* a, S* b, S* y, WindowEnd<S> end, S* workspace, Team? team) : Instruction
    where V : struct, ISimd<V, S>
    where S : unmanaged, IBinaryFloatingPointIeee754<S>
{
    internal static nint Workspace(ConvolutionSum sum, in ConvolutionShape shape, bool isWinograd, int threads) => sum switch
    {
        Convolve when isWinograd => Winograd<V, S>.ForwardWorkspace(in shape, threads),
        ConvolveBackToInput when isWinograd => Winograd<V, S>.BackToInputWorkspace(in shape, threads),
        _ when isWinograd => Winograd<V, S>.BackToKernelWorkspace(in shape, threads),
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
            switch (sum)
            {
                case Convolve when isWinograd:
                    Winograd<V, S>.Forward(in shape, left, right, result, in _end, workspace, team);
                    break;
                case ConvolveBackToInput when isWinograd:
                    Winograd<V, S>.BackToInput(in shape, left, right, result, workspace, team);
                    break;
                case ConvolveBackToKernel when isWinograd:
                    Winograd<V, S>.BackToKernel(in shape, left, right, result, workspace, team);
                    break;
                case Convolve:
                    Convolution<V, S>.Forward(in shape, left, right, result, in _end, workspace, team);
                    break;
                case ConvolveBackToInput:
                    Convolution<V, S>.BackToInput(in shape, left, right, result, workspace, team);
                    break;
                default:
                    Convolution<V, S>.BackToKernel(in shape, left, right, result, workspace, team);
                    break;
            }
        }
    }
}

/// <summary>Convolutions of a group of replicas, or gradients of them: one, or a stack of them.</summary>
internal sealed unsafe class LaneConvolutions<V, S>(
    ConvolutionSum sum, ConvolutionShape shape, bool isWinograd, (int Count, nint StepA, nint StepB, nint StepY) stack, S* a, S* b, S* y, WindowEnd<S> end, S* workspace) : Instruction
    where V : struct, ISimd<V, S>
    where S : unmanaged, IBinaryFloatingPointIeee754<S>
{
    internal static nint Workspace(ConvolutionSum sum, in ConvolutionShape shape, bool isWinograd) => sum switch
    {
        Convolve when isWinograd => LaneWinograd<V, S>.ForwardWorkspace(in shape),
        ConvolveBackToInput when isWinograd => LaneWinograd<V, S>.BackToInputWorkspace(in shape),
        _ when isWinograd => LaneWinograd<V, S>.BackToKernelWorkspace(in shape),
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
            switch (sum)
            {
                case Convolve when isWinograd:
                    LaneWinograd<V, S>.Forward(in shape, left, right, result, in _end, workspace);
                    break;
                case ConvolveBackToInput when isWinograd:
                    LaneWinograd<V, S>.BackToInput(in shape, left, right, result, workspace);
                    break;
                case ConvolveBackToKernel when isWinograd:
                    LaneWinograd<V, S>.BackToKernel(in shape, left, right, result, workspace);
                    break;
                case Convolve:
                    LaneConvolution<V, S>.Forward(in shape, left, right, result, in _end, workspace);
                    break;
                case ConvolveBackToInput:
                    LaneConvolution<V, S>.BackToInput(in shape, left, right, result, workspace);
                    break;
                default:
                    LaneConvolution<V, S>.BackToKernel(in shape, left, right, result, workspace);
                    break;
            }
        }
    }
}
