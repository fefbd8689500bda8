using Understudy.Engine.Kernels;

namespace Understudy.Engine.Random;

/// <summary>Random numbers that are addressed, not consumed: a pure function of seed, purpose, replica, step and element.</summary>
/// <remarks>
/// <para>Philox4x32-10 (Salmon, Moraes, Dror and Shaw 2011). The key is the low and the high half of the seed; the counter is
/// block, step, replica and the 32-bit FNV-1a hash of the purpose's characters; a block is four words. Steps count modulo 2³².</para>
/// <para>A longer span begins with the elements of a shorter one, except for a permutation. Nothing is allocated.</para>
/// </remarks>
public readonly struct RandomSequence
{
    // words drawn at a time: a whole number of eight blocks
    private const int Tile = 256;

    private readonly uint _key0;
    private readonly uint _key1;
    private readonly uint _replica;
    private readonly uint _purpose;

    /// <summary>The random numbers of one purpose.</summary>
    /// <param name="seed">The seed of the run.</param>
    /// <param name="purpose">A constant with a slash, "student/init"; different purposes give independent numbers.</param>
    /// <param name="replica">Index of the seed within the run.</param>
    public RandomSequence(ulong seed, string purpose, int replica = 0)
    {
        ArgumentNullException.ThrowIfNull(purpose);
        (_key0, _key1) = ((uint)seed, (uint)(seed >> 32));
        _replica = (uint)replica;
        _purpose = Hash(2166136261u, purpose);
    }

    private RandomSequence(RandomSequence of, string purpose)
    {
        (_key0, _key1, _replica) = (of._key0, of._key1, of._replica);
        _purpose = Hash(of._purpose, purpose);
    }

    /// <summary>Independent numbers for something beside what this sequence serves: those of its purpose with another text behind it.</summary>
    public RandomSequence For(string purpose)
    {
        ArgumentNullException.ThrowIfNull(purpose);
        return new RandomSequence(this, purpose);
    }

    /// <summary>The word at an address: word element mod 4 of block element / 4.</summary>
    /// <exception cref="ArgumentOutOfRangeException">A negative element.</exception>
    public uint Word(long step, int element)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(element);
        var (w0, w1, w2, w3) = Philox.Block((uint)element >> 2, unchecked((uint)step), _replica, _purpose, _key0, _key1);
        return (element & 3) switch { 0 => w0, 1 => w1, 2 => w2, _ => w3 };
    }

    /// <summary>The first words of a step.</summary>
    public void Fill(long step, Span<uint> words)
    {
        Span<uint> tile = stackalloc uint[Philox.WordsOfEight];
        for (var start = 0; start < words.Length; start += Philox.WordsOfEight)
        {
            var count = Math.Min(Philox.WordsOfEight, words.Length - start);
            Eight(step, (uint)start / 4, count == Philox.WordsOfEight ? words.Slice(start, count) : tile);
            if (count < Philox.WordsOfEight)
                tile[..count].CopyTo(words[start..]);
        }
    }

    /// <summary>Uniform on [0, 1) in steps of 2⁻²⁴: element i is the upper 24 bits of word i.</summary>
    public void FillUniform(long step, Span<float> values)
    {
        Span<uint> words = stackalloc uint[Tile];
        for (var start = 0; start < values.Length; start += Tile)
        {
            var part = values.Slice(start, Math.Min(Tile, values.Length - start));
            Words(step, (uint)start / 4, words);
            for (var i = 0; i < part.Length; i++)
                part[i] = (words[i] >> 8) * (1f / (1 << 24));
        }
    }

    /// <summary>Uniform on [0, 1) in steps of 2⁻⁵³: element i is the upper 53 bits of words 2i (high) and 2i + 1 (low).</summary>
    public void FillUniform(long step, Span<double> values)
    {
        Span<uint> words = stackalloc uint[Tile];
        for (var start = 0; start < values.Length; start += Tile / 2)
        {
            var part = values.Slice(start, Math.Min(Tile / 2, values.Length - start));
            Words(step, (uint)start / 2, words);
            for (var i = 0; i < part.Length; i++)
                part[i] = (Wide(words, 2 * i) >> 11) * (1.0 / (1L << 53));
        }
    }

    /// <summary>Standard normal by Box and Muller 1958: elements 2i and 2i + 1 come from words 2i (radius) and 2i + 1 (angle).</summary>
    /// <remarks>|x| is at most 6.8. The numbers differ from those of the double-precision fill.</remarks>
    public void FillNormal(long step, Span<float> values)
    {
        switch (Registers.Widest)
        {
            case RegisterWidth.Bits512: FillNormal<F16>(step, values); break;
            case RegisterWidth.Bits256: FillNormal<F8>(step, values); break;
            case RegisterWidth.Bits128: FillNormal<F4>(step, values); break;
            default: FillNormal<F1>(step, values); break;
        }
    }

    /// <summary>Standard normal by Box and Muller 1958: elements 2i and 2i + 1 come from block i, two words for the radius, two for the angle.</summary>
    /// <remarks>|x| is at most 8.7. The numbers differ from those of the single-precision fill.</remarks>
    public void FillNormal(long step, Span<double> values)
    {
        switch (Registers.Widest)
        {
            case RegisterWidth.Bits512: FillNormal<D8>(step, values); break;
            case RegisterWidth.Bits256: FillNormal<D4>(step, values); break;
            case RegisterWidth.Bits128: FillNormal<D2>(step, values); break;
            default: FillNormal<D1>(step, values); break;
        }
    }

    /// <summary>Indices in [0, bound): word i times bound, upper half. An index deviates from its share by less than bound · 2⁻³².</summary>
    /// <exception cref="ArgumentOutOfRangeException">A bound below 1.</exception>
    public void FillIndices(long step, int bound, Span<int> indices)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(bound, 1);
        Span<uint> words = stackalloc uint[Tile];
        for (var start = 0; start < indices.Length; start += Tile)
        {
            var part = indices.Slice(start, Math.Min(Tile, indices.Length - start));
            // a batch is often far shorter than a tile: draw no more than it needs
            var needed = (part.Length + Philox.WordsOfEight - 1) / Philox.WordsOfEight * Philox.WordsOfEight;
            Words(step, (uint)start / 4, words[..needed]);
            for (var i = 0; i < part.Length; i++)
                part[i] = (int)(((ulong)words[i] * (uint)bound) >> 32);
        }
    }

    /// <summary>A permutation of 0 … n − 1, n the length of the span: Fisher-Yates from the last place down, place i by word i.</summary>
    public void FillPermutation(long step, Span<int> permutation)
    {
        for (var i = 0; i < permutation.Length; i++)
            permutation[i] = i;
        Span<uint> words = stackalloc uint[Tile];
        for (var start = (permutation.Length - 1) / Tile * Tile; start >= 0; start -= Tile)
        {
            Words(step, (uint)start / 4, words);
            for (var i = Math.Min(start + Tile, permutation.Length) - 1; i >= Math.Max(start, 1); i--)
            {
                var j = (int)(((ulong)words[i - start] * (uint)(i + 1)) >> 32);
                (permutation[i], permutation[j]) = (permutation[j], permutation[i]);
            }
        }
    }

    internal unsafe void FillNormal<V>(long step, Span<float> values)
        where V : struct, ISimd<V, float>
    {
        Span<uint> words = stackalloc uint[Tile];
        var radius = stackalloc float[Tile / 2];
        var angle = stackalloc float[Tile / 2];
        for (var start = 0; start < values.Length; start += Tile)
        {
            var part = values.Slice(start, Math.Min(Tile, values.Length - start));
            Words(step, (uint)start / 4, words);
            for (var pair = 0; pair < Tile / 2; pair++)
            {
                radius[pair] = (words[2 * pair] + 0.5f) * (1f / (1L << 32));
                angle[pair] = (words[2 * pair + 1] >> 8) * (1f / (1 << 24));
            }
            Normals<V, float>.Transform(radius, angle, Tile / 2);
            for (var i = 0; i < part.Length; i++)
                part[i] = (i & 1) == 0 ? radius[i >> 1] : angle[i >> 1];
        }
    }

    internal unsafe void FillNormal<V>(long step, Span<double> values)
        where V : struct, ISimd<V, double>
    {
        Span<uint> words = stackalloc uint[Tile];
        var radius = stackalloc double[Tile / 4];
        var angle = stackalloc double[Tile / 4];
        for (var start = 0; start < values.Length; start += Tile / 2)
        {
            var part = values.Slice(start, Math.Min(Tile / 2, values.Length - start));
            Words(step, (uint)start / 2, words);
            for (var pair = 0; pair < Tile / 4; pair++)
            {
                radius[pair] = ((Wide(words, 4 * pair) >> 12) + 0.5) * (1.0 / (1L << 52));
                angle[pair] = (Wide(words, 4 * pair + 2) >> 11) * (1.0 / (1L << 53));
            }
            Normals<V, double>.Transform(radius, angle, Tile / 4);
            for (var i = 0; i < part.Length; i++)
                part[i] = (i & 1) == 0 ? radius[i >> 1] : angle[i >> 1];
        }
    }

    private static uint Hash(uint hash, string purpose)
    {
        foreach (var character in purpose)
            hash = unchecked((hash ^ character) * 16777619u);
        return hash;
    }

    private static ulong Wide(Span<uint> words, int high) => (ulong)words[high] << 32 | words[high + 1];

    private void Words(long step, uint block, Span<uint> words)
    {
        for (var start = 0; start < words.Length; start += Philox.WordsOfEight)
            Eight(step, block + (uint)start / 4, words.Slice(start, Philox.WordsOfEight));
    }

    private void Eight(long step, uint block, Span<uint> words)
        => Philox.Eight(block, unchecked((uint)step), _replica, _purpose, _key0, _key1, words);
}
