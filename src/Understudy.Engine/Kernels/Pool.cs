using System.Numerics;
using System.Runtime.CompilerServices;

namespace Understudy.Engine.Kernels;

/// <summary>Images [Images, Height, Width, Channels] in windows of Size × Size.</summary>
internal readonly record struct PoolShape(int Images, int Height, int Width, int Channels, int Size);

/// <summary>Windows of images with channels last: which number is the largest, that number, and back.</summary>
/// <remarks>Places are numbers from 0 to Size² − 1 along the rows of a window. An element has <c>width</c> numbers: 1 alone, V.Width in lanes.</remarks>
internal static unsafe class Pool<V, S>
    where V : struct, ISimd<V, S>
    where S : unmanaged, IBinaryFloatingPointIeee754<S>
{
    /// <summary>places = where the first largest number of every window stands; the first one where no comparison holds.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal static void Places(in PoolShape shape, int width, S* x, S* places)
    {
        var count = shape.Channels * width;
        for (var at = 0; at < Windows(in shape); at++, places += count)
        {
            var first = First(in shape, at, count, x);
            for (var j = 0; j < count; j += V.Width)
            {
                var part = Math.Min(V.Width, count - j);
                var (largest, place) = (V.LoadFirst(first + j, part), V.Zero);
                for (var k = 1; k < shape.Size * shape.Size; k++)
                {
                    var other = V.LoadFirst(first + Offset(in shape, k, count) + j, part);
                    var isLarger = V.GreaterThan(other, largest);
                    (largest, place) = (V.Select(isLarger, other, largest), V.Select(isLarger, V.Constant(k), place));
                }
                V.StoreFirst(places + j, place, part);
            }
        }
    }

    /// <summary>y = the number at the place of every window.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal static void Gather(in PoolShape shape, int width, S* x, S* places, S* y)
    {
        var count = shape.Channels * width;
        for (var at = 0; at < Windows(in shape); at++, places += count, y += count)
        {
            var first = First(in shape, at, count, x);
            for (var j = 0; j < count; j += V.Width)
            {
                var part = Math.Min(V.Width, count - j);
                var (place, value) = (V.LoadFirst(places + j, part), V.LoadFirst(first + j, part));
                for (var k = 1; k < shape.Size * shape.Size; k++)
                    value = V.Select(V.EqualTo(place, V.Constant(k)), V.LoadFirst(first + Offset(in shape, k, count) + j, part), value);
                V.StoreFirst(y + j, value, part);
            }
        }
    }

    /// <summary>x = zeros with y at the place of every window.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal static void Scatter(in PoolShape shape, int width, S* y, S* places, S* x)
    {
        var count = shape.Channels * width;
        if (shape.Height % shape.Size != 0 || shape.Width % shape.Size != 0)
            new Span<S>(x, checked(shape.Images * shape.Height * shape.Width * count)).Clear();
        for (var at = 0; at < Windows(in shape); at++, places += count, y += count)
        {
            var first = First(in shape, at, count, x);
            for (var j = 0; j < count; j += V.Width)
            {
                var part = Math.Min(V.Width, count - j);
                var (place, value) = (V.LoadFirst(places + j, part), V.LoadFirst(y + j, part));
                for (var k = 0; k < shape.Size * shape.Size; k++)
                    V.StoreFirst(first + Offset(in shape, k, count) + j, V.Select(V.EqualTo(place, V.Constant(k)), value, V.Zero), part);
            }
        }
    }

    private static int Windows(in PoolShape shape) => shape.Images * (shape.Height / shape.Size) * (shape.Width / shape.Size);

    private static S* First(in PoolShape shape, int window, int count, S* x)
    {
        var (height, width) = (shape.Height / shape.Size, shape.Width / shape.Size);
        var (column, row, image) = (window % width, window / width % height, window / width / height);
        return x + ((((((nint)image * shape.Height) + (row * shape.Size)) * shape.Width) + (column * shape.Size)) * count);
    }

    private static nint Offset(in PoolShape shape, int place, int count) => (((nint)(place / shape.Size) * shape.Width) + (place % shape.Size)) * count;
}
