using System.Numerics;
using Understudy.Engine.Kernels;

namespace Understudy.UnitTests.Engine.Kernels;

/// <summary>The convolution and its two gradients against their definition, at every register width and team, alone and in lanes.</summary>
public class ConvolutionTests
{
    // the number of a draw says what follows a convolution: here bias and rectifier
    private const int Ended = 3;

    [Fact]
    public void Convolutions_are_close_to_exact_ones_and_equal_at_every_width_and_team_in_single_precision() => Property.Holds(60, draw => Check<float>(draw, Shape(draw, 9, 9)));

    [Fact]
    public void Convolutions_are_close_to_exact_ones_and_equal_at_every_width_and_team_in_double_precision() => Property.Holds(30, draw => Check<double>(draw, Shape(draw, 9, 9)));

    [Fact]
    public void Many_channels_and_filters_are_close_to_exact_ones_and_equal_at_every_width_and_team() => Property.Holds(6, draw => Check<float>(draw, Shape(draw, 230, 90) with { Images = 2 }));

    [Fact]
    public void A_long_row_of_taps_is_cut_into_blocks()
    {
        // 3 x 300 numbers are more than the 512 of a block, and so are 2 x 18 x 18 pixels
        var shape = new ConvolutionShape(2, 18, 18, 300, 3, 3, 5, 1, 1);

        Check<float>(new Draw(Ended), shape);
    }

    [Fact]
    public void Weights_larger_than_the_cache_pass_through_it_in_parts()
    {
        // 9 x 130 x 144 weights and, backwards, 9 x 140 x 136 take more than 1 MiB; 14 x 14 pixels are three blocks of at most 96, one for each of three threads
        var shape = new ConvolutionShape(1, 14, 14, 130, 3, 3, 140, 1, 1);

        Check<double>(new Draw(Ended), shape);
    }

    [Fact]
    public void Filters_are_shared_out_where_patches_are_few()
    {
        // 9 x 4 numbers of a patch are one block, 140 filters some panels; 2 x 18 x 18 pixels are more than the 512 of a block
        var shape = new ConvolutionShape(2, 18, 18, 4, 3, 3, 140, 1, 1);

        Check<float>(new Draw(Ended), shape);
    }

    [Fact]
    public void Every_replica_gets_the_bits_of_the_convolution_alone_in_single_precision() => Property.Holds(25, draw => CheckLanes<float>(draw, Shape(draw, 9, 9)));

    [Fact]
    public void Every_replica_gets_the_bits_of_the_convolution_alone_in_double_precision() => Property.Holds(15, draw => CheckLanes<double>(draw, Shape(draw, 9, 9)));

    [Fact]
    public void A_replica_in_lanes_has_the_same_long_sums()
        => CheckLanes<float>(new Draw(Ended), new ConvolutionShape(1, 24, 23, 180, 3, 3, 3, 1, 1));

    private static ConvolutionShape Shape(Draw draw, int channels, int filters)
    {
        var (kernelHeight, kernelWidth, padding) = (draw.Extent(4), draw.Extent(4), draw.Index(3));
        return new ConvolutionShape(
            draw.Extent(3), Math.Max(kernelHeight, draw.Extent(9)), Math.Max(kernelWidth, draw.Extent(20)), draw.Extent(channels), kernelHeight, kernelWidth, draw.Extent(filters), draw.Extent(3), padding);
    }

    private static void Check<T>(Draw draw, ConvolutionShape shape)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
        // n roundings of at most u times the absolute terms grow as √n; of the four times u, half the distance of 1 to the next number, some are the definition's own in double precision
        => ConvolutionLaws.Check<T>(draw, shape, isWinograd: false, (size, terms) => [.. size.Select(own => 2 * ConvolutionLaws.Step<T>() * (Math.Sqrt(terms) + 2) * own)]);

    private static void CheckLanes<T>(Draw draw, ConvolutionShape shape)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
        => ConvolutionLaws.CheckLanes<T>(draw, shape, isWinograd: false);
}
