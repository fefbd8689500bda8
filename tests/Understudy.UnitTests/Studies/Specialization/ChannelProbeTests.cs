using Understudy.Engine;
using Understudy.Engine.Random;
using Understudy.Learning.Networks;
using Understudy.Learning.Probing;
using Understudy.Studies.Specialization;

namespace Understudy.UnitTests.Studies.Specialization;

public class ChannelProbeTests
{
    // more than one chunk, and one that is not full
    private const int Images = ChannelPass.Rows + 20;

    private static readonly Shape Image = new(6, 6, 1);
    private static readonly int[] Channels = [3, 4];
    private static readonly LayeredNetwork Network = ChannelNetworks.Of(Image, Channels, 10, ChannelNormalization.AfterActivation, 0);

    [Fact]
    public void A_teacher_beside_itself_is_found_channel_by_channel()
    {
        var (flat, pixels, labels) = Case(1);

        var measured = Measure(flat, flat, pixels, labels);

        Assert.Equal((0, 1), (measured.Loss, measured.Agreement));
        Assert.InRange(measured.Accuracy, 0, 0.5);
        Assert.All(measured.Layers, layer => Assert.Equal((1, 1, 1), (Math.Round(layer.Signed.MeanBest, 12), Math.Round(layer.MedianBest(), 12), Math.Round(layer.MeanBestSize(), 12))));
    }

    [Fact]
    public void Every_position_of_every_image_is_a_sample()
    {
        var ((teacher, pixels, labels), (student, _, _)) = (Case(1), Case(2));

        var measured = Measure(teacher, student, pixels, labels);

        using var first = new ChannelPass(Network, keepsChannels: true);
        using var second = new ChannelPass(Network, keepsChannels: true);
        for (var layer = 0; layer < Channels.Length; layer++)
        {
            double[] mine = Values(first, teacher, pixels, layer), theirs = Values(second, student, pixels, layer);
            var exact = CorrelationMatrix.OfActivations(mine, theirs, mine.Length / Channels[layer]);
            Assert.Equal(Images * (4 - (2 * layer)) * (4 - (2 * layer)), mine.Length / Channels[layer]);
            // OfActivations adds 1e-10 to sums of squares of some thousand samples
            Assert.All(SpecializationStatistics.Of(exact).Best.ToArray().Zip(measured.Layers[layer].Best()), pair => Assert.Equal(pair.First, pair.Second, 1e-9));
        }
    }

    [Fact]
    public void A_negative_scale_turns_the_sign_of_a_channel_but_not_its_size()
    {
        var (teacher, pixels, labels) = Case(1);
        var student = teacher.ToArray();
        foreach (ref var scale in Network.Layout.Slots[2].Of(student.AsSpan()))
            scale = -scale;

        var layer = Measure(teacher, student, pixels, labels).Layers[0];

        Assert.True(layer.Signed.MeanBest < 0.9, $"{layer.Signed.MeanBest}");
        Assert.Equal(1, layer.MeanBestSize(), 1e-12);
    }

    [Fact]
    public void Channels_that_do_not_vary_are_counted_and_left_out()
    {
        var (teacher, pixels, labels) = Case(1);
        var student = teacher.ToArray();
        Network.Layout.Slots[2].Of(teacher.AsSpan())[1] = 0;
        Network.Layout.Slots[2].Of(student.AsSpan())[2] = 0;

        var layer = Measure(teacher, student, pixels, labels).Layers[0];

        Assert.Equal((1, 1), (layer.Constant, layer.Signed.Unobserved));
        Assert.Equal([false, true, false], layer.Best().Select(double.IsNaN));
        // the first is found, the third has no student
        Assert.Equal(1, layer.Best()[0], 1e-12);
        Assert.Equal((layer.Best()[0] + layer.Best()[2]) / 2, layer.MedianBest(), 1e-12);
    }

    [Fact]
    public void Accuracy_counts_the_labels_and_cross_entropy_is_that_of_the_teacher_s_class()
    {
        var ((teacher, pixels, _), (student, _, _)) = (Case(1), Case(2));
        using var pass = new ChannelPass(Network, keepsChannels: false);
        pass.SetParameters(teacher);
        var outputs = pass.Outputs(pixels);
        byte[] labels = [.. Enumerable.Range(0, Images).Select(i => (byte)LayeredNetworks.Largest(outputs.AsSpan(10 * i, 10)))];

        var measured = Measure(teacher, student, pixels, labels, DistillationLoss.CrossEntropy);

        pass.SetParameters(student);
        var others = pass.Outputs(pixels);
        Assert.Equal(1, measured.Accuracy / measured.Agreement);
        Assert.Equal(pass.Accuracy(new ImageRows(pixels, labels)), measured.Accuracy);
        var entropy = Enumerable.Range(0, Images).Average(i => Math.Log(others.AsSpan(10 * i, 10).ToArray().Sum(value => Math.Exp(value - others[(10 * i) + labels[i]]))));
        Assert.Equal(entropy, measured.Loss, 1e-9);
    }

    private static ChannelMeasurement Measure(double[] teacher, double[] student, float[] pixels, byte[] labels, DistillationLoss loss = DistillationLoss.Mse)
    {
        using var probe = new ChannelProbe(Network, Network, Channels, Channels, loss, isPublished: false);
        return probe.Measure(teacher, student, pixels, labels);
    }

    private static double[] Values(ChannelPass pass, double[] flat, float[] pixels, int layer)
    {
        pass.SetParameters(flat);
        var values = new List<double>();
        for (var first = 0; first < Images; first += ChannelPass.Rows)
        {
            pass.Run(pixels.AsSpan(first * Network.Inputs, Math.Min(ChannelPass.Rows, Images - first) * Network.Inputs));
            foreach (var value in pass.Channels(layer))
                values.Add(value);
        }

        return [.. values];
    }

    private static (double[] Flat, float[] Pixels, byte[] Labels) Case(ulong seed)
    {
        var (flat, pixels) = (FanInUniform.Of(Network, 1, layer => new RandomSequence(seed, $"layer {layer}")), new float[Images * Network.Inputs]);
        new RandomSequence(9, "pixels").FillNormal(0, pixels);
        return (flat, pixels, [.. Enumerable.Range(0, Images).Select(i => (byte)(i % 10))]);
    }
}
