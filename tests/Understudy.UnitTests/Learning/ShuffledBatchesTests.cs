using Understudy.Engine;
using Understudy.Engine.Random;
using Understudy.Engine.Threading;
using Understudy.Learning.Networks;
using Understudy.Learning.Training;

namespace Understudy.UnitTests.Learning;

public class ShuffledBatchesTests
{
    private const int Batch = 5;

    // row i is the i-th unit vector, so that weight i moves when row i is in the batch, and at no other time
    [Fact]
    public void An_epoch_takes_every_row_at_most_once_and_drops_the_incomplete_batch()
    {
        const int Rows = 37;
        using var team = new Team(1);
        var left = new List<int[]>();
        for (var epoch = 0; epoch < 3; epoch++)
        {
            using var plan = UnitRows(Rows);
            var weights = new double[plan.ParameterCount];
            for (var step = 0; step < Rows / Batch; step++)
            {
                plan.Run((epoch * (Rows / Batch)) + step, 1, team);
                plan.GetParameters(0, weights);
                Assert.Equal(Batch * (step + 1), weights[..Rows].Count(weight => weight != 0));
            }

            left.Add([.. Enumerable.Range(0, Rows).Where(row => weights[row] == 0)]);
        }

        Assert.All(left, rows => Assert.Equal(Rows % Batch, rows.Length));
        Assert.Equal(3, left.DistinctBy(rows => string.Join(",", rows)).Count());
    }

    [Fact]
    public void A_resumed_run_finds_the_order_of_an_interrupted_epoch_again()
    {
        using var team = new Team(1);

        var whole = Train([0, 1, 2], team, 100);

        // neither 33 nor 67 is the end of an epoch of any replica, and the second plan starts from parameters alone
        Assert.Equal(whole, Train([0, 1, 2], team, 33, 34, 33));
    }

    [Fact]
    public void Other_replicas_and_threads_change_no_bit()
    {
        using var one = new Team(1);
        using var three = new Team(3);
        int[] crowd = [.. Enumerable.Range(0, 21)];

        var trained = Train(crowd, one, 60);

        Assert.Equal(trained, Train(crowd, three, 60));
        foreach (var replica in new[] { 0, 9, 20 })
            Assert.Equal(trained[replica], Train([replica], one, 60)[0]);
    }

    [Fact]
    public void Plans_with_steps_of_their_own_do_what_they_do_alone()
    {
        using var team = new Team(2);
        using var first = Prepared([0, 1]);
        using var second = Prepared([2]);

        Assert.True(TrainPlan.RunAll([(first, 0, 40), (second, 0, 700)], team, TestContext.Current.CancellationToken));

        Assert.Equal(Train([0, 1], team, 40), Read(first));
        Assert.Equal(Train([2], team, 700), Read(second));
        Assert.Equal(40, first.Status(0).Step);
        Assert.Equal(700, second.Status(0).Step);
    }

    [Fact]
    public void A_cancelled_plan_says_that_it_is_not_done()
    {
        using var team = new Team(1);
        using var stop = new CancellationTokenSource();
        using var plan = Prepared([0]);
        stop.Cancel();

        Assert.False(TrainPlan.RunAll([(plan, 0, 10)], team, stop.Token));
    }

    [Fact]
    public void A_batch_larger_than_the_training_set_is_refused()
    {
        using var plan = TrainPlan.Compile(new TrainOptions { Student = Mlp.Relu(2, 2), Batch = Batch, Source = BatchSource.Shuffled });
        var (inputs, targets) = (plan.AddTable(new float[8], 2), plan.AddTable(new float[8], 2));

        var error = Assert.Throws<ArgumentException>(() => plan.SetSamples(0, inputs, targets));

        Assert.StartsWith("A shuffled batch of 5 rows needs at least as many rows, but the tables have 4.", error.Message, StringComparison.Ordinal);
    }

    private static TrainPlan UnitRows(int rows)
    {
        var plan = TrainPlan.Compile(new TrainOptions { Student = Mlp.Relu(rows, 1), Batch = Batch, Source = BatchSource.Shuffled, Precision = DType.F64 });
        var (inputs, targets) = (new double[rows * rows], new double[rows]);
        for (var row = 0; row < rows; row++)
            (inputs[(row * rows) + row], targets[row]) = (1, 1 + row);
        plan.SetParameters(0, new double[plan.ParameterCount]);
        plan.SetSamples(0, plan.AddTable(inputs, rows), plan.AddTable(targets, 1));
        plan.SetBatches(0, new RandomSequence(1, "test/batch"));
        plan.SetLearningRate(0, 0.001);
        return plan;
    }

    private static double[][] Train(int[] replicas, Team team, params int[] steps)
    {
        var parameters = replicas.Select(Initial).ToArray();
        long at = 0;
        foreach (var count in steps)
        {
            using var plan = Prepared(replicas);
            for (var i = 0; i < replicas.Length; i++)
                plan.SetParameters(i, parameters[i]);
            at = plan.Run(at, count, team);
            parameters = Read(plan);
        }

        return parameters;
    }

    /// <summary>Replicas with training sets of different sizes, so that their epochs end at different steps.</summary>
    private static TrainPlan Prepared(int[] replicas)
    {
        var plan = TrainPlan.Compile(new TrainOptions { Student = Mlp.Relu(4, 6, 3), Batch = Batch, Replicas = replicas.Length, Source = BatchSource.Shuffled });
        for (var i = 0; i < replicas.Length; i++)
        {
            var rows = 22 + (7 * replicas[i]);
            var (inputs, targets) = (new double[rows * 4], new double[rows * 3]);
            new RandomSequence(1, "test/inputs", replicas[i]).FillNormal(0, inputs);
            new RandomSequence(1, "test/targets", replicas[i]).FillNormal(0, targets);
            plan.SetParameters(i, Initial(replicas[i]));
            plan.SetSamples(i, plan.AddTable(inputs, 4), plan.AddTable(targets, 3));
            plan.SetBatches(i, new RandomSequence(1, "test/batch", replicas[i]));
            plan.SetLearningRate(i, 0.05);
        }

        return plan;
    }

    private static double[] Initial(int replica)
    {
        var flat = new double[Mlp.Relu(4, 6, 3).Layout.Count];
        new RandomSequence(1, "test/init", replica).FillNormal(0, flat);
        return flat;
    }

    private static double[][] Read(TrainPlan plan) => [.. Enumerable.Range(0, plan.Replicas).Select(replica =>
    {
        var flat = new double[plan.ParameterCount];
        plan.GetParameters(replica, flat);
        return flat;
    })];
}
