using System.Numerics;
using Understudy.Engine.Kernels;

namespace Understudy.UnitTests.Engine.Kernels;

/// <summary>One call of an element-wise kernel, checked not to write beyond its result.</summary>
internal sealed class ElementwiseCase<T>(ElementOperation operation, T[] a, T[]? b = null, T[]? c = null) : IRegisterVisitor<T[]>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private const int Guard = 20;

    internal T P { get; init; }

    internal T Q { get; init; }

    internal ElementStep StepB { get; init; }

    internal int Count { get; init; } = a.Length;

    public unsafe T[] Visit<V, S>()
        where V : struct, ISimd<V, S>
        where S : unmanaged, IBinaryFloatingPointIeee754<S>
    {
        var y = new T[Count + Guard];
        y.AsSpan(Count).Fill(T.One);
        // a register that stands still holds one value here, so that all widths see the same operand
        var second = b ?? a;
        if (StepB == ElementStep.Register)
            second = [.. Enumerable.Repeat(second[0], V.Width)];
        var p = P;
        var q = Q;
        fixed (T* pa = a, pb = second, pc = c ?? a, py = y)
        {
            var call = new ElementCall<S>
            {
                Y = (S*)py,
                A = (S*)pa,
                B = (S*)pb,
                C = (S*)pc,
                Count = Count,
                StepB = StepB,
                P = *(S*)&p,
                Q = *(S*)&q,
            };
            Elementwise<V, S>.Kernel(operation)(call);
        }
        Assert.All(y[Count..], value => Assert.Equal(T.One, value));
        return y[..Count];
    }
}
