using Understudy.Engine;
using Understudy.Engine.Graphs;
using Understudy.Engine.Random;
using Understudy.Engine.Threading;
using Understudy.Learning.Networks;
using Understudy.Learning.Training;

namespace Understudy.UnitTests.Learning;

public class TrainPlanTests
{
    private const int Rows = 40;

    [Theory]
    [InlineData(DType.F32)]
    [InlineData(DType.F64)]
    public void A_replica_alone_equals_the_same_replica_in_a_crowd_to_the_last_bit(DType precision)
    {
        using var team = new Team(2);
        var network = Mlp.LeakyRelu(0.1, 7, 5, 3);
        var crowd = Train(network, precision, [.. Enumerable.Range(0, 256)], team, steps: 300);

        foreach (var replica in new[] { 0, 7, 129, 255 })
            Assert.Equal(Train(network, precision, [replica], team, steps: 300)[0], crowd[replica]);
    }

    // stored once and equal at every register width: the tests are run again with register instructions switched off
    [Theory]
    [InlineData(DType.F32, 10077715782873688029UL)]
    [InlineData(DType.F64, 926103049925045125UL)]
    public void Training_gives_the_stored_bits(DType precision, ulong stored)
    {
        using var team = new Team(2);

        var trained = Train(Mlp.LeakyRelu(0.1, 7, 5, 3), precision, [.. Enumerable.Range(0, 19)], team, steps: 300);

        var hash = 14695981039346656037UL;
        foreach (var value in trained.SelectMany(parameters => parameters))
            hash = (hash ^ BitConverter.DoubleToUInt64Bits(value)) * 1099511628211UL;
        Assert.Equal(stored, hash);
    }

    [Fact]
    public void Threads_change_no_bit()
    {
        var network = Mlp.Relu(7, 5, 3);
        int[] replicas = [.. Enumerable.Range(0, 33)];
        using var one = new Team(1);
        using var two = new Team(2);
        using var three = new Team(3);

        var alone = Train(network, DType.F32, replicas, one, steps: 400);

        Assert.Equal(alone, Train(network, DType.F32, replicas, two, steps: 400));
        Assert.Equal(alone, Train(network, DType.F32, replicas, three, steps: 400));
    }

    [Fact]
    public void Steps_in_two_goes_are_the_steps_in_one()
    {
        using var team = new Team(1);
        var network = Mlp.Relu(7, 5, 3);

        Assert.Equal(Train(network, DType.F32, [0, 1, 2], team, steps: 120), Train(network, DType.F32, [0, 1, 2], team, 50, 70));
    }

    [Fact]
    public void A_step_is_plain_gradient_descent_on_the_drawn_rows()
    {
        using var team = new Team(1);
        var network = Mlp.LeakyRelu(0.2, 7, 5, 3);
        var expected = Parameters(network, 4);
        var (inputs, targets) = Data(4);
        for (var step = 0; step < 3; step++)
            expected = Descend(network, expected, inputs, targets, Picks(4, step), 0.05);

        var actual = Train(network, DType.F64, [4], team, steps: 3)[0];

        for (var i = 0; i < expected.Length; i++)
            Assert.Equal(expected[i], actual[i], 1e-13);
    }

    [Fact]
    public void Batch_averages_of_a_training_set_are_refused()
    {
        var network = Mlp.Relu(3, 4, 2);
        var options = new TrainOptions { Student = network, Teacher = network, Rule = StepRule.BatchAverages };

        Assert.Throws<ArgumentException>(() => TrainPlan.Compile(options));
    }

    [Fact]
    public void A_frozen_parameter_that_no_step_reads_keeps_its_value()
    {
        using var team = new Team(1);
        var network = Mlp.Relu(3, 4, 2);
        using var plan = TrainPlan.Compile(new TrainOptions
        {
            Student = network,
            Teacher = network,
            Batch = 5,
            Source = BatchSource.FreshNormal,
            Rule = StepRule.BatchAverages,
            FreezeLastLayer = true,
            Precision = DType.F64,
        });
        var parameters = Parameters(network, 1);
        plan.SetParameters(0, parameters);
        plan.SetTeacher(0, Parameters(network, 2));
        plan.SetLearningRate(0, 0.01);
        plan.SetBatches(0, new RandomSequence(1, "test/batch"));

        plan.Run(0, 2, team);

        var trained = new double[plan.ParameterCount];
        plan.GetParameters(0, trained);
        Assert.Equal(parameters[^10..], trained[^10..]);
        Assert.NotEqual(parameters[..4], trained[..4]);
    }

    [Fact]
    public void A_diverged_replica_is_a_result_and_does_not_touch_the_others()
    {
        using var team = new Team(1);
        var network = Mlp.Relu(7, 5, 3);
        var calm = Train(network, DType.F32, [0, 1, 2], team, steps: 500);
        using var plan = Prepared(network, DType.F32, [0, 1, 2]);
        plan.SetLearningRate(1, 1e6);

        plan.Run(0, 500, team);

        var parameters = new double[plan.ParameterCount];
        plan.GetParameters(2, parameters);
        Assert.Equal(new ReplicaStatus(true, 500), plan.Status(1));
        Assert.False(plan.Status(0).IsDiverged);
        Assert.Equal(calm[2], parameters);
    }

