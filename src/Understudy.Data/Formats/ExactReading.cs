using System.Runtime.InteropServices;

namespace Understudy.Data.Formats;

/// <summary>Reading that either delivers all that was asked for or says what is missing.</summary>
internal static class ExactReading
{
    private const int Block = 1 << 20;

    /// <summary>Fills <paramref name="bytes"/> or refuses the file.</summary>
    internal static void Fill(Stream stream, Span<byte> bytes, string path, string what)
    {
        int done = stream.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false);
        if (done < bytes.Length)
            throw new UnreadableFileException(path, $"the file ends inside {what}; it was probably cut off while it was copied.");
    }

    /// <summary>Reads little-endian elements as they lie in the file.</summary>
    /// <remarks>A seekable stream's length has been checked, so the array is allocated at once; otherwise it grows with what really comes.</remarks>
    internal static T[] Elements<T>(Stream stream, long count, string path, string what)
        where T : unmanaged
    {
        if (count > Array.MaxLength)
            throw new UnreadableFileException(path, $"{what} needs {count} elements, more than one array can hold.");
        var values = new T[stream.CanSeek ? count : Math.Min(count, Block)];
        int done = 0;
        while (done < count)
        {
            if (done == values.Length)
                Array.Resize(ref values, (int)Math.Min(count, 2L * done));
            int block = Math.Min(Block, values.Length - done);
            Fill(stream, MemoryMarshal.AsBytes(values.AsSpan(done, block)), path, what);
            done += block;
        }

        return values;
    }

    /// <summary>All that is left in a stream.</summary>
    internal static byte[] ToEnd(Stream stream, string path)
    {
        if (stream.CanSeek)
            return Elements<byte>(stream, stream.Length - stream.Position, path, "the file");
        var buffer = new MemoryStream();
        stream.CopyTo(buffer);
        return buffer.ToArray();
    }

    /// <summary>Writes elements in little-endian order, in blocks so that arrays over 2 GiB work.</summary>
    internal static void Write<T>(Stream stream, ReadOnlySpan<T> values)
        where T : unmanaged
    {
        for (int start = 0; start < values.Length; start += Block)
            stream.Write(MemoryMarshal.AsBytes(values.Slice(start, Math.Min(Block, values.Length - start))));
    }

    /// <summary>The number of elements of a shape, or null if an extent is negative or the product does not fit.</summary>
    internal static long? Count(ReadOnlySpan<int> shape)
    {
        long count = 1;
        foreach (int extent in shape)
        {
            if (extent < 0 || Math.BigMul(count, extent, out long product) != 0 || product < 0)
                return null;
            count = product;
        }

        return count;
    }

    /// <summary>A text from a file, short enough for a message and without control characters.</summary>
    internal static string Quote(string text)
    {
        const int limit = 80;
        string clipped = text.Length > limit ? text[..limit] + "…" : text;
        return string.Create(clipped.Length, clipped, (span, source) =>
        {
            for (int i = 0; i < span.Length; i++)
                span[i] = char.IsControl(source[i]) ? '?' : source[i];
        });
    }
}
