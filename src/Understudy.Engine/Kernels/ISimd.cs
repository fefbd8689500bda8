using System.Numerics;

namespace Understudy.Engine.Kernels;

/// <summary>Operations on one register <typeparamref name="V"/> of <see cref="Width"/> elements; kernels are written once against it.</summary>
/// <remarks>
/// Every operation is lane by lane and exactly rounded, so that an algorithm whose lanes do not meet gives the same bits
/// at every width. Comparisons return masks: lanes of all or no bits set.
/// </remarks>
internal unsafe interface ISimd<V, S>
    where V : struct, ISimd<V, S>
    where S : unmanaged, IBinaryFloatingPointIeee754<S>
{
    /// <summary>Elements per register.</summary>
    static abstract int Width { get; }

    /// <summary>How many registers of this kind the processor names: decides the shape of register tiles.</summary>
    static abstract int Count { get; }

    static abstract V Zero { get; }

    static abstract V Load(S* source);

    static abstract void Store(S* target, V value);

    /// <summary>The mask of the first <paramref name="count"/> lanes.</summary>
    static abstract V First(int count);

    /// <summary>The lanes of the mask; the others are zero and their memory is not touched.</summary>
    static abstract V LoadMasked(S* source, V mask);

    /// <summary>Writes the lanes of the mask and touches no other memory.</summary>
    static abstract void StoreMasked(S* target, V mask, V value);

    /// <summary>The first <paramref name="count"/> lanes; the others are zero and their memory is not touched.</summary>
    static virtual V LoadFirst(S* source, int count) => V.LoadMasked(source, V.First(count));

    /// <summary>Writes the first <paramref name="count"/> lanes and touches no other memory.</summary>
    static virtual void StoreFirst(S* target, V value, int count) => V.StoreMasked(target, V.First(count), value);

    static abstract V Broadcast(S value);

    /// <summary>The constant in every lane, rounded to the element type.</summary>
    static abstract V Constant(double value);

    static abstract V Add(V left, V right);

    static abstract V Subtract(V left, V right);

    static abstract V Multiply(V left, V right);

    static abstract V Divide(V left, V right);

    /// <summary>left &lt; right ? left : right; the right operand when either is not a number.</summary>
    static abstract V Min(V left, V right);

    /// <summary>left &gt; right ? left : right; the right operand when either is not a number.</summary>
    static abstract V Max(V left, V right);

    static abstract V Sqrt(V value);

    static abstract V Abs(V value);

    static abstract V Negate(V value);

    /// <summary>left · right + addend, rounded once.</summary>
    static abstract V FusedMultiplyAdd(V left, V right, V addend);

    /// <summary>addend − left · right, rounded once.</summary>
    static abstract V FusedNegateMultiplyAdd(V left, V right, V addend);

    static abstract V GreaterThan(V left, V right);

    static abstract V GreaterThanOrEqual(V left, V right);

    static abstract V EqualTo(V left, V right);

    /// <summary>The lanes of <paramref name="whenSet"/> where the mask is set, of <paramref name="otherwise"/> elsewhere.</summary>
    static abstract V Select(V mask, V whenSet, V otherwise);

    static abstract V And(V left, V right);

    static abstract V Or(V left, V right);

    static abstract V Xor(V left, V right);

    /// <summary>To the nearest integer, ties to even.</summary>
    static abstract V Round(V value);

    static abstract V Floor(V value);

    /// <summary>2 to the power of an integer within the exponents of normal numbers.</summary>
    static abstract V PowerOfTwo(V exponent);

    /// <summary>Splits a positive normal number as m · 2^exponent with m in [√½, √2).</summary>
    static abstract V Split(V value, out V exponent);

    /// <summary>
    /// Reads Width consecutive elements at <paramref name="offset"/> of each of Width rows and writes the transpose, row by
    /// row, to Width · Width consecutive elements.
    /// </summary>
    static abstract void Transpose(S** rows, nint offset, S* target);
}
