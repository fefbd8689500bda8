namespace Understudy.Data.Formats;

/// <summary>The bits of a scan of a JPEG file, up to the next marker.</summary>
/// <remarks>A byte 255 that is no marker has a zero behind it, which is no data.</remarks>
internal ref struct JpegBits
{
    private readonly ReadOnlySpan<byte> _file;
    private readonly JpegFile _owner;
    private ulong _bits;
    private int _count;

    // bits at the end of those that are waiting that the file does not have
    private int _missing;

    /// <summary>The bits from a place on.</summary>
    internal JpegBits(ReadOnlySpan<byte> file, int place, JpegFile owner)
    {
        _file = file;
        (Place, _owner) = (place, owner);
    }

    /// <summary>The next byte that was not taken: at the latest a marker.</summary>
    internal int Place { get; private set; }

    /// <summary>Some bits as a number.</summary>
    /// <param name="count">At most 16.</param>
    internal int Take(int count)
    {
        if (count == 0)
            return 0;
        var value = Show(count);
        Drop(count);
        return value;
    }

    /// <summary>A number of a size: one whose first bit is 0 is negative, and all of them are one less than the smallest of the next size from zero.</summary>
    internal int Signed(int size)
    {
        var value = Take(size);
        return size > 0 && value < 1 << (size - 1) ? value - (1 << size) + 1 : value;
    }

    /// <summary>The next symbol of a code.</summary>
    internal int Symbol(JpegCode code)
    {
        var (symbol, length) = code.Find(Show(JpegCode.Longest));
        if (length == 0)
            throw _owner.Damaged($"before byte {Place} there are bits that are no code");
        Drop(length);
        return symbol;
    }

    /// <summary>Leaves the rest of a byte and goes behind the restart marker that must follow.</summary>
    internal void Restart()
    {
        (_bits, _count, _missing) = (0, 0, 0);
        while (Place + 1 < _file.Length && _file[Place] == JpegFile.Marker && _file[Place + 1] == JpegFile.Marker)
            Place++;
        if (Place + 1 >= _file.Length || _file[Place] != JpegFile.Marker || _file[Place + 1] is < 0xD0 or > 0xD7)
            throw _owner.Damaged($"at byte {Place} a restart marker should stand");
        Place += 2;
    }

    private int Show(int count)
    {
        while (_count < count)
            Fill();
        return (int)(_bits >> (_count - count)) & ((1 << count) - 1);
    }

    private void Drop(int count)
    {
        _count -= count;
        if (_count < _missing)
            throw _owner.Damaged($"the data of the picture end at byte {Place}, before it is complete; it was cut off");
    }

    private void Fill()
    {
        byte next = 0;
        if (Place >= _file.Length || (_file[Place] == JpegFile.Marker && (Place + 1 >= _file.Length || _file[Place + 1] != 0)))
        {
            _missing += 8;
        }
        else
        {
            next = _file[Place];
            Place += next == JpegFile.Marker ? 2 : 1;
        }

        _bits = (_bits << 8) | next;
        _count += 8;
    }
}
