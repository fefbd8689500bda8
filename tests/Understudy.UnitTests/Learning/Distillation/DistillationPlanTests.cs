using Understudy.Engine;
using Understudy.Engine.Plans;
using Understudy.Engine.Threading;
using Understudy.Learning.Distillation;
using Understudy.Learning.Networks.Encoders;
using Understudy.Learning.Training;

namespace Understudy.UnitTests.Learning.Distillation;

public sealed class DistillationPlanTests
{
    private static readonly ProjectedEncoder Network = new(Vgg.Of(new Shape(4, 4, 2), "3 M 5 M", Normalization.Batch), new HeadOptions { Hidden = [7], Bottleneck = 4, Outputs = 9 });

    private static DistillationOptions Options { get; } = new() { Student = Network, Batch = 5 };

    [Fact]
    public void Ten_steps_of_Adam_are_those_of_loops_in_double_precision()
    {
        var head = new HeadOptions { Hidden = [4], Bottleneck = 3, Outputs = 5 };
        var network = new ProjectedEncoder(MlpEncoder.Of(new Shape(3), 4, 1), head);
        var (drawn, plain) = (new DistilledCase(network, 1), new PlainStudent(network, head, encoderLayers: 1));
        const double rate = 0.01;
        var options = new DistillationOptions { Student = network, Batch = 3, Precision = DType.F64 };
        using var plan = drawn.Compile(options);
        plan.SetLearningRate(0, rate);

        double[] theta = [.. drawn.Start], first = new double[theta.Length], second = new double[theta.Length];
        var remembered = drawn.Remembered();
        var order = new int[drawn.Count];
        for (var step = 0; step < 10; step++)
        {
            // two batches of three of the seven images, then another order
            drawn.Batches.FillPermutation(step / 2, order);
            var rows = order[(step % 2 * 3)..((step % 2 * 3) + 3)];
            var gradient = plain.Gradient(theta, drawn, remembered, options, rows);
            var loss = plain.Loss(theta, drawn, remembered, options, rows);
            for (var i = 0; i < theta.Length; i++)
            {
                first[i] = (0.9 * first[i]) + (0.1 * gradient[i]);
                second[i] = (0.999 * second[i]) + (0.001 * gradient[i] * gradient[i]);
                theta[i] -= rate * first[i] / (1 - Math.Pow(0.9, step + 1)) / (Math.Sqrt(second[i] / (1 - Math.Pow(0.999, step + 1))) + 1e-8);
            }

            plan.Run(step, 1);

            // differences are right to 1e-11, and a step magnifies an error of a gradient g by rate / |g|
            var told = plan.LastStep(0);
            Assert.Equal(loss, told.Loss, 1e-8);
            Assert.Equal(Math.Sqrt(gradient.Sum(value => value * value)), told.GradientNorm, 1e-7);
            foreach (var (expected, actual) in theta.Zip(plan.Student(0, theta.Length)))
                Assert.Equal(expected, actual, 1e-7);
        }
    }

    [Theory]
    [InlineData(DType.F32)]
    [InlineData(DType.F64)]
    public void A_replica_among_others_equals_the_same_one_alone_to_the_last_bit(DType precision)
    {
        int[] crowd = [.. Enumerable.Range(0, 11)];

        var lanes = Train(crowd, precision, ReplicaLayout.Lanes, threads: 2);

        Assert.Equal(lanes, Train(crowd, precision, ReplicaLayout.Alone, threads: 3));
        foreach (var replica in new[] { 0, 4, 10 })
            Assert.Equal(Train([replica], precision, ReplicaLayout.Alone, threads: 1)[0], lanes[replica]);
        Assert.Equal(crowd.Length, lanes.DistinctBy(student => student[0]).Count());
    }

    [Theory]
    [InlineData(DType.F32, OptimizerRule.Adam)]
    [InlineData(DType.F64, OptimizerRule.Adam)]
    [InlineData(DType.F32, OptimizerRule.Momentum)]
    public void What_is_read_and_set_again_continues_to_the_last_bit(DType precision, OptimizerRule rule)
    {
        var options = Options with { Precision = precision, Optimizer = new() { Rule = rule } };
        var drawn = new DistilledCase(Network, 2, images: 13);
        using DistillationPlan whole = drawn.Compile(options), first = drawn.Compile(options), second = drawn.Compile(options);
        foreach (var plan in new[] { whole, first, second })
            plan.SetLearningRate(0, 0.01);
        whole.Run(0, 9);

        // 5 steps end in the middle of the third order of the images
        first.Run(0, 5);
        second.SetStudent(0, first.Student(0, drawn.Start.Length));
        second.SetCarried(0, first.Carried(0));
        Assert.Equal(first.LastStep(0), second.LastStep(0));
        second.Run(5, 4);

        Assert.Equal(whole.Student(0, drawn.Start.Length), second.Student(0, drawn.Start.Length));
        Assert.Equal(whole.Carried(0), second.Carried(0));
        Assert.Equal(whole.LastStep(0), second.LastStep(0));
    }

    [Fact]
    public void A_student_that_is_set_again_begins_anew()
    {
        var drawn = new DistilledCase(Network, 3, images: 13);
        using var plan = drawn.Compile(Options);
        var fresh = plan.Carried(0);
        plan.Run(0, 4);
        var trained = plan.Student(0, drawn.Start.Length);
        Assert.NotEqual(fresh, plan.Carried(0));

        plan.SetStudent(0, drawn.Start);

        Assert.Equal(fresh, plan.Carried(0));
        plan.Run(0, 4);
        Assert.Equal(trained, plan.Student(0, drawn.Start.Length));
    }

