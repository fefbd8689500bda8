using System.Runtime.CompilerServices;

namespace Understudy.Engine.Kernels;

internal static unsafe partial class Elementwise<V, S>
{
    /// <summary>−1, 0 or 1; a itself where it is zero or not a number.</summary>
    internal readonly struct Sign : IElementOperation<V, S>
    {
        public static int Operands => 1;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static V Apply(V a, V b, V c, V p, V q) => V.Select(V.GreaterThan(a, V.Zero), V.Constant(1), V.Select(V.GreaterThan(V.Zero, a), V.Constant(-1), a));
    }

    /// <summary>a where a &gt; 0, p · a elsewhere: a leaky rectifier of slope p.</summary>
    internal readonly struct Rectify : IElementOperation<V, S>
    {
        public static int Operands => 1;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static V Apply(V a, V b, V c, V p, V q) => Activations<V, S>.Rectify(a, p);
    }

    /// <summary>1 where a &gt; 0, p elsewhere: the derivative of Rectify.</summary>
    internal readonly struct Step : IElementOperation<V, S>
    {
        public static int Operands => 1;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static V Apply(V a, V b, V c, V p, V q) => V.Select(V.GreaterThan(a, V.Zero), V.Constant(1), p);
    }

    /// <summary>b where a &gt; 0, p · b elsewhere: the cotangent b of Rectify at a.</summary>
    internal readonly struct RectifyGrad : IElementOperation<V, S>
    {
        public static int Operands => 2;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static V Apply(V a, V b, V c, V p, V q) => V.Select(V.GreaterThan(a, V.Zero), b, V.Multiply(p, b));
    }

    /// <summary>The larger; b at a tie; not-a-number where either is.</summary>
    internal readonly struct Max : IElementOperation<V, S>
    {
        public static int Operands => 2;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static V Apply(V a, V b, V c, V p, V q) => V.Select(V.GreaterThanOrEqual(a, a), V.Max(a, b), a);
    }

    /// <summary>The smaller; b at a tie; not-a-number where either is.</summary>
    internal readonly struct Min : IElementOperation<V, S>
    {
        public static int Operands => 2;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static V Apply(V a, V b, V c, V p, V q) => V.Select(V.GreaterThanOrEqual(a, a), V.Min(a, b), a);
    }

    /// <summary>1 where a &gt; b, 0 elsewhere.</summary>
    internal readonly struct Greater : IElementOperation<V, S>
    {
        public static int Operands => 2;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static V Apply(V a, V b, V c, V p, V q) => V.And(V.GreaterThan(a, b), V.Constant(1));
    }

    /// <summary>b where a is not 0, c elsewhere.</summary>
    internal readonly struct Select : IElementOperation<V, S>
    {
        public static int Operands => 3;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static V Apply(V a, V b, V c, V p, V q) => V.Select(V.EqualTo(a, V.Zero), c, b);
    }
}
