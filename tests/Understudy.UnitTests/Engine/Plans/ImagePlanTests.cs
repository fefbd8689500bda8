using Understudy.Engine;
using Understudy.Engine.Graphs;
using Understudy.Engine.Plans;
using Understudy.Engine.Threading;

namespace Understudy.UnitTests.Engine.Plans;

/// <summary>Plans whose values are large enough to be shared out, and rows that are repeated over images.</summary>
public class ImagePlanTests
{
    [Fact]
    public void A_row_that_is_repeated_is_the_same_wherever_else_it_is_read()
        => Property.Holds(40, draw =>
        {
            // divisors of a strip and others, read by groups alone, or by a product, a reduction or the caller too
            int rows = 200 + draw.Index(400), columns = new[] { 1, 2, 3, 8, 16, 64, 100 }[draw.Index(7)];
            var (x, row, column) = (Ops.Input(rows, columns), Ops.Input(columns), Ops.Input(rows));
            var repeated = Ops.BroadcastTo(row, new Shape(rows, columns));
            var along = Ops.BroadcastAlong(column, 1, columns);
            var z = Ops.Tanh(x * repeated) - (along * repeated);
            var view = Ops.Reshape(repeated, new Shape(rows * columns)) * Ops.Reshape(x, new Shape(rows * columns));
            Sym[] all = [z, view, Ops.Sum(z, 0), Ops.MatMul(repeated, x, transposeLeft: true), Ops.Sum(repeated, 1), repeated];
            Sym[] outputs = [.. all.Where(_ => draw.Coin()), z + 0.5];
            var values = new[] { x, row, column }.ToDictionary(input => input, input => draw.Normal(input.Shape.Count));
            var expected = Reference.Evaluate(values, outputs);
            using var team = new Team(2);
            foreach (var one in new[] { null, team })
            {
                using var plan = Plan.Compile(outputs, new PlanOptions { Precision = DType.F64, Team = one, Poison = true });
                foreach (var (input, numbers) in values)
                    plan.Write(input, numbers);
                plan.Run();
                for (var i = 0; i < outputs.Length; i++)
                {
                    var actual = new double[outputs[i].Shape.Count];
                    plan.Read(i, actual);
                    PlanTests.Close(expected[i], actual, 1e-11, $"value {i} of {rows} x {columns}");
                }
            }
        });

    [Fact]
    public void A_network_for_images_has_the_same_bits_on_any_team_and_allocates_nothing()
    {
        var expected = Gradients(null);
        foreach (var threads in new[] { 2, 3 })
        {
            using var team = new Team(threads);
            Assert.Equal(expected, Gradients(team));
        }
    }

    [Theory]
    [InlineData(16)]
    [InlineData(24)]
    [InlineData(128)]
    public void Batch_normalization_has_the_same_bits_in_and_out_of_memory_alone_and_in_lanes(int channels)
    {
        var (x, scale, shift) = (Ops.Input(4, 8, 9, channels), Ops.Input(channels), Ops.Input(channels));
        var loss = Ops.Sum(Ops.Square(Ops.Rectify(Ops.BatchNorm(Ops.Tanh(x), scale, shift))));
        var gradients = Transforms.Grad(loss, x, scale, shift);
        Sym[] states = [x, scale, shift];
        Update[] updates = [.. states.Select((state, i) => new Update(state, Ops.ScaledAdd(state, Ops.Constant(-0.01), gradients[i])))];
        var draw = new Draw(channels);
        var values = Array.ConvertAll(states, state => draw.Normal(state.Shape.Count));
        double[][] Step(ReplicaLayout layout, int smallestFused)
        {
            using var team = new Team(1);
            using var plan = ReplicaPlan.Compile(new ReplicaProgram { Updates = updates }, 1, DType.F32, layout, poison: true, smallestFused);
            for (var i = 0; i < states.Length; i++)
                plan.Write(states[i], 0, values[i]);
            ReplicaPlan.RunAll([plan], 0, 2, team);
            Assert.Equal(smallestFused == 1 && 1024 % channels == 0, plan.Explain().Contains("sum(s) of rows", StringComparison.Ordinal));
            var results = Array.ConvertAll(values, value => new double[value.Length]);
            for (var i = 0; i < states.Length; i++)
                plan.Read(states[i], 0, results[i]);
            return results;
        }

        var expected = Step(ReplicaLayout.Alone, int.MaxValue);

        Assert.Equal(expected, Step(ReplicaLayout.Alone, 1));
        Assert.Equal(expected, Step(ReplicaLayout.Lanes, 1));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(8)]
    [InlineData(20)]
    public void A_pool_passes_on_what_is_not_a_number(int channels)
    {
        var x = Ops.Input(1, 2, 4, channels);
        var pooled = Ops.MaxPool(x, 2);
        double[] left = [1, double.NaN, 3, double.NaN], right = [2, -1, double.NegativeInfinity, 2];
        var values = new double[8 * channels];
        for (var i = 0; i < values.Length; i++)
        {
            var (pixel, place) = (i / channels, (i / channels / 4 * 2) + (i / channels % 2));
            values[i] = pixel % 4 < 2 ? left[place] : right[place];
        }

        foreach (var precision in new[] { DType.F32, DType.F64 })
        {
            using var plan = Plan.Compile([pooled], new PlanOptions { Precision = precision });
            plan.Write(x, values);
            plan.Run();
            var result = new double[2 * channels];
            plan.Read(0, result);
            Assert.All(result[..channels], value => Assert.True(double.IsNaN(value)));
            Assert.All(result[channels..], value => Assert.Equal(2, value));
        }

        Assert.True(double.IsNaN(Reference.Evaluate(new Dictionary<Sym, double[]> { [x] = values }, pooled)[0][0]));
    }

    private static double[] Gradients(Team? team)
    {
        var draw = new Draw(5);
        var (x, kernel, bias) = (Ops.Input(40, 16, 16, 8), Ops.Input(3, 3, 8, 24), Ops.Input(24));
        var (scale, shift) = (Ops.Input(24), Ops.Input(24));
        var hidden = Ops.MaxPool(Ops.Rectify(Ops.BatchNorm(Ops.Convolve(x, kernel, padding: 1) + bias, scale, shift)), 2);
        using var plan = Plan.Compile(Transforms.Grad(Ops.Sum(Ops.Square(hidden)), x, kernel, scale, shift), new PlanOptions { Team = team });
        foreach (var input in new[] { x, kernel, bias, scale, shift })
            plan.Write(input, draw.Normal(input.Shape.Count));
        plan.Run();
        var results = new List<double>();
        foreach (var (i, input) in new[] { x, kernel, scale, shift }.Index())
        {
            var values = new double[input.Shape.Count];
            plan.Read(i, values);
            results.AddRange(values);
        }

        var before = GC.GetAllocatedBytesForCurrentThread();
        plan.Run();
        Assert.Equal(before, GC.GetAllocatedBytesForCurrentThread());
        return [.. results];
    }
}
