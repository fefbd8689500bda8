using System.Numerics;
using System.Runtime.CompilerServices;

namespace Understudy.Engine.Kernels;

/// <summary>Transcendental functions on one register: the same bits in every lane, at every width, on every machine.</summary>
/// <remarks>
/// Built from exactly rounded operations only. Units in the last place against the true value, both types, as tested:
/// 2 for Exp, Log, Tanh, Sigmoid and Erf, 4 for Expm1, Log1p, Softplus, and for Sin and Cos where |x| ≤ 10⁵. Not-a-number,
/// infinities, zeros with their sign and denormal numbers give what IEEE 754 recommends.
/// </remarks>
internal static partial class Transcendental<V, S>
    where V : struct, ISimd<V, S>
    where S : unmanaged, IBinaryFloatingPointIeee754<S>
{
    private static bool Single
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => typeof(S) == typeof(float);
    }

    private static V One
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => V.Constant(1);
    }

    // ln 2 as the sum of two numbers of the type
    private static V Ln2
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => V.Constant(Single ? 0.6931471824645996 : 0.6931471805599453);
    }

    private static V Ln2Rest
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => V.Constant(Single ? -1.9046542121259336e-09 : 2.3190468138462996e-17);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static V Exp(V x)
    {
        // beyond these bounds the result is infinite, or zero; the order of operands keeps a not-a-number
        x = V.Min(V.Constant(Single ? 89.0 : 710.0), V.Max(V.Constant(Single ? -105.0 : -746.0), x));
        var n = V.Round(V.Multiply(x, V.Constant(1.4426950408889634)));
        var r = V.FusedNegateMultiplyAdd(n, Ln2Rest, V.FusedNegateMultiplyAdd(n, Ln2, x));
        var value = V.Add(One, V.FusedMultiplyAdd(V.Multiply(r, r), ExpPolynomial(r), r));
        // in two halves, so that infinity and denormal numbers come out by rounding
        var half = V.Floor(V.Multiply(n, V.Constant(0.5)));
        return V.Multiply(V.Multiply(value, V.PowerOfTwo(half)), V.PowerOfTwo(V.Subtract(n, half)));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static V Expm1(V x)
    {
        var clamped = V.Min(V.Constant(Single ? 89.0 : 710.0), V.Max(V.Constant(Single ? -20.0 : -40.0), x));
        var n = V.Round(V.Multiply(clamped, V.Constant(1.4426950408889634)));
        var r = V.FusedNegateMultiplyAdd(n, Ln2Rest, V.FusedNegateMultiplyAdd(n, Ln2, clamped));
        var tail = V.FusedMultiplyAdd(V.Multiply(r, r), ExpPolynomial(r), r);
        var half = V.PowerOfTwo(V.Subtract(n, One));
        var scaled = V.Multiply(V.FusedMultiplyAdd(half, tail, V.Subtract(half, V.Constant(0.5))), V.Constant(2));
        var value = V.Select(V.EqualTo(n, V.Zero), tail, scaled);
        return V.Select(V.EqualTo(x, V.Zero), x, value);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static V Log(V x) => LogOf(x, V.Zero);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static V Log1p(V x)
    {
        var u = V.Add(One, x);
        // what the sum lost, exactly
        var back = V.Subtract(u, One);
        var lost = V.Add(V.Subtract(One, V.Subtract(u, back)), V.Subtract(x, back));
        var value = LogOf(u, V.Divide(lost, u));
        var infinity = V.Constant(double.PositiveInfinity);
        value = V.Select(V.GreaterThanOrEqual(x, infinity), infinity, value);
        value = V.Select(V.EqualTo(u, V.Zero), V.Constant(double.NegativeInfinity), value);
        return V.Select(V.EqualTo(x, V.Zero), x, value);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static V Tanh(V x)
    {
        var magnitude = V.Abs(x);
        var z = V.Multiply(x, x);
        var small = V.FusedMultiplyAdd(V.Multiply(magnitude, z), TanhPolynomial(z), magnitude);
        var e = Exp(V.Add(magnitude, magnitude));
        var large = V.Subtract(One, V.Divide(V.Constant(2), V.Add(e, One)));
        return WithSign(V.Select(V.GreaterThan(V.Constant(0.6), magnitude), small, large), x);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static V Sigmoid(V x)
    {
        var e = Exp(V.Negate(V.Abs(x)));
        return V.Divide(V.Select(V.GreaterThanOrEqual(x, V.Zero), One, e), V.Add(One, e));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static V Softplus(V x) => V.Add(V.Max(V.Zero, x), Log1p(Exp(V.Negate(V.Abs(x)))));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static V Erf(V x)
    {
        var magnitude = V.Abs(x);
        var z = V.Multiply(x, x);
        var small = V.FusedMultiplyAdd(magnitude, ErfPolynomial(z), magnitude);
        // erf rounds to 1 beyond 6
        var clamped = V.Min(V.Constant(6), magnitude);
        var two = V.Constant(2);
        var t = V.Divide(V.Subtract(clamped, two), V.Add(clamped, two));
        var large = V.FusedNegateMultiplyAdd(Exp(V.Negate(V.Multiply(clamped, clamped))), ErfcPolynomial(t), One);
        return WithSign(V.Select(V.GreaterThan(One, magnitude), small, large), x);
    }

    /// <summary>Reduced by three parts of π / 2; beyond |x| = 10⁵ digits are lost, and results stay within [−1, 1] only.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static V Sin(V x)
    {
        var r = Quadrant(V.Abs(x), out var quadrant);
        var odd = V.Or(V.EqualTo(quadrant, One), V.EqualTo(quadrant, V.Constant(3)));
        var value = V.Select(odd, CosOf(r), SinOf(r));
        value = V.Xor(value, V.And(V.GreaterThanOrEqual(quadrant, V.Constant(2)), V.Constant(-0.0)));
        return V.Xor(value, V.And(x, V.Constant(-0.0)));
    }

    /// <inheritdoc cref="Sin"/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static V Cos(V x)
    {
        var r = Quadrant(V.Abs(x), out var quadrant);
        var first = V.EqualTo(quadrant, One);
        var odd = V.Or(first, V.EqualTo(quadrant, V.Constant(3)));
        var negative = V.Or(first, V.EqualTo(quadrant, V.Constant(2)));
        return V.Xor(V.Select(odd, SinOf(r), CosOf(r)), V.And(negative, V.Constant(-0.0)));
    }

    /// <summary>sin 2πt and cos 2πt for t in [0, 1]: whole quarters are taken off exactly.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static V SinOfTurn(V turns, out V cos)
    {
        var quarter = V.Round(V.Multiply(turns, V.Constant(4)));
        var r = V.Multiply(V.FusedNegateMultiplyAdd(quarter, V.Constant(0.25), turns), V.Constant(6.283185307179586));
        var (s, c) = (SinOf(r), CosOf(r));
        var first = V.EqualTo(quarter, One);
        var (second, third) = (V.EqualTo(quarter, V.Constant(2)), V.EqualTo(quarter, V.Constant(3)));
        var odd = V.Or(first, third);
        cos = V.Xor(V.Select(odd, s, c), V.And(V.Or(first, second), V.Constant(-0.0)));
        return V.Xor(V.Select(odd, c, s), V.And(V.Or(second, third), V.Constant(-0.0)));
    }

    // ln(u) + rest, for a rest that is small against 1
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static V LogOf(V u, V rest)
    {
        var denormal = V.GreaterThan(V.Constant(Single ? 1.1754943508222875e-38 : 2.2250738585072014e-308), u);
        var scaled = V.Select(denormal, V.Multiply(u, V.Constant(Single ? 33554432.0 : 18014398509481984.0)), u);
        var m = V.Split(scaled, out var n);
        n = V.Subtract(n, V.And(denormal, V.Constant(Single ? 25 : 54)));
        var f = V.Subtract(m, One);
        var s = V.Divide(f, V.Add(m, One));
        var z = V.Multiply(s, s);
        var halfSquare = V.Multiply(V.Constant(0.5), V.Multiply(f, f));
        // ln(1 + f) = f − f²/2 + s (f²/2 + z P(z)), s = f / (2 + f)
        var tail = V.FusedMultiplyAdd(s, V.FusedMultiplyAdd(z, LogPolynomial(z), halfSquare), V.FusedMultiplyAdd(n, Ln2Rest, rest));
        var value = V.FusedMultiplyAdd(n, Ln2, V.Subtract(f, V.Subtract(halfSquare, tail)));
        var infinity = V.Constant(double.PositiveInfinity);
        value = V.Select(V.GreaterThanOrEqual(u, infinity), infinity, value);
        value = V.Select(V.EqualTo(u, V.Zero), V.Constant(double.NegativeInfinity), value);
        // false for negative numbers and for not-a-number
        return V.Select(V.GreaterThanOrEqual(u, V.Zero), value, V.Constant(double.NaN));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static V Quadrant(V x, out V quadrant)
    {
        var n = V.Round(V.Multiply(x, V.Constant(0.6366197723675814)));
        var r = V.FusedNegateMultiplyAdd(n, V.Constant(Single ? 1.5707963705062866 : 1.5707963267948966), x);
        r = V.FusedNegateMultiplyAdd(n, V.Constant(Single ? -4.371138828673793e-08 : 6.123233995736766e-17), r);
        r = V.FusedNegateMultiplyAdd(n, V.Constant(Single ? -1.7151245100058819e-15 : -1.497384905065873e-33), r);
        quadrant = V.FusedNegateMultiplyAdd(V.Constant(4), V.Floor(V.Multiply(n, V.Constant(0.25))), n);
        return V.Min(V.Constant(0.8), V.Max(V.Constant(-0.8), r));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static V SinOf(V r)
    {
        var z = V.Multiply(r, r);
        return V.FusedMultiplyAdd(V.Multiply(r, z), SinPolynomial(z), r);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static V CosOf(V r)
    {
        var z = V.Multiply(r, r);
        // 1 − z/2 is rounded; what it lost joins the tail
        var half = V.Multiply(V.Constant(0.5), z);
        var head = V.Subtract(One, half);
        var lost = V.Subtract(V.Subtract(One, head), half);
        return V.Add(head, V.FusedMultiplyAdd(V.Multiply(z, z), CosPolynomial(z), lost));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static V WithSign(V magnitude, V sign) => V.Or(magnitude, V.And(sign, V.Constant(-0.0)));
}
