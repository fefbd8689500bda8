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

    private static void Run<W>(in PoolShape shape, int width, S* images, S* places, S* pooled)
        where W : struct, IWindowWork
    {
        if (shape.Size == 2)
            Run<W, Two>(in shape, width, images, places, pooled);
        else
            Run<W, Any>(in shape, width, images, places, pooled);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Run<W, N>(in PoolShape shape, int width, S* images, S* places, S* pooled)
        where W : struct, IWindowWork
        where N : struct, ISize
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
                    nint j = 0;
                    for (; j + V.Width <= count; j += V.Width)
                        W.Do<Whole<V, S>>(N.Of(shape.Size), window + j, line, count, V.Width, places + j, pooled + j);
                    if (j < count)
                        W.Do<Ragged<V, S>>(N.Of(shape.Size), window + j, line, count, (int)(count - j), places + j, pooled + j);
                    window += shape.Size * count;
                    places += count;
                    pooled += count;
                }
            }
        }
    }

    /// <summary>The size of windows: known to the compiler where it is the usual one.</summary>
    private interface ISize
    {
        static abstract int Of(int size);
    }

    private readonly struct Two : ISize
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static int Of(int size) => 2;
    }

    private readonly struct Any : ISize
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static int Of(int size) => size;
    }

    /// <summary>What is done with at most a register of numbers of one window: taps lie <c>line</c> and <c>step</c> apart.</summary>
    private interface IWindowWork
    {
        static abstract void Do<E>(int size, S* window, nint line, nint step, int count, S* places, S* pooled)
            where E : struct, IEdge<V, S>;
    }

    private readonly struct Placing : IWindowWork
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static void Do<E>(int size, S* window, nint line, nint step, int count, S* places, S* pooled)
            where E : struct, IEdge<V, S>
        {
            var edge = E.Mask(count);
            var (largest, place, all) = (E.Load(window, edge), V.Zero, V.EqualTo(V.Zero, V.Zero));
            for (var k = 1; k < size * size; k++)
            {
                var other = E.Load(window + (k / size * line) + (k % size * step), edge);
                // a not-a-number is taken as soon as it is seen, and kept
                var isTaken = V.And(V.EqualTo(largest, largest), V.Select(V.EqualTo(other, other), V.GreaterThan(other, largest), all));
                (largest, place) = (V.Select(isTaken, other, largest), V.Select(isTaken, V.Constant(k), place));
            }
            E.Store(places, count, place);
        }
    }

    private readonly struct Gathering : IWindowWork
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static void Do<E>(int size, S* window, nint line, nint step, int count, S* places, S* pooled)
            where E : struct, IEdge<V, S>
        {
            var edge = E.Mask(count);
            var (place, value) = (E.Load(places, edge), E.Load(window, edge));
            for (var k = 1; k < size * size; k++)
                value = V.Select(V.EqualTo(place, V.Constant(k)), E.Load(window + (k / size * line) + (k % size * step), edge), value);
            E.Store(pooled, count, value);
        }
    }

    private readonly struct Scattering : IWindowWork
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static void Do<E>(int size, S* window, nint line, nint step, int count, S* places, S* pooled)
            where E : struct, IEdge<V, S>
        {
            var edge = E.Mask(count);
            var (place, value) = (E.Load(places, edge), E.Load(pooled, edge));
            for (var k = 0; k < size * size; k++)
                E.Store(window + (k / size * line) + (k % size * step), count, V.And(V.EqualTo(place, V.Constant(k)), value));
        }
    }
}
