using System.Buffers.Binary;
using System.Text;

namespace Understudy.Data.Formats;

/// <summary>The chunks of a PNG file that decide about its pixels, checked.</summary>
internal sealed class PngFile
{
    /// <summary>The most pixels a picture may have: 2 to the 28th, a square of 16,384.</summary>
    private const long MaximumPixels = 1L << 28;

    /// <summary>Deflate never expands a byte to more than this.</summary>
    private const long MaximumExpansion = 1032;

    private readonly string _path;

    private PngFile(string path) => _path = path;

    internal static ReadOnlySpan<byte> Signature => [0x89, (byte)'P', (byte)'N', (byte)'G', 13, 10, 26, 10];

    internal int Width { get; private set; }

    internal int Height { get; private set; }

    internal int Depth { get; private set; }

    internal PngColor Color { get; private set; }

    internal bool IsInterlaced { get; private set; }

    internal byte[] Palette { get; private set; } = [];

    internal byte[]? Transparency { get; private set; }

    /// <summary>Where the compressed rows lie: consecutive pieces of the file.</summary>
    internal List<Range> Pieces { get; } = [];

    /// <summary>Samples per pixel as stored.</summary>
    internal int StoredSamples => Color switch
    {
        PngColor.Grey or PngColor.Palette => 1,
        PngColor.GreyAlpha => 2,
        PngColor.Rgb => 3,
        _ => 4,
    };

    /// <summary>Samples per pixel after palette and transparency have been applied.</summary>
    internal int Channels => Color switch
    {
        PngColor.Grey => Transparency is null ? 1 : 2,
        PngColor.Rgb or PngColor.Palette => Transparency is null ? 3 : 4,
        PngColor.GreyAlpha => 2,
        _ => 4,
    };

    internal static PngFile Parse(ReadOnlySpan<byte> file, string path)
    {
        var png = new PngFile(path);
        if (!file.StartsWith(Signature))
            throw png.Damaged("this is not a PNG file, its first eight bytes are different");
        int place = Signature.Length;
        bool ended = false;
        while (!ended && place < file.Length)
        {
            if (file.Length - place < 12)
                throw png.Damaged($"the file ends inside the chunk at byte {place}");
            uint length = BinaryPrimitives.ReadUInt32BigEndian(file[place..]);
            if (length > file.Length - place - 12)
                throw png.Damaged($"the chunk at byte {place} should have {length} bytes, but the file ends before; it was cut off or is damaged");
            var typed = file.Slice(place + 4, 4 + (int)length);
            if (Crc32.Of(typed) != BinaryPrimitives.ReadUInt32BigEndian(file[(place + 8 + (int)length)..]))
                throw png.Damaged($"the check value of the chunk at byte {place} is wrong, so the file is damaged");
            ended = png.Accept(typed[..4], typed[4..], place + 8);
            place += 12 + (int)length;
        }

        if (!ended)
            throw png.Damaged("the file ends without its last chunk; it was cut off");
        png.Check();
        return png;
    }

    internal UnreadableFileException Damaged(string problem, Exception? inner = null) => new(_path, problem + ".", inner);

    private bool Accept(ReadOnlySpan<byte> type, ReadOnlySpan<byte> body, int start)
    {
        if (Width == 0 != type.SequenceEqual("IHDR"u8))
            throw Damaged(Width == 0 ? "the first chunk is not the header" : "there are two headers");
        if (type.SequenceEqual("IHDR"u8))
            AcceptHeader(body);
        else if (type.SequenceEqual("PLTE"u8))
            AcceptPalette(body);
        else if (type.SequenceEqual("tRNS"u8))
            Transparency = body.ToArray();
        else if (type.SequenceEqual("IDAT"u8))
            Pieces.Add(new Range(start, start + body.Length));
        else if ((type[0] & 0x20) == 0 && !type.SequenceEqual("IEND"u8))
            throw Damaged($"the file needs the extension {ExactReading.Quote(Encoding.Latin1.GetString(type))}, which is not known here");
        return type.SequenceEqual("IEND"u8);
    }

    private void AcceptHeader(ReadOnlySpan<byte> body)
    {
        if (body.Length != 13)
            throw Damaged($"the header has {body.Length} bytes instead of 13");
        uint width = BinaryPrimitives.ReadUInt32BigEndian(body);
        uint height = BinaryPrimitives.ReadUInt32BigEndian(body[4..]);
        if (width is 0 or > int.MaxValue || height is 0 or > int.MaxValue || (ulong)width * height > MaximumPixels)
            throw Damaged($"a picture of {width} x {height} is not read; the limit is {MaximumPixels} pixels");
        (Width, Height, Depth, Color) = ((int)width, (int)height, body[8], (PngColor)body[9]);
        bool known = Color switch
        {
            PngColor.Grey => Depth is 1 or 2 or 4 or 8 or 16,
            PngColor.Palette => Depth is 1 or 2 or 4 or 8,
            PngColor.Rgb or PngColor.GreyAlpha or PngColor.Rgba => Depth is 8 or 16,
            _ => false,
        };
        if (!known || body[10] != 0 || body[11] != 0 || body[12] > 1)
            throw Damaged($"the header asks for color type {body[9]}, depth {Depth}, compression {body[10]}, filter {body[11]}, interlace {body[12]}, which the format does not define");
        IsInterlaced = body[12] == 1;
    }

    private void AcceptPalette(ReadOnlySpan<byte> body)
    {
        if (Palette.Length > 0 || body.Length is 0 or > 768 || body.Length % 3 != 0)
            throw Damaged($"the palette has {body.Length} bytes or is there twice");
        Palette = body.ToArray();
    }

    private void Check()
    {
        if (Color == PngColor.Palette && Palette.Length == 0)
            throw Damaged("the palette is missing");
        bool carries = Color is PngColor.Grey or PngColor.Rgb or PngColor.Palette;
        if (Transparency is not null && (!carries || (Color != PngColor.Palette && Transparency.Length != 2 * StoredSamples)))
            throw Damaged($"the transparency entry has {Transparency.Length} bytes, which does not fit the color type");
        long compressed = Pieces.Sum(piece => (long)piece.End.Value - piece.Start.Value);
        long rows = Height * ((((long)Width * StoredSamples * Depth) + 7) / 8);
        if (rows > compressed * MaximumExpansion)
            throw Damaged($"the {compressed} compressed bytes cannot fill a picture of {Width} x {Height}");
    }
}

/// <summary>What the samples of a PNG file mean, with the format's own numbers.</summary>
internal enum PngColor
{
    Grey = 0,
    Rgb = 2,
    Palette = 3,
    GreyAlpha = 4,
    Rgba = 6,
}
