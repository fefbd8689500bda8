using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Understudy.Engine.Kernels;

/// <summary>Masked memory and transposes for registers of 256 bits.</summary>
internal static unsafe class Vector256Lanes
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static Vector256<float> LoadMasked(float* source, Vector256<float> mask)
    {
        if (Avx.IsSupported)
            return Avx.MaskLoad(source, mask);
        var result = Vector256<float>.Zero;
        for (var lane = 0; lane < 8; lane++)
            if (mask.AsInt32().GetElement(lane) != 0)
                result = result.WithElement(lane, source[lane]);
        return result;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static void StoreMasked(float* target, Vector256<float> mask, Vector256<float> value)
    {
        if (Avx.IsSupported)
        {
            Avx.MaskStore(target, mask, value);
            return;
        }
        for (var lane = 0; lane < 8; lane++)
            if (mask.AsInt32().GetElement(lane) != 0)
                target[lane] = value.GetElement(lane);
    }

    /// <summary>The first elements, in up to three plain stores: a masked store takes tens of cycles on some processors.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static void StoreFirst(float* target, Vector256<float> value, int count)
    {
        if (count >= 8)
        {
            value.Store(target);
            return;
        }
        var rest = value.GetLower();
        if ((count & 4) != 0)
        {
            rest.Store(target);
            target += 4;
            rest = value.GetUpper();
        }
        if ((count & 2) != 0)
        {
            *(long*)target = rest.AsInt64().ToScalar();
            target += 2;
            rest = Vector128.Shuffle(rest.AsInt64(), Vector128.Create(1L, 1L)).AsSingle();
        }
        if ((count & 1) != 0)
            *target = rest.ToScalar();
    }

    internal static void Transpose(float** rows, nint offset, float* target)
    {
        if (Avx.IsSupported)
        {
            var (r0, r1, r2, r3) = (Avx.LoadVector256(rows[0] + offset), Avx.LoadVector256(rows[1] + offset), Avx.LoadVector256(rows[2] + offset), Avx.LoadVector256(rows[3] + offset));
            var (r4, r5, r6, r7) = (Avx.LoadVector256(rows[4] + offset), Avx.LoadVector256(rows[5] + offset), Avx.LoadVector256(rows[6] + offset), Avx.LoadVector256(rows[7] + offset));
            var (t0, t1, t2, t3) = (Avx.UnpackLow(r0, r1), Avx.UnpackHigh(r0, r1), Avx.UnpackLow(r2, r3), Avx.UnpackHigh(r2, r3));
            var (t4, t5, t6, t7) = (Avx.UnpackLow(r4, r5), Avx.UnpackHigh(r4, r5), Avx.UnpackLow(r6, r7), Avx.UnpackHigh(r6, r7));
            r0 = Avx.Shuffle(t0, t2, 0x44);
            r1 = Avx.Shuffle(t0, t2, 0xee);
            r2 = Avx.Shuffle(t1, t3, 0x44);
            r3 = Avx.Shuffle(t1, t3, 0xee);
            r4 = Avx.Shuffle(t4, t6, 0x44);
            r5 = Avx.Shuffle(t4, t6, 0xee);
            r6 = Avx.Shuffle(t5, t7, 0x44);
            r7 = Avx.Shuffle(t5, t7, 0xee);
            Avx.Store(target, Avx.Permute2x128(r0, r4, 0x20));
            Avx.Store(target + 8, Avx.Permute2x128(r1, r5, 0x20));
            Avx.Store(target + 16, Avx.Permute2x128(r2, r6, 0x20));
            Avx.Store(target + 24, Avx.Permute2x128(r3, r7, 0x20));
            Avx.Store(target + 32, Avx.Permute2x128(r0, r4, 0x31));
            Avx.Store(target + 40, Avx.Permute2x128(r1, r5, 0x31));
            Avx.Store(target + 48, Avx.Permute2x128(r2, r6, 0x31));
            Avx.Store(target + 56, Avx.Permute2x128(r3, r7, 0x31));
            return;
        }
        for (var lane = 0; lane < 8; lane++)
            for (var j = 0; j < 8; j++)
                target[j * 8 + lane] = rows[lane][offset + j];
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static Vector256<double> LoadMasked(double* source, Vector256<double> mask)
    {
        if (Avx.IsSupported)
            return Avx.MaskLoad(source, mask);
        var result = Vector256<double>.Zero;
        for (var lane = 0; lane < 4; lane++)
            if (mask.AsInt64().GetElement(lane) != 0)
                result = result.WithElement(lane, source[lane]);
        return result;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static void StoreMasked(double* target, Vector256<double> mask, Vector256<double> value)
    {
        if (Avx.IsSupported)
        {
            Avx.MaskStore(target, mask, value);
            return;
        }
        for (var lane = 0; lane < 4; lane++)
            if (mask.AsInt64().GetElement(lane) != 0)
                target[lane] = value.GetElement(lane);
    }

    /// <summary>The first elements, in up to two plain stores.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static void StoreFirst(double* target, Vector256<double> value, int count)
    {
        if (count >= 4)
        {
            value.Store(target);
            return;
        }
        var rest = value.GetLower();
        if ((count & 2) != 0)
        {
            rest.Store(target);
            target += 2;
            rest = value.GetUpper();
        }
        if ((count & 1) != 0)
            *target = rest.ToScalar();
    }

    internal static void Transpose(double** rows, nint offset, double* target)
    {
        if (Avx.IsSupported)
        {
            var (r0, r1, r2, r3) = (Avx.LoadVector256(rows[0] + offset), Avx.LoadVector256(rows[1] + offset), Avx.LoadVector256(rows[2] + offset), Avx.LoadVector256(rows[3] + offset));
            var (t0, t1, t2, t3) = (Avx.UnpackLow(r0, r1), Avx.UnpackHigh(r0, r1), Avx.UnpackLow(r2, r3), Avx.UnpackHigh(r2, r3));
            Avx.Store(target, Avx.Permute2x128(t0, t2, 0x20));
            Avx.Store(target + 4, Avx.Permute2x128(t1, t3, 0x20));
            Avx.Store(target + 8, Avx.Permute2x128(t0, t2, 0x31));
            Avx.Store(target + 12, Avx.Permute2x128(t1, t3, 0x31));
            return;
        }
        for (var lane = 0; lane < 4; lane++)
            for (var j = 0; j < 4; j++)
                target[j * 4 + lane] = rows[lane][offset + j];
    }
}
