using Understudy.Engine;
using Understudy.Engine.Random;
using Understudy.Learning.Curvature;
using Understudy.Learning.Distillation;
using Understudy.Learning.Networks;
using Understudy.Learning.Networks.Encoders;

namespace Understudy.UnitTests.Learning.Distillation;

/// <summary>Starts of teachers and students; the network is that of the quick preset of the study.</summary>
public sealed class StudentStartTests
{
    private static readonly Shape Image = new(16, 16, 3);

    [Theory]
    [InlineData(Normalization.None, 27.97)]
    [InlineData(Normalization.Batch, 35.53)]
    public void A_start_is_that_of_encoder_and_head_and_has_the_norm_of_the_specification(Normalization kind, double norm)
    {
        var network = Quick(kind);

        var start = Drawn(network, 1);

        Assert.Equal(EncoderStart.Of(network.Encoder, weight => Numbers(NetworkPart.Encoder, weight, 1)), network.EncoderPart(start).ToArray());
        var head = NormalStart.Of(ProjectionHead.Of(128, new HeadOptions()), 0.02, weight => Numbers(NetworkPart.Head, weight, 1));
        Assert.Equal(head, start[network.Encoder.Layout.Count..]);
        // section 2.2
        Assert.Equal(norm, Norm(start), 0.01 * norm);
    }

    [Theory]
    [InlineData(0.25)]
    [InlineData(0.5)]
    [InlineData(0.75)]
    public void A_mixed_start_keeps_the_variance_of_drawn_weights_and_constants_if_it_is_told_to(double alpha)
    {
        var network = Quick(Normalization.Batch);
        double[] teacher = Drawn(network, 1), fresh = Drawn(network, 2);
        var delta = Math.Sqrt((alpha * alpha) + ((1 - alpha) * (1 - alpha)));

        var published = StudentStart.Interpolated(teacher, fresh, alpha);
        var kept = StudentStart.Interpolated(teacher, fresh, alpha, keepsConstants: true);

        foreach (var slot in network.Layout.Slots)
        {
            double[] own = slot.Of<double>(published).ToArray(), other = slot.Of<double>(kept).ToArray(), before = slot.Of<double>(teacher).ToArray();
            if (slot.Name.EndsWith("weight", StringComparison.Ordinal))
            {
                // the squares of n normal numbers and of n others that share a part with them: five deviations of the difference
                Assert.Equal(Squares(before), Squares(own), 5 * Math.Sqrt(4.0 / own.Length) * Squares(before));
                Assert.Equal(own, other);
            }
            else
            {
                Assert.All(own.Zip(before), pair => Assert.Equal(pair.Second / delta, pair.First, 1e-14));
                Assert.Equal(before, other);
            }
        }

        var drawn = network.Layout.Slots.Where(slot => slot.Name.EndsWith("weight", StringComparison.Ordinal)).ToArray();
        Assert.Equal(drawn.Sum(slot => Squares(slot.Of<double>(teacher).ToArray())), drawn.Sum(slot => Squares(slot.Of<double>(published).ToArray())), 0.01 * Squares(teacher));
    }

    [Fact]
    public void The_ends_of_a_mix_are_the_teacher_and_the_fresh_start_to_the_last_bit()
    {
        double[] teacher = new Draw(1).Normal(50), fresh = new Draw(2).Normal(50);

        Assert.Equal(teacher, StudentStart.Interpolated(teacher, fresh, 0));
        Assert.Equal(fresh, StudentStart.Interpolated(teacher, fresh, 1));
        Assert.Equal(teacher, StudentStart.Neighbor(teacher, fresh, 0));
    }

    [Fact]
    public void A_neighbor_lies_along_the_fresh_start_with_the_length_of_a_mix()
    {
        double[] teacher = new Draw(1).Normal(50), fresh = new Draw(2).Normal(50);

        var sum = StudentStart.Neighbor(teacher, fresh, 0.5, keepsVariance: false);
        // ε = α / (1 − α)
        var mixed = StudentStart.Interpolated(teacher, fresh, 1 / 3.0);

        for (var i = 0; i < sum.Length; i++)
        {
            Assert.Equal(teacher[i] + (0.5 * fresh[i]), sum[i], 1e-15);
            Assert.Equal(mixed[i], StudentStart.Neighbor(teacher, fresh, 0.5)[i], 1e-14);
        }
    }

