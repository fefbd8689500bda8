using System.Runtime.Intrinsics;

namespace Understudy.Data.Formats;

/// <summary>Samples of a plane of a JPEG file from its coefficients: the inverse cosine transform of every block of 8 × 8.</summary>
/// <remarks>s(y, x) = 128 + Σᵥ Σᵤ b(y, v) b(x, u) F(v, u) with b(x, u) = ½ cos((2x + 1) u π / 16), and √⅛ for u = 0; in single precision, eight samples at once, rounded to the nearest.</remarks>
internal static class JpegBlocks
{
    private const int Size = JpegComponent.BlockSize;

    // b(x, u) for all x, by u
    private static readonly Vector256<float>[] Waves = MakeWaves();

    /// <summary>Samples [rows, columns] of all blocks that are stored.</summary>
    internal static byte[] Samples(JpegComponent plane)
    {
        var stride = plane.StoredAcross * Size;
        var samples = new byte[checked(stride * plane.StoredDown * Size)];
        for (var y = 0; y < plane.StoredDown; y++)
        {
            for (var x = 0; x < plane.StoredAcross; x++)
            {
                var block = plane.Coefficients.AsSpan(((y * plane.StoredAcross) + x) * JpegComponent.BlockLength, JpegComponent.BlockLength);
                Transform(block, plane.Steps, samples.AsSpan((y * Size * stride) + (x * Size)), stride);
            }
        }

        return samples;
    }

    private static void Transform(ReadOnlySpan<short> coefficients, ReadOnlySpan<ushort> steps, Span<byte> samples, int stride)
    {
        Span<Vector256<float>> rows = stackalloc Vector256<float>[Size];
        // frequencies down that are all zero are many, and add nothing
        Span<int> used = stackalloc int[Size];
        var count = 0;
        for (var v = 0; v < Size; v++)
        {
            var (sum, isZero) = (Vector256<float>.Zero, true);
            for (var u = 0; u < Size; u++)
            {
                var coefficient = coefficients[(v * Size) + u];
                if (coefficient == 0)
                    continue;
                sum += Waves[u] * (coefficient * (float)steps[(v * Size) + u]);
                isZero = false;
            }

            rows[v] = sum;
            if (!isZero)
                used[count++] = v;
        }

        for (var y = 0; y < Size; y++)
        {
            var sum = Vector256.Create(128.5f);
            for (var i = 0; i < count; i++)
                sum += rows[used[i]] * Waves[used[i]][y];
            var clamped = Vector256.ConvertToInt32(Vector256.Min(Vector256.Max(sum, Vector256<float>.Zero), Vector256.Create(255f)));
            for (var x = 0; x < Size; x++)
                samples[(y * stride) + x] = (byte)clamped[x];
        }
    }

    private static Vector256<float>[] MakeWaves()
    {
        var waves = new Vector256<float>[Size];
        Span<float> wave = stackalloc float[Size];
        for (var u = 0; u < Size; u++)
        {
            for (var x = 0; x < Size; x++)
                wave[x] = (float)((u == 0 ? Math.Sqrt(0.125) : 0.5) * Math.Cos(((2 * x) + 1) * u * Math.PI / 16));
            waves[u] = Vector256.Create<float>(wave);
        }

        return waves;
    }
}
