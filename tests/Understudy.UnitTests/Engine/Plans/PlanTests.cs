using Understudy.Engine;
using Understudy.Engine.Graphs;
using Understudy.Engine.Plans;
using Understudy.Engine.Random;

namespace Understudy.UnitTests.Engine.Plans;

public class PlanTests
{
    [Fact]
    public void Running_a_plan_allocates_nothing()
    {
        var (x, w, b) = (Ops.Input(16, 20), Ops.Input(20, 10), Ops.Input(10));
        var loss = Ops.Sum(Ops.Square(Ops.Rectify(Ops.MatMul(x, w) + b)));
        var gradients = Transforms.Grad(loss, w, b);
        using var plan = Plan.Compile([loss, .. gradients]);
        for (var i = 0; i < 10; i++)
            plan.Run();

        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 1000; i++)
            plan.Run();

        Assert.Equal(before, GC.GetAllocatedBytesForCurrentThread());
    }

    [Fact]
    public void An_update_overwrites_its_state_after_everything_read_it()
    {
        var (w, g, v) = (Ops.Input(8), Ops.Input(8), Ops.Input(8));
        var velocity = (0.5 * v) + g;
        var updates = new[] { new Update(v, velocity), new Update(w, w - (0.1 * velocity)) };
        using var plan = Plan.Compile([Ops.Sum(w * v)], new PlanOptions { Precision = DType.F64, Updates = updates });
        double[] ws = [1, 2, 3, 4, 5, 6, 7, 8], gs = [.. Enumerable.Repeat(2.0, 8)], vs = [.. Enumerable.Repeat(1.0, 8)];
        plan.Write(w, ws);
        plan.Write(g, gs);
        plan.Write(v, vs);

        plan.Run();

        var (nextW, nextV) = (new double[8], new double[8]);
        plan.Read(w, nextW);
        plan.Read(v, nextV);
        Assert.Equal(36, plan.Scalar(0));
        Assert.Equal(Enumerable.Repeat(2.5, 8), nextV);
        Assert.Equal(ws.Select(value => value - 0.25), nextW);
    }

    [Fact]
    public void States_that_change_places_keep_their_values()
    {
        var (a, b) = (Ops.Input(5), Ops.Input(5));
        using var plan = Plan.Compile([], new PlanOptions { Precision = DType.F64, Updates = [new Update(a, b), new Update(b, a)] });
        double[] first = [1, 2, 3, 4, 5], second = [6, 7, 8, 9, 10];
        plan.Write(a, first);
        plan.Write(b, second);

        plan.Run();

        var (nextA, nextB) = (new double[5], new double[5]);
        plan.Read(a, nextA);
        plan.Read(b, nextB);
        Assert.Equal(second, nextA);
        Assert.Equal(first, nextB);
    }

    [Fact]
    public void Applying_again_uses_what_was_prepared()
    {
        var (x, w, v) = (Ops.Input(12, 6), Ops.Input(6, 4), Ops.Input(6, 4));
        var loss = Ops.Sum(Ops.Square(Ops.Tanh(Ops.MatMul(x, w))));
        var product = Transforms.Hvp(loss, [w], [v])[0]!;
        var draws = new RandomSequence(7, "test");
        double[] xs = new double[72], ws = new double[24];
        draws.FillNormal(0, xs);
        draws.FillNormal(1, ws);
        using var plan = Plan.Compile([product], new PlanOptions { Precision = DType.F64, Varying = [v] });
        plan.Write(x, xs);
        plan.Write(w, ws);
        plan.Prepare();

        for (var i = 0; i < 3; i++)
        {
            var direction = new double[24];
            draws.FillNormal(2 + i, direction);
            plan.Write(v, direction);
            plan.Apply();
            var actual = new double[24];
            plan.Read(0, actual);
            var expected = Reference.Evaluate(new Dictionary<Sym, double[]> { [x] = xs, [w] = ws, [v] = direction }, product)[0];
            Close(expected, actual, 1e-11, "hvp");
        }

        Assert.Contains("prepare", plan.Explain(), StringComparison.Ordinal);
    }

    [Fact]
    public void Only_an_input_can_be_overwritten()
    {
        var x = Ops.Input(3);
        var error = Assert.Throws<ArgumentException>(() => Plan.Compile([], new PlanOptions { Updates = [new Update(2 * x, x)] }));

        Assert.Equal("Only an input can be overwritten, but Affine [3] is computed.", error.Message);
    }

    internal static void Close(double[] expected, double[] actual, double tolerance, string what)
    {
        var scale = expected.Select(Math.Abs).DefaultIfEmpty(0).Max();
        for (var i = 0; i < expected.Length; i++)
            Assert.True(Math.Abs(expected[i] - actual[i]) <= tolerance * (1 + scale), $"{what}, element {i}: {expected[i]:R} but {actual[i]:R}");
    }
}
