using System.Buffers.Binary;

namespace Understudy.Data.Formats;

/// <summary>How a camera was held when it took a picture, and the picture as it was seen.</summary>
internal static class JpegOrientation
{
    private const int OrientationTag = 0x0112, EntryLength = 12;

    /// <summary>The orientation that an EXIF segment tells, 1 to 8; null where it tells none.</summary>
    /// <param name="tiff">The segment behind its name: a header and tables of entries.</param>
    internal static int? Of(ReadOnlySpan<byte> tiff)
    {
        if (tiff.Length < 8 || !(tiff.StartsWith("II"u8) || tiff.StartsWith("MM"u8)))
            return null;
        var isLittle = tiff[0] == 'I';
        int Word(ReadOnlySpan<byte> from) => isLittle ? BinaryPrimitives.ReadUInt16LittleEndian(from) : BinaryPrimitives.ReadUInt16BigEndian(from);
        var table = isLittle ? BinaryPrimitives.ReadUInt32LittleEndian(tiff[4..]) : BinaryPrimitives.ReadUInt32BigEndian(tiff[4..]);
        if (table + 2L > tiff.Length)
            return null;
        var entries = tiff[((int)table + 2)..];
        for (var left = Word(tiff[(int)table..]); left > 0 && entries.Length >= EntryLength; left--, entries = entries[EntryLength..])
        {
            if (Word(entries) == OrientationTag)
                return Word(entries[8..]) is >= 1 and <= 8 and var orientation ? orientation : null;
        }

        return null;
    }

    /// <summary>The picture as it was seen.</summary>
    internal static Raster Applied(Raster picture, int orientation)
    {
        if (orientation == 1)
            return picture;
        // 5 to 8 are lying; of the rest two each are reversed from left to right or from top to bottom
        var isLying = orientation >= 5;
        var (width, height) = isLying ? (picture.Height, picture.Width) : (picture.Width, picture.Height);
        var (isMirrored, isOverturned) = (orientation is 2 or 3 or 7 or 8, orientation is 3 or 4 or 6 or 7);
        var turned = new byte[picture.Samples.Length];
        for (var y = 0; y < height; y++)
        {
            for (var x = 0; x < width; x++)
            {
                var (column, row) = isLying ? (y, x) : (x, y);
                column = isMirrored ? picture.Width - 1 - column : column;
                row = isOverturned ? picture.Height - 1 - row : row;
                picture.Row(row).Slice(column * picture.Channels, picture.Channels).CopyTo(turned.AsSpan(((y * width) + x) * picture.Channels));
            }
        }

        return new Raster(width, height, picture.Channels, turned);
    }
}
