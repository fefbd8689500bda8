using Understudy.Engine;
using Understudy.Engine.Graphs;
using Understudy.Engine.Plans;
using Understudy.Engine.Random;
using Understudy.Engine.Threading;
using Understudy.Learning.Networks;
using Understudy.Learning.Training;

namespace Understudy.UnitTests.Learning;

public sealed class OptimizerTests : IDisposable
{
    private const int Rows = 30;
    private const int Batch = 6;
    private const double Rate = 0.02;

    private static readonly Mlp Network = Mlp.LeakyRelu(0.2, 5, 7, 3);

    private readonly Team _team = new(1);

    public static TheoryData<OptimizerRule, double> Rules => new()
    {
        { OptimizerRule.Sgd, 0.01 },
        { OptimizerRule.Momentum, 0 },
        { OptimizerRule.Momentum, 0.01 },
        { OptimizerRule.Adam, 0 },
        { OptimizerRule.Adam, 0.01 },
    };

    [Theory]
    [MemberData(nameof(Rules))]
    public void Steps_are_those_of_the_formulas(OptimizerRule rule, double decay)
    {
        var optimizer = new Optimizer { Rule = rule, WeightDecay = decay };
        var expected = Parameters(2);
        var (velocity, mean, square) = (new double[expected.Length], new double[expected.Length], new double[expected.Length]);
        for (var step = 1; step <= 6; step++)
        {
            var gradient = Gradient(expected, 2, step - 1);
            for (var i = 0; i < expected.Length; i++)
            {
                var g = gradient[i] + (decay * expected[i]);
                (velocity[i], mean[i], square[i]) = ((0.9 * velocity[i]) + g, (0.9 * mean[i]) + (0.1 * g), (0.999 * square[i]) + (0.001 * g * g));
                expected[i] -= Rate * rule switch
                {
                    OptimizerRule.Momentum => velocity[i],
                    OptimizerRule.Adam => mean[i] / (1 - Math.Pow(0.9, step)) / (Math.Sqrt(square[i] / (1 - Math.Pow(0.999, step))) + 1e-8),
                    _ => g,
                };
            }
        }

        var actual = Train(optimizer, DType.F64, ReplicaLayout.Lanes, [2], 6)[0];

        for (var i = 0; i < expected.Length; i++)
            Assert.Equal(expected[i], actual[i], 1e-11);
    }

    [Theory]
    [MemberData(nameof(Rules))]
    public void Layout_and_company_change_no_bit(OptimizerRule rule, double decay)
    {
        var optimizer = new Optimizer { Rule = rule, WeightDecay = decay };

        var alone = Train(optimizer, DType.F32, ReplicaLayout.Alone, [3], 200)[0];

        Assert.Equal(alone, Train(optimizer, DType.F32, ReplicaLayout.Lanes, [.. Enumerable.Range(0, 11)], 200)[3]);
    }

    [Theory]
    [MemberData(nameof(Rules))]
    public void A_run_that_goes_on_with_its_optimizer_is_the_run_in_one_go(OptimizerRule rule, double decay)
    {
        var optimizer = new Optimizer { Rule = rule, WeightDecay = decay };
        using var first = Prepared(new TrainOptions { Student = Network, Optimizer = optimizer, Batch = Batch }, [1]);
        first.Run(0, 70, _team);
        var (parameters, state) = (new double[first.ParameterCount], new double[first.OptimizerCount]);
        first.GetParameters(0, parameters);
        first.GetOptimizer(0, state);
        using var second = Prepared(new TrainOptions { Student = Network, Optimizer = optimizer, Batch = Batch }, [1]);
        second.SetParameters(0, parameters);
        second.SetOptimizer(0, state);

        second.Run(70, 50, _team);
        second.GetParameters(0, parameters);

        Assert.Equal(Train(optimizer, DType.F32, ReplicaLayout.Automatic, [1], 120)[0], parameters);
        Assert.Equal(rule == OptimizerRule.Sgd, state.Length == 0);
    }

