using Understudy.Engine;
using Understudy.Engine.Random;
using Understudy.Engine.Threading;
using Understudy.Learning.Curvature;
using Understudy.Learning.Distillation;
using Understudy.Learning.Networks;
using Understudy.Learning.Networks.Encoders;
using Understudy.Learning.Networks.Layers;
using Understudy.Learning.SelfDistillation;
using Understudy.Learning.Training;

namespace Understudy.UnitTests.Learning.Distillation;

/// <summary>Heads with batch normalization: what they are, how they train, and what they are evaluated with.</summary>
public sealed class NormalizedHeadTests
{
    private static readonly HeadOptions Head = new() { Hidden = [4, 6], Bottleneck = 3, Outputs = 5, IsNormalized = true };

    private static readonly ViewDistillationOptions Viewed = new() { Student = Network(Normalization.Batch), Steps = 20, Batch = 5, LearningRate = Schedule.Constant(0.01), Precision = DType.F64 };

    [Fact]
    public void The_head_is_that_stack_of_layers()
    {
        var layers = new LayeredNetwork(
            new Shape(7), new DenseLayer(4), new BatchNormLayer(), new ActivationLayer(NodeActivation.Gelu), new DenseLayer(6), new BatchNormLayer(), new ActivationLayer(NodeActivation.Gelu), new DenseLayer(3), new UnitLengthLayer(),
            new DenseLayer(5, false) { HasUnitNodes = true });
        double[] inputs = new Draw(1).Normal(3 * 7), parameters = new Draw(2).Normal(layers.Layout.Count);

        Assert.Equal(NetworkOutputs.Of(layers, inputs, parameters), NetworkOutputs.Of(ProjectionHead.Of(7, Head), inputs, parameters));
        Assert.Equal(
            ["head.0.weight", "head.0.bias", "head.1.scale", "head.1.shift", "head.3.weight", "head.3.bias", "head.4.scale", "head.4.shift", "head.6.weight", "head.6.bias", "tail.0.weight"],
            Network(Normalization.None).Layout.Slots.Select(slot => slot.Name).Where(name => !name.StartsWith("encoder", StringComparison.Ordinal)));
        Assert.True(Network(Normalization.None).CouplesExamples);
        Assert.Equal([4, 6], Network(Normalization.Batch).HeadChannels);
    }

    [Theory]
    [InlineData(Normalization.None, 2)]
    [InlineData(Normalization.Batch, 4)]
    public void Evaluation_takes_statistics_of_the_encoder_first_then_of_the_head(Normalization normalization, int count)
    {
        var network = Network(normalization);
        var drawn = new DistilledCase(network, 1);
        using var plan = drawn.Compile(drawn.Plainly());
        plan.Run(0, 3);
        var (theta, statistics) = (plan.Student(0, drawn.Start.Length), plan.Statistics(0));

        var evaluated = network.InEvaluationMode(statistics);

        Assert.Equal(count, statistics.Count);
        Assert.False(evaluated.CouplesExamples);
        Assert.Equal(NetworkOutputs.Of(network.ToLayers().InEvaluationMode(statistics), drawn.Images, theta), NetworkOutputs.Of(evaluated, drawn.Images, theta));
        Assert.Equal((count - 2, 2), (network.EncoderPart(statistics).Count, network.HeadPart(statistics).Count));
        Assert.Equal([4, 6], network.HeadPart(statistics).Select(channels => channels.Mean.Length));
        Assert.NotEqual(NetworkOutputs.Of(network.InEvaluationMode(), drawn.Images, theta), NetworkOutputs.Of(evaluated, drawn.Images, theta));
        Assert.Throws<ArgumentException>(() => network.InEvaluationMode([.. statistics, statistics[^1]]));
        Assert.Throws<ArgumentException>(() => network.InEvaluationMode([.. network.EncoderPart(statistics)]));
    }

    [Fact]
    public void A_step_takes_in_a_tenth_of_what_the_head_sees()
    {
        var network = Network(Normalization.None);
        var drawn = new DistilledCase(network, 2);
        using var plan = drawn.Compile(drawn.Plainly());
        // what stands before the first normalization of the head
        var before = new LayeredNetwork(new Shape(network.Encoder.Outputs), new DenseLayer(4));
        var embeddings = NetworkOutputs.Of(network.Encoder, drawn.Images, network.EncoderPart(drawn.Start));
        var seen = NetworkOutputs.Of(before, embeddings, drawn.Start.AsSpan(network.Encoder.Layout.Count, before.Layout.Count));

        plan.Run(0, 1);

        var told = plan.Statistics(0)[0];
        for (var node = 0; node < 4; node++)
        {
            double[] values = [.. seen.Where((_, at) => at % 4 == node)];
            var mean = values.Average();
            Assert.Equal(0.1 * mean, told.Mean[node], 1e-12);
            Assert.Equal(0.9 + (0.1 * values.Sum(value => (value - mean) * (value - mean)) / (values.Length - 1)), told.Variance[node], 1e-12);
        }
    }

