using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Understudy.Engine.Kernels;

/// <summary>8 elements of double precision in a register of 512 bits (AVX-512; two registers of half the width elsewhere).</summary>
internal readonly unsafe struct D8 : ISimd<D8, double>
{
    private readonly Vector512<double> _value;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private D8(Vector512<double> value) => _value = value;

    public static int Width => 8;

    public static int Count => 32;

    public static D8 Zero => default;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static D8 Load(double* source) => new(Vector512.Load(source));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(double* target, D8 value) => value._value.Store(target);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static D8 First(int count) => new(Vector512.LessThan(Vector512<long>.Indices, Vector512.Create((long)count)).AsDouble());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static D8 LoadMasked(double* source, D8 mask)
    {
        if (Avx512F.IsSupported)
            return new(Avx512F.MaskLoad(source, mask._value, Vector512<double>.Zero));
        return new(Vector512.Create(
            Vector256Lanes.LoadMasked(source, mask._value.GetLower()),
            Vector256Lanes.LoadMasked(source + 4, mask._value.GetUpper())));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void StoreMasked(double* target, D8 mask, D8 value)
    {
        if (Avx512F.IsSupported)
        {
            Avx512F.MaskStore(target, mask._value, value._value);
            return;
        }
        Vector256Lanes.StoreMasked(target, mask._value.GetLower(), value._value.GetLower());
        Vector256Lanes.StoreMasked(target + 4, mask._value.GetUpper(), value._value.GetUpper());
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static D8 Broadcast(double value) => new(Vector512.Create(value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static D8 Constant(double value) => new(Vector512.Create(value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static D8 Add(D8 left, D8 right) => new(left._value + right._value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static D8 Subtract(D8 left, D8 right) => new(left._value - right._value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static D8 Multiply(D8 left, D8 right) => new(left._value * right._value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static D8 Divide(D8 left, D8 right) => new(left._value / right._value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static D8 Min(D8 left, D8 right)
        => Avx512F.IsSupported
            ? new(Avx512F.Min(left._value, right._value))
            : new(Vector512.ConditionalSelect(Vector512.LessThan(left._value, right._value), left._value, right._value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static D8 Max(D8 left, D8 right)
        => Avx512F.IsSupported
            ? new(Avx512F.Max(left._value, right._value))
            : new(Vector512.ConditionalSelect(Vector512.GreaterThan(left._value, right._value), left._value, right._value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static D8 Sqrt(D8 value) => new(Vector512.Sqrt(value._value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static D8 Abs(D8 value) => new(Vector512.Abs(value._value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static D8 Negate(D8 value) => new(value._value ^ Vector512.Create(-0.0));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static D8 FusedMultiplyAdd(D8 left, D8 right, D8 addend) => new(Vector512.FusedMultiplyAdd(left._value, right._value, addend._value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static D8 FusedNegateMultiplyAdd(D8 left, D8 right, D8 addend) => new(Vector512.FusedMultiplyAdd(-left._value, right._value, addend._value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static D8 GreaterThan(D8 left, D8 right) => new(Vector512.GreaterThan(left._value, right._value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static D8 GreaterThanOrEqual(D8 left, D8 right) => new(Vector512.GreaterThanOrEqual(left._value, right._value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static D8 EqualTo(D8 left, D8 right) => new(Vector512.Equals(left._value, right._value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static D8 Select(D8 mask, D8 whenSet, D8 otherwise) => new(Vector512.ConditionalSelect(mask._value, whenSet._value, otherwise._value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static D8 And(D8 left, D8 right) => new(left._value & right._value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static D8 Or(D8 left, D8 right) => new(left._value | right._value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static D8 Xor(D8 left, D8 right) => new(left._value ^ right._value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static D8 Round(D8 value) => new(Vector512.Round(value._value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static D8 Floor(D8 value) => new(Vector512.Floor(value._value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static D8 PowerOfTwo(D8 exponent)
    {
        // adding 1.5 · 2^52 leaves the biased exponent in the lowest bits
        var biased = exponent._value + Vector512.Create(6755399441055744.0 + 1023.0);
        return new((biased.AsInt64() << 52).AsDouble());
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static D8 Split(D8 value, out D8 exponent)
    {
        // moves √½ to a power of two, so that the exponent field counts from there
        var bits = value._value.AsUInt64() + Vector512.Create(0x3ff0000000000000ul - 0x3fe6a09e667f3bcdul);
        var biased = (bits >>> 52) | Vector512.Create(0x4330000000000000ul);
        exponent = new(biased.AsDouble() - Vector512.Create(4503599627370496.0 + 1023.0));
        return new(((bits & Vector512.Create(0x000ffffffffffffful)) + Vector512.Create(0x3fe6a09e667f3bcdul)).AsDouble());
    }

    public static void Transpose(double** rows, nint offset, double* target)
    {
        var tile = stackalloc double[16];
        for (var block = 0; block < 2; block++)
            for (var group = 0; group < 2; group++)
            {
                D4.Transpose(rows + group * 4, offset + block * 4, tile);
                for (var j = 0; j < 4; j++)
                    D4.Store(target + (block * 4 + j) * 8 + group * 4, D4.Load(tile + j * 4));
            }
    }
}
