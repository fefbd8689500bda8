using System.Numerics;
using Understudy.Engine.Kernels;
using Understudy.Engine.Threading;

namespace Understudy.Engine.Plans.Instructions;

/// <summary>Matrix products of one replica: one, or a stack of them.</summary>
internal sealed unsafe class SoloProduct<V, S>(GemmArguments<S> first, int count, nint stepA, nint stepB, nint stepC, Team? team) : Instruction
    where V : struct, ISimd<V, S>
    where S : unmanaged, IBinaryFloatingPointIeee754<S>
{
    internal override void Run()
    {
        var product = first;
        for (var i = 0; i < count; i++)
        {
            if (team is null)
                Gemm<V, S>.Run(in product);
            else
                Gemm<V, S>.Run(team, in product);
            product.A += stepA;
            product.B += stepB;
            product.C += stepC;
        }
    }
}

/// <summary>Matrix products of a group of replicas: one, or a stack of them.</summary>
internal sealed unsafe class LaneProduct<V, S>(LaneGemmArguments<S> first, int count, nint stepA, nint stepB, nint stepC) : Instruction
    where V : struct, ISimd<V, S>
    where S : unmanaged, IBinaryFloatingPointIeee754<S>
{
    internal override void Run()
    {
        var product = first;
        for (var i = 0; i < count; i++)
        {
            LaneGemm<V, S>.Run(in product);
            product.A += stepA;
            product.B += stepB;
            product.C += stepC;
        }
    }
}