    [Theory]
    [InlineData(Normalization.None, DistillationObjective.CrossEntropy)]
    [InlineData(Normalization.Batch, DistillationObjective.CrossEntropy)]
    [InlineData(Normalization.Batch, DistillationObjective.Cosine)]
    public void The_gradient_goes_through_the_statistics_of_the_batch(Normalization normalization, DistillationObjective objective)
    {
        var network = Network(normalization);
        var drawn = new DistilledCase(network, 3);
        using var plan = drawn.Compile(drawn.Plainly(objective));
        var (_, gradient) = drawn.Differentiated(drawn.Plainly(objective));

        drawn.AssertSlopes(plan, gradient, network.Layout.Slots);

        // a bias in front of a normalization changes nothing, a scale behind it does
        Assert.All(Of("head.0.bias"), value => Assert.Equal(0, value, 1e-14));
        Assert.Contains(Of("head.1.scale"), value => Math.Abs(value) > 1e-6);

        double[] Of(string name) => network.Layout.Slots.Single(slot => slot.Name == name).Of<double>(gradient).ToArray();
    }

    [Fact]
    public void A_frozen_teacher_that_is_asked_is_the_remembered_one()
    {
        var drawn = new DistilledCase(Viewed.Student, 4, images: 13);
        using var remembered = drawn.Compile(new DistillationOptions { Student = Viewed.Student, Batch = 5, Precision = DType.F64 });
        remembered.SetLearningRate(0, 0.01);
        using var asked = Begin(drawn, Viewed);

        remembered.Run(0, 4);
        Do(asked, 4);

        // as without normalization: rounding errors in a gradient g grow in a step by rate / |g|
        Assert.Equal(remembered.LastStep(0).Loss, asked.LastStep(0).Loss, 1e-9);
        // but for biases in front of normalizations, whose gradient is rounding alone, of which Adam makes steps
        Assert.All(
            Viewed.Student.Layout.Slots.Where(slot => slot.Name.StartsWith("tail", StringComparison.Ordinal) || slot.Name.EndsWith("scale", StringComparison.Ordinal)),
            slot => Assert.All(slot.Of<double>(remembered.Student(0, drawn.Start.Length)).ToArray().Zip(slot.Of<double>(Student(asked)).ToArray()), pair => Assert.Equal(pair.First, pair.Second, 1e-7)));
        Assert.Equal(remembered.Statistics(0).Count, asked.Statistics(0).Count);
    }

    [Theory]
    [InlineData(TeacherStatistics.Start)]
    [InlineData(TeacherStatistics.Batch)]
    [InlineData(TeacherStatistics.Student)]
    public void A_teacher_takes_the_statistics_it_is_told_to_in_its_head_too(TeacherStatistics statistics)
    {
        var drawn = new DistilledCase(Viewed.Student, 5, images: 5);
        using var training = Begin(drawn, Viewed with { TeacherStatistics = statistics, CenterMomentum = 0 });
        Do(training, 1);
        var evaluated = Viewed.Student.InEvaluationMode(training.StatisticsOfTeacher(0));

        // a centre without memory is the mean of what the teacher answers in a step, here to the only batch there is
        Do(training, 1);

        var answers = NetworkOutputs.Of(statistics == TeacherStatistics.Batch ? (INetwork)Viewed.Student : evaluated, drawn.Images, drawn.Teacher);
        for (var j = 0; j < 5; j++)
            Assert.Equal(Enumerable.Range(0, 5).Average(row => answers[(row * 5) + j]), training.Center(0)[j], 1e-13);
    }

    [Fact]
    public void What_is_read_and_set_again_continues_to_the_last_bit()
    {
        var drawn = new DistilledCase(Viewed.Student, 6, images: 13);
        using DistillationPlan whole = drawn.Compile(new DistillationOptions { Student = Viewed.Student, Batch = 5 }), second = drawn.Compile(new DistillationOptions { Student = Viewed.Student, Batch = 5 });
        whole.Run(0, 3);
        var (parameters, carried) = (whole.Student(0, drawn.Start.Length), whole.Carried(0));
        whole.Run(3, 3);

        second.SetStudent(0, parameters);
        second.SetCarried(0, carried);
        second.Run(3, 3);

        Assert.Equal(whole.Student(0, drawn.Start.Length), second.Student(0, drawn.Start.Length));
        Assert.Equal(whole.Carried(0), second.Carried(0));
    }

    [Fact]
    public void Normalizations_start_with_scale_1_and_shift_0()
    {
        var network = Network(Normalization.None);
        foreach (var head in Enum.GetValues<HeadStart>())
        {
            var start = StudentStart.Draw(network, (part, weight) => new RandomSequence(1, $"{part}", weight), head);

            Assert.All(network.Layout.Slots.Where(slot => slot.Name.EndsWith("scale", StringComparison.Ordinal)), slot => Assert.All(slot.Of<double>(start).ToArray(), value => Assert.Equal(1, value)));
            Assert.All(network.Layout.Slots.Where(slot => slot.Name.EndsWith("shift", StringComparison.Ordinal)), slot => Assert.All(slot.Of<double>(start).ToArray(), value => Assert.Equal(0, value)));
        }
    }

    private static ProjectedEncoder Network(Normalization normalization) => new(Vgg.Of(new Shape(4, 4, 1), "2 M 3 M", normalization), Head);

    private static ViewDistillation Begin(DistilledCase drawn, ViewDistillationOptions options)
    {
        var training = new ViewDistillation(options, drawn.Images, [drawn.Batches]);
        training.Start(0, drawn.Start, drawn.Teacher);
        return training;
    }

    private static void Do(ViewDistillation training, int steps)
    {
        using var team = new Team(1);
        var round = new ViewDistillationRound(training);
        for (var step = 0; step < steps; step++)
            round.DoStep(team);
    }

    private static double[] Student(ViewDistillation training)
    {
        var parameters = new double[Viewed.Student.Layout.Count];
        training.GetStudent(0, parameters);
        return parameters;
    }
}