    [Fact]
    public void Normalized_columns_have_norm_one_with_their_bias()
    {
        using var team = new Team(1);
        var network = Mlp.Relu(4, 6, 3);
        using var plan = TrainPlan.Compile(new TrainOptions
        {
            Student = network,
            Teacher = Mlp.Relu(4, 3, 3),
            Source = BatchSource.FreshNormal,
            NormalizeColumns = true,
            Precision = DType.F64,
        });
        plan.SetParameters(0, Parameters(network, 0));
        plan.SetTeacher(0, Parameters(Mlp.Relu(4, 3, 3), 1));
        plan.SetLearningRate(0, 0.1);
        plan.SetBatches(0, new RandomSequence(1, "batch"));

        plan.Run(0, 20, team);

        var flat = new double[plan.ParameterCount];
        plan.GetParameters(0, flat);
        var (weight, bias) = (network.Layout.Slots[0].Of<double>(flat).ToArray(), network.Layout.Slots[1].Of<double>(flat).ToArray());
        for (var node = 0; node < 6; node++)
            Assert.Equal(1, Enumerable.Range(0, 4).Sum(i => Math.Pow(weight[(i * 6) + node], 2)) + Math.Pow(bias[node], 2), 1e-12);
    }

    [Fact]
    public void Frozen_layers_keep_their_values()
    {
        using var team = new Team(1);
        var network = Mlp.Relu(7, 5, 3);
        using var plan = TrainPlan.Compile(new TrainOptions { Student = network, FreezeHidden = true });
        Fill(plan, network, 0, 3);
        var before = Parameters(network, 3);

        plan.Run(0, 20, team);

        var after = new double[plan.ParameterCount];
        plan.GetParameters(0, after);
        var hidden = network.Layout.Slots[2].Offset;
        Assert.Equal(before[..hidden].Select(value => (double)(float)value), after[..hidden]);
        Assert.NotEqual(before[hidden..], after[hidden..]);
    }

    [Fact]
    public void A_replica_without_samples_is_named()
    {
        using var team = new Team(1);
        using var plan = TrainPlan.Compile(new TrainOptions { Student = Mlp.Relu(2, 2, 2) });

        var error = Assert.Throws<InvalidOperationException>(() => plan.Run(0, 1, team));

        Assert.Equal("Replica 0 of a group has no samples.", error.Message);
    }

    private static double[][] Train(Mlp network, DType precision, int[] replicas, Team team, params int[] steps)
    {
        using var plan = Prepared(network, precision, replicas);
        long at = 0;
        foreach (var count in steps)
            at = plan.Run(at, count, team);
        var results = new double[replicas.Length][];
        for (var i = 0; i < replicas.Length; i++)
        {
            results[i] = new double[plan.ParameterCount];
            plan.GetParameters(i, results[i]);
        }

        return results;
    }

    private static TrainPlan Prepared(Mlp network, DType precision, int[] replicas)
    {
        var plan = TrainPlan.Compile(new TrainOptions { Student = network, Batch = 8, Replicas = replicas.Length, Precision = precision });
        for (var i = 0; i < replicas.Length; i++)
            Fill(plan, network, i, replicas[i]);
        return plan;
    }

    private static void Fill(TrainPlan plan, Mlp network, int place, int replica)
    {
        var (inputs, targets) = Data(replica);
        plan.SetParameters(place, Parameters(network, replica));
        plan.SetLearningRate(place, 0.05);
        plan.SetSamples(place, plan.AddTable(inputs, 7), plan.AddTable(targets, 3));
        plan.SetBatches(place, new RandomSequence(1, "batch", replica));
    }

    private static double[] Parameters(Mlp network, int replica)
    {
        var flat = new double[network.Layout.Count];
        new RandomSequence(1, "init", replica).FillNormal(0, flat);
        return [.. flat.Select(value => 0.5 * value)];
    }

    private static (double[] Inputs, double[] Targets) Data(int replica)
    {
        var (inputs, targets) = (new double[Rows * 7], new double[Rows * 3]);
        new RandomSequence(1, "inputs", replica).FillNormal(0, inputs);
        new RandomSequence(1, "targets", replica).FillNormal(0, targets);
        return (inputs, targets);
    }

    private static int[] Picks(int replica, long step)
    {
        var picks = new int[8];
        new RandomSequence(1, "batch", replica).FillIndices(step, Rows, picks);
        return picks;
    }

    private static double[] Descend(Mlp network, double[] flat, double[] inputs, double[] targets, int[] picks, double rate)
    {
        var (x, y) = (Ops.Input(picks.Length, 7), Ops.Input(picks.Length, 3));
        var parameters = network.Parameters();
        var error = network.Output(x, parameters) - y;
        var gradients = Transforms.Grad(0.5 / picks.Length * Ops.Sum(error * error), parameters);
        var values = new Dictionary<Sym, double[]>
        {
            [x] = [.. picks.SelectMany(pick => inputs[(pick * 7)..((pick + 1) * 7)])],
            [y] = [.. picks.SelectMany(pick => targets[(pick * 3)..((pick + 1) * 3)])],
        };
        for (var i = 0; i < parameters.Length; i++)
            values[parameters[i]] = network.Layout.Slots[i].Of<double>(flat).ToArray();
        var results = Reference.Evaluate(values, gradients);
        return [.. flat.Zip(results.SelectMany(gradient => gradient), (value, slope) => value - (rate * slope))];
    }
}
