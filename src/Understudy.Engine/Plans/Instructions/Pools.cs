using System.Numerics;
using Understudy.Engine.Kernels;
using Understudy.Engine.Primitives;

namespace Understudy.Engine.Plans.Instructions;

/// <summary>One of the operations on windows of images.</summary>
internal sealed unsafe class PoolCall<V, S>(WindowPlaces operation, PoolShape shape, int width, S* a, S* b, S* y) : Instruction
    where V : struct, ISimd<V, S>
    where S : unmanaged, IBinaryFloatingPointIeee754<S>
{
    internal override void Run()
    {
        if (operation is PoolPlaces)
            Pool<V, S>.Places(in shape, width, a, y);
        else if (operation is PoolGather)
            Pool<V, S>.Gather(in shape, width, a, b, y);
        else
            Pool<V, S>.Scatter(in shape, width, a, b, y);
    }
}
