using Understudy.Engine;
using Understudy.Engine.Plans;
using Understudy.Engine.Random;
using Understudy.Engine.Threading;
using Understudy.Learning.Curvature;
using Understudy.Learning.Distillation;
using Understudy.Learning.Networks;
using Understudy.Learning.SelfDistillation;
using Understudy.Learning.Training;
using Understudy.UnitTests.Learning.Distillation;
using Schedule = Understudy.Learning.Training.Schedule;

namespace Understudy.UnitTests.Learning.SelfDistillation;

public sealed class ViewDistillationTests
{
    private static readonly ViewDistillationOptions Plain = new() { Student = ViewedCase.Network, Steps = 20, Batch = 5, LearningRate = Schedule.Constant(0.01) };

    /// <summary>In double precision the remembered bottleneck is the asked one but for the order of sums in a batch of another size.</summary>
    [Fact]
    public void A_frozen_teacher_on_plain_images_is_the_remembered_one()
    {
        var drawn = new DistilledCase(ViewedCase.Network, 1, images: 13);
        using var remembered = drawn.Compile(new DistillationOptions { Student = ViewedCase.Network, Batch = 5, Precision = DType.F64 });
        remembered.SetLearningRate(0, 0.01);
        using var asked = drawn.Begin(Plain with { Precision = DType.F64 });

        // four orders of the images
        remembered.Run(0, 8);
        asked.Do(8);

        // rounding errors of 1e-16 in a gradient g grow in a step by rate / |g|, as in the steps of Adam against loops
        Assert.Equal(remembered.LastStep(0).Loss, asked.LastStep(0).Loss, 1e-9);
        Assert.All(remembered.Student(0, drawn.Start.Length).Zip(asked.Student()), pair => Assert.Equal(pair.First, pair.Second, 1e-7));
        Assert.Equal(drawn.Teacher, asked.Teacher());
        Assert.False(asked.HasMovingTeacher);
    }

    [Fact]
    public void An_averaged_teacher_is_the_sum_by_hand()
    {
        var drawn = new DistilledCase(ViewedCase.Network, 2, images: 13);
        var momentum = Schedule.Cosine(0.5, 1);
        using var training = drawn.Begin(Plain with { Precision = DType.F64, Steps = 6, Teacher = new AveragedTeacher(momentum) });
        double[] teacher = [.. drawn.Teacher];

        for (var step = 0; step < 6; step++)
        {
            training.Do(1);
            var mu = 1 - (0.5 * (1 + Math.Cos(Math.PI * step / 6)) / 2);
            foreach (var (i, student) in training.Student().Index())
                teacher[i] = (mu * teacher[i]) + ((1 - mu) * student);
        }

        Assert.True(training.HasMovingTeacher);
        Assert.All(teacher.Zip(training.Teacher()), pair => Assert.Equal(pair.First, pair.Second, 1e-14));
        Assert.NotEqual(drawn.Teacher, training.Teacher());
    }

    [Fact]
    public void A_copied_teacher_becomes_its_student_at_the_end_of_epochs()
    {
        var drawn = new DistilledCase(ViewedCase.Network, 3, images: 13);
        using var training = drawn.Begin(Plain with { Teacher = new CopiedTeacher(2) });

        // an epoch has two steps
        training.Do(3);
        Assert.Equal(drawn.Teacher, training.Teacher());
        training.Do(1);
        var copied = training.Student();
        Assert.Equal(copied, training.Teacher());
        training.Do(3);
        Assert.Equal(copied, training.Teacher());
        Assert.NotEqual(copied, training.Student());
    }

