using System.Numerics;
using System.Runtime.CompilerServices;

namespace Understudy.Engine.Kernels;

/// <summary>Copies patches of images, with zeros where they reach over the border.</summary>
internal static unsafe class Patches<V, S>
    where V : struct, ISimd<V, S>
    where S : unmanaged, IBinaryFloatingPointIeee754<S>
{
    /// <summary>
    /// The patches of <paramref name="count"/> pixels of the result from <paramref name="firstPixel"/> on, images one after the other, as rows of their elements
    /// <paramref name="from"/> to <paramref name="to"/>, <paramref name="distance"/> elements apart.
    /// </summary>
    /// <remarks>Reads up to a register behind the source and writes up to one behind the last row.</remarks>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal static void Gather(in Windows<S> windows, int firstPixel, int count, int from, int to, S* target, nint distance)
    {
        var depth = windows.Depth;
        nint pixel = (nint)windows.Channels * windows.Lanes;
        var line = windows.Width * pixel;
        var ends = (distance - (to - from)) * windows.Lanes;
        var isWhole = from == 0 && to == windows.PatchSize;
        var (column, rows) = (firstPixel % windows.Columns, firstPixel / windows.Columns);
        while (count > 0)
        {
            // pixels of one row of one image
            var pixels = Math.Min(count, windows.Columns - column);
            var (image, row) = (rows / windows.Rows, rows % windows.Rows);
            var top = windows.Top + (row * windows.Step);
            var lines = windows.Source + ((((nint)image * windows.Height) + top) * line);
            for (var end = column + pixels; column < end; column++, target += ends)
            {
                var left = windows.Left + (column * windows.Step);
                // a row of taps reads neighbouring numbers of one line, of which those before low and from high on are outside the image
                var (low, high) = (Math.Max(0, -left) * windows.Channels, Math.Min(windows.TapColumns, windows.Width - left) * windows.Channels);
                var source = lines + (left * pixel);
                if (isWhole && low == 0 && high == depth && depth * windows.Lanes <= V.Width && top >= 0 && top + windows.TapRows <= windows.Height)
                {
                    // few channels: all columns whose taps lie inside, a register per row of taps
                    var inside = Math.Min(end, ((windows.Width - windows.TapColumns - windows.Left) / windows.Step) + 1);
                    for (; column < inside; column++, source += windows.Step * pixel, target += ends)
                    {
                        var taps = source;
                        for (var k = 0; k < windows.TapRows; k++, taps += line, target += depth * windows.Lanes)
                            V.Store(target, V.Load(taps));
                    }

                    column--;
                    target -= ends;
                    continue;
                }

                if (isWhole && low == 0 && high == depth)
                {
                    for (var k = 0; k < windows.TapRows; k++, source += line, target += depth * windows.Lanes)
                    {
                        if ((uint)(top + k) < (uint)windows.Height)
                            Copy(source, target, depth * windows.Lanes);
                        else
                            Zero(target, depth * windows.Lanes);
                    }
                    continue;
                }

                for (int k = from / depth, at = k * depth; at < to; k++, at += depth)
                {
                    var (start, stop) = (Math.Max(from - at, 0), Math.Min(to - at, depth));
                    var length = (stop - start) * windows.Lanes;
                    if ((uint)(top + k) >= (uint)windows.Height)
                        Zero(target, length);
                    else if (low <= start && high >= stop)
                        Copy(source + (k * line) + ((nint)start * windows.Lanes), target, length);
                    else
                    {
                        var (first, last) = (Math.Clamp(low, start, stop), Math.Clamp(high, Math.Clamp(low, start, stop), stop));
                        Zero(target, length);
                        Movement<V, S>.Copy(
                            source + (k * line) + ((nint)first * windows.Lanes), target + ((nint)(first - start) * windows.Lanes), (nint)(last - first) * windows.Lanes);
                    }
                    target += length;
                }
            }

            count -= pixels;
            (column, rows) = (0, rows + 1);
        }
    }

    // whole registers: what is written too far is written over by the next row of taps
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Copy(S* source, S* target, int length)
    {
        for (var i = 0; i < length; i += V.Width)
            V.Store(target + i, V.Load(source + i));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Zero(S* target, int length)
    {
        for (var i = 0; i < length; i += V.Width)
            V.Store(target + i, V.Zero);
    }
}
