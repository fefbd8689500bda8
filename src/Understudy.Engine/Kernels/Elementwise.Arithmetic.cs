using System.Runtime.CompilerServices;

namespace Understudy.Engine.Kernels;

internal static unsafe partial class Elementwise<V, S>
{
    /// <summary>p · a + q, rounded once.</summary>
    internal readonly struct Affine : IElementOperation<V, S>
    {
        public static int Operands => 1;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static V Apply(V a, V b, V c, V p, V q) => V.FusedMultiplyAdd(p, a, q);
    }

    /// <summary>a + b.</summary>
    internal readonly struct Add : IElementOperation<V, S>
    {
        public static int Operands => 2;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static V Apply(V a, V b, V c, V p, V q) => V.Add(a, b);
    }

    /// <summary>a − b.</summary>
    internal readonly struct Subtract : IElementOperation<V, S>
    {
        public static int Operands => 2;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static V Apply(V a, V b, V c, V p, V q) => V.Subtract(a, b);
    }

    /// <summary>a · b.</summary>
    internal readonly struct Multiply : IElementOperation<V, S>
    {
        public static int Operands => 2;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static V Apply(V a, V b, V c, V p, V q) => V.Multiply(a, b);
    }

    /// <summary>a / b.</summary>
    internal readonly struct Divide : IElementOperation<V, S>
    {
        public static int Operands => 2;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static V Apply(V a, V b, V c, V p, V q) => V.Divide(a, b);
    }

    /// <summary>a + c · b, rounded once.</summary>
    internal readonly struct ScaledAdd : IElementOperation<V, S>
    {
        public static int Operands => 3;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static V Apply(V a, V b, V c, V p, V q) => V.FusedMultiplyAdd(c, b, a);
    }

    /// <summary>a · b + c, rounded once.</summary>
    internal readonly struct MultiplyAdd : IElementOperation<V, S>
    {
        public static int Operands => 3;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static V Apply(V a, V b, V c, V p, V q) => V.FusedMultiplyAdd(a, b, c);
    }

    /// <summary>a².</summary>
    internal readonly struct Square : IElementOperation<V, S>
    {
        public static int Operands => 1;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static V Apply(V a, V b, V c, V p, V q) => V.Multiply(a, a);
    }

    /// <summary>√a.</summary>
    internal readonly struct Sqrt : IElementOperation<V, S>
    {
        public static int Operands => 1;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static V Apply(V a, V b, V c, V p, V q) => V.Sqrt(a);
    }

    /// <summary>1 / √a: a square root and a division, each exactly rounded.</summary>
    internal readonly struct Rsqrt : IElementOperation<V, S>
    {
        public static int Operands => 1;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static V Apply(V a, V b, V c, V p, V q) => V.Divide(V.Constant(1), V.Sqrt(a));
    }

    /// <summary>|a|.</summary>
    internal readonly struct Abs : IElementOperation<V, S>
    {
        public static int Operands => 1;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static V Apply(V a, V b, V c, V p, V q) => V.Abs(a);
    }

    /// <summary>a.</summary>
    internal readonly struct Copy : IElementOperation<V, S>
    {
        public static int Operands => 1;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static V Apply(V a, V b, V c, V p, V q) => a;
    }

    /// <summary>p.</summary>
    internal readonly struct Fill : IElementOperation<V, S>
    {
        public static int Operands => 0;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static V Apply(V a, V b, V c, V p, V q) => p;
    }
}
