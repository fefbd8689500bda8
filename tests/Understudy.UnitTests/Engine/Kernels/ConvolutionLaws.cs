using System.Numerics;
using Understudy.Engine.Kernels;
using Understudy.Engine.Primitives;
using Understudy.Engine.Threading;

namespace Understudy.UnitTests.Engine.Kernels;

/// <summary>What every way to compute a convolution and its two gradients keeps.</summary>
internal static class ConvolutionLaws
{
    /// <summary>How far results may be from the exact ones, by place.</summary>
    /// <param name="size">The sums of absolute terms, by place.</param>
    /// <param name="terms">How many numbers are added.</param>
    internal delegate double[] Tolerance(double[] size, int terms);

    /// <summary>The distance of 1 to the next number.</summary>
    internal static double Step<T>()
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
        => double.CreateTruncating(T.BitIncrement(T.One) - T.One);

    /// <summary>A convolution and its gradients.</summary>
    internal static ConvolutionSum[] Sums(ConvolutionShape shape) =>
    [
        new Convolve(shape.Stride, shape.Padding),
        new ConvolveBackToInput(shape.Stride, shape.Padding, shape.Height, shape.Width),
        new ConvolveBackToKernel(shape.Stride, shape.Padding, shape.KernelHeight, shape.KernelWidth),
    ];

    /// <summary>Close to the definition, and the same bits at every register width and on any team.</summary>
    internal static void Check<T>(Draw draw, ConvolutionShape shape, bool isWinograd, Tolerance tolerance)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        foreach (var sum in Sums(shape))
        {
            var work = new ConvolutionCase<T>(draw, sum, shape) { IsWinograd = isWinograd };
            var result = Widths.Agree(work);
            var (exact, size, terms) = work.Exact();
            var allowed = tolerance(size, terms);
            for (var i = 0; i < exact.Length; i++)
                Assert.Equal(exact[i], double.CreateTruncating(result[i]), allowed[i]);
            foreach (var threads in (int[])[1, 2, 3])
            {
                using var team = new Team(threads);
                work.Team = team;
                Widths.SameBits(result, Registers.Best(Widths.TypeOf<T>(), work), $"{sum.Name} {shape}, {threads} threads");
            }
        }
    }

    /// <summary>Every replica in lanes has the bits of the convolution alone.</summary>
    internal static void CheckLanes<T>(Draw draw, ConvolutionShape shape, bool isWinograd)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        foreach (var sum in Sums(shape))
        {
            var alone = Enumerable.Range(0, Registers.Lanes(Widths.TypeOf<T>())).Select(_ => new ConvolutionCase<T>(draw, sum, shape) { IsWinograd = isWinograd }).ToArray();
            var together = Registers.Best(Widths.TypeOf<T>(), new LaneConvolutionCase<T>(alone, sum, shape));
            for (var lane = 0; lane < alone.Length; lane++)
                Widths.SameBits(Registers.Best(Widths.TypeOf<T>(), alone[lane]), [.. together.Where((_, i) => i % alone.Length == lane)], $"{sum.Name} {shape}, replica {lane}");
        }
    }
}
