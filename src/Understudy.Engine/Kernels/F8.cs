using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Understudy.Engine.Kernels;

/// <summary>8 elements of single precision in a register of 256 bits (AVX2 and FMA).</summary>
internal readonly unsafe struct F8 : ISimd<F8, float>
{
    private readonly Vector256<float> _value;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private F8(Vector256<float> value) => _value = value;

    public static int Width => 8;

    public static int Count => 16;

    public static F8 Zero => default;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static F8 Load(float* source) => new(Vector256.Load(source));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(float* target, F8 value) => value._value.Store(target);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static F8 First(int count) => new(Vector256.LessThan(Vector256<int>.Indices, Vector256.Create(count)).AsSingle());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static F8 LoadMasked(float* source, F8 mask) => new(Vector256Lanes.LoadMasked(source, mask._value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void StoreMasked(float* target, F8 mask, F8 value) => Vector256Lanes.StoreMasked(target, mask._value, value._value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void StoreFirst(float* target, F8 value, int count) => Vector256Lanes.StoreFirst(target, value._value, count);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static F8 Broadcast(float value) => new(Vector256.Create(value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static F8 Constant(double value) => new(Vector256.Create((float)value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static F8 Add(F8 left, F8 right) => new(left._value + right._value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static F8 Subtract(F8 left, F8 right) => new(left._value - right._value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static F8 Multiply(F8 left, F8 right) => new(left._value * right._value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static F8 Divide(F8 left, F8 right) => new(left._value / right._value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static F8 Min(F8 left, F8 right)
        => Avx.IsSupported
            ? new(Avx.Min(left._value, right._value))
            : new(Vector256.ConditionalSelect(Vector256.LessThan(left._value, right._value), left._value, right._value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static F8 Max(F8 left, F8 right)
        => Avx.IsSupported
            ? new(Avx.Max(left._value, right._value))
            : new(Vector256.ConditionalSelect(Vector256.GreaterThan(left._value, right._value), left._value, right._value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static F8 Sqrt(F8 value) => new(Vector256.Sqrt(value._value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static F8 Abs(F8 value) => new(Vector256.Abs(value._value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static F8 Negate(F8 value) => new(value._value ^ Vector256.Create(-0.0f));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static F8 FusedMultiplyAdd(F8 left, F8 right, F8 addend) => new(Vector256.FusedMultiplyAdd(left._value, right._value, addend._value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static F8 FusedNegateMultiplyAdd(F8 left, F8 right, F8 addend)
        => Fma.IsSupported
            ? new(Fma.MultiplyAddNegated(left._value, right._value, addend._value))
            : new(Vector256.FusedMultiplyAdd(-left._value, right._value, addend._value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static F8 GreaterThan(F8 left, F8 right) => new(Vector256.GreaterThan(left._value, right._value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static F8 GreaterThanOrEqual(F8 left, F8 right) => new(Vector256.GreaterThanOrEqual(left._value, right._value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static F8 EqualTo(F8 left, F8 right) => new(Vector256.Equals(left._value, right._value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static F8 Select(F8 mask, F8 whenSet, F8 otherwise)
        => Avx.IsSupported
            ? new(Avx.BlendVariable(otherwise._value, whenSet._value, mask._value))
            : new(Vector256.ConditionalSelect(mask._value, whenSet._value, otherwise._value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static F8 And(F8 left, F8 right) => new(left._value & right._value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static F8 Or(F8 left, F8 right) => new(left._value | right._value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static F8 Xor(F8 left, F8 right) => new(left._value ^ right._value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static F8 Round(F8 value) => new(Vector256.Round(value._value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static F8 Floor(F8 value) => new(Vector256.Floor(value._value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static F8 PowerOfTwo(F8 exponent)
    {
        // adding 1.5 · 2^23 leaves the biased exponent in the lowest bits
        var biased = exponent._value + Vector256.Create(12582912.0f + 127f);
        return new((biased.AsInt32() << 23).AsSingle());
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static F8 Split(F8 value, out F8 exponent)
    {
        // moves √½ to a power of two, so that the exponent field counts from there
        var bits = value._value.AsUInt32() + Vector256.Create(0x3f800000u - 0x3f3504f3u);
        var biased = (bits >>> 23) | Vector256.Create(0x4b000000u);
        exponent = new(biased.AsSingle() - Vector256.Create(8388608.0f + 127f));
        return new(((bits & Vector256.Create(0x007fffffu)) + Vector256.Create(0x3f3504f3u)).AsSingle());
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Transpose(float** rows, nint offset, float* target) => Vector256Lanes.Transpose(rows, offset, target);
}
