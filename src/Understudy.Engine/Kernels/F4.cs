using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Understudy.Engine.Kernels;

/// <summary>4 elements of single precision in a register of 128 bits (SSE and ARM64).</summary>
internal readonly unsafe struct F4 : ISimd<F4, float>
{
    private readonly Vector128<float> _value;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private F4(Vector128<float> value) => _value = value;

    public static int Width => 4;

    public static int Count => 16;

    public static F4 Zero => default;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static F4 Load(float* source) => new(Vector128.Load(source));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(float* target, F4 value) => value._value.Store(target);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static F4 First(int count) => new(Vector128.LessThan(Vector128<int>.Indices, Vector128.Create(count)).AsSingle());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static F4 LoadMasked(float* source, F4 mask) => new(Vector128Lanes.LoadMasked(source, mask._value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void StoreMasked(float* target, F4 mask, F4 value) => Vector128Lanes.StoreMasked(target, mask._value, value._value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static F4 Broadcast(float value) => new(Vector128.Create(value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static F4 Constant(double value) => new(Vector128.Create((float)value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static F4 Add(F4 left, F4 right) => new(left._value + right._value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static F4 Subtract(F4 left, F4 right) => new(left._value - right._value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static F4 Multiply(F4 left, F4 right) => new(left._value * right._value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static F4 Divide(F4 left, F4 right) => new(left._value / right._value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static F4 Min(F4 left, F4 right)
        => Sse.IsSupported
            ? new(Sse.Min(left._value, right._value))
            : new(Vector128.ConditionalSelect(Vector128.LessThan(left._value, right._value), left._value, right._value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static F4 Max(F4 left, F4 right)
        => Sse.IsSupported
            ? new(Sse.Max(left._value, right._value))
            : new(Vector128.ConditionalSelect(Vector128.GreaterThan(left._value, right._value), left._value, right._value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static F4 Sqrt(F4 value) => new(Vector128.Sqrt(value._value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static F4 Abs(F4 value) => new(Vector128.Abs(value._value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static F4 Negate(F4 value) => new(value._value ^ Vector128.Create(-0.0f));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static F4 FusedMultiplyAdd(F4 left, F4 right, F4 addend) => new(Vector128.FusedMultiplyAdd(left._value, right._value, addend._value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static F4 FusedNegateMultiplyAdd(F4 left, F4 right, F4 addend)
        => Fma.IsSupported
            ? new(Fma.MultiplyAddNegated(left._value, right._value, addend._value))
            : new(Vector128.FusedMultiplyAdd(-left._value, right._value, addend._value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static F4 GreaterThan(F4 left, F4 right) => new(Vector128.GreaterThan(left._value, right._value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static F4 GreaterThanOrEqual(F4 left, F4 right) => new(Vector128.GreaterThanOrEqual(left._value, right._value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static F4 EqualTo(F4 left, F4 right) => new(Vector128.Equals(left._value, right._value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static F4 Select(F4 mask, F4 whenSet, F4 otherwise)
        => Sse41.IsSupported
            ? new(Sse41.BlendVariable(otherwise._value, whenSet._value, mask._value))
            : new(Vector128.ConditionalSelect(mask._value, whenSet._value, otherwise._value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static F4 And(F4 left, F4 right) => new(left._value & right._value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static F4 Or(F4 left, F4 right) => new(left._value | right._value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static F4 Xor(F4 left, F4 right) => new(left._value ^ right._value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static F4 Round(F4 value) => new(Vector128.Round(value._value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static F4 Floor(F4 value) => new(Vector128.Floor(value._value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static F4 PowerOfTwo(F4 exponent)
    {
        // adding 1.5 · 2^23 leaves the biased exponent in the lowest bits
        var biased = exponent._value + Vector128.Create(12582912.0f + 127f);
        return new((biased.AsInt32() << 23).AsSingle());
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static F4 Split(F4 value, out F4 exponent)
    {
        // moves √½ to a power of two, so that the exponent field counts from there
        var bits = value._value.AsUInt32() + Vector128.Create(0x3f800000u - 0x3f3504f3u);
        var biased = (bits >>> 23) | Vector128.Create(0x4b000000u);
        exponent = new(biased.AsSingle() - Vector128.Create(8388608.0f + 127f));
        return new(((bits & Vector128.Create(0x007fffffu)) + Vector128.Create(0x3f3504f3u)).AsSingle());
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Transpose(float** rows, nint offset, float* target) => Vector128Lanes.Transpose(rows, offset, target);
}
