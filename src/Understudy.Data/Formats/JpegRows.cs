namespace Understudy.Data.Formats;

/// <summary>Rows of a subsampled plane of a JPEG file at the picture's size.</summary>
/// <remarks>
/// Samples lie in the middle of the pixels that they stand for. Of half as many a pixel is three quarters of the nearer sample and one quarter of the farther one, in each direction, where ties round up and down in
/// turns; of other shares it is the sample it lies in. Beyond the border the last sample is repeated.
/// </remarks>
internal static class JpegRows
{
    // of narrower planes the usual decoders repeat samples
    private const int LeastWidth = 2;

    /// <summary>Row y of the picture.</summary>
    /// <param name="file">The file.</param>
    /// <param name="plane">The plane.</param>
    /// <param name="samples">Its samples, in rows of all that is stored.</param>
    /// <param name="y">The row.</param>
    /// <param name="row">Gets one number for each pixel.</param>
    internal static void Enlarge(JpegFile file, JpegComponent plane, ReadOnlySpan<byte> samples, int y, Span<byte> row)
    {
        var stored = plane.StoredAcross * JpegComponent.BlockSize;
        var isHalfAcross = 2 * plane.Across == file.MostAcross && plane.Width > LeastWidth;
        var isHalfDown = 2 * plane.Down == file.MostDown && (isHalfAcross || plane.Across == file.MostAcross);
        var own = isHalfDown ? y / 2 : y * plane.Down / file.MostDown;
        var other = isHalfDown ? Math.Clamp(own + (y % 2 == 0 ? -1 : 1), 0, plane.Height - 1) : own;
        var near = samples.Slice(own * stored, plane.Width);
        var far = samples.Slice(other * stored, plane.Width);
        if (isHalfAcross)
            Across(near, far, isHalfDown, row);
        else if (isHalfDown)
            Down(near, far, 1 + (y % 2), row);
        else if (plane.Across == file.MostAcross)
            near[..row.Length].CopyTo(row);
        else
            Repeat(near, plane, file, row);
    }

    /// <summary>Half as many across, and perhaps down.</summary>
    private static void Across(ReadOnlySpan<byte> near, ReadOnlySpan<byte> far, bool isHalfDown, Span<byte> row)
    {
        // sums of a column count four times, or once where there is nothing to mix
        var (shift, even, odd) = isHalfDown ? (4, 8, 7) : (2, 1, 2);
        for (var x = 0; x < row.Length; x++)
        {
            var at = x / 2;
            var beside = Math.Clamp(at + (x % 2 == 0 ? -1 : 1), 0, near.Length - 1);
            var (own, other) = isHalfDown ? ((3 * near[at]) + far[at], (3 * near[beside]) + far[beside]) : (near[at], near[beside]);
            row[x] = (byte)(((3 * own) + other + (x % 2 == 0 ? even : odd)) >> shift);
        }
    }

    private static void Down(ReadOnlySpan<byte> near, ReadOnlySpan<byte> far, int half, Span<byte> row)
    {
        for (var x = 0; x < row.Length; x++)
            row[x] = (byte)(((3 * near[x]) + far[x] + half) >> 2);
    }

    private static void Repeat(ReadOnlySpan<byte> near, JpegComponent plane, JpegFile file, Span<byte> row)
    {
        for (var x = 0; x < row.Length; x++)
            row[x] = near[x * plane.Across / file.MostAcross];
    }
}
