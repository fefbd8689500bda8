using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Understudy.Engine.Kernels;

/// <summary>Masked memory and transposes for registers of 128 bits.</summary>
internal static unsafe class Vector128Lanes
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static Vector128<float> LoadMasked(float* source, Vector128<float> mask)
    {
        if (Avx.IsSupported)
            return Avx.MaskLoad(source, mask);
        var result = Vector128<float>.Zero;
        for (var lane = 0; lane < 4; lane++)
            if (mask.AsInt32().GetElement(lane) != 0)
                result = result.WithElement(lane, source[lane]);
        return result;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static void StoreMasked(float* target, Vector128<float> mask, Vector128<float> value)
    {
        if (Avx.IsSupported)
        {
            Avx.MaskStore(target, mask, value);
            return;
        }
        for (var lane = 0; lane < 4; lane++)
            if (mask.AsInt32().GetElement(lane) != 0)
                target[lane] = value.GetElement(lane);
    }

    internal static void Transpose(float** rows, nint offset, float* target)
    {
        for (var lane = 0; lane < 4; lane++)
            for (var j = 0; j < 4; j++)
                target[j * 4 + lane] = rows[lane][offset + j];
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static Vector128<double> LoadMasked(double* source, Vector128<double> mask)
    {
        if (Avx.IsSupported)
            return Avx.MaskLoad(source, mask);
        var result = Vector128<double>.Zero;
        for (var lane = 0; lane < 2; lane++)
            if (mask.AsInt64().GetElement(lane) != 0)
                result = result.WithElement(lane, source[lane]);
        return result;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static void StoreMasked(double* target, Vector128<double> mask, Vector128<double> value)
    {
        if (Avx.IsSupported)
        {
            Avx.MaskStore(target, mask, value);
            return;
        }
        for (var lane = 0; lane < 2; lane++)
            if (mask.AsInt64().GetElement(lane) != 0)
                target[lane] = value.GetElement(lane);
    }

    internal static void Transpose(double** rows, nint offset, double* target)
    {
        for (var lane = 0; lane < 2; lane++)
            for (var j = 0; j < 2; j++)
                target[j * 2 + lane] = rows[lane][offset + j];
    }
}
