using System.Diagnostics;
using System.Numerics;
using System.Runtime.CompilerServices;

namespace Understudy.Engine.Kernels;

/// <summary>Element-wise kernels: one loop, one calling shape, the operation a type argument.</summary>
/// <remarks>The last elements run the same arithmetic in a partly filled register, so a value does not depend on its neighbours.</remarks>
internal static unsafe partial class Elementwise<V, S>
    where V : struct, ISimd<V, S>
    where S : unmanaged, IBinaryFloatingPointIeee754<S>
{
    /// <summary>The kernel of an operation, for a plan to keep and call.</summary>
    internal static delegate*<in ElementCall<S>, void> Kernel(ElementOperation operation) => operation switch
    {
        ElementOperation.Affine => &Run<Affine>,
        ElementOperation.Add => &Run<Add>,
        ElementOperation.Subtract => &Run<Subtract>,
        ElementOperation.Multiply => &Run<Multiply>,
        ElementOperation.Divide => &Run<Divide>,
        ElementOperation.ScaledAdd => &Run<ScaledAdd>,
        ElementOperation.MultiplyAdd => &Run<MultiplyAdd>,
        ElementOperation.Square => &Run<Square>,
        ElementOperation.Sqrt => &Run<Sqrt>,
        ElementOperation.Rsqrt => &Run<Rsqrt>,
        ElementOperation.Abs => &Run<Abs>,
        ElementOperation.Copy => &Run<Copy>,
        ElementOperation.Fill => &Run<Fill>,
        ElementOperation.Exp => &Run<Exp>,
        ElementOperation.Expm1 => &Run<Expm1>,
        ElementOperation.Log => &Run<Log>,
        ElementOperation.Log1p => &Run<Log1p>,
        ElementOperation.Tanh => &Run<Tanh>,
        ElementOperation.Sigmoid => &Run<Sigmoid>,
        ElementOperation.Softplus => &Run<Softplus>,
        ElementOperation.Sin => &Run<Sin>,
        ElementOperation.Cos => &Run<Cos>,
        ElementOperation.Erf => &Run<Erf>,
        ElementOperation.Sign => &Run<Sign>,
        ElementOperation.Rectify => &Run<Rectify>,
        ElementOperation.Step => &Run<Step>,
        ElementOperation.RectifyGrad => &Run<RectifyGrad>,
        ElementOperation.Max => &Run<Max>,
        ElementOperation.Min => &Run<Min>,
        ElementOperation.Greater => &Run<Greater>,
        ElementOperation.Select => &Run<Select>,
        _ => throw new UnreachableException(),
    };

    /// <summary>Applies the operation to all elements of the call.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal static void Run<O>(in ElementCall<S> call)
        where O : struct, IElementOperation<V, S>
    {
        if ((O.Operands > 0 && call.StepA != ElementStep.Full) || (O.Operands > 1 && call.StepB != ElementStep.Full) || (O.Operands > 2 && call.StepC != ElementStep.Full))
        {
            RunStill<O>(in call);
            return;
        }
        S* a = call.A, b = call.B, c = call.C, y = call.Y;
        var (p, q) = (V.Broadcast(call.P), V.Broadcast(call.Q));
        nint i = 0;
        for (; i + (2 * V.Width) <= call.Count; i += 2 * V.Width)
        {
            var j = i + V.Width;
            var first = O.Apply(O.Operands > 0 ? V.Load(a + i) : V.Zero, O.Operands > 1 ? V.Load(b + i) : V.Zero, O.Operands > 2 ? V.Load(c + i) : V.Zero, p, q);
            V.Store(y + j, O.Apply(O.Operands > 0 ? V.Load(a + j) : V.Zero, O.Operands > 1 ? V.Load(b + j) : V.Zero, O.Operands > 2 ? V.Load(c + j) : V.Zero, p, q));
            V.Store(y + i, first);
        }
        for (; i + V.Width <= call.Count; i += V.Width)
            V.Store(y + i, O.Apply(O.Operands > 0 ? V.Load(a + i) : V.Zero, O.Operands > 1 ? V.Load(b + i) : V.Zero, O.Operands > 2 ? V.Load(c + i) : V.Zero, p, q));
        if (i < call.Count)
            Last<O>(a + i, b + i, c + i, y + i, (int)(call.Count - i), p, q);
    }

    /// <summary>The same where an operand stands still: it becomes a register in memory with step 0.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void RunStill<O>(in ElementCall<S> call)
        where O : struct, IElementOperation<V, S>
    {
        var kept = stackalloc S[3 * V.Width];
        S* a = call.A, b = call.B, c = call.C, y = call.Y;
        nint stepA = V.Width, stepB = V.Width, stepC = V.Width;
        if (O.Operands > 0 && call.StepA != ElementStep.Full)
        {
            a = Still(call.A, call.StepA, kept + 0 * V.Width);
            stepA = 0;
        }
        if (O.Operands > 1 && call.StepB != ElementStep.Full)
        {
            b = Still(call.B, call.StepB, kept + 1 * V.Width);
            stepB = 0;
        }
        if (O.Operands > 2 && call.StepC != ElementStep.Full)
        {
            c = Still(call.C, call.StepC, kept + 2 * V.Width);
            stepC = 0;
        }
        // behind the calls above, which take registers away
        var (p, q) = (V.Broadcast(call.P), V.Broadcast(call.Q));
        var left = call.Count;
        for (; left >= V.Width; left -= V.Width)
        {
            V.Store(y, O.Apply(
                O.Operands > 0 ? V.Load(a) : V.Zero, O.Operands > 1 ? V.Load(b) : V.Zero, O.Operands > 2 ? V.Load(c) : V.Zero, p, q));
            a += stepA;
            b += stepB;
            c += stepC;
            y += V.Width;
        }
        if (left > 0)
            Last<O>(a, b, c, y, (int)left, p, q);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Last<O>(S* a, S* b, S* c, S* y, int count, V p, V q)
        where O : struct, IElementOperation<V, S>
    {
        var mask = V.First(count);
        V.StoreFirst(
            y,
            O.Apply(
                O.Operands > 0 ? V.LoadMasked(a, mask) : V.Zero, O.Operands > 1 ? V.LoadMasked(b, mask) : V.Zero,
                O.Operands > 2 ? V.LoadMasked(c, mask) : V.Zero, p, q),
            count);
    }

    private static S* Still(S* source, ElementStep step, S* kept)
    {
        V.Store(kept, step == ElementStep.One ? V.Broadcast(*source) : V.Load(source));
        return kept;
    }
}
