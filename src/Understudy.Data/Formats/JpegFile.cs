using System.Buffers.Binary;

namespace Understudy.Data.Formats;

/// <summary>What a JPEG file says: its size, its planes and their coefficients.</summary>
/// <param name="path">The file's name for messages.</param>
internal sealed class JpegFile(string path)
{
    /// <summary>The byte that every marker begins with.</summary>
    internal const byte Marker = 0xFF;

    // far beyond what encoders write; without a limit a small file could ask for hours
    private const int MostScans = 1000;

    private const int MostPixels = 1 << 28;

    private readonly ushort[]?[] _steps = new ushort[4][];
    private readonly JpegCode?[] _meanCodes = new JpegCode[4];
    private readonly JpegCode?[] _detailCodes = new JpegCode[4];
    private bool _isJfif;
    private int _scans;

    internal int Width { get; private set; }

    internal int Height { get; private set; }

    internal JpegComponent[] Planes { get; private set; } = [];

    internal bool IsProgressive { get; private set; }

    /// <summary>Samples of the finest plane in a row of a unit, in blocks.</summary>
    internal int MostAcross { get; private set; } = 1;

    /// <summary>Samples of the finest plane in a column of a unit, in blocks.</summary>
    internal int MostDown { get; private set; } = 1;

    /// <summary>Units of all planes in a row.</summary>
    internal int UnitsAcross => (Width + (JpegComponent.BlockSize * MostAcross) - 1) / (JpegComponent.BlockSize * MostAcross);

    /// <summary>Rows of units.</summary>
    internal int UnitsDown => (Height + (JpegComponent.BlockSize * MostDown) - 1) / (JpegComponent.BlockSize * MostDown);

    /// <summary>Units between two restart markers; 0 for none.</summary>
    internal int RestartInterval { get; private set; }

    /// <summary>How the camera was held, 1 to 8 as EXIF counts.</summary>
    internal int Orientation { get; private set; } = 1;

    /// <summary>What an entry of Adobe says of the colors: 0 for none changed; null without one.</summary>
    private int? AdobeColors { get; set; }

    /// <summary>Whether the planes are red, green and blue.</summary>
    internal bool IsRgb => Planes.Length == 3 && !_isJfif && (AdobeColors is { } colors ? colors == 0 : (Planes[0].Id, Planes[1].Id, Planes[2].Id) == ('R', 'G', 'B'));

    internal UnreadableFileException Damaged(string problem) => new(path, problem + ".");

    /// <summary>Goes through the whole file.</summary>
    internal void Read(ReadOnlySpan<byte> file)
    {
        if (!file.StartsWith((ReadOnlySpan<byte>)[Marker, 0xD8]))
            throw Damaged("this is not a JPEG file, its first two bytes are different");
        var place = 2;
        while (true)
        {
            // between segments some programs leave bytes
            while (place + 1 < file.Length && (file[place] != Marker || file[place + 1] is 0 or Marker))
                place++;
            if (place + 1 >= file.Length)
                throw Damaged("the file ends without its end marker; it was cut off");
            var marker = file[place + 1];
            place += 2;
            if (marker == 0xD9)
                break;
            if (marker is 0x01 or (>= 0xD0 and <= 0xD8))
                continue;
            var length = place + 2 <= file.Length ? BinaryPrimitives.ReadUInt16BigEndian(file[place..]) : 0;
            if (length < 2 || length > file.Length - place)
                throw Damaged($"the segment at byte {place - 2} should have {length} bytes, but the file ends before; it was cut off or is damaged");
            var segment = new JpegSegment(file.Slice(place + 2, length - 2), this, place + 2);
            place += length;
            if (marker == 0xDA)
                place = Scan(ref segment, file, place);
            else
                Accept(marker, ref segment, file.Length);
        }

        Check();
    }

    private void Accept(byte marker, ref JpegSegment segment, int fileLength)
    {
        switch (marker)
        {
            case 0xDB:
                while (!segment.IsEmpty)
                    AcceptSteps(ref segment);
                break;
            case 0xC4:
                while (!segment.IsEmpty)
                    AcceptCode(ref segment);
                break;
            case 0xC0 or 0xC1 or 0xC2:
                IsProgressive = marker == 0xC2;
                AcceptFrame(ref segment, fileLength);
                break;
            case 0xC9 or 0xCA or 0xCB or 0xCC or 0xCD or 0xCE or 0xCF:
                throw Damaged("the picture is coded arithmetically, which is not read here; save it again as a usual JPEG or PNG file");
            case 0xC3 or 0xC5 or 0xC6 or 0xC7:
                throw Damaged("the picture is lossless or hierarchical, which is not read here; save it again as a usual JPEG or PNG file");
            case 0xDC:
                throw Damaged("the height stands behind the picture, which is not read here; save it again as a usual JPEG or PNG file");
            case 0xDD:
                RestartInterval = segment.Word();
                break;
            case 0xE0:
                _isJfif |= segment.Rest.StartsWith("JFIF\0"u8);
                break;
            case 0xE1 when segment.Rest.StartsWith("Exif\0\0"u8):
                Orientation = JpegOrientation.Of(segment.Rest[6..]) ?? Orientation;
                break;
            case 0xEE when segment.Rest.StartsWith("Adobe"u8) && segment.Rest.Length >= 12:
                AdobeColors = segment.Rest[11];
                break;
        }
    }

