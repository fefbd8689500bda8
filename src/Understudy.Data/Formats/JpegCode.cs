namespace Understudy.Data.Formats;

/// <summary>A prefix code (Huffman) of a JPEG file: symbols of one byte, codes of up to 16 bits.</summary>
/// <remarks>Codes of one length follow each other, and the first of a length follows the last of the one before with a zero behind it.</remarks>
internal sealed class JpegCode
{
    /// <summary>The longest code.</summary>
    internal const int Longest = 16;

    private const int Quick = 9;

    // by the next nine bits, the length of the code and its symbol; 0 where the code is longer
    private readonly ushort[] _quick = new ushort[1 << Quick];

    // by length, the first number of 16 bits that begins with no code of this length or a shorter one, and the place of a symbol less its code
    private readonly int[] _ends = new int[Longest + 1];
    private readonly int[] _offsets = new int[Longest + 1];
    private readonly byte[] _symbols;

    private JpegCode(byte[] symbols) => _symbols = symbols;

    /// <summary>The code with so many symbols of each length; null where there are more than such codes.</summary>
    /// <param name="counts">For the lengths 1 to 16.</param>
    /// <param name="symbols">In the order of their codes.</param>
    internal static JpegCode? Of(ReadOnlySpan<byte> counts, ReadOnlySpan<byte> symbols)
    {
        var made = new JpegCode(symbols.ToArray());
        var (code, place) = (0, 0);
        for (var length = 1; length <= Longest; length++)
        {
            made._offsets[length] = place - code;
            for (var i = 0; i < counts[length - 1]; i++, code++, place++)
            {
                if (code >= 1 << length)
                    return null;
                if (length <= Quick)
                    made._quick.AsSpan(code << (Quick - length), 1 << (Quick - length)).Fill((ushort)((length << 8) | symbols[place]));
            }

            made._ends[length] = code << (Longest - length);
            code <<= 1;
        }

        return made;
    }

    /// <summary>The symbol whose code the bits begin with, and how long that is; a length of 0 where they begin with none.</summary>
    /// <param name="bits">The next 16 bits.</param>
    internal (byte Symbol, int Length) Find(int bits)
    {
        var quick = _quick[bits >> (Longest - Quick)];
        if (quick != 0)
            return ((byte)quick, quick >> 8);
        for (var length = 1; length <= Longest; length++)
        {
            if (bits < _ends[length])
                return (_symbols[(bits >> (Longest - length)) + _offsets[length]], length);
        }

        return (0, 0);
    }
}
