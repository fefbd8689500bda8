using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Understudy.Engine.Random;

/// <summary>Philox4x32-10, the counter-based generator of Salmon, Moraes, Dror and Shaw 2011.</summary>
internal static class Philox
{
    private const uint Multiplier0 = 0xd2511f53;
    private const uint Multiplier1 = 0xcd9e8d57;
    private const uint Weyl0 = 0x9e3779b9;
    private const uint Weyl1 = 0xbb67ae85;
    private const int Rounds = 10;

    /// <summary>Words that <see cref="Eight"/> writes.</summary>
    internal const int WordsOfEight = 32;

    /// <summary>The four words of one counter.</summary>
    internal static (uint W0, uint W1, uint W2, uint W3) Block(uint c0, uint c1, uint c2, uint c3, uint key0, uint key1)
    {
        for (var round = 0; round < Rounds; round++)
        {
            var product0 = (ulong)Multiplier0 * c0;
            var product1 = (ulong)Multiplier1 * c2;
            (c0, c1, c2, c3) = ((uint)(product1 >> 32) ^ c1 ^ key0, (uint)product1, (uint)(product0 >> 32) ^ c3 ^ key1, (uint)product0);
            unchecked
            {
                key0 += Weyl0;
                key1 += Weyl1;
            }
        }
        return (c0, c1, c2, c3);
    }

    /// <summary>The words of eight blocks from <paramref name="c0"/> on, block by block.</summary>
    internal static void Eight(uint c0, uint c1, uint c2, uint c3, uint key0, uint key1, Span<uint> words)
    {
        if (!Avx2.IsSupported)
        {
            for (var block = 0; block < 8; block++)
                (words[block * 4], words[block * 4 + 1], words[block * 4 + 2], words[block * 4 + 3])
                    = Block(unchecked(c0 + (uint)block), c1, c2, c3, key0, key1);
            return;
        }
        var x0 = Vector256.Create(c0) + Vector256<uint>.Indices;
        var (x1, x2, x3) = (Vector256.Create(c1), Vector256.Create(c2), Vector256.Create(c3));
        for (var round = 0; round < Rounds; round++)
        {
            var (low0, high0) = Multiply(x0, Multiplier0);
            var (low1, high1) = Multiply(x2, Multiplier1);
            (x0, x1, x2, x3) = (high1 ^ x1 ^ Vector256.Create(key0), low1, high0 ^ x3 ^ Vector256.Create(key1), low0);
            unchecked
            {
                key0 += Weyl0;
                key1 += Weyl1;
            }
        }
        // from four registers of equal words to eight blocks of four words
        var (a, b) = (Avx2.UnpackLow(x0, x1).AsUInt64(), Avx2.UnpackHigh(x0, x1).AsUInt64());
        var (c, d) = (Avx2.UnpackLow(x2, x3).AsUInt64(), Avx2.UnpackHigh(x2, x3).AsUInt64());
        var (b0, b1) = (Avx2.UnpackLow(a, c).AsUInt32(), Avx2.UnpackHigh(a, c).AsUInt32());
        var (b2, b3) = (Avx2.UnpackLow(b, d).AsUInt32(), Avx2.UnpackHigh(b, d).AsUInt32());
        Avx2.Permute2x128(b0, b1, 0x20).CopyTo(words);
        Avx2.Permute2x128(b2, b3, 0x20).CopyTo(words[8..]);
        Avx2.Permute2x128(b0, b1, 0x31).CopyTo(words[16..]);
        Avx2.Permute2x128(b2, b3, 0x31).CopyTo(words[24..]);
    }

    private static (Vector256<uint> Low, Vector256<uint> High) Multiply(Vector256<uint> x, uint multiplier)
    {
        var factor = Vector256.Create(multiplier);
        var even = Avx2.Multiply(x, factor).AsUInt32();
        var odd = Avx2.Multiply((x.AsUInt64() >> 32).AsUInt32(), factor).AsUInt32();
        var low = Avx2.Blend(even, (odd.AsUInt64() << 32).AsUInt32(), 0xaa);
        var high = Avx2.Blend((even.AsUInt64() >> 32).AsUInt32(), odd, 0xaa);
        return (low, high);
    }
}
