using System.Numerics;
using Understudy.Engine;
using Understudy.Engine.Kernels;
using Understudy.Engine.Primitives;
using Understudy.Engine.Threading;

namespace Understudy.UnitTests.Engine.Kernels;

/// <summary>The convolution and its two gradients against their definition, at every register width and team, alone and in lanes.</summary>
public class ConvolutionTests
{
    [Fact]
    public void Convolutions_are_close_to_exact_ones_and_equal_at_every_width_and_team_in_single_precision() => Property.Holds(60, draw => Check<float>(draw, Shape(draw, 9, 9)));

    [Fact]
    public void Convolutions_are_close_to_exact_ones_and_equal_at_every_width_and_team_in_double_precision() => Property.Holds(30, draw => Check<double>(draw, Shape(draw, 9, 9)));

    [Fact]
    public void Many_channels_and_filters_take_every_path() => Property.Holds(6, draw => Check<float>(draw, Shape(draw, 230, 90) with { Images = 2 }));

    [Fact]
    public void A_long_row_of_taps_is_cut_into_blocks()
    {
        // 3 x 300 numbers are more than the 512 of a block, and so are 2 x 18 x 18 pixels
        var shape = new ConvolutionShape(2, 18, 18, 300, 3, 3, 5, 1, 1);

        Check<float>(new Draw(1), shape);
    }

    [Fact]
    public void Every_replica_gets_the_bits_of_the_convolution_alone_in_single_precision() => Property.Holds(25, draw => CheckLanes<float>(draw, Shape(draw, 9, 9)));

    [Fact]
    public void Every_replica_gets_the_bits_of_the_convolution_alone_in_double_precision() => Property.Holds(15, draw => CheckLanes<double>(draw, Shape(draw, 9, 9)));

    [Fact]
    public void A_replica_in_lanes_has_the_same_long_sums()
        => CheckLanes<float>(new Draw(2), new ConvolutionShape(1, 24, 23, 180, 3, 3, 3, 1, 1));

    private static ConvolutionShape Shape(Draw draw, int channels, int filters)
    {
        var (kernelHeight, kernelWidth, padding) = (draw.Extent(4), draw.Extent(4), draw.Index(3));
        return new ConvolutionShape(
            draw.Extent(3), Math.Max(kernelHeight, draw.Extent(9)), Math.Max(kernelWidth, draw.Extent(20)), draw.Extent(channels), kernelHeight, kernelWidth, draw.Extent(filters), draw.Extent(3), padding);
    }

    private static ConvolutionSum[] Sums(in ConvolutionShape shape) =>
    [
        new Convolve(shape.Stride, shape.Padding),
        new ConvolveBackToInput(shape.Stride, shape.Padding, shape.Height, shape.Width),
        new ConvolveBackToKernel(shape.Stride, shape.Padding, shape.KernelHeight, shape.KernelWidth),
    ];

