using Understudy.Engine;
using Understudy.Engine.Graphs;
using Understudy.Engine.Plans;
using Understudy.Engine.Random;
using Understudy.Engine.Threading;
using Understudy.Learning.Networks;
using Understudy.Learning.Training;
using Schedule = Understudy.Learning.Training.Schedule;

namespace Understudy.UnitTests.Learning.Training;

/// <summary>Decay, clipping and masks: what stands around the rule of an optimizer.</summary>
public sealed class OptimizerFormTests : IDisposable
{
    private const int Rows = 24;
    private const int Batch = 6;
    private const double Rate = 0.05;
    private const double Decay = 0.1;

    private static readonly Mlp Network = Mlp.LeakyRelu(0.2, 4, 6, 3);

    private readonly Team _team = new(1);

    [Fact]
    public void Three_steps_of_AdamW_are_those_computed_by_hand()
    {
        // gradient 2 at every step: the corrected moments are 2 and 4 each time, up to rounding, so that a step is -0.1*(2/(2 + 1e-8) + 0.5*theta)
        var (theta, direction) = (1.0, 2 / (2 + 1e-8));
        foreach (var value in Steps(new Optimizer { Rule = OptimizerRule.Adam, WeightDecay = 0.5, DecayForm = DecayForm.Decoupled }, gradients: [2, 2, 2], rate: 0.1))
        {
            theta -= 0.1 * (direction + (0.5 * theta));
            Assert.Equal(theta, value, 12);
        }
    }

    [Fact]
    public void Three_steps_of_Adam_are_those_computed_by_hand()
    {
        // m = 0.1, 0.29, 0.061; over 1 - 0.9^t = 0.1, 0.19, 0.271: 1, 29/19, 61/271
        // v = 0.001, 0.004999, 0.008994001; over 1 - 0.999^t = 0.001, 0.001999, 0.002997001: 1, 4999/1999, 8994001/2997001
        double[] directions = [1 / (1 + 1e-8), 29.0 / 19 / (Math.Sqrt(4999.0 / 1999) + 1e-8), 61.0 / 271 / (Math.Sqrt(8994001.0 / 2997001) + 1e-8)];

        var values = Steps(new Optimizer { Rule = OptimizerRule.Adam }, gradients: [1, 2, -2], rate: 0.01);

        var theta = 1.0;
        for (var step = 0; step < 3; step++)
        {
            theta -= 0.01 * directions[step];
            // 1 - β₂ and 1 - β₂^t carry the rounding of 0.999, 1e-13 of themselves
            Assert.Equal(theta, values[step], 1e-13);
        }
    }

    [Theory]
    [InlineData(OptimizerRule.Sgd)]
    [InlineData(OptimizerRule.Momentum)]
    [InlineData(OptimizerRule.Adam)]
    public void Decoupled_decay_is_a_shrinking_beside_the_step(OptimizerRule rule)
    {
        var optimizer = new Optimizer { Rule = rule };
        var plain = Train(Options(optimizer), 1);
        var start = Parameters(0);

        var decayed = Train(Options(optimizer with { WeightDecay = Decay, DecayForm = DecayForm.Decoupled }), 1);

        for (var i = 0; i < start.Length; i++)
            Assert.Equal(plain[i] - (Rate * Decay * start[i]), decayed[i], 1e-14);
    }

    [Fact]
    public void Without_moments_both_forms_of_decay_are_the_same()
    {
        var optimizer = new Optimizer { WeightDecay = Decay };
        var coupled = Train(Options(optimizer), 30);

        var decoupled = Train(Options(optimizer with { DecayForm = DecayForm.Decoupled }), 30);

        for (var i = 0; i < coupled.Length; i++)
            Assert.Equal(coupled[i], decoupled[i], 1e-13);
        Assert.NotEqual(coupled, Train(Options(Optimizer.Descent), 30));
    }

