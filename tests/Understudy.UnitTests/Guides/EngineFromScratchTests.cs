using Understudy.Engine.Graphs;
using Understudy.UnitTests.Engine.Graphs;
using Understudy.UnitTests.Engine.Primitives;

namespace Understudy.UnitTests.Guides;

/// <summary>The guide's code runs and says what the guide says; that it is the guide's code is tested with all other snippets.</summary>
public class EngineFromScratchTests
{
    [Fact]
    public void Forward_over_reverse_of_the_toy_is_the_mixed_derivative() => Assert.Equal(6, Toy.Compose(), 12);

    [Fact]
    public void Derivatives_of_the_toy_are_slopes()
    {
        var x = new Variable("x");
        var f = new Sine(new Cosine(x) * x) + x;
        double At(Expression e, double at) => Toy.Evaluate(e, new Dictionary<Variable, double> { [x] = at });
        const double Step = 1e-6;

        var slope = (At(f, 0.7 + Step) - At(f, 0.7 - Step)) / (2 * Step);

        Assert.Equal(slope, At(Toy.Grad(f, x)!, 0.7), 1e-8);
        Assert.Equal(slope, At(Toy.Jvp(f, new Dictionary<Variable, Expression> { [x] = new Number(1) })!, 0.7), 1e-8);
        Assert.Throws<ArgumentException>(() => Toy.Evaluate(null!, []));
    }

    [Fact]
    public void The_network_has_a_loss_a_gradient_and_a_curvature_product()
        => Assert.Equal([1, 3, 3], Real.Network().Select(result => result.Length));

    [Fact]
    public void Both_orders_of_replicating_and_differentiating_give_the_same()
    {
        var (gradients, same) = Real.Copies();
        var inputs = Canonical.TopologicalOrder(gradients, same).Where(node => node.Inputs.Length == 0 && node.ToString().StartsWith("Input", StringComparison.Ordinal));
        var numbers = new Numbers(1);
        var values = inputs.ToDictionary(input => input, input => numbers.Any(input.Shape.Count));

        var results = Reference.Evaluate(values, gradients, same);

        DerivativeLaws.AssertClose(results[0], results[1], 1e-12);
    }

    [Theory]
    [InlineData("Softsign")]
    [InlineData("RunningSum")]
    public void The_new_operations_obey_the_laws(string name)
    {
        var @case = NewCases.All.Single(one => one.Name == name);

        DerivativeLaws.AssertAll(@case);
        ReplicateTests.AssertReplicas(@case);
    }
}
