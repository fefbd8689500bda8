using System.Numerics;
using System.Runtime.CompilerServices;

namespace Understudy.Engine.Kernels;

/// <summary>How an entry of a lane operand becomes a register: a type argument of the lane kernels.</summary>
internal unsafe interface IEntry<V, S>
    where V : struct, ISimd<V, S>
    where S : unmanaged, IBinaryFloatingPointIeee754<S>
{
    static abstract V Load(S* source);
}

/// <summary>Every replica has its own value.</summary>
internal readonly unsafe struct PerLane<V, S> : IEntry<V, S>
    where V : struct, ISimd<V, S>
    where S : unmanaged, IBinaryFloatingPointIeee754<S>
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Load(S* source) => V.Load(source);
}

/// <summary>One value for all replicas.</summary>
internal readonly unsafe struct SharedByLanes<V, S> : IEntry<V, S>
    where V : struct, ISimd<V, S>
    where S : unmanaged, IBinaryFloatingPointIeee754<S>
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Load(S* source) => V.Broadcast(*source);
}