    [Theory]
    [InlineData(DecayedParameters.Weights, DecayForm.Coupled)]
    [InlineData(DecayedParameters.Vectors, DecayForm.Coupled)]
    [InlineData(DecayedParameters.Weights, DecayForm.Decoupled)]
    [InlineData(DecayedParameters.Vectors, DecayForm.Decoupled)]
    public void Only_chosen_parameters_decay(DecayedParameters chosen, DecayForm form)
    {
        var optimizer = new Optimizer { Rule = OptimizerRule.Momentum, DecayForm = form, Decayed = chosen };
        var plain = Train(Options(optimizer), 1);

        var decayed = Train(Options(optimizer with { WeightDecay = Decay }), 1);

        foreach (var slot in Network.Layout.Slots)
        {
            var isChosen = slot.Shape.Rank > 1 == (chosen == DecayedParameters.Weights);
            Assert.Equal(!isChosen, slot.Of<double>(plain).SequenceEqual(slot.Of<double>(decayed)));
        }
    }

    [Fact]
    public void A_decay_that_is_set_is_the_one_that_was_compiled()
    {
        var optimizer = new Optimizer { Rule = OptimizerRule.Adam, DecayForm = DecayForm.Decoupled };
        using var plan = Prepared(Options(optimizer) with { HasOwnDecay = true, Replicas = 2 });
        plan.SetWeightDecay(1, Decay);

        plan.Run(0, 10, _team);

        Assert.Equal(Train(Options(optimizer), 10), Read(plan, 0));
        var expected = Train(Options(optimizer with { WeightDecay = Decay }), 10, replica: 1);
        Assert.Equal(expected, Read(plan, 1), (a, b) => Math.Abs(a - b) < 1e-14);
    }

    [Fact]
    public void A_clipped_gradient_has_the_length_of_the_limit_and_a_short_one_its_bits()
    {
        var (start, plain) = (Parameters(0), Train(Options(Optimizer.Descent), 1));
        var length = Length(start, plain) / Rate;

        var clipped = Train(Options(new Optimizer { ClipNorm = length / 3 }), 1);

        for (var i = 0; i < start.Length; i++)
            Assert.Equal((plain[i] - start[i]) / 3, clipped[i] - start[i], 1e-14);
        Assert.Equal(plain, Train(Options(new Optimizer { ClipNorm = length * 1.01 }), 1));
    }

    [Fact]
    public void A_gradient_of_zero_is_not_clipped()
        => Assert.Equal([1.0, 1.0], Steps(new Optimizer { ClipNorm = 1 }, gradients: [0, 0], rate: 0.1));

    [Theory]
    [InlineData(OptimizerRule.Sgd, DType.F32)]
    [InlineData(OptimizerRule.Momentum, DType.F32)]
    [InlineData(OptimizerRule.Adam, DType.F64)]
    public void Masked_parameters_stay_at_zero_and_the_others_train_as_a_network_without_them(OptimizerRule rule, DType precision)
    {
        var optimizer = new Optimizer { Rule = rule, WeightDecay = Decay };
        using var plan = Prepared(Options(optimizer) with { HasMask = true, Replicas = 2, Precision = precision });
        plan.Run(0, 20, _team);
        var state = new double[plan.OptimizerCount];
        plan.GetOptimizer(0, state);
        bool[] isKept = [.. Enumerable.Range(0, plan.ParameterCount).Select(i => i % 3 != 0)];
        plan.SetMask(0, isKept);
        // a point from before the mask
        plan.SetParameters(0, Parameters(0));
        plan.SetOptimizer(0, state);

        plan.Run(20, 20, _team);

        var (masked, free) = (Read(plan, 0), Read(plan, 1));
        for (var i = 0; i < masked.Length; i++)
            Assert.Equal(isKept[i], masked[i] != 0);
        Assert.Equal(free, Train(Options(optimizer) with { Precision = precision }, 40, replica: 1));
    }

    [Theory]
    [InlineData(-1, 0)]
    [InlineData(0, -0.1)]
    public void Numbers_outside_of_their_range_are_named(double clip, double decay)
        => Assert.Contains(
            clip < 0 ? "ClipNorm (-1) must not be negative." : "WeightDecay (-0.1) must not be negative.",
            Assert.Throws<ArgumentException>(() => TrainPlan.Compile(Options(new Optimizer { ClipNorm = clip, WeightDecay = decay }))).Message,
            StringComparison.Ordinal);