    [Fact]
    public void Plain_descent_is_the_rule_without_an_optimizer()
        => Assert.Equal(
            Train(new Optimizer { Rule = OptimizerRule.Momentum, Momentum = 0 }, DType.F64, ReplicaLayout.Lanes, [5], 40)[0],
            Train(Optimizer.Descent, DType.F64, ReplicaLayout.Lanes, [5], 40)[0].Select(value => value), (a, b) => Math.Abs(a - b) < 1e-13);

    [Fact]
    public void Frozen_biases_stay_and_normalized_hidden_nodes_have_norm_one_without_theirs()
    {
        using var plan = Prepared(new TrainOptions { Student = Network, Batch = Batch, FreezeBiases = true, NormalizeHidden = true, Precision = DType.F64 }, [0]);
        var (before, after) = (Parameters(0), new double[plan.ParameterCount]);

        plan.Run(0, 5, _team);
        plan.GetParameters(0, after);

        foreach (var bias in new[] { 1, 3 })
            Assert.Equal(Network.Layout.Slots[bias].Of<double>(before).ToArray(), Network.Layout.Slots[bias].Of<double>(after).ToArray());
        var weight = Network.Layout.Slots[0].Of<double>(after).ToArray();
        for (var k = 0; k < 7; k++)
            Assert.Equal(1, Enumerable.Range(0, 5).Sum(i => weight[(i * 7) + k] * weight[(i * 7) + k]), 12);
        Assert.NotEqual(Network.Layout.Slots[2].Of<double>(before).ToArray(), Network.Layout.Slots[2].Of<double>(after).ToArray());
    }

    public void Dispose() => _team.Dispose();

    private double[][] Train(Optimizer optimizer, DType precision, ReplicaLayout layout, int[] replicas, int steps)
    {
        using var plan = Prepared(new TrainOptions { Student = Network, Optimizer = optimizer, Batch = Batch, Precision = precision, Layout = layout }, replicas);
        plan.Run(0, steps, _team);
        return [.. replicas.Select((_, place) =>
        {
            var flat = new double[plan.ParameterCount];
            plan.GetParameters(place, flat);
            return flat;
        })];
    }

    private static TrainPlan Prepared(TrainOptions options, int[] replicas)
    {
        var plan = TrainPlan.Compile(options with { Replicas = replicas.Length });
        for (var place = 0; place < replicas.Length; place++)
        {
            var (inputs, targets) = (Normal("inputs", replicas[place], Rows * 5), Normal("targets", replicas[place], Rows * 3));
            plan.SetParameters(place, Parameters(replicas[place]));
            plan.SetLearningRate(place, Rate);
            plan.SetSamples(place, plan.AddTable(inputs, 5), plan.AddTable(targets, 3));
            plan.SetBatches(place, new RandomSequence(1, "batch", replicas[place]));
        }

        return plan;
    }

    private static double[] Parameters(int replica) => [.. Normal("init", replica, Network.Layout.Count).Select(value => 0.5 * value)];

    private static double[] Normal(string purpose, int replica, int count)
    {
        var values = new double[count];
        new RandomSequence(1, purpose, replica).FillNormal(0, values);
        return values;
    }

    private static double[] Gradient(double[] flat, int replica, long step)
    {
        var (inputs, targets, picks) = (Normal("inputs", replica, Rows * 5), Normal("targets", replica, Rows * 3), new int[Batch]);
        new RandomSequence(1, "batch", replica).FillIndices(step, Rows, picks);
        var (x, y) = (Ops.Input(Batch, 5), Ops.Input(Batch, 3));
        var parameters = Network.Parameters();
        var error = Network.Output(x, parameters) - y;
        var gradients = Transforms.Grad(0.5 / Batch * Ops.Sum(error * error), parameters);
        var values = new Dictionary<Sym, double[]>
        {
            [x] = [.. picks.SelectMany(pick => inputs[(pick * 5)..((pick + 1) * 5)])],
            [y] = [.. picks.SelectMany(pick => targets[(pick * 3)..((pick + 1) * 3)])],
        };
        for (var i = 0; i < parameters.Length; i++)
            values[parameters[i]] = Network.Layout.Slots[i].Of<double>(flat).ToArray();
        return [.. Reference.Evaluate(values, gradients).SelectMany(gradient => gradient)];
    }
}
