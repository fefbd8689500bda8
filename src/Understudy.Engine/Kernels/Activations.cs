using System.Numerics;
using System.Runtime.CompilerServices;

namespace Understudy.Engine.Kernels;

/// <summary>The activations a product can end with, on one register.</summary>
internal static class Activations<V, S>
    where V : struct, ISimd<V, S>
    where S : unmanaged, IBinaryFloatingPointIeee754<S>
{
    internal static V Apply(Activation activation, V value, V slope) => activation switch
    {
        Activation.Rectify => Rectify(value, slope),
        Activation.Tanh => Transcendental<V, S>.Tanh(value),
        _ => value,
    };

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static V Rectify(V value, V slope) => V.Select(V.GreaterThan(value, V.Zero), value, V.Multiply(slope, value));
}
