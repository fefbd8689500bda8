using Understudy.Engine;
using Understudy.Engine.Plans;
using Understudy.Engine.Threading;
using Understudy.Learning.Curvature;
using Understudy.Learning.Distillation;
using Understudy.Learning.Networks.Encoders;
using Understudy.Learning.SelfDistillation;
using Understudy.Learning.Training;
using Understudy.UnitTests.Learning.Distillation;
using Schedule = Understudy.Learning.Training.Schedule;

namespace Understudy.UnitTests.Learning.SelfDistillation;

/// <summary>The cosine of bottlenecks behind a predictor, and students that are their own teachers: BYOL and SimSiam.</summary>
public sealed class ViewPredictionTests
{
    /// <summary>Enough filters that some of them see something in every view: the batch normalization of equal bottlenecks is 0, where the predictor's ReLU has a kink.</summary>
    private static readonly ProjectedEncoder Network = new(ConvNet.Of(MultiCropTests.Image, 8, 2, Normalization.Batch), new HeadOptions { Hidden = [4], Bottleneck = 3, Outputs = 5 });

    /// <summary>One step of descent along the gradient as it is.</summary>
    private static readonly ViewDistillationOptions Options = MultiCropTests.Options with
    {
        Student = Network,
        Objective = ViewObjective.Cosine,
        Predictor = [4],
        SmallViews = 1,
        TeacherTemperature = Schedule.Constant(1),
        StudentTemperature = Schedule.Constant(1),
    };

    private static readonly ViewDistillationOptions Byol = ViewedCase.Full with
    {
        Objective = ViewObjective.Cosine,
        Predictor = [6],
        CenterMomentum = null,
        TeacherTemperature = Schedule.Constant(1),
        StudentTemperature = Schedule.Constant(1),
        LastLayerFrozenEpochs = 0,
    };

    private static readonly ViewDistillationOptions SimSiam = Byol with { Teacher = TeacherMotion.Itself };

    public static TheoryData<bool, DType> Methods => new() { { false, DType.F32 }, { false, DType.F64 }, { true, DType.F32 }, { true, DType.F64 } };

    [Theory]
    [InlineData(ViewPairing.Opposite, 2, 1, 4)]
    [InlineData(ViewPairing.Opposite, 3, 0, 4, 3)]
    [InlineData(ViewPairing.All, 2, 2, 5)]
    [InlineData(ViewPairing.Same, 2, 0)]
    public void The_loss_is_the_mean_over_pairs_and_its_gradient_that_of_differences(ViewPairing pairing, int views, int small, params int[] predictor)
    {
        var drawn = new DistilledCase(Network, 1, images: MultiCropTests.Batch);
        var options = Options with { Pairing = pairing, Views = views, SmallViews = small, Predictor = predictor };
        using var training = drawn.Begin(options);
        var before = training.Predictor(0);

        training.Do(1);

        Check(drawn, training, before, (theta, phi) => Loss(drawn, options, theta, phi, drawn.Teacher));
        // what follows the bottleneck is not trained
        Assert.Equal(Network.TailPart(drawn.Start).ToArray(), Network.TailPart(Student(training)).ToArray());
    }