    [Fact]
    public void A_frozen_last_layer_learns_afterwards_as_if_it_began_then()
    {
        var drawn = new DistilledCase(ViewedCase.Network, 4, images: 13);
        var options = Plain with { Precision = DType.F64, LastLayerFrozenEpochs = 2, Optimizer = new Optimizer { Rule = OptimizerRule.Adam, WeightDecay = 0.1, DecayForm = DecayForm.Decoupled } };
        using var training = drawn.Begin(options);
        using var never = drawn.Begin(options with { LastLayerFrozenEpochs = 0 });
        var tail = ViewedCase.Network.TailPart(drawn.Start).ToArray();

        training.Do(4);
        Assert.Equal(tail, ViewedCase.Network.TailPart(training.Student()).ToArray());
        Assert.NotEqual(drawn.Start, training.Student());
        training.Do(1);
        never.Do(1);

        // Adam's first step is as long as the rate in every number whatever the gradient, and decay comes on top
        Assert.All(ViewedCase.Network.TailPart(training.Student()).ToArray().Zip(tail), pair => Assert.Equal(0.01, Math.Abs(pair.First - (pair.Second * (1 - 0.001))), 1e-5));
        Assert.All(ViewedCase.Network.TailPart(never.Student()).ToArray().Zip(tail), pair => Assert.Equal(0.01, Math.Abs(pair.First - (pair.Second * (1 - 0.001))), 1e-5));
    }

    [Fact]
    public void The_centre_is_the_running_mean_of_what_the_teacher_answers()
    {
        var drawn = new DistilledCase(ViewedCase.Network, 5, images: 5);
        using var training = drawn.Begin(Plain with { Precision = DType.F64, CenterMomentum = 0.7 });
        var answers = NetworkOutputs.Of(ViewedCase.Network.InEvaluationMode(), drawn.Images, drawn.Teacher);
        var mean = Enumerable.Range(0, 9).Select(j => Enumerable.Range(0, 5).Average(row => answers[(row * 9) + j])).ToArray();

        // a batch is all there is
        training.Do(3);

        Assert.All(mean.Zip(training.Center(0)), pair => Assert.Equal((1 - (0.7 * 0.7 * 0.7)) * pair.First, pair.Second, 1e-13));
    }

    [Theory]
    [InlineData(TeacherStatistics.Start)]
    [InlineData(TeacherStatistics.Batch)]
    [InlineData(TeacherStatistics.Student)]
    public void A_teacher_takes_the_statistics_it_is_told_to(TeacherStatistics statistics)
    {
        var drawn = new DistilledCase(ViewedCase.Network, 10, images: 5);
        using var training = drawn.Begin(Plain with { Precision = DType.F64, TeacherStatistics = statistics, CenterMomentum = 0 });
        training.Do(1);
        var evaluated = ViewedCase.Network.InEvaluationMode(training.StatisticsOfTeacher(0));

        // a centre without memory is the mean of what the teacher answers in a step, here to the only batch there is
        training.Do(1);

        var asked = statistics == TeacherStatistics.Batch ? (INetwork)ViewedCase.Network : evaluated;
        var answers = NetworkOutputs.Of(asked, drawn.Images, drawn.Teacher);
        for (var j = 0; j < 9; j++)
            Assert.Equal(Enumerable.Range(0, 5).Average(row => answers[(row * 9) + j]), training.Center(0)[j], 1e-13);
        Assert.Equal(statistics == TeacherStatistics.Start, training.StatisticsOfTeacher(0) is null);
    }

    [Theory]
    [InlineData(DType.F32)]
    [InlineData(DType.F64)]
    public void What_is_read_and_set_again_continues_to_the_last_bit(DType precision)
    {
        var drawn = new DistilledCase(ViewedCase.Network, 6, images: 13);
        var options = ViewedCase.Full with { Precision = precision };
        using ViewDistillation whole = drawn.Begin(options), first = drawn.Begin(options), second = drawn.Begin(options);
        whole.Do(9);

        // 5 steps end in the middle of the third order of the images
        first.Do(5);
        second.Start(0, first.Student(), first.Teacher());
        second.SetCarried(0, first.Carried());
        second.GoTo(first.Step);
        second.Do(4);

        Assert.Equal(whole.State(), second.State());
        Assert.All(whole.State(), value => Assert.True(double.IsFinite(value)));
    }

