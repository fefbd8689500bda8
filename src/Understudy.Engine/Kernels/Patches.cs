using System.Numerics;
using System.Runtime.CompilerServices;

namespace Understudy.Engine.Kernels;

/// <summary>Copies parts of images with zeros where they reach over the border.</summary>
internal static unsafe class Patches<V, S>
    where V : struct, ISimd<V, S>
    where S : unmanaged, IBinaryFloatingPointIeee754<S>
{
    /// <summary>The source of <paramref name="rows"/> rows of windows of one image, from row <paramref name="first"/> on, where they can be read without borders.</summary>
    /// <returns>The source itself where no window reaches over it, else <paramref name="border"/>; and the distance of its lines.</returns>
    internal static (nint Start, nint Line) Source(in Windows<S> windows, int image, int first, int rows, S* border)
    {
        nint pixel = (nint)windows.Channels * windows.Lanes;
        var source = windows.Source + (image * windows.Height * windows.Width * pixel);
        var top = windows.Top + (first * windows.Step);
        if (!windows.NeedsBorder)
            return ((nint)(source + ((((nint)top * windows.Width) + windows.Left) * pixel)), windows.Width * pixel);
        var line = windows.BorderedWidth * pixel;
        var lines = ((rows - 1) * windows.Step) + windows.TapRows;
        for (var i = 0; i < lines; i++)
            Line(source, top + i, windows.Height, windows.Left, windows.BorderedWidth, windows.Width, pixel, border + (i * line));
        return ((nint)border, line);
    }

    /// <summary>The patches of <paramref name="count"/> pixels of the result from <paramref name="firstPixel"/> on, as rows of their elements <paramref name="from"/> to <paramref name="to"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal static void Gather(in ConvolutionShape shape, S* x, int firstPixel, int count, int from, int to, S* target, int lanes)
    {
        var (height, width, channels) = (shape.ResultHeight, shape.ResultWidth, shape.Channels);
        var line = shape.KernelWidth * channels;
        var (image, row, column) = (firstPixel / width / height, firstPixel / width % height, firstPixel % width);
        for (var i = 0; i < count; i++)
        {
            var (top, left) = ((row * shape.Stride) - shape.Padding, (column * shape.Stride) - shape.Padding);
            // a row of taps reads neighbouring numbers of one line, of which those before low and from high on are outside the image
            var (low, high) = (Math.Max(0, -left) * channels, Math.Min(shape.KernelWidth, shape.Width - left) * channels);
            var source = x + (((((nint)image * shape.Height) + top) * shape.Width) + left) * channels * lanes;
            for (var k = from / line; k * line < to; k++)
            {
                var (start, end) = (Math.Max(from - (k * line), 0), Math.Min(to - (k * line), line));
                var isInside = (uint)(top + k) < (uint)shape.Height;
                var first = isInside ? Math.Clamp(low, start, end) : end;
                var last = isInside ? Math.Clamp(high, first, end) : end;
                Clear(target, (first - start) * lanes);
                CopyShort(source + ((((nint)k * shape.Width * channels) + first) * lanes), target + ((nint)(first - start) * lanes), (last - first) * lanes);
                Clear(target + ((nint)(last - start) * lanes), (end - last) * lanes);
                target += (nint)(end - start) * lanes;
            }

            if (++column == width)
            {
                column = 0;
                if (++row == height)
                    (row, image) = (0, image + 1);
            }
        }
    }

    // rows of taps are often shorter than a register
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void CopyShort(S* source, S* target, int count)
    {
        if (count >= V.Width)
            Movement<V, S>.Copy(source, target, count);
        else
            for (var i = 0; i < count; i++)
                target[i] = source[i];
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Clear(S* target, int count)
    {
        for (var i = 0; i < count; i++)
            target[i] = default;
    }

    private static void Line(S* source, int row, int height, int left, int count, int width, nint pixel, S* target)
    {
        if (row < 0 || row >= height)
        {
            new Span<S>(target, checked((int)(count * pixel))).Clear();
            return;
        }
        var before = Math.Clamp(-left, 0, count);
        var inside = Math.Clamp(width - Math.Max(left, 0), 0, count - before);
        new Span<S>(target, checked((int)(before * pixel))).Clear();
        Movement<V, S>.Copy(source + ((((nint)row * width) + Math.Max(left, 0)) * pixel), target + (before * pixel), inside * pixel);
        new Span<S>(target + ((before + inside) * pixel), checked((int)((count - before - inside) * pixel))).Clear();
    }
}