    private void AcceptSteps(ref JpegSegment segment)
    {
        var kind = segment.Byte();
        if (kind >> 4 > 1 || (kind & 15) > 3)
            throw Damaged($"before byte {segment.Place} a quantization table has the kind {kind}, which the format does not define");
        var steps = new ushort[JpegComponent.BlockLength];
        foreach (var at in JpegScan.Order)
            steps[at] = (ushort)(kind >> 4 == 0 ? segment.Byte() : segment.Word());
        _steps[kind & 15] = steps;
    }

    private void AcceptCode(ref JpegSegment segment)
    {
        var kind = segment.Byte();
        var counts = segment.Bytes(JpegCode.Longest);
        var total = 0;
        foreach (var count in counts)
            total += count;
        var symbols = segment.Bytes(total);
        if (kind >> 4 > 1 || (kind & 15) > 3 || JpegCode.Of(counts, symbols) is not { } code)
            throw Damaged($"before byte {segment.Place} there is a code that the format does not define");
        (kind >> 4 == 0 ? _meanCodes : _detailCodes)[kind & 15] = code;
    }

    private void AcceptFrame(ref JpegSegment segment, int fileLength)
    {
        if (Planes.Length > 0)
            throw Damaged("there are two frames");
        if (segment.Byte() is not 8 and var bits)
            throw Damaged($"samples have {bits} bits, but 8 are read here; save it again as a usual JPEG or PNG file");
        (Height, Width) = (segment.Word(), segment.Word());
        if (Width == 0 || Height == 0 || (long)Width * Height > MostPixels)
            throw Damaged($"a picture of {Width} x {Height} is not read; the limit is {MostPixels} pixels");
        var count = segment.Byte();
        if (count is not (1 or 3))
            throw Damaged(count == 4 ? "the picture is in four inks (CMYK), which are not read here; save it again in red, green and blue" : $"the picture has {count} planes; 1 and 3 are read here");
        var planes = new JpegComponent[count];
        for (var i = 0; i < count; i++)
        {
            var (id, factors, table) = (segment.Byte(), segment.Byte(), segment.Byte());
            if (factors >> 4 is 0 or > 4 || (factors & 15) is 0 or > 4 || table > 3)
                throw Damaged($"plane {i} has the sampling {factors >> 4} x {factors & 15} and table {table}, which the format does not define");
            planes[i] = new JpegComponent(id, factors >> 4, factors & 15, table);
        }

        (MostAcross, MostDown) = (planes.Max(plane => plane.Across), planes.Max(plane => plane.Down));
        foreach (var plane in planes)
            plane.Measure(this, UnitsAcross, UnitsDown);
        // every block takes at least one bit for its mean: what memory is asked for is bounded by the file
        if (planes.Sum(plane => (long)plane.BlocksAcross * plane.BlocksDown) > 8L * fileLength)
            throw Damaged($"{fileLength} bytes cannot fill a picture of {Width} x {Height}; the file was cut off");
        foreach (var plane in planes)
            plane.Allocate();
        Planes = planes;
    }

    private int Scan(ref JpegSegment segment, ReadOnlySpan<byte> file, int place)
    {
        if (Planes.Length == 0)
            throw Damaged($"at byte {segment.Place} data of the picture begin before its size is known");
        if (++_scans > MostScans)
            throw Damaged($"the picture has more than {MostScans} scans, as no program writes it");
        var count = segment.Byte();
        if (count < 1 || count > Planes.Length)
            throw Damaged($"before byte {segment.Place} a scan has {count} planes of {Planes.Length}");
        var planes = new JpegComponent[count];
        for (var i = 0; i < count; i++)
        {
            var (id, codes) = (segment.Byte(), segment.Byte());
            planes[i] = Array.Find(Planes, plane => plane.Id == id) ?? throw Damaged($"before byte {segment.Place} a scan names plane {id}, which is not there");
            if (planes.AsSpan(0, i).Contains(planes[i]))
                throw Damaged($"before byte {segment.Place} a scan names plane {id} twice");
            // a table that is given later counts for later scans, so each plane keeps the one of its first scan
            planes[i].Steps ??= _steps[planes[i].Table];
            (planes[i].MeanCode, planes[i].DetailCode) = (_meanCodes[codes >> 4 & 3], _detailCodes[codes & 3]);
        }

        var band = Band(ref segment);
        var isKnown = band is { First: 0, IsRefinement: true } or { First: > 0 } || Array.TrueForAll(planes, plane => plane.MeanCode is not null);
        if (!isKnown || (band.Last > 0 && Array.Exists(planes, plane => plane.DetailCode is null)))
            throw Damaged($"the scan before byte {place} uses a code that is not given");
        if (band.First > 0 && count > 1)
            throw Damaged($"the scan before byte {place} tells details of {count} planes at once");
        return JpegScan.Read(this, planes, band, file, place);
    }

    private JpegBand Band(ref JpegSegment segment)
    {
        var (first, last, bits) = (segment.Byte(), segment.Byte(), segment.Byte());
        if (!IsProgressive)
            return new JpegBand(0, JpegComponent.BlockLength - 1, IsRefinement: false, 0);
        var (high, low) = (bits >> 4, bits & 15);
        var isDefined = first <= last && last < JpegComponent.BlockLength && (first > 0 || last == 0) && low <= 13 && (high == 0 || high == low + 1);
        return isDefined
            ? new JpegBand(first, last, high > 0, low)
            : throw Damaged($"before byte {segment.Place} a scan tells coefficients {first} to {last} from bit {high} to {low}, which the format does not define");
    }

    private void Check()
    {
        if (_scans == 0)
            throw Damaged("there is no picture in it");
        for (var i = 0; i < Planes.Length; i++)
        {
            if (Planes[i].Steps is null)
                throw Damaged($"plane {i} of the picture, or its quantization table, is missing");
        }
    }
}
