using System.Runtime.CompilerServices;

namespace Understudy.Engine.Kernels;

internal static unsafe partial class Elementwise<V, S>
{
    /// <summary>e^a.</summary>
    internal readonly struct Exp : IElementOperation<V, S>
    {
        public static int Operands => 1;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static V Apply(V a, V b, V c, V p, V q) => Transcendental<V, S>.Exp(a);
    }

    /// <summary>e^a − 1, accurate near 0.</summary>
    internal readonly struct Expm1 : IElementOperation<V, S>
    {
        public static int Operands => 1;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static V Apply(V a, V b, V c, V p, V q) => Transcendental<V, S>.Expm1(a);
    }

    /// <summary>ln a.</summary>
    internal readonly struct Log : IElementOperation<V, S>
    {
        public static int Operands => 1;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static V Apply(V a, V b, V c, V p, V q) => Transcendental<V, S>.Log(a);
    }

    /// <summary>ln(1 + a), accurate near 0.</summary>
    internal readonly struct Log1p : IElementOperation<V, S>
    {
        public static int Operands => 1;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static V Apply(V a, V b, V c, V p, V q) => Transcendental<V, S>.Log1p(a);
    }

    /// <summary>tanh a.</summary>
    internal readonly struct Tanh : IElementOperation<V, S>
    {
        public static int Operands => 1;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static V Apply(V a, V b, V c, V p, V q) => Transcendental<V, S>.Tanh(a);
    }

    /// <summary>1 / (1 + e^−a).</summary>
    internal readonly struct Sigmoid : IElementOperation<V, S>
    {
        public static int Operands => 1;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static V Apply(V a, V b, V c, V p, V q) => Transcendental<V, S>.Sigmoid(a);
    }

    /// <summary>ln(1 + e^a).</summary>
    internal readonly struct Softplus : IElementOperation<V, S>
    {
        public static int Operands => 1;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static V Apply(V a, V b, V c, V p, V q) => Transcendental<V, S>.Softplus(a);
    }

    /// <summary>sin a, in radians.</summary>
    internal readonly struct Sin : IElementOperation<V, S>
    {
        public static int Operands => 1;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static V Apply(V a, V b, V c, V p, V q) => Transcendental<V, S>.Sin(a);
    }

    /// <summary>cos a, in radians.</summary>
    internal readonly struct Cos : IElementOperation<V, S>
    {
        public static int Operands => 1;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static V Apply(V a, V b, V c, V p, V q) => Transcendental<V, S>.Cos(a);
    }

    /// <summary>The error function.</summary>
    internal readonly struct Erf : IElementOperation<V, S>
    {
        public static int Operands => 1;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static V Apply(V a, V b, V c, V p, V q) => Transcendental<V, S>.Erf(a);
    }
}
