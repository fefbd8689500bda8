using Understudy.Engine;
using Understudy.Engine.Graphs;
using Understudy.Engine.Plans;
using Understudy.Engine.Threading;

namespace Understudy.UnitTests.Engine.Plans;

/// <summary>Plans that were asked for Winograd's algorithm.</summary>
public class WinogradPlanTests
{
    private const int Images = 6;

    // the first has too few channels and the third a stride: both stay direct
    private static readonly (int Channels, int Filters, int Stride)[] Layers = [(3, 17, 1), (17, 16, 1), (16, 18, 2), (18, 16, 1)];

    [Fact]
    public void A_plan_explains_what_is_computed_how()
    {
        var (_, updates) = Step();
        using var asked = Plan.Compile([], new PlanOptions { Updates = updates, Convolution = ConvolutionAlgorithm.Winograd });
        using var other = Plan.Compile([], new PlanOptions { Updates = updates });

        var sums = asked.Explain().Split('\n').Where(line => line.Contains("Convolve", StringComparison.Ordinal)).ToArray();

        // four convolutions and their gradients, but for that by the images of the first
        Assert.Equal(11, sums.Length);
        Assert.Equal(6, sums.Count(line => line.EndsWith(", Winograd", StringComparison.Ordinal)));
        Assert.Equal(5, sums.Count(line => line.EndsWith(", direct", StringComparison.Ordinal)));
        Assert.Equal(2, sums.Count(line => line.Contains("+ bias, Rectify, Winograd", StringComparison.Ordinal)));
        Assert.DoesNotContain("direct", other.Explain(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(DType.F32, 1e-4)]
    [InlineData(DType.F64, 1e-12)]
    public void A_step_is_close_to_a_direct_one(DType precision, double tolerance)
    {
        var (inputs, updates) = Step();
        var direct = Run(inputs, updates, new PlanOptions { Precision = precision });

        var winograd = Run(inputs, updates, new PlanOptions { Precision = precision, Convolution = ConvolutionAlgorithm.Winograd });

        for (var i = 0; i < inputs.Length; i++)
            PlanTests.Close(direct[i], winograd[i], tolerance, $"input {i}");
        Assert.NotEqual(direct, winograd);
    }

    [Fact]
    public void A_step_has_the_same_bits_on_any_team_and_allocates_nothing()
    {
        var (inputs, updates) = Step();
        var options = new PlanOptions { Convolution = ConvolutionAlgorithm.Winograd, Poison = true };
        var expected = Run(inputs, updates, options);
        foreach (var threads in new[] { 2, 3 })
        {
            using var team = new Team(threads);
            Assert.Equal(expected, Run(inputs, updates, options with { Team = team }));
        }
    }

    [Theory]
    [InlineData(DType.F32)]
    [InlineData(DType.F64)]
    public void A_replica_in_lanes_has_the_bits_it_has_alone(DType precision)
    {
        var (inputs, updates) = Step();
        var program = new ReplicaProgram { Updates = updates, Convolution = ConvolutionAlgorithm.Winograd };
        var results = new List<double[]>();
        foreach (var layout in new[] { ReplicaLayout.Lanes, ReplicaLayout.Alone })
        {
            using var team = new Team(1);
            using var plan = ReplicaPlan.Compile(program, 2, precision, layout, poison: true);
            var draw = new Draw(3);
            for (var replica = 0; replica < 2; replica++)
            {
                foreach (var input in inputs)
                    plan.Write(input, replica, Scaled(draw, input));
            }

            ReplicaPlan.RunAll([plan], 0, 2, team);
            var values = new double[inputs[2].Shape.Count];
            plan.Read(inputs[2], 1, values);
            results.Add(values);
        }

        Assert.Equal(results[1], results[0]);
    }

    [Fact]
    public void Second_derivatives_are_close_to_direct_ones()
    {
        var (inputs, _) = Step();
        var parameters = inputs[1..];
        Sym[] directions = [.. parameters.Select(parameter => Ops.Input(parameter.Shape))];
        var products = Transforms.Hvp(Loss(inputs[0], parameters, z => Ops.Tanh(z)), parameters, directions);
        double[][] Products(ConvolutionAlgorithm algorithm)
        {
            using var plan = Plan.Compile(products, new PlanOptions { Precision = DType.F64, Convolution = algorithm });
            var draw = new Draw(4);
            foreach (var input in inputs.Concat(directions))
                plan.Write(input, Scaled(draw, input));
            plan.Run();
            var values = Array.ConvertAll(products, product => new double[product.Shape.Count]);
            for (var i = 0; i < values.Length; i++)
                plan.Read(i, values[i]);
            return values;
        }

        var (direct, winograd) = (Products(ConvolutionAlgorithm.Direct), Products(ConvolutionAlgorithm.Winograd));

        for (var i = 0; i < products.Length; i++)
            PlanTests.Close(direct[i], winograd[i], 1e-12, $"parameter {i}");
    }

    private static (Sym[] Inputs, Update[] Updates) Step()
    {
        var parameters = Layers.SelectMany(layer => new[] { Ops.Input(3, 3, layer.Channels, layer.Filters), Ops.Input(layer.Filters) }).ToArray();
        var x = Ops.Input(Images, 9, 8, Layers[0].Channels);
        var gradients = Transforms.Grad(Loss(x, parameters, z => Ops.Rectify(z, 0.1)), parameters);
        var rate = Ops.Constant(-0.1);
        return ([x, .. parameters], [.. parameters.Select((parameter, i) => new Update(parameter, Ops.ScaledAdd(parameter, rate, gradients[i])))]);
    }

    private static Sym Loss(Sym x, Sym[] parameters, Func<Sym, Sym> activation)
    {
        for (var i = 0; i < Layers.Length; i++)
            x = activation(Ops.Convolve(x, parameters[2 * i], Layers[i].Stride, padding: 1) + parameters[(2 * i) + 1]);
        return 0.5 / Images * Ops.Sum(Ops.Square(x));
    }

    private static double[][] Run(Sym[] inputs, Update[] updates, PlanOptions options)
    {
        using var plan = Plan.Compile([], options with { Updates = updates });
        var draw = new Draw(2);
        foreach (var input in inputs)
            plan.Write(input, Scaled(draw, input));
        plan.Run();
        var before = GC.GetAllocatedBytesForCurrentThread();
        plan.Run();
        Assert.Equal(before, GC.GetAllocatedBytesForCurrentThread());
        var values = Array.ConvertAll(inputs, input => new double[input.Shape.Count]);
        for (var i = 0; i < inputs.Length; i++)
            plan.Read(inputs[i], values[i]);
        return values;
    }

    // kernels that keep numbers near one in size, so that rounding can be told from mistakes
    private static double[] Scaled(Draw draw, Sym input)
        => [.. draw.Normal(input.Shape.Count).Select(value => input.Shape.Rank == 4 && input.Shape[0] == 3 ? value / Math.Sqrt(9 * input.Shape[2]) : value)];
}
