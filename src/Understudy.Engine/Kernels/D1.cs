using System.Runtime.CompilerServices;

namespace Understudy.Engine.Kernels;

/// <summary>One element of double precision: the portable fallback, and the oracle of the register kernels.</summary>
internal readonly unsafe struct D1 : ISimd<D1, double>
{
    private readonly double _value;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private D1(double value) => _value = value;

    public static int Width => 1;

    public static int Count => 16;

    public static D1 Zero => default;

    private ulong Bits => BitConverter.DoubleToUInt64Bits(_value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static D1 Load(double* source) => new(*source);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(double* target, D1 value) => *target = value._value;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static D1 First(int count) => Mask(count > 0);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static D1 LoadMasked(double* source, D1 mask) => mask.Bits == 0 ? default : new(*source);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void StoreMasked(double* target, D1 mask, D1 value)
    {
        if (mask.Bits != 0)
            *target = value._value;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static D1 Broadcast(double value) => new(value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static D1 Constant(double value) => new(value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static D1 Add(D1 left, D1 right) => new(left._value + right._value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static D1 Subtract(D1 left, D1 right) => new(left._value - right._value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static D1 Multiply(D1 left, D1 right) => new(left._value * right._value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static D1 Divide(D1 left, D1 right) => new(left._value / right._value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static D1 Min(D1 left, D1 right) => left._value < right._value ? left : right;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static D1 Max(D1 left, D1 right) => left._value > right._value ? left : right;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static D1 Sqrt(D1 value) => new(Math.Sqrt(value._value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static D1 Abs(D1 value) => new(Math.Abs(value._value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static D1 Negate(D1 value) => new(-value._value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static D1 FusedMultiplyAdd(D1 left, D1 right, D1 addend) => new(Math.FusedMultiplyAdd(left._value, right._value, addend._value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static D1 FusedNegateMultiplyAdd(D1 left, D1 right, D1 addend) => new(Math.FusedMultiplyAdd(-left._value, right._value, addend._value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static D1 GreaterThan(D1 left, D1 right) => Mask(left._value > right._value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static D1 GreaterThanOrEqual(D1 left, D1 right) => Mask(left._value >= right._value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static D1 EqualTo(D1 left, D1 right) => Mask(left._value == right._value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static D1 Select(D1 mask, D1 whenSet, D1 otherwise) => mask.Bits != 0 ? whenSet : otherwise;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static D1 And(D1 left, D1 right) => From(left.Bits & right.Bits);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static D1 Or(D1 left, D1 right) => From(left.Bits | right.Bits);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static D1 Xor(D1 left, D1 right) => From(left.Bits ^ right.Bits);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static D1 Round(D1 value) => new(Math.Round(value._value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static D1 Floor(D1 value) => new(Math.Floor(value._value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static D1 PowerOfTwo(D1 exponent) => From(unchecked((ulong)((int)exponent._value + 1023) << 52));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static D1 Split(D1 value, out D1 exponent)
    {
        // moves √½ to a power of two, so that the exponent field counts from there
        var bits = value.Bits + (0x3ff0000000000000ul - 0x3fe6a09e667f3bcdul);
        exponent = new((int)(bits >> 52) - 1023);
        return From((bits & 0x000ffffffffffffful) + 0x3fe6a09e667f3bcdul);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Transpose(double** rows, nint offset, double* target) => *target = rows[0][offset];

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static D1 Mask(bool set) => From(set ? ulong.MaxValue : 0);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static D1 From(ulong bits) => new(BitConverter.UInt64BitsToDouble(bits));
}
