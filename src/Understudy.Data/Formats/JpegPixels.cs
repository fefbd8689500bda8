namespace Understudy.Data.Formats;

/// <summary>Turns the coefficients of a JPEG file into a picture.</summary>
internal static class JpegPixels
{
    // conversion from Y, Cb and Cr in 16-bit fixed point
    private const int One = 1 << 16, Half = One / 2;
    private const int RedOfCr = (int)((1.402 * One) + 0.5), BlueOfCb = (int)((1.772 * One) + 0.5), GreenOfCb = (int)((0.344136286 * One) + 0.5), GreenOfCr = (int)((0.714136286 * One) + 0.5);

    /// <summary>The picture, with one channel or three.</summary>
    internal static Raster Of(JpegFile file)
    {
        var planes = new byte[file.Planes.Length][];
        for (var i = 0; i < planes.Length; i++)
            planes[i] = JpegBlocks.Samples(file.Planes[i]);
        var samples = new byte[checked(file.Width * file.Height * planes.Length)];
        var rows = new byte[planes.Length][];
        for (var i = 0; i < rows.Length; i++)
            rows[i] = new byte[file.Width];
        for (var y = 0; y < file.Height; y++)
        {
            for (var i = 0; i < rows.Length; i++)
                JpegRows.Enlarge(file, file.Planes[i], planes[i], y, rows[i]);
            var row = samples.AsSpan(y * file.Width * rows.Length, file.Width * rows.Length);
            if (rows.Length == 1)
                rows[0].CopyTo(row);
            else if (file.IsRgb)
                Interleave(rows[0], rows[1], rows[2], row);
            else
                Convert(rows[0], rows[1], rows[2], row);
        }

        return new Raster(file.Width, file.Height, rows.Length, samples);
    }

    private static void Interleave(ReadOnlySpan<byte> red, ReadOnlySpan<byte> green, ReadOnlySpan<byte> blue, Span<byte> row)
    {
        for (var x = 0; x < red.Length; x++)
            (row[3 * x], row[(3 * x) + 1], row[(3 * x) + 2]) = (red[x], green[x], blue[x]);
    }

    private static void Convert(ReadOnlySpan<byte> brightness, ReadOnlySpan<byte> blueness, ReadOnlySpan<byte> redness, Span<byte> row)
    {
        for (var x = 0; x < brightness.Length; x++)
        {
            var (y, cb, cr) = (brightness[x], blueness[x] - 128, redness[x] - 128);
            row[3 * x] = Clamped(y + (((RedOfCr * cr) + Half) >> 16));
            row[(3 * x) + 1] = Clamped(y + ((Half - (GreenOfCb * cb) - (GreenOfCr * cr)) >> 16));
            row[(3 * x) + 2] = Clamped(y + (((BlueOfCb * cb) + Half) >> 16));
        }
    }

    private static byte Clamped(int value) => (byte)Math.Clamp(value, 0, byte.MaxValue);
}
