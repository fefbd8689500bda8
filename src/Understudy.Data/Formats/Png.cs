using System.Buffers.Binary;
using System.IO.Compression;
using System.Text;

namespace Understudy.Data.Formats;

/// <summary>The PNG format (ISO/IEC 15948): all color types, depths and interlacing are read, 8-bit pictures are written.</summary>
public static class Png
{
    /// <summary>Reads a picture; 16-bit samples keep their upper half, palettes and transparent colors are resolved.</summary>
    /// <remarks>Color profiles and gamma are not applied. Memory: the file, the picture and two rows.</remarks>
    /// <param name="stream">Read to its end; need not be seekable.</param>
    /// <param name="path">The file's name for messages.</param>
    /// <exception cref="UnreadableFileException">The file is damaged, or has more than 2 to the 28th pixels.</exception>
    public static Raster Read(Stream stream, string path)
    {
        ArgumentNullException.ThrowIfNull(stream);
        ArgumentNullException.ThrowIfNull(path);
        var file = ExactReading.ToEnd(stream, path);
        return PngRows.Decode(PngFile.Parse(file, path), file);
    }

    /// <summary>Writes a picture without loss.</summary>
    /// <param name="stream">Where to.</param>
    /// <param name="picture">The picture.</param>
    /// <param name="text">Notes to embed, such as <c>("Software", "understudy")</c>; Latin-1, keys of 1 to 79 characters.</param>
    /// <exception cref="ArgumentException">A key is empty or too long.</exception>
    public static void Write(Stream stream, Raster picture, params IReadOnlyList<(string Key, string Value)> text)
    {
        ArgumentNullException.ThrowIfNull(stream);
        ArgumentNullException.ThrowIfNull(picture);
        stream.Write(PngFile.Signature);
        Span<byte> header = stackalloc byte[13];
        header.Clear();
        BinaryPrimitives.WriteInt32BigEndian(header, picture.Width);
        BinaryPrimitives.WriteInt32BigEndian(header[4..], picture.Height);
        header[8] = 8;
        header[9] = (byte)(picture.Channels switch
        {
            1 => PngColor.Grey,
            2 => PngColor.GreyAlpha,
            3 => PngColor.Rgb,
            _ => PngColor.Rgba,
        });
        Chunk(stream, "IHDR"u8, header);
        foreach (var (key, value) in text ?? [])
        {
            if (key.Length is 0 or > 79)
                throw new ArgumentException("A key has 1 to 79 characters.", nameof(text));
            Chunk(stream, "tEXt"u8, Encoding.Latin1.GetBytes($"{key}\0{value}"));
        }

        Chunk(stream, "IDAT"u8, Compress(picture));
        Chunk(stream, "IEND"u8, []);
    }

    private static byte[] Compress(Raster picture)
    {
        int distance = picture.Channels;
        var buffer = new MemoryStream();
        using (var deflated = new ZLibStream(buffer, CompressionLevel.Optimal, leaveOpen: true))
        {
            ReadOnlySpan<byte> above = new byte[picture.Width * distance];
            var best = new byte[1 + above.Length];
            var candidate = new byte[1 + above.Length];
            for (int y = 0; y < picture.Height; y++)
            {
                var row = picture.Row(y);
                long least = long.MaxValue;
                foreach (byte filter in (ReadOnlySpan<byte>)[0, 1, 2, 4])
                {
                    long cost = Filter(filter, row, above, distance, candidate);
                    if (cost < least)
                    {
                        least = cost;
                        (best, candidate) = (candidate, best);
                    }
                }

                deflated.Write(best);
                above = row;
            }
        }

        return buffer.ToArray();
    }

    /// <summary>Filters a row; the sum of absolute values is the usual guess at how well it will compress.</summary>
    private static long Filter(byte filter, ReadOnlySpan<byte> row, ReadOnlySpan<byte> above, int distance, Span<byte> result)
    {
        long cost = 0;
        result[0] = filter;
        for (int i = 0; i < row.Length; i++)
        {
            int left = i >= distance ? row[i - distance] : 0;
            int corner = i >= distance ? above[i - distance] : 0;
            int prediction = filter switch
            {
                0 => 0,
                1 => left,
                2 => above[i],
                _ => PngRows.Paeth(left, above[i], corner),
            };
            byte difference = unchecked((byte)(row[i] - prediction));
            result[i + 1] = difference;
            cost += Math.Abs((int)unchecked((sbyte)difference));
        }

        return cost;
    }

    private static void Chunk(Stream stream, ReadOnlySpan<byte> type, ReadOnlySpan<byte> body)
    {
        var bytes = new byte[12 + body.Length];
        BinaryPrimitives.WriteInt32BigEndian(bytes, body.Length);
        type.CopyTo(bytes.AsSpan(4));
        body.CopyTo(bytes.AsSpan(8));
        BinaryPrimitives.WriteUInt32BigEndian(bytes.AsSpan(8 + body.Length), Crc32.Of(bytes.AsSpan(4, 4 + body.Length)));
        stream.Write(bytes);
    }
}