    [Fact]
    public void A_scheduled_run_has_the_bits_of_its_rates_one_by_one()
    {
        var course = Schedule.Parse("cat(const(0.05,1ep),lin(0.05,0.01,1ep),0.01)").Over(30, 10);
        using var byHand = Prepared(Options(Optimizer.Descent));
        using var scheduled = Prepared(Options(Optimizer.Descent));
        for (var step = 0; step < 30; step++)
        {
            byHand.SetLearningRate(0, course.At(step));
            byHand.Run(step, 1, _team);
        }

        Assert.Equal(30, scheduled.Run(0, 30, course, _team));

        Assert.Equal(Read(byHand, 0), Read(scheduled, 0));
        Assert.Equal(30, scheduled.Status(0).Step);
    }

    [Fact]
    public void A_constant_schedule_changes_no_bit()
    {
        using var scheduled = Prepared(Options(Optimizer.Descent));

        scheduled.Run(0, 40, Schedule.Constant(Rate).Over(40, 4), _team);

        Assert.Equal(Train(Options(Optimizer.Descent), 40), Read(scheduled, 0));
    }

    public void Dispose() => _team.Dispose();

    /// <summary>One parameter that starts at 1, moved by given gradients.</summary>
    private double[] Steps(Optimizer optimizer, double[] gradients, double rate)
    {
        var (theta, gradient, descent) = (Ops.Input("theta", new Shape(1)), Ops.Input("gradient", new Shape(1)), Ops.Input("descent", Shape.Scalar));
        var step = new OptimizerStep(optimizer, descent);
        var next = step.Next(theta, step.Clipped([gradient])[0]);
        using var plan = ReplicaPlan.Compile(new ReplicaProgram { Updates = [.. step.Updates, new Update(theta, next)], Kept = [gradient] }, 1, DType.F64);
        new CarriedStates(plan, [.. step.Carried]).Begin(0);
        plan.Write(theta, 0, [1]);
        plan.Write(descent, 0, [-rate]);
        var values = new double[gradients.Length];
        for (var i = 0; i < gradients.Length; i++)
        {
            plan.Write(gradient, 0, [gradients[i]]);
            ReplicaPlan.RunAll([plan], i, 1, _team);
            plan.Read(theta, 0, values.AsSpan(i, 1));
        }

        return values;
    }

    private static TrainOptions Options(Optimizer optimizer) => new() { Student = Network, Optimizer = optimizer, Batch = Batch, Precision = DType.F64 };

    private double[] Train(TrainOptions options, int steps, int replica = 0)
    {
        using var plan = Prepared(options, replica);
        plan.Run(0, steps, _team);
        return Read(plan, 0);
    }

    private static TrainPlan Prepared(TrainOptions options, int first = 0)
    {
        var plan = TrainPlan.Compile(options);
        for (var place = 0; place < options.Replicas; place++)
        {
            plan.SetParameters(place, Parameters(first + place));
            plan.SetLearningRate(place, Rate);
            plan.SetSamples(place, plan.AddTable(Normal("inputs", first + place, Rows * 4), 4), plan.AddTable(Normal("targets", first + place, Rows * 3), 3));
            plan.SetBatches(place, new RandomSequence(1, "batch", first + place));
        }

        return plan;
    }

    private static double[] Read(TrainPlan plan, int replica)
    {
        var flat = new double[plan.ParameterCount];
        plan.GetParameters(replica, flat);
        return flat;
    }

    private static double Length(double[] from, double[] to) => Math.Sqrt(from.Zip(to, (a, b) => (a - b) * (a - b)).Sum());

    private static double[] Parameters(int replica) => [.. Normal("init", replica, Network.Layout.Count).Select(value => 0.5 * value)];

    private static double[] Normal(string purpose, int replica, int count)
    {
        var values = new double[count];
        new RandomSequence(1, purpose, replica).FillNormal(0, values);
        return values;
    }
}
