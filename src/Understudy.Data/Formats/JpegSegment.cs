using System.Buffers.Binary;

namespace Understudy.Data.Formats;

/// <summary>The content of a segment of a JPEG file, taken from its front.</summary>
internal ref struct JpegSegment
{
    private readonly JpegFile _owner;

    /// <summary>A segment.</summary>
    /// <param name="bytes">Its content.</param>
    /// <param name="owner">The file.</param>
    /// <param name="place">Where in the file the content begins.</param>
    internal JpegSegment(ReadOnlySpan<byte> bytes, JpegFile owner, int place)
    {
        Rest = bytes;
        (_owner, Place) = (owner, place);
    }

    /// <summary>What was not taken.</summary>
    internal ReadOnlySpan<byte> Rest { get; private set; }

    /// <summary>Where in the file the rest begins.</summary>
    internal int Place { get; private set; }

    internal readonly bool IsEmpty => Rest.IsEmpty;

    internal byte Byte() => Bytes(1)[0];

    internal int Word() => BinaryPrimitives.ReadUInt16BigEndian(Bytes(2));

    internal ReadOnlySpan<byte> Bytes(int count)
    {
        if (count > Rest.Length)
            throw _owner.Damaged($"the segment that ends at byte {Place + Rest.Length} is too short");
        var taken = Rest[..count];
        Rest = Rest[count..];
        Place += count;
        return taken;
    }
}
