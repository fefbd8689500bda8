using System.Numerics;
using System.Runtime.CompilerServices;
using Understudy.Engine.Kernels;

namespace Understudy.Engine.Speed;

/// <summary>Fused multiply-adds that touch registers only: the rate nothing can exceed.</summary>
internal sealed class PeakLoop : IRegisterVisitor<PeakLoop.Loop>
{
    // enough independent chains to cover four cycles of latency on two units
    private const int Chains = 10;

    public Loop Visit<V, S>()
        where V : struct, ISimd<V, S>
        where S : unmanaged, IBinaryFloatingPointIeee754<S>
        => new(2.0 * Chains * V.Width, Run<V, S>);

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static double Run<V, S>(int rounds)
        where V : struct, ISimd<V, S>
        where S : unmanaged, IBinaryFloatingPointIeee754<S>
    {
        V a = V.Constant(0.999), b = V.Constant(0.001);
        V c0 = b, c1 = b, c2 = b, c3 = b, c4 = b, c5 = b, c6 = b, c7 = b, c8 = b, c9 = b;
        for (var round = 0; round < rounds; round++)
        {
            c0 = V.FusedMultiplyAdd(a, c0, b);
            c1 = V.FusedMultiplyAdd(a, c1, b);
            c2 = V.FusedMultiplyAdd(a, c2, b);
            c3 = V.FusedMultiplyAdd(a, c3, b);
            c4 = V.FusedMultiplyAdd(a, c4, b);
            c5 = V.FusedMultiplyAdd(a, c5, b);
            c6 = V.FusedMultiplyAdd(a, c6, b);
            c7 = V.FusedMultiplyAdd(a, c7, b);
            c8 = V.FusedMultiplyAdd(a, c8, b);
            c9 = V.FusedMultiplyAdd(a, c9, b);
        }

        return First<V, S>(V.Add(V.Add(V.Add(c0, c1), V.Add(c2, c3)), V.Add(V.Add(V.Add(c4, c5), V.Add(c6, c7)), V.Add(c8, c9))));
    }

    // the result is used, so that the loop is not removed
    private static unsafe double First<V, S>(V value)
        where V : struct, ISimd<V, S>
        where S : unmanaged, IBinaryFloatingPointIeee754<S>
    {
        var numbers = stackalloc S[V.Width];
        V.Store(numbers, value);
        return double.CreateTruncating(numbers[0]);
    }

    /// <summary>The loop for one register.</summary>
    /// <param name="Operations">Floating-point operations per round.</param>
    /// <param name="Run">Runs that many rounds.</param>
    internal sealed record Loop(double Operations, Func<int, double> Run);
}
