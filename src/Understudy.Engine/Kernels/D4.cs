using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Understudy.Engine.Kernels;

/// <summary>4 elements of double precision in a register of 256 bits (AVX2 and FMA).</summary>
internal readonly unsafe struct D4 : ISimd<D4, double>
{
    private readonly Vector256<double> _value;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private D4(Vector256<double> value) => _value = value;

    public static int Width => 4;

    public static int Count => 16;

    public static D4 Zero => default;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static D4 Load(double* source) => new(Vector256.Load(source));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(double* target, D4 value) => value._value.Store(target);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static D4 First(int count) => new(Vector256.LessThan(Vector256<long>.Indices, Vector256.Create((long)count)).AsDouble());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static D4 LoadMasked(double* source, D4 mask) => new(Vector256Lanes.LoadMasked(source, mask._value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void StoreMasked(double* target, D4 mask, D4 value) => Vector256Lanes.StoreMasked(target, mask._value, value._value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void StoreFirst(double* target, D4 value, int count) => Vector256Lanes.StoreFirst(target, value._value, count);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static D4 Broadcast(double value) => new(Vector256.Create(value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static D4 Constant(double value) => new(Vector256.Create(value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static D4 Add(D4 left, D4 right) => new(left._value + right._value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static D4 Subtract(D4 left, D4 right) => new(left._value - right._value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static D4 Multiply(D4 left, D4 right) => new(left._value * right._value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static D4 Divide(D4 left, D4 right) => new(left._value / right._value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static D4 Min(D4 left, D4 right)
        => Avx.IsSupported
            ? new(Avx.Min(left._value, right._value))
            : new(Vector256.ConditionalSelect(Vector256.LessThan(left._value, right._value), left._value, right._value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static D4 Max(D4 left, D4 right)
        => Avx.IsSupported
            ? new(Avx.Max(left._value, right._value))
            : new(Vector256.ConditionalSelect(Vector256.GreaterThan(left._value, right._value), left._value, right._value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static D4 Sqrt(D4 value) => new(Vector256.Sqrt(value._value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static D4 Abs(D4 value) => new(Vector256.Abs(value._value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static D4 Negate(D4 value) => new(value._value ^ Vector256.Create(-0.0));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static D4 FusedMultiplyAdd(D4 left, D4 right, D4 addend) => new(Vector256.FusedMultiplyAdd(left._value, right._value, addend._value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static D4 FusedNegateMultiplyAdd(D4 left, D4 right, D4 addend)
        => Fma.IsSupported
            ? new(Fma.MultiplyAddNegated(left._value, right._value, addend._value))
            : new(Vector256.FusedMultiplyAdd(-left._value, right._value, addend._value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static D4 GreaterThan(D4 left, D4 right) => new(Vector256.GreaterThan(left._value, right._value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static D4 GreaterThanOrEqual(D4 left, D4 right) => new(Vector256.GreaterThanOrEqual(left._value, right._value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static D4 EqualTo(D4 left, D4 right) => new(Vector256.Equals(left._value, right._value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static D4 Select(D4 mask, D4 whenSet, D4 otherwise)
        => Avx.IsSupported
            ? new(Avx.BlendVariable(otherwise._value, whenSet._value, mask._value))
            : new(Vector256.ConditionalSelect(mask._value, whenSet._value, otherwise._value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static D4 And(D4 left, D4 right) => new(left._value & right._value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static D4 Or(D4 left, D4 right) => new(left._value | right._value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static D4 Xor(D4 left, D4 right) => new(left._value ^ right._value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static D4 Round(D4 value) => new(Vector256.Round(value._value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static D4 Floor(D4 value) => new(Vector256.Floor(value._value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static D4 PowerOfTwo(D4 exponent)
    {
        // adding 1.5 · 2^52 leaves the biased exponent in the lowest bits
        var biased = exponent._value + Vector256.Create(6755399441055744.0 + 1023.0);
        return new((biased.AsInt64() << 52).AsDouble());
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static D4 Split(D4 value, out D4 exponent)
    {
        // moves √½ to a power of two, so that the exponent field counts from there
        var bits = value._value.AsUInt64() + Vector256.Create(0x3ff0000000000000ul - 0x3fe6a09e667f3bcdul);
        var biased = (bits >>> 52) | Vector256.Create(0x4330000000000000ul);
        exponent = new(biased.AsDouble() - Vector256.Create(4503599627370496.0 + 1023.0));
        return new(((bits & Vector256.Create(0x000ffffffffffffful)) + Vector256.Create(0x3fe6a09e667f3bcdul)).AsDouble());
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Transpose(double** rows, nint offset, double* target) => Vector256Lanes.Transpose(rows, offset, target);
}