    [Theory]
    [InlineData(DType.F32)]
    [InlineData(DType.F64)]
    public void A_replica_among_others_equals_the_same_one_alone_to_the_last_bit(DType precision)
    {
        int[] crowd = [.. Enumerable.Range(0, 5)];
        var options = ViewedCase.Full with { Precision = precision };

        var lanes = Train(crowd, options, ReplicaLayout.Lanes, threads: 2);

        Assert.Equal(lanes, Train(crowd, options, ReplicaLayout.Alone, threads: 3));
        Assert.Equal(Train([3], options, ReplicaLayout.Alone, threads: 1)[0], lanes[3]);
        Assert.Equal(crowd.Length, lanes.DistinctBy(student => student[0]).Count());
    }

    [Fact]
    public void Trainings_side_by_side_do_what_they_do_alone()
    {
        var (one, other) = (new DistilledCase(ViewedCase.Network, 7, images: 13), new DistilledCase(ViewedCase.Network, 8, images: 17));
        using ViewDistillation first = one.Begin(ViewedCase.Full), second = other.Begin(Plain), alone = one.Begin(ViewedCase.Full);
        using var team = new Team(2);
        var round = new ViewDistillationRound(first, second);
        for (var step = 0; step < 4; step++)
            round.DoStep(team);

        alone.Do(4);

        Assert.Equal(alone.State(), first.State());
        Assert.Equal(4, second.Step);
    }

    [Fact]
    public void Further_steps_allocate_nothing()
    {
        // the allocations of other threads are not seen
        using var team = new Team(1);
        using var first = new DistilledCase(ViewedCase.Network, 11, images: 13).Begin(ViewedCase.Full with { Steps = 40, WeightDecay = Schedule.Parse("cat(lin(0, 0.1, 0.5), 0.1)") });
        using var second = new DistilledCase(ViewedCase.Network, 12, images: 17).Begin(Plain with { Steps = 40, Teacher = new CopiedTeacher(2) });
        var round = new ViewDistillationRound(first, second);

        round.Allocated(10, team);

        Assert.Equal(0, round.Allocated(30, team));
    }