    [Theory]
    [InlineData(TeacherStatistics.Batch)]
    [InlineData(TeacherStatistics.Start)]
    [InlineData(TeacherStatistics.Student)]
    public void No_gradient_goes_through_a_student_that_is_its_own_teacher(TeacherStatistics statistics)
    {
        var drawn = new DistilledCase(Network, 2, images: MultiCropTests.Batch);
        var options = Options with { Teacher = TeacherMotion.Itself, TeacherStatistics = statistics };
        using var training = drawn.Begin(options);
        var before = training.Predictor(0);

        training.Do(1);

        Check(drawn, training, before, (theta, phi) => Loss(drawn, options, theta, phi, drawn.Start));
        // the loss of both together has another slope, by a hundred times what the slopes err by
        double[] way = [.. drawn.Start.Zip(Student(training), (at, then) => at - then)];
        var length = Math.Sqrt(way.Sum(value => value * value));
        way = [.. way.Select(value => value / length)];
        double At(double by, double teacherBy) => Loss(drawn, options, Moved(drawn.Start, way, by), before, Moved(drawn.Start, way, teacherBy));
        double stopped = Slope(by => At(by, 0)), together = Slope(by => At(by, by));
        Assert.Equal(length, stopped, 1e-6 * length);
        Assert.True(Math.Abs(together - stopped) > 1e-4 * stopped, $"{together} {stopped}");
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_student_that_is_its_own_teacher_is_an_average_without_memory(bool isCosine)
    {
        var drawn = new DistilledCase(Network, 3, images: MultiCropTests.Batch);
        var options = (isCosine ? Options : MultiCropTests.Options with { Student = Network, CenterMomentum = 0.9 }) with { Steps = 5, LearningRate = Schedule.Constant(0.1), TeacherStatistics = TeacherStatistics.Batch };
        using var itself = drawn.Begin(options with { Teacher = TeacherMotion.Itself });
        using var averaged = drawn.Begin(options with { Teacher = new AveragedTeacher(Schedule.Constant(0)) });
        averaged.Start(0, drawn.Start, drawn.Start);

        itself.Do(5);
        averaged.Do(5);

        // the same sums in another order
        Assert.All(Student(itself).Zip(Student(averaged)), pair => Assert.Equal(pair.First, pair.Second, 1e-10));
        Assert.False(itself.HasMovingTeacher);
        var teacher = new double[drawn.Start.Length];
        itself.GetTeacher(0, teacher);
        Assert.Equal(Student(itself), teacher);
        Assert.Equal(itself.Statistics(0)[0].Mean.ToArray(), itself.StatisticsOfTeacher(0)![0].Mean.ToArray());
    }

    /// <summary>Twice the loss with half the rate is the same descent.</summary>
    [Fact]
    public void A_frozen_teacher_on_plain_images_without_a_predictor_is_the_remembered_one()
    {
        var drawn = new DistilledCase(ViewedCase.Network, 4, images: 13);
        using var remembered = drawn.Compile(new DistillationOptions { Student = ViewedCase.Network, Objective = DistillationObjective.Cosine, Batch = 5, Precision = DType.F64, Optimizer = Optimizer.Descent });
        remembered.SetLearningRate(0, 0.1);
        using var asked = drawn.Begin(new ViewDistillationOptions
        {
            Student = ViewedCase.Network,
            Steps = 6,
            Batch = 5,
            Objective = ViewObjective.Cosine,
            LearningRate = Schedule.Constant(0.05),
            Optimizer = Optimizer.Descent,
            Precision = DType.F64,
        });

        remembered.Run(0, 6);
        asked.Do(6);

        Assert.Equal(2 * remembered.LastStep(0).Loss, asked.LastStep(0).Loss, 1e-11);
        Assert.All(remembered.Student(0, drawn.Start.Length).Zip(asked.Student()), pair => Assert.Equal(pair.First, pair.Second, 1e-10));
        Assert.Empty(asked.Predictor(0));
    }

    [Theory]
    [MemberData(nameof(Methods))]
    public void What_is_read_and_set_again_continues_to_the_last_bit(bool isSimSiam, DType precision)
    {
        var drawn = new DistilledCase(ViewedCase.Network, 6, images: 13);
        var options = (isSimSiam ? SimSiam : Byol) with { Precision = precision };
        using ViewDistillation whole = drawn.Begin(options), first = drawn.Begin(options), second = drawn.Begin(options);
        whole.Do(9);

        first.Do(5);
        second.Start(0, first.Student(), first.Teacher());
        second.SetCarried(0, first.Carried());
        second.GoTo(first.Step);
        second.Do(4);

        Assert.Equal(whole.State(), second.State());
        Assert.Equal(whole.Predictor(0), second.Predictor(0));
        Assert.All(whole.State(), value => Assert.True(double.IsFinite(value)));
    }

    [Theory]
    [MemberData(nameof(Methods))]
    public void A_replica_among_others_equals_the_same_one_alone_to_the_last_bit(bool isSimSiam, DType precision)
    {
        int[] crowd = [.. Enumerable.Range(0, 5)];
        var options = (isSimSiam ? SimSiam : Byol) with { Precision = precision };

        var lanes = ViewDistillationTests.Train(crowd, options, ReplicaLayout.Lanes, threads: 2);

        Assert.Equal(lanes, ViewDistillationTests.Train(crowd, options, ReplicaLayout.Alone, threads: 3));
        Assert.Equal(ViewDistillationTests.Train([3], options, ReplicaLayout.Alone, threads: 1)[0], lanes[3]);
    }

    [Fact]
    public void Further_steps_allocate_nothing()
    {
        // the allocations of other threads are not seen
        using var team = new Team(1);
        using ViewDistillation byol = new DistilledCase(ViewedCase.Network, 7, images: 13).Begin(Byol with { Steps = 40 }), simSiam = new DistilledCase(ViewedCase.Network, 8, images: 13).Begin(SimSiam with { Steps = 40 });
        var round = new ViewDistillationRound(byol, simSiam);

        round.Allocated(10, team);

        Assert.Equal(0, round.Allocated(30, team));
    }

    [Fact]
    public void Predictors_start_as_they_are_drawn_and_learn()
    {
        DistilledCase drawn = new(Network, 9, images: MultiCropTests.Batch), other = new(Network, 10, images: MultiCropTests.Batch);
        using ViewDistillation training = drawn.Begin(Options), second = other.Begin(Options);
        var layout = ViewPredictor.Of(3, [4]).Layout;
        var start = training.Predictor(0);

        Assert.Equal(["layer.0.weight", "layer.0.bias", "layer.1.scale", "layer.1.shift", "layer.3.weight", "layer.3.bias"], layout.Slots.Select(slot => slot.Name));
        Assert.All(layout.Slots[0].Of<double>(start).ToArray(), weight => Assert.InRange(Math.Abs(weight), 1e-9, 1 / Math.Sqrt(3)));
        Assert.Equal([1, 1, 1, 1, 0, 0, 0, 0], start[16..24]);
        Assert.Equal(layout.Count, start.Distinct().Count() + 6);
        Assert.NotEqual(start, second.Predictor(0));
        training.Do(1);
        Assert.NotEqual(start, training.Predictor(0));
        training.Start(0, drawn.Start, drawn.Teacher);
        Assert.Equal(start, training.Predictor(0));
    }

    private static double[] Student(ViewDistillation training)
    {
        var student = new double[Network.Layout.Count];
        training.GetStudent(0, student);
        return student;
    }

    private static double[] Moved(double[] at, double[] along, double by) => [.. at.Zip(along, (value, direction) => value + (by * direction))];

    /// <summary>Compares a step of descent with differences of a loss of student and predictor, tensor by tensor.</summary>
    private static void Check(DistilledCase drawn, ViewDistillation training, double[] predictor, Func<double[], double[], double> loss)
    {
        Assert.Equal(loss(drawn.Start, predictor), training.LastStep(0).Loss, 1e-12);
        var squares = 0.0;
        var layouts = predictor.Length == 0 ? [(Network.Layout, drawn.Start, Student(training))]
            : new[] { (Network.Layout, drawn.Start, Student(training)), (ViewPredictor.Of(3, Hidden(predictor.Length)).Layout, predictor, training.Predictor(0)) };
        foreach (var (layout, before, after) in layouts)
        {
            double[] descended = [.. before.Zip(after, (from, to) => from - to)];
            squares += descended.Sum(value => value * value);
            foreach (var slot in layout.Slots)
            {
                double[] along = new double[before.Length], own = new Draw(slot.Offset).Normal(slot.Shape.Count);
                own.CopyTo(slot.Of(along.AsSpan()));
                var slope = Slope(by => before == drawn.Start ? loss(Moved(before, along, by), predictor) : loss(drawn.Start, Moved(before, along, by)));
                Assert.Equal(slope, descended.Zip(along, (value, direction) => value * direction).Sum(), 1e-6 * (1 + Math.Abs(slope)));
            }
        }

        Assert.Equal(Math.Sqrt(squares), training.LastStep(0).GradientNorm, 1e-9);
        Assert.True(squares > 1e-6);
    }

    /// <summary>The slope at 0 by differences of fourth order.</summary>
    /// <remarks>They err by move⁴ times fifth derivatives, which three normalizations one after the other make large, and by 1e-16 / move times their slopes.</remarks>
    private static double Slope(Func<double, double> at)
    {
        const double move = 1e-5;
        return ((8 * (at(move) - at(-move))) - at(2 * move) + at(-2 * move)) / (12 * move);
    }

    /// <summary>Which of the predictors of these tests has so many parameters.</summary>
    private static int[] Hidden(int count) => new int[][] { [4], [5], [4, 3] }.Single(hidden => ViewPredictor.Of(3, hidden).Layout.Count == count);

    /// <summary>The loss by two networks, a predictor, and loops over pairs.</summary>
    private static double Loss(DistilledCase drawn, ViewDistillationOptions options, double[] student, double[] predictor, double[] teacher)
    {
        double[][] Bottlenecks(ProjectedEncoder network, float[] seen, double[] theta) => [.. NetworkOutputs.Of(network.ToBottleneck(), seen, theta.AsSpan(0, theta.Length - network.TailCount)).Chunk(3)];
        double[][] Predicted(double[][] bottlenecks) => options.Predictor.Count == 0 ? bottlenecks
            : [.. NetworkOutputs.Of(ViewPredictor.Of(3, options.Predictor), [.. bottlenecks.SelectMany(row => row)], predictor).Chunk(3)];
        var views = MultiCropTests.Seen(drawn, options.View!, "view", options.Views, 0);
        var targets = Bottlenecks(options.TeacherStatistics == TeacherStatistics.Batch ? Network : Network.InEvaluationMode(), views, teacher);
        var own = Predicted(Bottlenecks(Network, views, student)).ToList();
        if (options.SmallViews > 0)
            own.AddRange(Predicted(Bottlenecks(Network.On(MultiCropTests.Small), MultiCropTests.Seen(drawn, options.SmallView!, "small", options.SmallViews, 0), student)));
        var (sum, pairs) = (0.0, 0);
        for (var t = 0; t < options.Views; t++)
        {
            for (var s = 0; s < options.Views + options.SmallViews; s++)
            {
                if (options.Pairing == ViewPairing.Same ? s != t : options.Pairing == ViewPairing.Opposite && s == t)
                    continue;
                pairs++;
                for (var row = 0; row < MultiCropTests.Batch; row++)
                    sum += (2 - (2 * Cosine(own[(s * MultiCropTests.Batch) + row], targets[(t * MultiCropTests.Batch) + row]))) / MultiCropTests.Batch;
            }
        }

        return sum / pairs;
    }

    private static double Cosine(double[] a, double[] b) => Dot(a, b) / Math.Sqrt(Dot(a, a) * Dot(b, b));

    private static double Dot(double[] a, double[] b) => a.Zip(b, (x, y) => x * y).Sum();
}