    [Fact]
    public void The_part_that_the_cosine_does_not_see_is_not_trained()
    {
        var drawn = new DistilledCase(Network, 4, images: 13);
        using var plan = drawn.Compile(Options with { Objective = DistillationObjective.Cosine });

        plan.Run(0, 5);

        var trained = plan.Student(0, drawn.Start.Length);
        Assert.Equal(Network.TailPart(drawn.Start).ToArray(), Network.TailPart(trained).ToArray());
        Assert.NotEqual(Network.EncoderPart(drawn.Start).ToArray(), Network.EncoderPart(trained).ToArray());
    }

    [Fact]
    public void Plans_with_steps_of_their_own_do_what_they_do_alone()
    {
        var (few, many) = (new DistilledCase(Network, 6, images: 13), new DistilledCase(Network, 7, images: 17));
        using DistillationPlan first = few.Compile(Options), second = many.Compile(Options), alone = many.Compile(Options);
        using var team = new Team(2);

        Assert.True(DistillationPlan.RunAll([(first, 0, 0), (second, 0, 6)], team, TestContext.Current.CancellationToken));

        alone.Run(0, 6);
        Assert.Equal(few.Start, first.Student(0, few.Start.Length));
        Assert.Equal(alone.Student(0, many.Start.Length), second.Student(0, many.Start.Length));
    }

    [Fact]
    public void A_cancelled_plan_says_that_it_is_not_done()
    {
        using var team = new Team(1);
        using var stop = new CancellationTokenSource();
        using var plan = new DistilledCase(Network, 5, images: 13).Compile(Options);
        stop.Cancel();

        Assert.False(DistillationPlan.RunAll([(plan, 0, 10)], team, stop.Token));
    }

    [Fact]
    public void What_does_not_fit_is_told()
    {
        using var plan = DistillationPlan.Compile(Options);
        int parameters = Network.Layout.Count, carried = plan.CarriedCount;

        Assert.Contains($"A student has {parameters} parameters, not 3", Message(() => plan.SetStudent(0, new double[3])), StringComparison.Ordinal);
        Assert.Contains($"A student has {parameters} parameters, not {parameters + 1}", Message(() => plan.GetStudent(0, new double[parameters + 1])), StringComparison.Ordinal);
        Assert.Contains($"A student carries {carried} numbers, not 2", Message(() => plan.GetCarried(0, new double[2])), StringComparison.Ordinal);
        Assert.Contains($"A student carries {carried} numbers, not {carried + 1}", Message(() => plan.SetCarried(0, new double[carried + 1])), StringComparison.Ordinal);
        Assert.Contains($"A teacher has {parameters} parameters, but was given 0", Message(() => plan.SetTeacher(0, [])), StringComparison.Ordinal);
        var (images, few, answers, wide) = (plan.AddTable(new float[6 * 32], 32), plan.AddTable(new float[4 * 32], 32), plan.AddTable(new float[6 * 4], 4), plan.AddTable(new float[6 * 9], 9));
        Assert.Contains("Table 1 is [6, 9], but 6 rows of 4 are needed", Message(() => plan.SetImages(0, images, wide)), StringComparison.Ordinal);
        Assert.Contains("but 4 rows of 4 are needed", Message(() => plan.SetImages(0, few, answers)), StringComparison.Ordinal);
        Assert.Contains("needs at least as many rows, but the tables have 4", Message(() => plan.SetImages(0, few, plan.AddTable(new float[4 * 4], 4))), StringComparison.Ordinal);
        using var team = new Team(1);
        Assert.Contains("has no samples", Assert.Throws<InvalidOperationException>(() => DistillationPlan.RunAll([(plan, 0, 1)], team, TestContext.Current.CancellationToken)).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    [InlineData(double.NaN)]
    [InlineData(double.PositiveInfinity)]
    public void A_temperature_that_is_none_is_told(double temperature)
    {
        foreach (var options in new[] { Options with { StudentTemperature = temperature }, Options with { TeacherTemperature = temperature } })
            Assert.Contains("A temperature must be positive and finite", Message(() => DistillationPlan.Compile(options)), StringComparison.Ordinal);
        Assert.Throws<ArgumentOutOfRangeException>(() => DistillationPlan.Compile(Options with { Batch = 0 }));
    }

    private static string Message(Action wrong) => Assert.ThrowsAny<ArgumentException>(wrong).Message;

    /// <summary>Students by their numbers, after seven steps.</summary>
    private static double[][] Train(int[] numbers, DType precision, ReplicaLayout layout, int threads)
    {
        using var team = new Team(threads);
        using var plan = DistillationPlan.Compile(Options with { Replicas = numbers.Length, Precision = precision, Layout = layout });
        // other numbers of images, so that their orders end at different steps
        foreach (var (place, number) in numbers.Index())
            new DistilledCase(Network, number, images: 11 + number).Put(plan, place, precision, rate: 0.01);
        Assert.True(DistillationPlan.RunAll([(plan, 0, 7)], team, TestContext.Current.CancellationToken));
        return [.. Enumerable.Range(0, numbers.Length).Select(place => (double[])[.. plan.Student(place, Network.Layout.Count), .. plan.Carried(place)])];
    }
}