    [Fact]
    public void What_is_no_training_is_told()
    {
        var images = new float[13 * 48];
        RandomSequence[] random = [new(1, "batch")];
        string Message(ViewDistillationOptions options) => Assert.ThrowsAny<ArgumentException>(() => new ViewDistillation(options, images, random)).Message;

        Assert.Contains("Opposite views need two views", Message(Plain with { Pairing = ViewPairing.Opposite }), StringComparison.Ordinal);
        Assert.Contains("The momentum of the centre (1)", Message(Plain with { CenterMomentum = 1 }), StringComparison.Ordinal);
        Assert.Contains("not 14 images or more of 48", Message(Plain with { Batch = 14 }), StringComparison.Ordinal);
        Assert.Contains("There are 2 replicas, but 1 sequences", Message(Plain with { Replicas = 2 }), StringComparison.Ordinal);
        Assert.Contains("A temperature must be positive, but is 0 at step 0", Message(Plain with { TeacherTemperature = Schedule.Linear(0, 1) }), StringComparison.Ordinal);
        Assert.Contains("must lie between 0 and 1, but is 1.5 at step 0", Message(Plain with { Teacher = new AveragedTeacher(Schedule.Constant(1.5)) }), StringComparison.Ordinal);
        Assert.Contains("at least 1, not 0", Message(Plain with { Teacher = new CopiedTeacher(0) }), StringComparison.Ordinal);
        Assert.Contains("no inputs of a network that reads 48 numbers", Message(Plain with { View = new RandomView { Image = new Shape(4, 4, 1) } }), StringComparison.Ordinal);
        Assert.Contains("The shares of a crop (0 and 1)", Message(Plain with { View = ViewedCase.Views with { SmallestCrop = 0 } }), StringComparison.Ordinal);
        Assert.Contains("Probabilities of colors (2, ", Message(Plain with { View = ViewedCase.Views with { Color = new ColorJitter { Probability = 2 } } }), StringComparison.Ordinal);
        Assert.Contains("Probabilities of a blur (1, 2) must", Message(Plain with { View = ViewedCase.Views with { Blur = new GaussianBlur { Probabilities = [1, 2] } } }), StringComparison.Ordinal);
        Assert.Contains("The deviations of a blur (0.1 and 11) must", Message(Plain with { View = ViewedCase.Views with { Blur = new GaussianBlur { LargestDeviation = 11 } } }), StringComparison.Ordinal);
        Assert.Contains("A predictor is for the cosine of bottlenecks", Message(Plain with { Predictor = [3] }), StringComparison.Ordinal);
        Assert.Contains("The layers of a predictor (3, 0) need a node", Message(Plain with { Objective = ViewObjective.Cosine, Predictor = [3, 0] }), StringComparison.Ordinal);
        Assert.Contains("neither a centre nor a last layer", Message(Plain with { Objective = ViewObjective.Cosine, CenterMomentum = 0.9 }), StringComparison.Ordinal);
        Assert.Contains("neither a centre nor a last layer", Message(Plain with { Objective = ViewObjective.Cosine, LastLayerFrozenEpochs = 1 }), StringComparison.Ordinal);
        Assert.Contains("has no temperatures: leave them at 1", Message(Plain with { Objective = ViewObjective.Cosine, StudentTemperature = Schedule.Constant(0.1) }), StringComparison.Ordinal);
        Assert.Contains("Small views need to be told how they are drawn", Message(Plain with { SmallViews = 1 }), StringComparison.Ordinal);
        Assert.Contains("which are large: pair all views, or opposite ones", Message(ViewedCase.Full with { Pairing = ViewPairing.Same }), StringComparison.Ordinal);
        Assert.Contains("Views of [2, 2, 1] do not have the channels of images of [4, 4, 3]", Message(ViewedCase.Full with { SmallView = ViewedCase.Views with { Size = new Shape(2, 2, 1) } }), StringComparison.Ordinal);
        Assert.Contains("Views have the size of the images, [4, 4, 3], not [2, 2, 3]", Message(Plain with { View = ViewedCase.Views with { Size = new Shape(2, 2, 3) } }), StringComparison.Ordinal);
        Assert.Contains("Pool needs images [h, w, c] of at least 2 × 2 pixels", Message(ViewedCase.Full with { SmallView = ViewedCase.Views with { Size = new Shape(1, 2, 3) } }), StringComparison.Ordinal);
        using var ended = new DistilledCase(ViewedCase.Network, 9, images: 13).Begin(Plain with { Steps = 1 });
        ended.Do(1);
        Assert.Contains("has 1 steps, and all are done", Assert.Throws<InvalidOperationException>(() => ended.Do(1)).Message, StringComparison.Ordinal);
        Assert.Throws<InvalidOperationException>(() => ended.Center(0));
    }

    /// <summary>Students by their numbers, on images that all have, after six steps.</summary>
    internal static double[][] Train(int[] numbers, ViewDistillationOptions options, ReplicaLayout layout, int threads)
    {
        var images = new DistilledCase(ViewedCase.Network, 20, images: 13).Images;
        var cases = numbers.Select(number => new DistilledCase(ViewedCase.Network, number)).ToArray();
        using var training = new ViewDistillation(options with { Layout = layout, Replicas = numbers.Length }, images, [.. cases.Select(one => one.Batches)]);
        foreach (var (place, drawn) in cases.Index())
            training.Start(place, drawn.Start, drawn.Teacher);
        training.Do(6, threads);
        return [.. Enumerable.Range(0, numbers.Length).Select(training.State)];
    }
}