    [Fact]
    public void Sums_that_do_not_keep_the_variance_are_not_divided_and_constants_stay_where_asked()
    {
        double[] teacher = [.. new Draw(1).Normal(50), 1], fresh = [.. new Draw(2).Normal(50), 1];

        var mixed = StudentStart.Interpolated(teacher, fresh, 0.25, keepsVariance: false);

        for (var i = 0; i < mixed.Length; i++)
            Assert.Equal((0.75 * teacher[i]) + (0.25 * fresh[i]), mixed[i], 1e-15);
        Assert.Equal(1, StudentStart.Neighbor(teacher, fresh, 0.5, keepsConstants: true)[^1]);
        Assert.NotEqual(1, StudentStart.Neighbor(teacher, fresh, 0.5)[^1]);
    }

    [Fact]
    public void Heads_are_drawn_by_their_fan_in_where_asked_and_encoders_as_ever()
    {
        var network = Quick(Normalization.None);

        var start = StudentStart.Draw(network, (part, weight) => Numbers(part, weight, 1), HeadStart.FanIn);

        Assert.Equal(Drawn(network, 1)[..network.Encoder.Layout.Count], network.EncoderPart(start).ToArray());
        Assert.Equal(EncoderStart.Of(ProjectionHead.Of(128, new HeadOptions()), weight => Numbers(NetworkPart.Head, weight, 1)), start[network.Encoder.Layout.Count..]);
    }

    [Fact]
    public void An_independent_student_starts_at_a_divergence_of_the_variance_of_an_output()
    {
        var network = Quick(Normalization.None);
        const int images = 4, pairs = 2;
        var pictures = new Draw(3).NormalSingle(images * network.Inputs);
        var mean = 0.0;
        for (var pair = 0; pair < pairs; pair++)
        {
            double[] teacher = Outputs(2 * pair), student = Outputs((2 * pair) + 1);
            for (var image = 0; image < images; image++)
                mean += OutputDivergence.Of(teacher.AsSpan(image * 1024, 1024), student.AsSpan(image * 1024, 1024)) / (images * pairs);
        }

        // one pair scatters by √(2 / 1024), and a random network sees all images nearly as one: five deviations of two pairs
        Assert.Equal(1.0 / 64, mean, 5 * Math.Sqrt(2 / 1024.0 / pairs) / 64);

        double[] Outputs(int number) => NetworkOutputs.Of(network, pictures, Drawn(network, number), new OutputOptions { Precision = DType.F32 }, TestContext.Current.CancellationToken);
    }

    [Fact]
    public void What_does_not_fit_is_told()
    {
        double[] two = [1, 2];

        Assert.Contains("The teacher has 2 parameters, the fresh start 1", Assert.Throws<ArgumentException>(() => StudentStart.Interpolated(two, two.AsSpan(1), 0.5)).Message, StringComparison.Ordinal);
        foreach (var alpha in new[] { -0.1, 1.1, double.NaN })
            Assert.Contains("between 0 and 1", Assert.Throws<ArgumentOutOfRangeException>(() => StudentStart.Interpolated(two, two, alpha)).Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentOutOfRangeException>(() => StudentStart.Neighbor(two, two, -1));
    }

    private static ProjectedEncoder Quick(Normalization kind) => new(Vgg.Of(Image, "16 16 M 32 32 M 64 64 M 128 128 M", kind), new HeadOptions());

    private static double[] Drawn(ProjectedEncoder network, int number) => StudentStart.Draw(network, (part, weight) => Numbers(part, weight, number));

    private static RandomSequence Numbers(NetworkPart part, int weight, int number) => new(7, $"start/{part}/{weight}", number);

    private static double Squares(double[] values) => values.Sum(value => value * value);

    private static double Norm(double[] values) => Math.Sqrt(Squares(values));
}
