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
    /// <remarks>Only called after the length of the file has been checked: the array is allocated at once.</remarks>
    internal static T[] Elements<T>(Stream stream, long count, string path, string what)
        where T : unmanaged
    {
        if (count > Array.MaxLength)
            throw new UnreadableFileException(path, $"{what} has {count} elements, more than one array can hold.");
        var values = new T[count];
        for (int start = 0; start < values.Length; start += Block)
            Fill(stream, MemoryMarshal.AsBytes(values.AsSpan(start, Math.Min(Block, values.Length - start))), path, what);
        return values;
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
