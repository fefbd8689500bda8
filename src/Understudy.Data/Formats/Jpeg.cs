namespace Understudy.Data.Formats;

/// <summary>The JPEG format (ISO/IEC 10918-1): grey and color pictures of 8 bits are read, baseline and progressive, with any subsampling and with restart intervals.</summary>
/// <remarks>
/// Colors are Y, Cb and Cr (ITU-R BT.601, full range) unless the file says that they are red, green and blue; a plane of half the size is interpolated between its samples' centers, other sizes repeat samples, as
/// the usual decoders do, so that pictures are theirs up to rounding. Color profiles are not applied. Not read are four inks (CMYK), arithmetic coding, 12 bits, lossless and hierarchical files.
/// </remarks>
public static class Jpeg
{
    /// <summary>Reads a picture, turned as its orientation entry (EXIF) says: one or three channels.</summary>
    /// <remarks>Memory: the file, three bytes for each of its samples, and the picture; a file that is too short for its size is refused before.</remarks>
    /// <param name="stream">Read to its end; need not be seekable.</param>
    /// <param name="path">The file's name for messages.</param>
    /// <exception cref="UnreadableFileException">The file is damaged, of a kind that is not read, or has more than 2 to the 28th pixels.</exception>
    public static Raster Read(Stream stream, string path)
    {
        ArgumentNullException.ThrowIfNull(stream);
        ArgumentNullException.ThrowIfNull(path);
        var file = ExactReading.ToEnd(stream, path);
        var jpeg = new JpegFile(path);
        jpeg.Read(file);
        return JpegOrientation.Applied(JpegPixels.Of(jpeg), jpeg.Orientation);
    }
}
