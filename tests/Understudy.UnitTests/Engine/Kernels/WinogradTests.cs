using System.Numerics;
using Understudy.Engine.Kernels;

namespace Understudy.UnitTests.Engine.Kernels;

/// <summary>Winograd's convolution and its two gradients against the definition and the direct ones, at every register width and team, alone and in lanes.</summary>
public class WinogradTests
{
    // the number of a draw says what follows a convolution: here bias and rectifier
    private const int Ended = 3;

    [Theory]
    [InlineData(1, 1)]
    [InlineData(3, 16)]
    [InlineData(16, 3)]
    [InlineData(16, 16)]
    [InlineData(17, 17)]
    public void Any_number_of_channels_is_close_to_exact_and_equal_at_every_width_and_team(int channels, int filters)
    {
        var shape = new ConvolutionShape(2, 7, 6, channels, 3, 3, filters, 1, 1);

        Check<float>(new Draw(Ended), shape);
        Check<double>(new Draw(Ended), shape);
    }

    [Fact]
    public void Odd_extents_and_any_padding_are_close_to_exact_and_equal_at_every_width_and_team_in_single_precision() => Property.Holds(40, draw => Check<float>(draw, Shape(draw)));

    [Fact]
    public void Odd_extents_and_any_padding_are_close_to_exact_and_equal_at_every_width_and_team_in_double_precision() => Property.Holds(20, draw => Check<double>(draw, Shape(draw)));

    [Fact]
    public void More_tiles_than_a_block_holds_are_added_block_by_block()
    {
        // 3 x 9 x 8 tiles are more than the 128 of a block of a gradient by the kernel, and more than the 96 of one of a convolution
        var shape = new ConvolutionShape(3, 17, 16, 5, 3, 3, 7, 1, 1);

        Check<float>(new Draw(Ended), shape);
    }

    [Fact]
    public void Channels_and_filters_are_cut_into_parts()
    {
        // more than the 64 of a part, and more than two panels of the widest register
        var shape = new ConvolutionShape(1, 6, 5, 70, 3, 3, 83, 1, 1);

        Check<float>(new Draw(Ended), shape);
    }

    [Fact]
    public void Long_sums_over_channels_are_cut_into_blocks()
    {
        // more than the 512 of a block, and tiles too large for the cache
        var shape = new ConvolutionShape(1, 4, 3, 530, 3, 3, 35, 1, 1);

        Check<float>(new Draw(Ended), shape);
    }

    [Fact]
    public void Direct_convolutions_agree_to_a_hundred_thousandth()
    {
        foreach (var (side, channels, filters) in new[] { (16, 16, 16), (8, 32, 64), (4, 64, 64), (5, 33, 47) })
        {
            var shape = new ConvolutionShape(4, side, side, channels, 3, 3, filters, 1, 1);
            foreach (var sum in ConvolutionLaws.Sums(shape))
            {
                var winograd = Registers.Best(Widths.TypeOf<float>(), new ConvolutionCase<float>(new Draw(0), sum, shape) { IsWinograd = true });
                var direct = Registers.Best(Widths.TypeOf<float>(), new ConvolutionCase<float>(new Draw(0), sum, shape));
                var distance = Math.Sqrt(winograd.Zip(direct, (a, b) => ((double)a - b) * ((double)a - b)).Sum());

                // 3 to 8 times 10⁻⁷ were measured
                Assert.InRange(distance / Math.Sqrt(direct.Sum(value => (double)value * value)), 0, 1e-5);
            }
        }
    }

    [Fact]
    public void Every_replica_gets_the_bits_of_the_convolution_alone_in_single_precision() => Property.Holds(12, draw => CheckLanes<float>(draw, Shape(draw)));

    [Fact]
    public void Every_replica_gets_the_bits_of_the_convolution_alone_in_double_precision() => Property.Holds(8, draw => CheckLanes<double>(draw, Shape(draw)));

    [Fact]
    public void A_replica_in_lanes_has_the_same_blocks()
    {
        CheckLanes<float>(new Draw(Ended), new ConvolutionShape(3, 17, 16, 3, 3, 3, 5, 1, 1));
        CheckLanes<float>(new Draw(Ended), new ConvolutionShape(1, 2, 3, 530, 3, 3, 2, 1, 1));
    }

    private static ConvolutionShape Shape(Draw draw)
        => new(draw.Extent(3), draw.Extent(9) + 2, draw.Extent(12) + 2, draw.Extent(20), 3, 3, draw.Extent(40), 1, draw.Index(4));

    private static void Check<T>(Draw draw, ConvolutionShape shape)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
        // numbers of a tile pass through all of its results, sixteen times a number and two times a weight of its size; their rounding errors grow as the root of their number
        => ConvolutionLaws.Check<T>(draw, shape, isWinograd: true, (size, terms) => [.. Enumerable.Repeat(8 * ConvolutionLaws.Step<T>() * (Math.Sqrt(terms) + 2) * size.Max(), size.Length)]);

    private static void CheckLanes<T>(Draw draw, ConvolutionShape shape)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
        => ConvolutionLaws.CheckLanes<T>(draw, shape, isWinograd: true);
}
