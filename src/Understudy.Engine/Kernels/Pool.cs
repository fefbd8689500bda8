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
    /// <summary>places = where the first largest number of every window stands; the first not-a-number if there is one.</summary>
    internal static void Places(in PoolShape shape, int width, S* x, S* places) => Run<Placing>(in shape, width, x, places, places);

    /// <summary>y = the number at the place of every window.</summary>
    internal static void Gather(in PoolShape shape, int width, S* x, S* places, S* y) => Run<Gathering>(in shape, width, x, places, y);

    /// <summary>x = zeros with y at the place of every window.</summary>
    internal static void Scatter(in PoolShape shape, int width, S* y, S* places, S* x)
    {
        if (shape.Height % shape.Size != 0 || shape.Width % shape.Size != 0)
            new Span<S>(x, checked(shape.Images * shape.Height * shape.Width * shape.Channels * width)).Clear();
        Run<Scattering>(in shape, width, x, places, y);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Run<W>(in PoolShape shape, int width, S* images, S* places, S* pooled)
        where W : struct, IWindowWork
    {
        nint count = (nint)shape.Channels * width;
        nint line = shape.Width * count;
        for (var image = 0; image < shape.Images; image++, images += shape.Height * line)
        {
            for (var row = 0; row < shape.Height / shape.Size; row++)
            {
                var window = images + (row * shape.Size * line);
                for (var column = 0; column < shape.Width / shape.Size; column++)
                {
                    for (nint j = 0; j < count; j += V.Width)
                        W.Do(shape.Size, window + j, line, count, (int)Math.Min(V.Width, count - j), places + j, pooled + j);
                    window += shape.Size * count;
                    places += count;
                    pooled += count;
                }
            }
        }
    }

    /// <summary>What is done with at most a register of numbers of one window: taps lie <c>line</c> and <c>step</c> apart.</summary>
    private interface IWindowWork
    {
        static abstract void Do(int size, S* window, nint line, nint step, int count, S* places, S* pooled);
    }

    private readonly struct Placing : IWindowWork
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static void Do(int size, S* window, nint line, nint step, int count, S* places, S* pooled)
        {
            var (largest, place, all) = (V.LoadFirst(window, count), V.Zero, V.EqualTo(V.Zero, V.Zero));
            for (var k = 1; k < size * size; k++)
            {
                var other = V.LoadFirst(window + (k / size * line) + (k % size * step), count);
                // a not-a-number is taken as soon as it is seen, and kept
                var isTaken = V.And(V.EqualTo(largest, largest), V.Select(V.EqualTo(other, other), V.GreaterThan(other, largest), all));
                (largest, place) = (V.Select(isTaken, other, largest), V.Select(isTaken, V.Constant(k), place));
            }
            V.StoreFirst(places, place, count);
        }
    }

    private readonly struct Gathering : IWindowWork
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static void Do(int size, S* window, nint line, nint step, int count, S* places, S* pooled)
        {
            var (place, value) = (V.LoadFirst(places, count), V.LoadFirst(window, count));
            for (var k = 1; k < size * size; k++)
                value = V.Select(V.EqualTo(place, V.Constant(k)), V.LoadFirst(window + (k / size * line) + (k % size * step), count), value);
            V.StoreFirst(pooled, value, count);
        }
    }

    private readonly struct Scattering : IWindowWork
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static void Do(int size, S* window, nint line, nint step, int count, S* places, S* pooled)
        {
            var (place, value) = (V.LoadFirst(places, count), V.LoadFirst(pooled, count));
            for (var k = 0; k < size * size; k++)
                V.StoreFirst(window + (k / size * line) + (k % size * step), V.And(V.EqualTo(place, V.Constant(k)), value), count);
        }
    }
}
