using Understudy.Engine.Random;
using Understudy.Engine.Threading;
using Understudy.Learning.OnlineLearning;

namespace Understudy.UnitTests.Learning.OnlineLearning;

public class OnlineSimulationTests
{
    private static readonly OnlineLearningOptions Everything = new() { OutputLearningRate = 0.4, Noise = 0.2, WeightDecay = 0.01 };

    [Fact]
    public void A_simulation_goes_on_from_any_step_to_the_same_bits()
    {
        var (whole, first, second) = (Simulation(Everything, 0), Simulation(Everything, 0), Simulation(Everything, 0));

        whole.Run(700, CancellationToken.None);
        first.Run(333, CancellationToken.None);
        second.Restore(first.Step, first.Student.Weights, first.Student.FanOut);
        second.Run(700, CancellationToken.None);

        Assert.Equal(whole.Student.Weights, second.Student.Weights);
        Assert.Equal(whole.Student.FanOut, second.Student.FanOut);
        Assert.NotEqual(whole.Student.Weights, first.Student.Weights);
    }

    [Fact]
    public void Threads_do_not_change_what_is_learned()
    {
        using var team = new Team(3);
        OnlineSimulation[] together = [.. Enumerable.Range(0, 4).Select(seed => Simulation(Everything, seed))];

        Assert.True(OnlineSimulation.RunAll(together, 500, team, CancellationToken.None));

        for (var seed = 0; seed < together.Length; seed++)
        {
            var alone = Simulation(Everything, seed);
            alone.Run(500, CancellationToken.None);
            Assert.Equal(alone.Student.Weights, together[seed].Student.Weights);
        }
    }

    [Fact]
    public void A_cancelled_simulation_stops_early()
    {
        using var team = new Team(1);
        var simulation = Simulation(Everything, 0);

        Assert.False(OnlineSimulation.RunAll([simulation], 500, team, new CancellationToken(canceled: true)));

        Assert.Equal(0, simulation.Step);
    }

    [Theory]
    [InlineData(FieldActivation.Erf)]
    [InlineData(FieldActivation.Relu)]
    [InlineData(FieldActivation.Linear)]
    public void A_step_is_the_gradient_of_half_the_squared_error(FieldActivation activation)
    {
        // one sample: the change of a weight over its rate is the slope of ½(φ − φ*)², found here by differences
        var options = new OnlineLearningOptions { Activation = activation, LearningRate = 1, OutputLearningRate = 1 };
        var (teacher, student) = (Network(7, 2, "test/teacher", 0), Network(7, 3, "test/student", 0));
        var before = Network(7, 3, "test/student", 0);
        var sample = new float[8];
        var random = new RandomSequence(2, "test/samples");
        random.FillNormal(0, sample);

        new OnlineSimulation(options, teacher, student, random).Run(1, CancellationToken.None);

        for (var at = 0; at < before.Weights.Length; at++)
            Assert.Equal(Slope(by => before.Weights[at] += (float)by, 1 / 128.0), before.Weights[at] - student.Weights[at], 2e-4);
        for (var k = 0; k < 3; k++)
            Assert.Equal(Slope(by => before.FanOut[k] += by, 1e-4) / 7, before.FanOut[k] - student.FanOut[k], 1e-6);

        double Slope(Action<double> move, double by)
        {
            move(by);
            var up = Loss();
            move(-2 * by);
            var down = Loss();
            move(by);
            return (up - down) / (2 * by);
        }

        double Loss()
        {
            var error = Output(activation, before, sample) - Output(activation, teacher, sample);
            return error * error / 2;
        }
    }

    [Fact]
    public void Large_networks_follow_the_equations()
    {
        var simulation = Simulation(new OnlineLearningOptions(), 1, inputs: 2000);
        var flow = new OrderParameterFlow(new OnlineLearningOptions(), simulation.Measure());

        simulation.Run(2000 * 2, CancellationToken.None);
        flow.AdvanceTo(2);

        // fluctuations are of the order 1/√N = 0.022
        Assert.Equal(flow.Now.R.ToArray(), simulation.Measure().R.ToArray(), EqualityComparer<double>.Create((x, y) => Math.Abs(x - y) < 0.1, _ => 0));
        Assert.InRange(simulation.Measure().GeneralizationError(FieldActivation.Erf) / flow.Now.GeneralizationError(FieldActivation.Erf), 0.9, 1.1);
    }

    private static OnlineSimulation Simulation(OnlineLearningOptions options, int seed, int inputs = 70)
        => new(options, Network(inputs, 2, "test/teacher", seed), Network(inputs, 3, "test/student", seed), new RandomSequence(2, "test/samples", seed));

    private static Committee Network(int inputs, int nodes, string purpose, int seed)
    {
        var network = new Committee(inputs, nodes);
        new RandomSequence(2, purpose, seed).FillNormal(0, network.Weights);
        return network;
    }

    private static double Output(FieldActivation activation, Committee network, float[] x)
    {
        var output = 0.0;
        for (var k = 0; k < network.Nodes; k++)
        {
            var field = 0.0;
            for (var i = 0; i < network.Inputs; i++)
                field += network.Weight(k)[i] * (double)x[i];
            output += network.FanOut[k] * GaussianIntegralsTests.Value(activation, field / Math.Sqrt(network.Inputs));
        }

        return output;
    }
}
