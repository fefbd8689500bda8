using Understudy.Engine;
using Understudy.Learning.Curvature;
using Understudy.Learning.Distillation;
using Understudy.Learning.Networks;
using Understudy.Learning.Networks.Encoders;
using Understudy.Learning.Networks.Layers;
using Understudy.Learning.SelfDistillation;
using Understudy.Learning.Training;
using Understudy.UnitTests.Learning.Distillation;

namespace Understudy.UnitTests.Learning.SelfDistillation;

/// <summary>Further small views: loss and gradient of one step, what is paired, and the statistics of two sizes.</summary>
public sealed class MultiCropTests
{
    internal const int Batch = 6;

    internal static readonly Shape Image = new(4, 4, 2);

    internal static readonly Shape Small = new(2, 3, 2);

    private static readonly HeadOptions Head = new() { Hidden = [4], Bottleneck = 3, Outputs = 5 };

    /// <summary>Batch normalization, and an embedding of one size whatever the image's.</summary>
    private static readonly ProjectedEncoder Network = new(ConvNet.Of(Image, 3, 2, Normalization.Batch), Head);

    internal static readonly ViewDistillationOptions Options = new()
    {
        Student = Network,
        Steps = 3,
        Batch = Batch,
        Views = 2,
        View = new RandomView { Image = Image, SmallestCrop = 0.4, IsMirrored = true },
        SmallViews = 3,
        SmallView = new RandomView { Image = Image, Size = Small, SmallestCrop = 0.1, LargestCrop = 0.4 },
        Pairing = ViewPairing.Opposite,
        TeacherTemperature = Schedule.Constant(0.3),
        StudentTemperature = Schedule.Constant(0.6),
        LearningRate = Schedule.Constant(1),
        Optimizer = Optimizer.Descent,
        Precision = DType.F64,
    };

    [Theory]
    [InlineData(ViewPairing.Opposite, 2, 3)]
    [InlineData(ViewPairing.Opposite, 3, 1)]
    [InlineData(ViewPairing.All, 1, 2)]
    [InlineData(ViewPairing.All, 2, 4)]
    public void The_loss_is_the_mean_over_all_pairs_of_two_passes_and_its_gradient_that_of_differences(ViewPairing pairing, int views, int smallViews)
    {
        var drawn = new DistilledCase(Network, 1, images: Batch);
        var options = Options with { Pairing = pairing, Views = views, SmallViews = smallViews };
        using var training = drawn.Begin(options);
        var step = Step(drawn, options);

        training.Do(1);

        var after = new double[drawn.Start.Length];
        training.GetStudent(0, after);
        Assert.Equal(step(drawn.Start), training.LastStep(0).Loss, 1e-13);
        const double move = 1e-5;
        foreach (var slot in Network.Layout.Slots)
        {
            double[] along = new double[after.Length], own = new Draw(slot.Offset).Normal(slot.Shape.Count);
            own.CopyTo(slot.Of(along.AsSpan()));
            double At(double by) => step([.. drawn.Start.Zip(along, (at, direction) => at + (by * direction))]);

            // differences err by move² times third derivatives and 1e-16 / move
            Assert.Equal((At(move) - At(-move)) / (2 * move), drawn.Start.Zip(after, (before, then) => before - then).Zip(along, (slope, direction) => slope * direction).Sum(), 1e-7);
        }
    }

    /// <summary>Small views of the size of the images, whose random numbers are those of large ones, are large views that the teacher does not see.</summary>
    [Fact]
    public void Small_views_that_do_not_differ_change_nothing_but_the_weight_of_pairs()
    {
        var drawn = new DistilledCase(Network, 2, images: Batch);
        double[] Trained(int small)
        {
            using var training = drawn.Begin(Options with { View = null, SmallViews = small, SmallView = new RandomView { Image = Image } });
            training.Do(2);
            var student = new double[drawn.Start.Length];
            training.GetStudent(0, student);
            return student;
        }

        // all views are one image, so that every pair has the same loss
        Assert.All(Trained(0).Zip(Trained(3)), pair => Assert.Equal(pair.First, pair.Second, 1e-12));
    }

    [Fact]
    public void Running_statistics_take_in_the_large_views_and_then_the_small_ones()
    {
        var network = new ProjectedEncoder(new LayeredNetwork(Image, new BatchNormLayer(), new ActivationLayer(NodeActivation.Tanh), new AdaptiveAverageLayer(1), new FlattenLayer()), Head);
        var drawn = new DistilledCase(network, 3, images: Batch);
        using var training = drawn.Begin(Options with { Student = network });
        double[] means = [0, 0], variances = [1, 1];
        for (var step = 0; step < 3; step++)
        {
            training.Do(1);
            foreach (var seen in new[] { Seen(drawn, Options.View!, "view", 2, step), Seen(drawn, Options.SmallView!, "small", 3, step) })
            {
                for (var channel = 0; channel < 2; channel++)
                {
                    double[] values = [.. seen.Where((_, at) => at % 2 == channel).Select(value => (double)value)];
                    var mean = values.Average();
                    means[channel] = (0.9 * means[channel]) + (0.1 * mean);
                    variances[channel] = (0.9 * variances[channel]) + (0.1 * values.Sum(value => (value - mean) * (value - mean)) / (values.Length - 1));
                }
            }
        }

        var statistics = Assert.Single(training.Statistics(0));
        for (var channel = 0; channel < 2; channel++)
        {
            Assert.Equal(means[channel], statistics.Mean[channel], 1e-13);
            Assert.Equal(variances[channel], statistics.Variance[channel], 1e-13);
        }
    }

