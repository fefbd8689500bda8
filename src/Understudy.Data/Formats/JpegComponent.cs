namespace Understudy.Data.Formats;

/// <summary>One plane of a JPEG file: its coefficients, block by block.</summary>
/// <param name="id">What scans call it.</param>
/// <param name="across">Its samples in a row for those of the largest plane, as a share with <see cref="JpegFile.MostAcross"/>.</param>
/// <param name="down">The same in a column.</param>
/// <param name="table">Its quantization table.</param>
internal sealed class JpegComponent(byte id, int across, int down, int table)
{
    /// <summary>Coefficients of a block.</summary>
    internal const int BlockLength = 64;

    /// <summary>Rows and columns of a block.</summary>
    internal const int BlockSize = 8;

    internal byte Id => id;

    internal int Across => across;

    internal int Down => down;

    internal int Table => table;

    /// <summary>Samples of a row that belong to the picture.</summary>
    internal int Width { get; private set; }

    /// <summary>Rows of samples that belong to the picture.</summary>
    internal int Height { get; private set; }

    /// <summary>Blocks in a row that are stored: whole units of all planes.</summary>
    internal int StoredAcross { get; private set; }

    /// <summary>Rows of blocks that are stored.</summary>
    internal int StoredDown { get; private set; }

    /// <summary>Blocks in a row that hold samples of the picture: what a scan of this plane alone goes through.</summary>
    internal int BlocksAcross => (Width + BlockSize - 1) / BlockSize;

    /// <summary>Rows of blocks that hold samples of the picture.</summary>
    internal int BlocksDown => (Height + BlockSize - 1) / BlockSize;

    /// <summary>Quantized coefficients [rows of blocks, blocks, 8, 8], frequencies down and across.</summary>
    internal short[] Coefficients { get; private set; } = [];

    /// <summary>What the coefficients are multiplied by, [8, 8]; null before a table was given.</summary>
    internal ushort[]? Steps { get; set; }

    /// <summary>The tables that the present scan uses: of the mean and of the other coefficients.</summary>
    internal JpegCode? MeanCode { get; set; }

    internal JpegCode? DetailCode { get; set; }

    /// <summary>The mean of the block before, which the next one is told relative to.</summary>
    internal int Mean { get; set; }

    /// <summary>Says how large the plane is; its coefficients are not there yet.</summary>
    internal void Measure(JpegFile file, int unitsAcross, int unitsDown)
    {
        (Width, Height) = (Share(file.Width, across, file.MostAcross), Share(file.Height, down, file.MostDown));
        (StoredAcross, StoredDown) = (unitsAcross * across, unitsDown * down);
    }

    internal void Allocate() => Coefficients = new short[checked(StoredAcross * StoredDown * BlockLength)];

    private static int Share(int extent, int part, int most) => (int)((((long)extent * part) + most - 1) / most);
}
