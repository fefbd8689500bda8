using System.Globalization;
using Understudy.Engine;
using Understudy.Engine.Graphs;
using Understudy.Engine.Plans;
using Understudy.Engine.Threading;

namespace Understudy.UnitTests.Engine.Plans;

/// <summary>Laws on random graphs with random updates. UNDERSTUDY_PLAN_CASES sets how many are tried.</summary>
public class PlanLawTests
{
    private static readonly int Cases = int.TryParse(
        Environment.GetEnvironmentVariable("UNDERSTUDY_PLAN_CASES"), CultureInfo.InvariantCulture, out var cases) ? cases : 120;

    [Fact]
    public void A_plan_gives_what_the_reference_gives()
        => Property.Holds(Cases, draw =>
        {
            var graph = RandomGraph.Of(draw);
            var values = graph.Values();
            var expected = Reference.Evaluate(values, [.. graph.Outputs, .. graph.Updates.Select(update => update.Next)]);

            var actual = Run(graph, values, new PlanOptions { Precision = DType.F64, Updates = graph.Updates });

            for (var i = 0; i < expected.Length; i++)
                PlanTests.Close(expected[i], actual[i], 1e-10, $"value {i}");
        });

    [Fact]
    public void What_memory_held_before_and_using_it_again_change_no_bit()
        => Property.Holds(Cases, draw =>
        {
            var graph = RandomGraph.Of(draw);
            var values = graph.Values();
            var options = new PlanOptions { Updates = graph.Updates };

            var apart = Run(graph, values, options with { ReuseBuffers = false });

            SameBits(apart, Run(graph, values, options));
            SameBits(apart, Run(graph, values, options with { Poison = true }));
            SameBits(apart, Run(graph, values, options with { Poison = true, ReuseBuffers = false }));
            SameBits(apart, Run(graph, values, options with { Poison = true, SmallestFused = 1 }));
        });

    [Fact]
    public void Keeping_values_out_of_memory_changes_no_bit()
        => Property.Holds(Cases, draw =>
        {
            var graph = RandomGraph.Of(draw, largest: draw.Coin() ? 9 : 40);
            var values = graph.Values();
            var options = new PlanOptions { Updates = graph.Updates, Poison = true };

            SameBits(Run(graph, values, options with { SmallestFused = int.MaxValue }), Run(graph, values, options with { SmallestFused = 1 }));
        });

    [Fact]
    public void Running_twice_gives_the_same_twice()
        => Property.Holds(Cases, draw =>
        {
            var graph = RandomGraph.Of(draw);
            var values = graph.Values();
            using var plan = Plan.Compile(graph.Outputs, new PlanOptions { Updates = graph.Updates, Poison = true });
            Write(plan, values);
            plan.Run();
            var once = Results(plan, graph);
            Write(plan, graph.Values());
            plan.Run();
            Write(plan, values);
            plan.Run();

            SameBits(once, Results(plan, graph));
        });

    [Fact]
    public void What_is_asked_for_changes_no_bit_of_a_state()
        => Property.Holds(Cases, draw =>
        {
            var graph = RandomGraph.Of(draw);
            var values = graph.Values();
            double[][] States(Sym[] outputs)
            {
                using var plan = Plan.Compile(outputs, new PlanOptions { Updates = graph.Updates });
                Write(plan, values);
                plan.Run();
                return Results(plan, graph)[graph.Outputs.Length..];
            }

            var expected = States(graph.Outputs);

            SameBits(expected, States([.. graph.Outputs, .. graph.Updates.Select(update => update.Next)]));
            SameBits(expected, States([.. graph.Outputs, .. Canonical.TopologicalOrder(graph.Outputs).Where(_ => draw.Coin())]));
        });

    [Theory]
    [InlineData(2)]
    [InlineData(3)]
    public void Threads_change_no_bit(int threads)
    {
        using var team = new Team(threads);
        Property.Holds(Cases / 20, draw =>
        {
            var graph = RandomGraph.Of(draw, largest: 200);
            var values = graph.Values();
            var options = new PlanOptions { Updates = graph.Updates, SmallestFused = draw.Coin() ? 1 : PlanOptions.Large };

            SameBits(Run(graph, values, options), Run(graph, values, options with { Team = team }));
        });
    }

