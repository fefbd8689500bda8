using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Understudy.Engine.Kernels;

/// <summary>16 elements of single precision in a register of 512 bits (AVX-512; two registers of half the width elsewhere).</summary>
internal readonly unsafe struct F16 : ISimd<F16, float>
{
    private readonly Vector512<float> _value;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private F16(Vector512<float> value) => _value = value;

    public static int Width => 16;

    public static int Count => 32;

    public static F16 Zero => default;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static F16 Load(float* source) => new(Vector512.Load(source));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(float* target, F16 value) => value._value.Store(target);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static F16 First(int count) => new(Vector512.LessThan(Vector512<int>.Indices, Vector512.Create(count)).AsSingle());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static F16 LoadMasked(float* source, F16 mask)
    {
        if (Avx512F.IsSupported)
            return new(Avx512F.MaskLoad(source, mask._value, Vector512<float>.Zero));
        return new(Vector512.Create(
            Vector256Lanes.LoadMasked(source, mask._value.GetLower()),
            Vector256Lanes.LoadMasked(source + 8, mask._value.GetUpper())));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void StoreMasked(float* target, F16 mask, F16 value)
    {
        if (Avx512F.IsSupported)
        {
            Avx512F.MaskStore(target, mask._value, value._value);
            return;
        }
        Vector256Lanes.StoreMasked(target, mask._value.GetLower(), value._value.GetLower());
        Vector256Lanes.StoreMasked(target + 8, mask._value.GetUpper(), value._value.GetUpper());
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static F16 Broadcast(float value) => new(Vector512.Create(value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static F16 Constant(double value) => new(Vector512.Create((float)value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static F16 Add(F16 left, F16 right) => new(left._value + right._value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static F16 Subtract(F16 left, F16 right) => new(left._value - right._value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static F16 Multiply(F16 left, F16 right) => new(left._value * right._value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static F16 Divide(F16 left, F16 right) => new(left._value / right._value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static F16 Min(F16 left, F16 right)
        => Avx512F.IsSupported
            ? new(Avx512F.Min(left._value, right._value))
            : new(Vector512.ConditionalSelect(Vector512.LessThan(left._value, right._value), left._value, right._value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static F16 Max(F16 left, F16 right)
        => Avx512F.IsSupported
            ? new(Avx512F.Max(left._value, right._value))
            : new(Vector512.ConditionalSelect(Vector512.GreaterThan(left._value, right._value), left._value, right._value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static F16 Sqrt(F16 value) => new(Vector512.Sqrt(value._value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static F16 Abs(F16 value) => new(Vector512.Abs(value._value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static F16 Negate(F16 value) => new(value._value ^ Vector512.Create(-0.0f));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static F16 FusedMultiplyAdd(F16 left, F16 right, F16 addend) => new(Vector512.FusedMultiplyAdd(left._value, right._value, addend._value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static F16 FusedNegateMultiplyAdd(F16 left, F16 right, F16 addend) => new(Vector512.FusedMultiplyAdd(-left._value, right._value, addend._value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static F16 GreaterThan(F16 left, F16 right) => new(Vector512.GreaterThan(left._value, right._value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static F16 GreaterThanOrEqual(F16 left, F16 right) => new(Vector512.GreaterThanOrEqual(left._value, right._value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static F16 EqualTo(F16 left, F16 right) => new(Vector512.Equals(left._value, right._value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static F16 Select(F16 mask, F16 whenSet, F16 otherwise) => new(Vector512.ConditionalSelect(mask._value, whenSet._value, otherwise._value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static F16 And(F16 left, F16 right) => new(left._value & right._value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static F16 Or(F16 left, F16 right) => new(left._value | right._value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static F16 Xor(F16 left, F16 right) => new(left._value ^ right._value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static F16 Round(F16 value) => new(Vector512.Round(value._value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static F16 Floor(F16 value) => new(Vector512.Floor(value._value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static F16 PowerOfTwo(F16 exponent)
    {
        // adding 1.5 · 2^23 leaves the biased exponent in the lowest bits
        var biased = exponent._value + Vector512.Create(12582912.0f + 127f);
        return new((biased.AsInt32() << 23).AsSingle());
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static F16 Split(F16 value, out F16 exponent)
    {
        // moves √½ to a power of two, so that the exponent field counts from there
        var bits = value._value.AsUInt32() + Vector512.Create(0x3f800000u - 0x3f3504f3u);
        var biased = (bits >>> 23) | Vector512.Create(0x4b000000u);
        exponent = new(biased.AsSingle() - Vector512.Create(8388608.0f + 127f));
        return new(((bits & Vector512.Create(0x007fffffu)) + Vector512.Create(0x3f3504f3u)).AsSingle());
    }

    public static void Transpose(float** rows, nint offset, float* target)
    {
        var tile = stackalloc float[64];
        for (var block = 0; block < 2; block++)
            for (var group = 0; group < 2; group++)
            {
                F8.Transpose(rows + group * 8, offset + block * 8, tile);
                for (var j = 0; j < 8; j++)
                    F8.Store(target + (block * 8 + j) * 16 + group * 8, F8.Load(tile + j * 8));
            }
    }
}
