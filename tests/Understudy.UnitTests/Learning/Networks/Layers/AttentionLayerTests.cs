using Understudy.Engine;
using Understudy.Learning.Networks;
using Understudy.Learning.Networks.Layers;
using static Understudy.UnitTests.Learning.Curvature.NetworkCurvatureTests;
using static Understudy.UnitTests.Learning.Networks.ImportedNetworkTests;

namespace Understudy.UnitTests.Learning.Networks.Layers;

public sealed class AttentionLayerTests
{
    private const int Tokens = 5;
    private const int Width = 6;

    // sums of a few products of order one, and exponentials
    private const double Tolerance = 1e-13;

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Attention_is_what_loops_over_heads_and_tokens_compute(int heads)
    {
        var (draw, network) = (new Draw(heads), Network(heads));
        double[] x = draw.Normal(2 * Tokens * Width), theta = draw.Normal(network.Layout.Count);
        double[] expected = [.. x.Chunk(Tokens * Width).SelectMany(example => ByLoops(example, heads, network, theta))];

        AssertClose(expected, Outputs(network, x, theta), Tolerance);
    }

    [Fact]
    public void Permuted_tokens_give_permuted_results()
    {
        var (draw, network) = (new Draw(4), Network(heads: 2));
        double[] x = draw.Normal(Tokens * Width), theta = draw.Normal(network.Layout.Count);
        var order = draw.Permutation(Tokens);

        double[] Permuted(double[] tokens) => [.. order.SelectMany(token => tokens[(token * Width)..((token + 1) * Width)])];

        AssertClose(Permuted(Outputs(network, x, theta)), Outputs(network, Permuted(x), theta), Tolerance);
    }

    [Fact]
    public void Equal_tokens_give_what_one_of_them_gives_alone()
    {
        var (draw, network) = (new Draw(5), Network(heads: 3));
        double[] token = draw.Normal(Width), theta = draw.Normal(network.Layout.Count);
        var alone = Outputs(new LayeredNetwork(new Shape(1, Width), new AttentionLayer(3), new FlattenLayer()), token, theta);

        AssertClose(Repeated(alone), Outputs(network, Repeated(token), theta), Tolerance);
    }

    [Fact]
    public void Examples_do_not_see_each_other()
    {
        var (draw, network) = (new Draw(6), Network(heads: 2));
        double[] first = draw.Normal(Tokens * Width), second = draw.Normal(Tokens * Width), theta = draw.Normal(network.Layout.Count);

        AssertClose([.. Outputs(network, first, theta), .. Outputs(network, second, theta)], Outputs(network, [.. first, .. second], theta), Tolerance);
    }

    private static LayeredNetwork Network(int heads) => new(new Shape(Tokens, Width), new AttentionLayer(heads), new FlattenLayer());

    private static double[] Repeated(double[] token) => [.. Enumerable.Repeat(token, Tokens).SelectMany(numbers => numbers)];

    private static double[] ByLoops(double[] x, int heads, LayeredNetwork network, double[] theta)
    {
        double[] Stored(int slot) => network.Layout.Slots[slot].Of<double>(theta).ToArray();
        double[] weight = Stored(0), bias = Stored(1), last = Stored(2), lastBias = Stored(3), joined = new double[x.Length];
        double Projected(int token, int column) => bias[column] + Enumerable.Range(0, Width).Sum(i => x[(token * Width) + i] * weight[(i * 3 * Width) + column]);
        var size = Width / heads;
        for (var head = 0; head < heads; head++)
        {
            for (var token = 0; token < Tokens; token++)
            {
                double[] seen = [.. Enumerable.Range(0, Tokens).Select(other => Math.Exp(
                    Enumerable.Range(head * size, size).Sum(i => Projected(token, i) * Projected(other, Width + i)) / Math.Sqrt(size)))];
                for (var i = head * size; i < (head + 1) * size; i++)
                    joined[(token * Width) + i] = Enumerable.Range(0, Tokens).Sum(other => seen[other] * Projected(other, (2 * Width) + i)) / seen.Sum();
            }
        }

        return [.. Enumerable.Range(0, x.Length).Select(at => lastBias[at % Width] + Enumerable.Range(0, Width).Sum(i => joined[(at / Width * Width) + i] * last[(i * Width) + (at % Width)]))];
    }
}
