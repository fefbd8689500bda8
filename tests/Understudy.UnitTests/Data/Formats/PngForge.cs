using System.Buffers.Binary;
using System.IO.Compression;

namespace Understudy.UnitTests.Data.Formats;

/// <summary>Makes PNG files of every kind from samples: an independent encoder that follows the tables of ISO/IEC 15948.</summary>
internal sealed record PngForge(int Width, int Height, int Color, int Depth, bool Interlaced)
{
    private static readonly int[][] Passes = [[0, 0, 8, 8], [4, 0, 8, 8], [0, 4, 4, 8], [2, 0, 4, 4], [0, 2, 2, 4], [1, 0, 2, 2], [0, 1, 1, 2]];

    internal int StoredSamples => Color switch { 0 or 3 => 1, 4 => 2, 2 => 3, _ => 4 };

    internal byte[]? Palette { get; init; }

    internal byte[]? Transparency { get; init; }

    /// <summary>The largest piece of compressed rows per chunk.</summary>
    internal int Piece { get; init; } = 1000;

    /// <summary>The file.</summary>
    /// <param name="samples">[height, width, stored samples], each below 2 to the power of the depth.</param>
    internal byte[] Make(int[] samples)
    {
        var rows = new MemoryStream();
        using (var deflate = new ZLibStream(rows, CompressionLevel.Fastest, leaveOpen: true))
        {
            foreach (int[] pass in Interlaced ? Passes : [[0, 0, 1, 1]])
                WritePass(deflate, samples, pass[0], pass[1], pass[2], pass[3]);
        }

        var file = new MemoryStream();
        file.Write([0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]);
        var header = new byte[13];
        BinaryPrimitives.WriteInt32BigEndian(header, Width);
        BinaryPrimitives.WriteInt32BigEndian(header.AsSpan(4), Height);
        (header[8], header[9], header[12]) = ((byte)Depth, (byte)Color, Interlaced ? (byte)1 : (byte)0);
        Chunk(file, "IHDR"u8, header);
        if (Palette is not null)
            Chunk(file, "PLTE"u8, Palette);
        if (Transparency is not null)
            Chunk(file, "tRNS"u8, Transparency);
        foreach (var piece in rows.ToArray().Chunk(Piece))
            Chunk(file, "IDAT"u8, piece);
        Chunk(file, "IEND"u8, []);
        return file.ToArray();
    }

    internal static void Chunk(Stream file, ReadOnlySpan<byte> type, ReadOnlySpan<byte> body)
    {
        var bytes = new byte[body.Length + 12];
        BinaryPrimitives.WriteInt32BigEndian(bytes, body.Length);
        type.CopyTo(bytes.AsSpan(4));
        body.CopyTo(bytes.AsSpan(8));
        BinaryPrimitives.WriteUInt32BigEndian(bytes.AsSpan(body.Length + 8), Crc(bytes.AsSpan(4, body.Length + 4)));
        file.Write(bytes);
    }

    /// <summary>Puts the right check value behind a chunk whose body was changed.</summary>
    internal static void Seal(byte[] file, int chunk)
    {
        int length = BinaryPrimitives.ReadInt32BigEndian(file.AsSpan(chunk));
        BinaryPrimitives.WriteUInt32BigEndian(file.AsSpan(chunk + 8 + length), Crc(file.AsSpan(chunk + 4, length + 4)));
    }

    private static uint Crc(ReadOnlySpan<byte> bytes)
    {
        uint crc = 0xFFFFFFFF;
        foreach (byte value in bytes)
        {
            crc ^= value;
            for (int bit = 0; bit < 8; bit++)
                crc = (crc >> 1) ^ ((crc & 1) * 0xEDB88320);
        }

        return ~crc;
    }

    private void WritePass(Stream deflate, int[] samples, int x0, int y0, int dx, int dy)
    {
        if (x0 >= Width || y0 >= Height)
            return;
        int distance = Math.Max(1, StoredSamples * Depth / 8);
        byte[]? above = null;
        int filter = 0;
        for (int y = y0; y < Height; y += dy)
        {
            var bits = new List<int>();
            for (int x = x0; x < Width; x += dx)
            {
                for (int s = 0; s < StoredSamples; s++)
                {
                    int value = samples[(((y * Width) + x) * StoredSamples) + s];
                    for (int bit = Depth - 1; bit >= 0; bit--)
                        bits.Add((value >> bit) & 1);
                }
            }

            while (bits.Count % 8 != 0)
                bits.Add(0);
            var row = bits.Chunk(8).Select(eight => (byte)eight.Aggregate((sum, bit) => (sum * 2) + bit)).ToArray();
            deflate.WriteByte((byte)filter);
            for (int i = 0; i < row.Length; i++)
            {
                int a = i >= distance ? row[i - distance] : 0;
                int b = above is null ? 0 : above[i];
                int c = above is null || i < distance ? 0 : above[i - distance];
                int prediction = filter switch { 0 => 0, 1 => a, 2 => b, 3 => (a + b) / 2, _ => Nearest(a, b, c) };
                deflate.WriteByte((byte)(row[i] - prediction));
            }

            above = row;
            filter = (filter + 1) % 5;
        }
    }

    private static int Nearest(int a, int b, int c)
        => new[] { a, b, c }.Select((value, order) => (value, order)).OrderBy(item => Math.Abs(a + b - c - item.value)).ThenBy(item => item.order).First().value;
}