    [Fact]
    public void Preparing_once_and_applying_often_gives_what_running_gives()
        => Property.Holds(Cases, draw =>
        {
            var graph = RandomGraph.Of(draw);
            var (values, others) = (graph.Values(), graph.Values());
            var varying = graph.Inputs.Where(_ => draw.Coin()).ToArray();
            var mixed = values.ToDictionary(pair => pair.Key, pair => varying.Contains(pair.Key) ? others[pair.Key] : pair.Value);
            using var plan = Plan.Compile(graph.Outputs, new PlanOptions { Precision = DType.F64, Varying = varying, Poison = true, SmallestFused = draw.Coin() ? 1 : PlanOptions.Large });
            Write(plan, values);
            plan.Prepare();
            plan.Apply();
            Write(plan, mixed);
            plan.Apply();
            plan.Apply();
            var applied = Read(plan, graph);
            plan.Run();

            SameBits(Read(plan, graph), applied);
            SameBits(Run(graph, mixed, new PlanOptions { Precision = DType.F64 })[..graph.Outputs.Length], applied);
        });

    [Theory]
    [InlineData(DType.F32)]
    [InlineData(DType.F64)]
    public void A_replica_has_the_bits_it_has_alone(DType precision)
        => Property.Holds(Cases, draw =>
        {
            const int Steps = 3;
            var graph = RandomGraph.Of(draw);
            if (graph.Updates.Length == 0)
                return;
            var values = Enumerable.Range(0, 1 + draw.Index(10)).Select(_ => graph.Values()).ToArray();
            using var team = new Team(1);
            using var together = ReplicaPlan.Compile(
                new ReplicaProgram { Updates = graph.Updates }, values.Length, precision, ReplicaLayout.Lanes, poison: true, smallestFused: draw.Coin() ? 1 : PlanOptions.Large);
            for (var replica = 0; replica < values.Length; replica++)
            {
                foreach (var (input, value) in values[replica])
                    together.Write(input, replica, value);
            }

            ReplicaPlan.RunAll([together], 0, Steps, team);

            using var alone = Plan.Compile([], new PlanOptions { Precision = precision, Updates = graph.Updates });
            for (var replica = 0; replica < values.Length; replica++)
            {
                Write(alone, values[replica]);
                for (var step = 0; step < Steps; step++)
                    alone.Run();
                foreach (var (state, _) in graph.Updates)
                {
                    var (expected, actual) = (new double[state.Shape.Count], new double[state.Shape.Count]);
                    alone.Read(state, expected);
                    together.Read(state, replica, actual);
                    SameBits([expected], [actual]);
                }
            }
        });

    private static double[][] Run(RandomGraph graph, Dictionary<Sym, double[]> values, PlanOptions options)
    {
        using var plan = Plan.Compile(graph.Outputs, options);
        Write(plan, values);
        plan.Run();
        return options.Updates.Count > 0 ? Results(plan, graph) : Read(plan, graph);
    }

    private static void Write(Plan plan, Dictionary<Sym, double[]> values)
    {
        foreach (var (input, value) in values)
            plan.Write(input, value);
    }

    private static double[][] Read(Plan plan, RandomGraph graph)
    {
        var outputs = graph.Outputs.Select(output => new double[output.Shape.Count]).ToArray();
        for (var i = 0; i < outputs.Length; i++)
            plan.Read(i, outputs[i]);
        return outputs;
    }

    private static double[][] Results(Plan plan, RandomGraph graph)
    {
        var states = graph.Updates.Select(update => new double[update.State.Shape.Count]).ToArray();
        for (var i = 0; i < states.Length; i++)
            plan.Read(graph.Updates[i].State, states[i]);
        return [.. Read(plan, graph), .. states];
    }

    private static void SameBits(double[][] expected, double[][] actual)
    {
        for (var i = 0; i < expected.Length; i++)
        {
            for (var k = 0; k < expected[i].Length; k++)
            {
                var isSame = BitConverter.DoubleToInt64Bits(expected[i][k]) == BitConverter.DoubleToInt64Bits(actual[i][k]);
                Assert.True(isSame, $"value {i}, element {k}: {expected[i][k]:R} but {actual[i][k]:R}");
            }
        }
    }
}
