using System.Buffers.Binary;
using System.IO.Compression;

namespace Understudy.Data.Formats;

/// <summary>Turns the compressed rows of a PNG file into 8-bit samples.</summary>
internal sealed class PngRows
{
    private readonly PngFile _png;
    private readonly byte[] _samples;

    private PngRows(PngFile png)
    {
        _png = png;
        _samples = new byte[checked(png.Width * png.Height * png.Channels)];
    }

    private static ReadOnlySpan<int> FirstColumn => [0, 4, 0, 2, 0, 1, 0];

    private static ReadOnlySpan<int> FirstRow => [0, 0, 4, 0, 2, 0, 1];

    private static ReadOnlySpan<int> ColumnStep => [8, 8, 4, 4, 2, 2, 1];

    private static ReadOnlySpan<int> RowStep => [8, 8, 8, 4, 4, 2, 2];

    internal static Raster Decode(PngFile png, byte[] file)
    {
        var rows = new PngRows(png);
        try
        {
            using var inflated = new ZLibStream(new PieceReader(file, png.Pieces), CompressionMode.Decompress);
            if (png.IsInterlaced)
            {
                for (int pass = 0; pass < 7; pass++)
                    rows.Pass(inflated, FirstColumn[pass], FirstRow[pass], ColumnStep[pass], RowStep[pass]);
            }
            else
            {
                rows.Pass(inflated, 0, 0, 1, 1);
            }

            // One more byte makes the decompressor look at its check value.
            inflated.ReadByte();
        }
        catch (InvalidDataException exception)
        {
            throw png.Damaged("the compressed rows are damaged", exception);
        }

        return new Raster(png.Width, png.Height, png.Channels, rows._samples);
    }

    /// <summary>The prediction of the fifth filter: whichever neighbor is nearest to left + above - corner.</summary>
    internal static byte Paeth(int left, int above, int corner)
    {
        int estimate = left + above - corner;
        int toLeft = Math.Abs(estimate - left);
        int toAbove = Math.Abs(estimate - above);
        int toCorner = Math.Abs(estimate - corner);
        if (toLeft <= toAbove && toLeft <= toCorner)
            return (byte)left;
        return (byte)(toAbove <= toCorner ? above : corner);
    }

    private void Pass(Stream inflated, int firstColumn, int firstRow, int columnStep, int rowStep)
    {
        int width = (_png.Width - firstColumn + columnStep - 1) / columnStep;
        int height = (_png.Height - firstRow + rowStep - 1) / rowStep;
        if (width <= 0 || height <= 0)
            return;
        int bits = _png.StoredSamples * _png.Depth;
        int distance = Math.Max(1, bits / 8);
        int length = checked((int)((((long)width * bits) + 7) / 8));
        byte[] above = new byte[length];
        byte[] current = new byte[length];
        for (int row = 0; row < height; row++)
        {
            int filter = inflated.ReadByte();
            if (filter < 0 || inflated.ReadAtLeast(current, length, throwOnEndOfStream: false) < length)
                throw _png.Damaged($"the rows end after {row} of {height}");
            Unfilter(filter, current, above, distance);
            Emit(current, width, firstRow + (row * rowStep), firstColumn, columnStep);
            (above, current) = (current, above);
        }
    }

    private void Unfilter(int filter, Span<byte> current, ReadOnlySpan<byte> above, int distance)
    {
        switch (filter)
        {
            case 0:
                break;
            case 1:
                for (int i = distance; i < current.Length; i++)
                    current[i] += current[i - distance];
                break;
            case 2:
                for (int i = 0; i < current.Length; i++)
                    current[i] += above[i];
                break;
            case 3:
                for (int i = 0; i < current.Length; i++)
                    current[i] += (byte)(((i >= distance ? current[i - distance] : 0) + above[i]) >> 1);
                break;
            case 4:
                for (int i = 0; i < Math.Min(distance, current.Length); i++)
                    current[i] += above[i];
                for (int i = distance; i < current.Length; i++)
                    current[i] += Paeth(current[i - distance], above[i], above[i - distance]);
                break;
            default:
                throw _png.Damaged($"a row uses the filter {filter}, which the format does not define");
        }
    }

    private void Emit(ReadOnlySpan<byte> row, int width, int y, int firstColumn, int columnStep)
    {
        int channels = _png.Channels;
        int place = ((y * _png.Width) + firstColumn) * channels;
        if (_png.Depth == 8 && columnStep == 1 && _png.Color != PngColor.Palette && _png.Transparency is null)
        {
            row.CopyTo(_samples.AsSpan(place));
            return;
        }

        for (int i = 0; i < width; i++, place += columnStep * channels)
        {
            var pixel = _samples.AsSpan(place, channels);
            if (_png.Color == PngColor.Palette)
                EmitIndexed(Sample(row, i), pixel);
            else
                EmitDirect(row, i, pixel);
        }
    }

    private void EmitIndexed(int index, Span<byte> pixel)
    {
        if (index * 3 >= _png.Palette.Length)
            throw _png.Damaged($"a pixel uses color {index} of a palette of {_png.Palette.Length / 3}");
        _png.Palette.AsSpan(index * 3, 3).CopyTo(pixel);
        if (_png.Transparency is { } alpha)
            pixel[3] = index < alpha.Length ? alpha[index] : byte.MaxValue;
    }

    private void EmitDirect(ReadOnlySpan<byte> row, int index, Span<byte> pixel)
    {
        int stored = _png.StoredSamples;
        bool matches = _png.Transparency is not null;
        for (int sample = 0; sample < stored; sample++)
        {
            int value = Sample(row, (index * stored) + sample);
            matches = matches && value == (BinaryPrimitives.ReadUInt16BigEndian(_png.Transparency.AsSpan(2 * sample)) & ((1 << _png.Depth) - 1));
            pixel[sample] = (byte)(_png.Depth == 16 ? value >> 8 : value * 255 / ((1 << _png.Depth) - 1));
        }

        if (_png.Transparency is not null)
            pixel[stored] = matches ? byte.MinValue : byte.MaxValue;
    }

    private int Sample(ReadOnlySpan<byte> row, int index) => _png.Depth switch
    {
        8 => row[index],
        16 => BinaryPrimitives.ReadUInt16BigEndian(row[(2 * index)..]),
        var depth => (row[index * depth / 8] >> (8 - depth - (index * depth % 8))) & ((1 << depth) - 1),
    };

    /// <summary>Reads pieces of an array one after the other.</summary>
    private sealed class PieceReader(byte[] file, List<Range> pieces) : Stream
    {
        private int _piece;
        private int _done;

        public override bool CanRead => true;

        public override bool CanSeek => false;

        public override bool CanWrite => false;

        public override long Length => throw new NotSupportedException();

        public override long Position
        {
            get => throw new NotSupportedException();
            set => throw new NotSupportedException();
        }

        public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

        // Overridden because the default copies through a rented array.
        public override int Read(Span<byte> buffer)
        {
            while (_piece < pieces.Count)
            {
                var rest = file.AsSpan(pieces[_piece])[_done..];
                if (!rest.IsEmpty)
                {
                    int count = Math.Min(rest.Length, buffer.Length);
                    rest[..count].CopyTo(buffer);
                    _done += count;
                    return count;
                }

                _piece++;
                _done = 0;
            }

            return 0;
        }

        public override void Flush()
        {
        }

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
    }
}
