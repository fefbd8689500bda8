using System.Runtime.CompilerServices;

namespace Understudy.Engine.Kernels;

/// <summary>The result of windows of 3 × 3 in tiles of 2 × 2 pixels, numbered row by row across all images; tiles of odd extents reach over the border.</summary>
internal static unsafe class WinogradTiles
{
    /// <summary>Pixels of the source that a tile sees.</summary>
    internal const int Taps = 16;

    /// <summary>Pixels of the result of a tile.</summary>
    internal const int Pixels = 4;

    internal static int Count<S>(in Windows<S> windows)
        where S : unmanaged
        => windows.Images * ((windows.Rows + 1) / 2) * ((windows.Columns + 1) / 2);

    /// <summary>The 4 × 4 pixels of the source that a tile sees, row by row; those outside the image are <paramref name="zeros"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static void Sources<S>(in Windows<S> windows, int tile, S* zeros, S** taps)
        where S : unmanaged
    {
        var (image, row, column) = Place(in windows, tile);
        nint pixel = (nint)windows.Channels * windows.Lanes;
        var (top, left) = (windows.Top + (2 * row), windows.Left + (2 * column));
        var first = windows.Source + ((((nint)image * windows.Height) + top) * windows.Width * pixel) + (left * pixel);
        for (var r = 0; r < 4; r++, first += windows.Width * pixel)
        {
            var isRow = (uint)(top + r) < (uint)windows.Height;
            for (var c = 0; c < 4; c++)
                taps[(4 * r) + c] = isRow && (uint)(left + c) < (uint)windows.Width ? first + (c * pixel) : zeros;
        }
    }

    /// <summary>The 2 × 2 pixels of a tile, row by row; those outside the image are <paramref name="outside"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static void Results<S>(in Windows<S> windows, int tile, S* outside, S** pixels)
        where S : unmanaged
    {
        var (image, row, column) = Place(in windows, tile);
        var first = windows.Result + (image * windows.ResultImage) + (2 * row * windows.ResultRow) + (2 * column * windows.ResultPixel);
        var (hasRow, hasColumn) = ((2 * row) + 1 < windows.Rows, (2 * column) + 1 < windows.Columns);
        pixels[0] = first;
        pixels[1] = hasColumn ? first + windows.ResultPixel : outside;
        pixels[2] = hasRow ? first + windows.ResultRow : outside;
        pixels[3] = hasRow && hasColumn ? first + windows.ResultRow + windows.ResultPixel : outside;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static (int Image, int Row, int Column) Place<S>(in Windows<S> windows, int tile)
        where S : unmanaged
    {
        var (rows, columns) = ((windows.Rows + 1) / 2, (windows.Columns + 1) / 2);
        var line = tile / columns;
        return (line / rows, line % rows, tile % columns);
    }
}

/// <summary>The 16 planes of transformed tiles or weights: number j of row i of plane q lies at Start + q · Plane + i · Row + (j / Panel) · PanelDistance + j mod Panel.</summary>
internal unsafe struct WinogradPlanes<S>
    where S : unmanaged
{
    internal S* Start;
    internal nint Plane, Row;

    /// <summary>Numbers of a row that lie side by side.</summary>
    internal nint Panel;

    /// <summary>From the start of a panel to that of the next.</summary>
    internal nint PanelDistance;
}
