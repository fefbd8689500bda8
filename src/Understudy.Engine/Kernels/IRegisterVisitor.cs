using System.Numerics;

namespace Understudy.Engine.Kernels;

/// <summary>Work that needs the register type as a type argument: how code outside the kernels reaches <c>Gemm&lt;V, S&gt;</c> and its like.</summary>
internal interface IRegisterVisitor<out TResult>
{
    TResult Visit<V, S>()
        where V : struct, ISimd<V, S>
        where S : unmanaged, IBinaryFloatingPointIeee754<S>;
}
