using System.Numerics;
using System.Runtime.CompilerServices;

namespace Understudy.Engine.Kernels;

/// <summary>The last vector of a row: whole, or cut off by a mask. A type argument, so that whole rows pay nothing.</summary>
internal unsafe interface IEdge<V, S>
    where V : struct, ISimd<V, S>
    where S : unmanaged, IBinaryFloatingPointIeee754<S>
{
    static abstract V Mask(int count);

    static abstract V Load(S* source, V mask);

    static abstract void Store(S* target, int count, V value);
}

/// <summary>The last vector is whole.</summary>
internal readonly unsafe struct Whole<V, S> : IEdge<V, S>
    where V : struct, ISimd<V, S>
    where S : unmanaged, IBinaryFloatingPointIeee754<S>
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Mask(int count) => V.Zero;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Load(S* source, V mask) => V.Load(source);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(S* target, int count, V value) => V.Store(target, value);
}

/// <summary>The last vector has fewer elements than a register.</summary>
internal readonly unsafe struct Ragged<V, S> : IEdge<V, S>
    where V : struct, ISimd<V, S>
    where S : unmanaged, IBinaryFloatingPointIeee754<S>
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Mask(int count) => V.First(count);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Load(S* source, V mask) => V.LoadMasked(source, mask);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(S* target, int count, V value) => V.StoreFirst(target, value, count);
}