    private static void Check<T>(Draw draw, ConvolutionShape shape)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        foreach (var sum in Sums(shape))
        {
            var work = new Case<T>(draw, sum, shape);
            var result = Widths.Agree(work);
            var (exact, size, terms) = work.Exact();
            var tolerance = 4 * (typeof(T) == typeof(float) ? 6e-8 : 1.2e-16) * (2 + Math.Sqrt(terms));
            for (var i = 0; i < exact.Length; i++)
                Assert.Equal(exact[i], double.CreateTruncating(result[i]), tolerance * (1 + (size[i] * Math.Sqrt(terms))));
            foreach (var threads in (int[])[1, 2, 3])
            {
                using var team = new Team(threads);
                work.Team = team;
                Widths.SameBits(result, Registers.Best(Widths.TypeOf<T>(), work), $"{sum.Name} {shape}, {threads} threads");
            }
        }
    }

    private static void CheckLanes<T>(Draw draw, ConvolutionShape shape)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        foreach (var sum in Sums(shape))
        {
            var alone = Enumerable.Range(0, Registers.Lanes(Widths.TypeOf<T>())).Select(_ => new Case<T>(draw, sum, shape)).ToArray();
            var together = Registers.Best(Widths.TypeOf<T>(), new Lanes<T>(alone, sum, shape));
            for (var lane = 0; lane < alone.Length; lane++)
                Widths.SameBits(Registers.Best(Widths.TypeOf<T>(), alone[lane]), [.. together.Where((_, i) => i % alone.Length == lane)], $"{sum.Name} {shape}, replica {lane}");
        }
    }

    private static (Shape Left, Shape Right, Shape Result) Operands(ConvolutionSum sum, in ConvolutionShape shape)
    {
        var x = new Shape(shape.Images, shape.Height, shape.Width, shape.Channels);
        var kernel = new Shape(shape.KernelHeight, shape.KernelWidth, shape.Channels, shape.Filters);
        var y = new Shape(shape.Images, shape.ResultHeight, shape.ResultWidth, shape.Filters);
        return sum switch
        {
            Convolve => (x, kernel, y),
            ConvolveBackToInput => (y, kernel, x),
            _ => (x, y, kernel),
        };
    }

    private static unsafe void Run<V, S>(ConvolutionSum sum, in ConvolutionShape shape, S* left, S* right, S* result, S* workspace, Team? team)
        where V : struct, ISimd<V, S>
        where S : unmanaged, IBinaryFloatingPointIeee754<S>
    {
        if (sum is Convolve)
            Convolution<V, S>.Forward(in shape, left, right, result, default, workspace, team);
        else if (sum is ConvolveBackToInput)
            Convolution<V, S>.BackToInput(in shape, left, right, result, workspace, team);
        else
            Convolution<V, S>.BackToKernel(in shape, left, right, result, workspace, team);
    }

    /// <summary>One of the three sums on drawn operands.</summary>
    private sealed class Case<T>(Draw draw, ConvolutionSum sum, ConvolutionShape shape) : IRegisterVisitor<T[]>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        // values of a plan have a register behind them, which is read but has no effect
        private const int Behind = 16;

        internal T[] Left { get; } = Widths.Cast<T>([.. draw.Normal(Operands(sum, shape).Left.Count), .. new double[Behind]]);

        internal T[] Right { get; } = Widths.Cast<T>([.. draw.Normal(Operands(sum, shape).Right.Count), .. new double[Behind]]);

        internal Team? Team { get; set; }

        public unsafe T[] Visit<V, S>()
            where V : struct, ISimd<V, S>
            where S : unmanaged, IBinaryFloatingPointIeee754<S>
        {
            var threads = Team?.Threads ?? 1;
            var workspace = new T[1 + sum switch
            {
                Convolve => Convolution<V, S>.ForwardWorkspace(in shape, threads),
                ConvolveBackToInput => Convolution<V, S>.BackToInputWorkspace(in shape, threads),
                _ => Convolution<V, S>.BackToKernelWorkspace(in shape, threads),
            }];
            var result = new T[Operands(sum, shape).Result.Count];
            workspace.AsSpan().Fill(T.NaN);
            result.AsSpan().Fill(T.NaN);
            fixed (T* left = Left, right = Right, y = result, working = workspace)
                Run<V, S>(sum, in shape, (S*)left, (S*)right, (S*)y, (S*)working, Team);
            return result;
        }

        /// <summary>The definition in double precision, the largest term of every sum, and the longest sum.</summary>
        internal (double[] Exact, double[] Size, int Terms) Exact()
        {
            var (left, right, result) = Operands(sum, shape);
            var terms = sum is ConvolveBackToKernel ? shape.ResultPixels : shape.PatchSize * shape.Filters;
            double[] a = [.. Left.Select(double.CreateTruncating).Take(left.Count)], b = [.. Right.Select(double.CreateTruncating).Take(right.Count)];
            var exact = new double[result.Count];
            sum.Evaluate([left, right], [a, b], exact);
            var size = new double[result.Count];
            sum.Evaluate([left, right], [[.. a.Select(Math.Abs)], [.. b.Select(Math.Abs)]], size);
            return (exact, [.. size.Select(total => total / Math.Sqrt(terms))], terms);
        }
    }

    /// <summary>The cases of all replicas of a register at once.</summary>
    private sealed class Lanes<T>(Case<T>[] alone, ConvolutionSum sum, ConvolutionShape shape) : IRegisterVisitor<T[]>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        public unsafe T[] Visit<V, S>()
            where V : struct, ISimd<V, S>
            where S : unmanaged, IBinaryFloatingPointIeee754<S>
        {
            var result = new T[Operands(sum, shape).Result.Count * V.Width];
            var workspace = new T[1 + sum switch
            {
                Convolve => LaneConvolution<V, S>.ForwardWorkspace(in shape),
                ConvolveBackToInput => LaneConvolution<V, S>.BackToInputWorkspace(in shape),
                _ => LaneConvolution<V, S>.BackToKernelWorkspace(in shape),
            }];
            workspace.AsSpan().Fill(T.NaN);
            result.AsSpan().Fill(T.NaN);
            fixed (T* left = Interleaved(one => one.Left), right = Interleaved(one => one.Right), y = result, working = workspace)
            {
                if (sum is Convolve)
                    LaneConvolution<V, S>.Forward(in shape, (S*)left, (S*)right, (S*)y, default, (S*)working);
                else if (sum is ConvolveBackToInput)
                    LaneConvolution<V, S>.BackToInput(in shape, (S*)left, (S*)right, (S*)y, (S*)working);
                else
                    LaneConvolution<V, S>.BackToKernel(in shape, (S*)left, (S*)right, (S*)y, (S*)working);
            }

            return result;
        }

        private T[] Interleaved(Func<Case<T>, T[]> operand)
        {
            var all = new T[operand(alone[0]).Length * alone.Length];
            for (var i = 0; i < all.Length; i++)
                all[i] = operand(alone[i % alone.Length])[i / alone.Length];
            return all;
        }
    }
}
