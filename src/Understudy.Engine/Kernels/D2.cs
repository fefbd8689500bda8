using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Understudy.Engine.Kernels;

/// <summary>2 elements of double precision in a register of 128 bits (SSE and ARM64).</summary>
internal readonly unsafe struct D2 : ISimd<D2, double>
{
    private readonly Vector128<double> _value;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private D2(Vector128<double> value) => _value = value;

    public static int Width => 2;

    public static int Count => 16;

    public static D2 Zero => default;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static D2 Load(double* source) => new(Vector128.Load(source));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(double* target, D2 value) => value._value.Store(target);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static D2 First(int count) => new(Vector128.LessThan(Vector128<long>.Indices, Vector128.Create((long)count)).AsDouble());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static D2 LoadMasked(double* source, D2 mask) => new(Vector128Lanes.LoadMasked(source, mask._value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void StoreMasked(double* target, D2 mask, D2 value) => Vector128Lanes.StoreMasked(target, mask._value, value._value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static D2 Broadcast(double value) => new(Vector128.Create(value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static D2 Constant(double value) => new(Vector128.Create(value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static D2 Add(D2 left, D2 right) => new(left._value + right._value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static D2 Subtract(D2 left, D2 right) => new(left._value - right._value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static D2 Multiply(D2 left, D2 right) => new(left._value * right._value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static D2 Divide(D2 left, D2 right) => new(left._value / right._value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static D2 Min(D2 left, D2 right)
        => Sse2.IsSupported
            ? new(Sse2.Min(left._value, right._value))
            : new(Vector128.ConditionalSelect(Vector128.LessThan(left._value, right._value), left._value, right._value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static D2 Max(D2 left, D2 right)
        => Sse2.IsSupported
            ? new(Sse2.Max(left._value, right._value))
            : new(Vector128.ConditionalSelect(Vector128.GreaterThan(left._value, right._value), left._value, right._value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static D2 Sqrt(D2 value) => new(Vector128.Sqrt(value._value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static D2 Abs(D2 value) => new(Vector128.Abs(value._value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static D2 Negate(D2 value) => new(value._value ^ Vector128.Create(-0.0));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static D2 FusedMultiplyAdd(D2 left, D2 right, D2 addend) => new(Vector128.FusedMultiplyAdd(left._value, right._value, addend._value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static D2 FusedNegateMultiplyAdd(D2 left, D2 right, D2 addend)
        => Fma.IsSupported
            ? new(Fma.MultiplyAddNegated(left._value, right._value, addend._value))
            : new(Vector128.FusedMultiplyAdd(-left._value, right._value, addend._value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static D2 GreaterThan(D2 left, D2 right) => new(Vector128.GreaterThan(left._value, right._value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static D2 GreaterThanOrEqual(D2 left, D2 right) => new(Vector128.GreaterThanOrEqual(left._value, right._value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static D2 EqualTo(D2 left, D2 right) => new(Vector128.Equals(left._value, right._value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static D2 Select(D2 mask, D2 whenSet, D2 otherwise)
        => Sse41.IsSupported
            ? new(Sse41.BlendVariable(otherwise._value, whenSet._value, mask._value))
            : new(Vector128.ConditionalSelect(mask._value, whenSet._value, otherwise._value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static D2 And(D2 left, D2 right) => new(left._value & right._value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static D2 Or(D2 left, D2 right) => new(left._value | right._value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static D2 Xor(D2 left, D2 right) => new(left._value ^ right._value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static D2 Round(D2 value) => new(Vector128.Round(value._value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static D2 Floor(D2 value) => new(Vector128.Floor(value._value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static D2 PowerOfTwo(D2 exponent)
    {
        // adding 1.5 · 2^52 leaves the biased exponent in the lowest bits
        var biased = exponent._value + Vector128.Create(6755399441055744.0 + 1023.0);
        return new((biased.AsInt64() << 52).AsDouble());
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static D2 Split(D2 value, out D2 exponent)
    {
        // moves √½ to a power of two, so that the exponent field counts from there
        var bits = value._value.AsUInt64() + Vector128.Create(0x3ff0000000000000ul - 0x3fe6a09e667f3bcdul);
        var biased = (bits >>> 52) | Vector128.Create(0x4330000000000000ul);
        exponent = new(biased.AsDouble() - Vector128.Create(4503599627370496.0 + 1023.0));
        return new(((bits & Vector128.Create(0x000ffffffffffffful)) + Vector128.Create(0x3fe6a09e667f3bcdul)).AsDouble());
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Transpose(double** rows, nint offset, double* target) => Vector128Lanes.Transpose(rows, offset, target);
}
