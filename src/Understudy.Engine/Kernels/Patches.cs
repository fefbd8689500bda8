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
        nint pixel = (nint)channels * lanes;
        for (var i = 0; i < count; i++)
        {
            var at = firstPixel + i;
            var image = at / (height * width);
            var row = (at / width % height * shape.Stride) - shape.Padding;
            var column = (at % width * shape.Stride) - shape.Padding;
            var source = x + (image * shape.Height * shape.Width * pixel);
            for (var element = from; element < to;)
            {
                var (tap, channel) = (element / channels, element % channels);
                var run = Math.Min(channels - channel, to - element);
                var (y, z) = (row + (tap / shape.KernelWidth), column + (tap % shape.KernelWidth));
                var isInside = y >= 0 && y < shape.Height && z >= 0 && z < shape.Width;
                if (isInside)
                {
                    // the pixels of one row of taps lie side by side
                    while (run < to - element && tap % shape.KernelWidth < shape.KernelWidth - 1 && z < shape.Width - 1)
                    {
                        (tap, z) = (tap + 1, z + 1);
                        run = Math.Min(run + channels, to - element);
                    }

                    Movement<V, S>.Copy(source + (((((nint)y * shape.Width) + column + (element / channels % shape.KernelWidth)) * pixel) + ((nint)channel * lanes)), target, (nint)run * lanes);
                }
                else
                    new Span<S>(target, run * lanes).Clear();
                target += (nint)run * lanes;
                element += run;
            }
        }
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
