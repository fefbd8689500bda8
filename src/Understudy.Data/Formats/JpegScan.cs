namespace Understudy.Data.Formats;

/// <summary>Which coefficients a scan tells, and how exactly.</summary>
/// <param name="First">The first one in the order of frequencies.</param>
/// <param name="Last">The last one.</param>
/// <param name="IsRefinement">Whether it adds one bit to coefficients that are known.</param>
/// <param name="Low">The place of the lowest bit that is told.</param>
internal readonly record struct JpegBand(int First, int Last, bool IsRefinement, int Low);

/// <summary>Reads one scan of a JPEG file into the coefficients of its planes.</summary>
/// <remarks>A baseline scan tells all coefficients of a block at once; a progressive one a band of them, from the high bits to the low ones (ISO/IEC 10918-1, annexes F and G).</remarks>
internal ref struct JpegScan
{
    private readonly JpegFile _file;
    private readonly JpegBand _band;
    private JpegBits _bits;

    // blocks to come, this one included, whose rest of the band is zero
    private int _emptyBlocks;

    private JpegScan(JpegFile file, JpegBand band, JpegBits bits)
    {
        (_file, _band) = (file, band);
        _bits = bits;
    }

    /// <summary>The place in a block [8, 8] of a coefficient in the order of frequencies, along the diagonals.</summary>
    internal static ReadOnlySpan<byte> Order =>
    [
        0, 1, 8, 16, 9, 2, 3, 10, 17, 24, 32, 25, 18, 11, 4, 5, 12, 19, 26, 33, 40, 48, 41, 34, 27, 20, 13, 6, 7, 14, 21, 28,
        35, 42, 49, 56, 57, 50, 43, 36, 29, 22, 15, 23, 30, 37, 44, 51, 58, 59, 52, 45, 38, 31, 39, 46, 53, 60, 61, 54, 47, 55, 62, 63,
    ];

    /// <summary>Reads a scan and gives the place behind its data.</summary>
    /// <param name="file">The file with its tables.</param>
    /// <param name="planes">What the scan tells of.</param>
    /// <param name="band">Which coefficients.</param>
    /// <param name="bytes">The file.</param>
    /// <param name="place">Where the data begin.</param>
    internal static int Read(JpegFile file, JpegComponent[] planes, JpegBand band, ReadOnlySpan<byte> bytes, int place)
    {
        var scan = new JpegScan(file, band, new JpegBits(bytes, place, file));
        scan.Read(planes);
        return scan._bits.Place;
    }

    private void Read(JpegComponent[] planes)
    {
        var alone = planes.Length == 1 ? planes[0] : null;
        var (across, down) = alone is null ? (_file.UnitsAcross, _file.UnitsDown) : (alone.BlocksAcross, alone.BlocksDown);
        var untilRestart = _file.RestartInterval;
        Forget(planes);
        for (var y = 0; y < down; y++)
        {
            for (var x = 0; x < across; x++)
            {
                if (_file.RestartInterval > 0 && untilRestart-- == 0)
                {
                    _bits.Restart();
                    Forget(planes);
                    untilRestart = _file.RestartInterval - 1;
                }

                if (alone is not null)
                    Block(alone, x, y);
                else
                    Unit(planes, x, y);
            }
        }
    }

    private void Forget(JpegComponent[] planes)
    {
        _emptyBlocks = 0;
        foreach (var plane in planes)
            plane.Mean = 0;
    }

    private void Unit(JpegComponent[] planes, int x, int y)
    {
        foreach (var plane in planes)
        {
            for (var row = 0; row < plane.Down; row++)
            {
                for (var column = 0; column < plane.Across; column++)
                    Block(plane, (x * plane.Across) + column, (y * plane.Down) + row);
            }
        }
    }

    private void Block(JpegComponent plane, int x, int y)
    {
        var block = plane.Coefficients.AsSpan(((y * plane.StoredAcross) + x) * JpegComponent.BlockLength, JpegComponent.BlockLength);
        if (_band.First == 0)
        {
            if (_band.IsRefinement)
                block[0] |= (short)(_bits.Take(1) << _band.Low);
            else
                Mean(plane, block);
        }

        if (_band.Last == 0)
            return;
        if (_band.IsRefinement)
            Refine(plane.DetailCode!, block);
        else
            Details(plane.DetailCode!, block);
    }

    private void Mean(JpegComponent plane, Span<short> block)
    {
        var size = _bits.Symbol(plane.MeanCode!);
        if (size > 15)
            throw _file.Damaged($"before byte {_bits.Place} a mean has {size} bits");
        plane.Mean = unchecked(plane.Mean + _bits.Signed(size));
        block[0] = unchecked((short)(plane.Mean << _band.Low));
    }

    /// <summary>Coefficients other than the mean: each a run of zeros and a number.</summary>
    private void Details(JpegCode code, Span<short> block)
    {
        if (_emptyBlocks > 0)
        {
            _emptyBlocks--;
            return;
        }

        for (var at = Math.Max(1, _band.First); at <= _band.Last;)
        {
            var symbol = _bits.Symbol(code);
            var (run, size) = (symbol >> 4, symbol & 15);
            if (size == 0 && run < 15)
            {
                if (run > 0 && !_file.IsProgressive)
                    throw _file.Damaged($"before byte {_bits.Place} a baseline block ends as only progressive ones do");
                // this block ends here, and so do those that follow
                _emptyBlocks = (1 << run) + _bits.Take(run) - 1;
                return;
            }

            at += run;
            if (at > _band.Last)
                throw _file.Damaged($"before byte {_bits.Place} there are more coefficients than a block has");
            if (size > 0)
                block[Order[at]] = unchecked((short)(_bits.Signed(size) << _band.Low));
            at++;
        }
    }

    /// <summary>One bit more for coefficients that are not zero, and new ones of one bit between them.</summary>
    private void Refine(JpegCode code, Span<short> block)
    {
        var at = _band.First;
        while (_emptyBlocks == 0 && at <= _band.Last)
        {
            var symbol = _bits.Symbol(code);
            var (run, size) = (symbol >> 4, symbol & 15);
            if (size > 1)
                throw _file.Damaged($"before byte {_bits.Place} a new coefficient of a refinement has {size} bits");
            if (size == 0 && run < 15)
            {
                _emptyBlocks = (1 << run) + _bits.Take(run);
                break;
            }

            var value = size == 0 ? 0 : _bits.Take(1) == 1 ? 1 << _band.Low : -(1 << _band.Low);
            at = Skip(block, at, run);
            if (size > 0 && at > _band.Last)
                throw _file.Damaged($"before byte {_bits.Place} there are more coefficients than a block has");
            if (size > 0)
                block[Order[at]] = (short)value;
            at++;
        }

        if (_emptyBlocks == 0)
            return;
        Skip(block, at, JpegComponent.BlockLength);
        _emptyBlocks--;
    }

    /// <summary>Goes over zeros, as many as are told, to the next one, and refines what is not zero on the way.</summary>
    private int Skip(Span<short> block, int at, int zeros)
    {
        for (; at <= _band.Last; at++)
        {
            ref var coefficient = ref block[Order[at]];
            if (coefficient == 0)
            {
                if (zeros-- == 0)
                    break;
            }
            else if (_bits.Take(1) == 1 && (Math.Abs((int)coefficient) & (1 << _band.Low)) == 0)
            {
                coefficient += (short)(coefficient > 0 ? 1 << _band.Low : -(1 << _band.Low));
            }
        }

        return at;
    }
}
