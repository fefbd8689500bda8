using System.Numerics;

namespace Understudy.Engine.Kernels;

/// <summary>One element-wise operation on registers; a type argument of <see cref="Elementwise{V, S}"/>.</summary>
internal interface IElementOperation<V, S>
    where V : struct, ISimd<V, S>
    where S : unmanaged, IBinaryFloatingPointIeee754<S>
{
    /// <summary>How many of a, b, c are read: 0 to 3.</summary>
    static abstract int Operands { get; }

    static abstract V Apply(V a, V b, V c, V p, V q);
}
