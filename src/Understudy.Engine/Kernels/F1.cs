using System.Runtime.CompilerServices;

namespace Understudy.Engine.Kernels;

/// <summary>One element of single precision: the portable fallback, and the oracle of the register kernels.</summary>
internal readonly unsafe struct F1 : ISimd<F1, float>
{
    private readonly float _value;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private F1(float value) => _value = value;

    public static int Width => 1;

    public static int Count => 16;

    public static F1 Zero => default;

    private uint Bits => BitConverter.SingleToUInt32Bits(_value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static F1 Load(float* source) => new(*source);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(float* target, F1 value) => *target = value._value;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static F1 First(int count) => Mask(count > 0);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static F1 LoadMasked(float* source, F1 mask) => mask.Bits == 0 ? default : new(*source);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void StoreMasked(float* target, F1 mask, F1 value)
    {
        if (mask.Bits != 0)
            *target = value._value;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static F1 Broadcast(float value) => new(value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static F1 Constant(double value) => new((float)value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static F1 Add(F1 left, F1 right) => new(left._value + right._value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static F1 Subtract(F1 left, F1 right) => new(left._value - right._value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static F1 Multiply(F1 left, F1 right) => new(left._value * right._value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static F1 Divide(F1 left, F1 right) => new(left._value / right._value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static F1 Min(F1 left, F1 right) => left._value < right._value ? left : right;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static F1 Max(F1 left, F1 right) => left._value > right._value ? left : right;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static F1 Sqrt(F1 value) => new(MathF.Sqrt(value._value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static F1 Abs(F1 value) => new(MathF.Abs(value._value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static F1 Negate(F1 value) => new(-value._value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static F1 FusedMultiplyAdd(F1 left, F1 right, F1 addend) => new(MathF.FusedMultiplyAdd(left._value, right._value, addend._value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static F1 FusedNegateMultiplyAdd(F1 left, F1 right, F1 addend) => new(MathF.FusedMultiplyAdd(-left._value, right._value, addend._value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static F1 GreaterThan(F1 left, F1 right) => Mask(left._value > right._value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static F1 GreaterThanOrEqual(F1 left, F1 right) => Mask(left._value >= right._value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static F1 EqualTo(F1 left, F1 right) => Mask(left._value == right._value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static F1 Select(F1 mask, F1 whenSet, F1 otherwise) => mask.Bits != 0 ? whenSet : otherwise;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static F1 And(F1 left, F1 right) => From(left.Bits & right.Bits);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static F1 Or(F1 left, F1 right) => From(left.Bits | right.Bits);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static F1 Xor(F1 left, F1 right) => From(left.Bits ^ right.Bits);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static F1 Round(F1 value) => new(MathF.Round(value._value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static F1 Floor(F1 value) => new(MathF.Floor(value._value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static F1 PowerOfTwo(F1 exponent) => From(unchecked((uint)((int)exponent._value + 127) << 23));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static F1 Split(F1 value, out F1 exponent)
    {
        // moves √½ to a power of two, so that the exponent field counts from there
        var bits = value.Bits + (0x3f800000u - 0x3f3504f3u);
        exponent = new((int)(bits >> 23) - 127);
        return From((bits & 0x007fffffu) + 0x3f3504f3u);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Transpose(float** rows, nint offset, float* target) => *target = rows[0][offset];

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static F1 Mask(bool set) => From(set ? uint.MaxValue : 0);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static F1 From(uint bits) => new(BitConverter.UInt32BitsToSingle(bits));
}