    [Fact]
    public void The_teacher_sees_the_large_views_alone()
    {
        var drawn = new DistilledCase(Network, 4, images: Batch);
        using ViewDistillation with = drawn.Begin(Options with { CenterMomentum = 0, TeacherStatistics = TeacherStatistics.Batch }), without = drawn.Begin(Options with { CenterMomentum = 0, TeacherStatistics = TeacherStatistics.Batch, SmallViews = 0 });

        with.Do(1);
        without.Do(1);

        Assert.Equal(without.Center(0), with.Center(0));
        Assert.Equal(without.StatisticsOfTeacher(0)![0].Variance.ToArray(), with.StatisticsOfTeacher(0)![0].Variance.ToArray());
        Assert.NotEqual(without.Statistics(0)[0].Variance.ToArray(), with.Statistics(0)[0].Variance.ToArray());
    }

    [Theory]
    [InlineData("3 M 4 M")]
    [InlineData("3 M 4")]
    [InlineData("mlp-4-1")]
    [InlineData("vit-tied-tiny")]
    [InlineData("flatten")]
    public void Encoders_that_do_not_take_both_sizes_are_refused(string encoder)
    {
        var image = new Shape(16, 16, 1);
        var network = EncoderText.Network(encoder, image, Normalization.None);

        Assert.Throws<ShapeException>(() => network.On(encoder == "3 M 4 M" ? new Shape(3, 3, 1) : new Shape(32, 32, 1)));
    }

    [Theory]
    [InlineData("convnet-3-2")]
    [InlineData("resnet20*0.25")]
    [InlineData("3 M 4 M")]
    public void Encoders_that_take_both_sizes_are_those_that_are_built_for_them(string encoder)
    {
        // two pools leave one pixel of five rows as of four
        Shape first = new(4, 4, 1), second = new(5, 6, 1);
        var (network, other) = (EncoderText.Network(encoder, first, Normalization.Batch), EncoderText.Network(encoder, second, Normalization.Batch));
        var draw = new Draw(5);
        var (images, parameters) = (draw.NormalSingle(3 * second.Count), draw.Normal(network.Layout.Count));

        Assert.Equal(NetworkOutputs.Of(other, images, parameters), NetworkOutputs.Of(network.On(second), images, parameters));
        Assert.Equal(network.Layout.Slots.Select(slot => slot.Name), network.On(second).Layout.Slots.Select(slot => slot.Name));
    }

    /// <summary>The loss of a step by the student's parameters: two networks, one per size, and loops over pairs.</summary>
    private static Func<double[], double> Step(DistilledCase drawn, ViewDistillationOptions options)
    {
        var (views, small) = (Seen(drawn, options.View!, "view", options.Views, 0), Seen(drawn, options.SmallView!, "small", options.SmallViews, 0));
        var targets = NetworkOutputs.Of(Network.InEvaluationMode(), views, drawn.Teacher);
        return theta =>
        {
            double[][] outputs = [NetworkOutputs.Of(Network, views, theta), NetworkOutputs.Of(new ProjectedEncoder(ConvNet.Of(Small, 3, 2, Normalization.Batch), Head), small, theta)];
            var (sum, pairs) = (0.0, 0);
            for (var t = 0; t < options.Views; t++)
            {
                for (var s = 0; s < options.Views + options.SmallViews; s++)
                {
                    if (options.Pairing == ViewPairing.Opposite && s == t)
                        continue;
                    pairs++;
                    for (var row = 0; row < Batch; row++)
                    {
                        var own = s < options.Views ? Row(outputs[0], (s * Batch) + row) : Row(outputs[1], ((s - options.Views) * Batch) + row);
                        double[] p = PlainStudent.Softmax(Row(targets, (t * Batch) + row), 0.3), q = PlainStudent.Softmax(own, 0.6);
                        sum -= p.Zip(q, (a, b) => a * Math.Log(b)).Sum() / Batch;
                    }
                }
            }

            return sum / pairs;
        };
    }

    private static double[] Row(double[] outputs, int row) => outputs[(5 * row)..((5 * row) + 5)];

    /// <summary>Views of a step in the order of a training.</summary>
    internal static float[] Seen(DistilledCase drawn, RandomView view, string purpose, int views, int step)
    {
        var order = new int[Batch];
        drawn.Batches.FillPermutation(step, order);
        var (image, width) = (Image.Count, (view.Size ?? Image).Count);
        var seen = new float[views * Batch * width];
        for (var at = 0; at < views * Batch; at++)
            view.Write(drawn.Images.AsSpan(order[at % Batch] * image, image), seen.AsSpan(at * width, width), drawn.Batches.For($"/{purpose}/{at / Batch}"), step, order[at % Batch], at / Batch);
        return seen;
    }
}
