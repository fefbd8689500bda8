using Understudy.Engine.Random;
using Understudy.Learning.OnlineLearning;

namespace Understudy.UnitTests.Learning.OnlineLearning;

public class OnlineVariantTests
{
    [Theory]
    [InlineData(4, 0.3)]
    [InlineData(16, 0)]
    public void Batches_follow_equations_whose_second_order_is_divided_by_their_size(int batch, double noise)
    {
        var options = new OnlineLearningOptions { LearningRate = 1.5, Batch = batch, Noise = noise };
        var simulation = Simulation(options, 1000);
        var (flow, single) = (new OrderParameterFlow(options, simulation.Measure()), new OrderParameterFlow(options with { Batch = 1 }, simulation.Measure()));

        simulation.Run(2000, CancellationToken.None);
        flow.AdvanceTo(2);
        single.AdvanceTo(2);

        var (simulated, expected, other) = (Error(simulation.Measure()), Error(flow.Now), Error(single.Now));
        Assert.InRange(simulated / expected, 0.9, 1.1);
        Assert.True(other > 1.3 * expected, $"{other} against {expected}");
    }

    // dQ/dt is η A + (η²/B) S: three batches give two differences in the ratio of 1/B
    [Fact]
    public void Only_the_second_order_of_the_equations_depends_on_the_batch()
    {
        var start = Simulation(new OnlineLearningOptions(), 50).Measure();
        var (one, two, four) = (Slopes(1), Slopes(2), Slopes(4));

        for (var i = 0; i < one.Length; i++)
            Assert.Equal((one[i] - two[i]) / 2, two[i] - four[i], 1e-14);
        Assert.All(Enumerable.Range(9, 6), i => Assert.Equal(one[i], four[i]));

        double[] Slopes(int batch)
        {
            var derivative = new double[start.State.Length];
            new OrderParameterEquations(new OnlineLearningOptions { Batch = batch, Noise = 0.2 }, start).Derivative(start.State, derivative);
            return derivative;
        }
    }

    [Fact]
    public void A_batch_of_one_sample_many_times_is_that_sample()
    {
        var one = Simulation(new OnlineLearningOptions { TrainingSamples = 1, OutputLearningRate = 0.3 }, 60);
        var many = Simulation(new OnlineLearningOptions { TrainingSamples = 1, OutputLearningRate = 0.3, Batch = 8 }, 60);

        one.Run(50, CancellationToken.None);
        many.Run(50, CancellationToken.None);

        Assert.All(one.Student.Weights.Zip(many.Student.Weights), pair => Assert.Equal(pair.First, pair.Second, 1e-4f));
        Assert.All(one.Student.FanOut.Zip(many.Student.FanOut), pair => Assert.Equal(pair.First, pair.Second, 1e-6));
    }

    [Fact]
    public void A_large_finite_training_set_is_as_good_as_fresh_samples_and_a_small_one_is_not()
    {
        var options = new OnlineLearningOptions { Activation = FieldActivation.Linear, LearningRate = 0.5 };
        var (fresh, large, small) = (After(options), After(options with { TrainingSamples = 1_000_000 }), After(options with { TrainingSamples = 100 }));

        // the exponential rate of a run fluctuates: geometric means over seeds
        Assert.InRange(large / fresh, 0.75, 1.33);
        Assert.True(small > 4 * fresh, $"{small} against {fresh}");

        static double After(OnlineLearningOptions options) => Math.Exp(Enumerable.Range(0, 16).Average(seed =>
        {
            var simulation = Simulation(options, 200, seed: seed);
            simulation.Run(800, CancellationToken.None);
            return Math.Log(simulation.Measure().GeneralizationError(FieldActivation.Linear));
        }));
    }

    [Fact]
    public void A_finite_training_set_needs_choices()
        => Assert.Throws<ArgumentException>(() => new OnlineSimulation(
            new OnlineLearningOptions { TrainingSamples = 5 }, new Committee(3, 1), new Committee(3, 1), new RandomSequence(1, "test")));

    // −g(w) = g(−w) for odd g: a teacher of mixed signs is one of equal signs with some nodes turned round
    [Fact]
    public void Mixed_signs_of_odd_nodes_are_turned_nodes()
    {
        var (mixed, turned) = (Simulation(new OnlineLearningOptions(), 60, teacher => teacher.FanOut[1] = -1), Simulation(new OnlineLearningOptions(), 60, teacher =>
        {
            foreach (ref var w in teacher.Weight(1))
                w = -w;
        }));

        mixed.Run(300, CancellationToken.None);
        turned.Run(300, CancellationToken.None);

        Assert.Equal(turned.Student.Weights, mixed.Student.Weights);
        Assert.Equal(Error(turned.Measure()), Error(mixed.Measure()), 1e-12);
        var (one, other) = (new OrderParameterFlow(new OnlineLearningOptions(), mixed.Measure()), new OrderParameterFlow(new OnlineLearningOptions(), turned.Measure()));
        one.AdvanceTo(5);
        other.AdvanceTo(5);
        Assert.Equal(Error(other.Now), Error(one.Now), 1e-9);
    }

    [Theory]
    [InlineData(0.3)]
    [InlineData(-0.7)]
    public void Linear_outputs_differ_in_sign_as_often_as_their_angle_says(double correlation)
    {
        var overlaps = new OrderParameters(1, 1);
        (overlaps.Q[0], overlaps.R[0], overlaps.T[0]) = (4, 2 * correlation, 1);

        var error = ClassificationError.Of(overlaps, FieldActivation.Linear, new RandomSequence(1, "test"), 40_000);

        Assert.Equal(Math.Acos(correlation) / Math.PI, error, 0.01);
        // one node each: erf keeps the sign of its field
        Assert.Equal(error, ClassificationError.Of(overlaps, FieldActivation.Erf, new RandomSequence(1, "test"), 40_000));
    }

    [Fact]
    public void A_student_that_is_its_teacher_never_differs_and_one_without_numbers_has_no_share()
    {
        var teacher = Simulation(new OnlineLearningOptions(), 30).Measure();
        var same = new OrderParameters(2, 2);
        teacher.T.CopyTo(same.Q);
        teacher.T.CopyTo(same.R);
        teacher.T.CopyTo(same.T, 0);

        Assert.Equal(0, ClassificationError.Of(same, FieldActivation.Erf, new RandomSequence(1, "test"), 1000));
        same.Q[0] = double.NaN;
        Assert.Equal(double.NaN, ClassificationError.Of(same, FieldActivation.Erf, new RandomSequence(1, "test"), 1000));
    }

    private static double Error(OrderParameters overlaps) => overlaps.GeneralizationError(FieldActivation.Erf);

    private static OnlineSimulation Simulation(OnlineLearningOptions options, int inputs, Action<Committee>? change = null, int seed = 0)
    {
        var (teacher, student) = (new Committee(inputs, 2), new Committee(inputs, 3));
        new RandomSequence(2, "test/teacher").FillNormal(0, teacher.Weights);
        new RandomSequence(2, "test/student").FillNormal(0, student.Weights);
        change?.Invoke(teacher);
        return new OnlineSimulation(options, teacher, student, new RandomSequence(2, "test/samples", seed), new RandomSequence(2, "test/choices", seed));
    }
}
