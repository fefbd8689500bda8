using System.Numerics;
using System.Runtime.CompilerServices;
using Understudy.Engine.Kernels;

namespace Understudy.Engine.Random;

/// <summary>The transform of Box and Muller 1958 on whole registers.</summary>
internal static unsafe class Normals<V, S>
    where V : struct, ISimd<V, S>
    where S : unmanaged, IBinaryFloatingPointIeee754<S>
{
    /// <summary>Replaces uniforms u in (0, 1] and v in [0, 1) by √(−2 ln u) cos 2πv and √(−2 ln u) sin 2πv; count is a multiple of the width.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal static void Transform(S* u, S* v, int count)
    {
        for (var i = 0; i < count; i += V.Width)
        {
            var radius = V.Sqrt(V.Multiply(V.Constant(-2), Transcendental<V, S>.Log(V.Load(u + i))));
            var sin = Transcendental<V, S>.SinOfTurn(V.Load(v + i), out var cos);
            V.Store(u + i, V.Multiply(radius, cos));
            V.Store(v + i, V.Multiply(radius, sin));
        }
    }
}
