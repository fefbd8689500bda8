using Understudy.Engine;
using Understudy.Engine.Graphs;
using Understudy.Engine.Plans;

namespace Understudy.UnitTests.Engine.Plans;

/// <summary>Values that overlap in memory or in time, one by one.</summary>
public class UpdateTests
{
    [Fact]
    public void A_state_that_nobody_reads_can_be_overwritten()
    {
        var (state, x) = (Ops.Input(3), Ops.Input(3));

        Agrees([], new Update(state, 2 * x));
    }

    [Fact]
    public void A_product_can_be_added_to_its_own_operand()
    {
        var (w, x) = (Ops.Input(40, 40), Ops.Input(40, 40));

        Agrees([], new Update(w, Ops.ScaledAdd(w, Ops.Constant(0.03), Ops.MatMul(w, x))));
    }

    [Fact]
    public void A_product_can_be_added_to_a_state_that_is_read_later()
    {
        var (v, w, x) = (Ops.Input(4, 4), Ops.Input(4, 4), Ops.Input(4, 4));
        var next = Ops.ScaledAdd(v, Ops.Constant(0.3), Ops.MatMul(x, x));

        Agrees([], new Update(v, next), new Update(w, w + (next * v)));
    }

    [Fact]
    public void An_output_that_is_a_state_has_the_value_from_before()
    {
        var (w, b, x) = (Ops.Input(4, 4), Ops.Input(4), Ops.Input(4, 4));
        var next = Ops.ScaledAdd(w, Ops.Constant(0.3), Ops.MatMul(x, x));

        Agrees([w, Ops.Reshape(w, new Shape(16)), b], new Update(w, next), new Update(b, 2 * b));
    }

    [Fact]
    public void An_output_that_is_a_view_of_a_next_value_is_not_the_state()
    {
        var w = Ops.Input(4, 2);
        var next = Ops.Tanh(w);
        using var plan = Plan.Compile([Ops.Reshape(next, new Shape(8))], new PlanOptions { Precision = DType.F64, Updates = [new Update(w, next)] });
        plan.Write(w, new double[8]);
        plan.Run();
        plan.Write(w, [1, 1, 1, 1, 1, 1, 1, 1]);

        var output = new double[8];
        plan.Read(0, output);
        Assert.Equal(new double[8], output);
    }

    [Fact]
    public void An_update_reads_another_one_through_a_view()
    {
        var (v, w) = (Ops.Input(2, 3), Ops.Input(6));
        var next = Ops.Tanh(v);

        Agrees([], new Update(v, next), new Update(w, w - Ops.Reshape(next, w.Shape)));
    }

    [Fact]
    public void An_update_reads_another_one_through_a_product_with_a_bias()
    {
        var (v, w, b, x) = (Ops.Input(3, 3), Ops.Input(3, 3), Ops.Input(3), Ops.Input(3, 3));
        var (next, nextBias) = (Ops.Tanh(v), 0.5 * b);

        Agrees([], new Update(v, next), new Update(b, nextBias), new Update(w, Ops.Rectify(Ops.MatMul(x, next) + nextBias)), new Update(x, Ops.MatMul(x, x) + nextBias));
    }

    [Fact]
    public void A_next_value_that_could_be_folded_into_its_only_reader_is_kept()
    {
        var (w, b, x, y) = (Ops.Input(3, 3), Ops.Input(3), Ops.Input(3, 3), Ops.Input(3, 3));
        var (product, gate, row) = (Ops.MatMul(x, x), Ops.Step(x), Ops.BroadcastTo(b, x.Shape));

        Agrees([product + b, gate * y, y + row], new Update(w, product), new Update(x, gate), new Update(y, row));
    }

    [Fact]
    public void A_gate_may_come_before_the_rectified_value()
    {
        var (x, y, state) = (Ops.Input(3, 3), Ops.Input(3, 3), Ops.Input(3, 3));
        var z = Ops.MatMul(x, y);
        var gate = Ops.Step(z, 0.1);

        Agrees([gate, gate * x, Ops.Tanh(Ops.Rectify(z, 0.1))]);
        Agrees([gate, gate * state], new Update(state, Ops.Rectify(z)));
    }

    [Fact]
    public void A_falling_slope_turns_no_gate_round()
    {
        var (x, y) = (Ops.Input(4, 4), Ops.Input(4, 4));
        var z = Ops.MatMul(x, y);

        Agrees([Ops.Rectify(z, -0.5), Ops.Step(z)]);
    }

    [Fact]
    public void A_single_element_is_broadcast_to_a_single_element()
    {
        var (s, x) = (Ops.Input(Shape.Scalar), Ops.Input(1, 1));
        var sum = Ops.Sum(x);

        Agrees([x + s, Ops.Tanh(x * sum), Ops.BroadcastTo(s, x.Shape)], new Update(x, Ops.ScaledAdd(x, sum, x)));
    }

    [Fact]
    public void Two_states_can_have_one_next_value()
    {
        var (v, w) = (Ops.Input(3), Ops.Input(3));
        var next = v + w;

        Agrees([next], new Update(v, next), new Update(w, next));
    }

    [Fact]
    public void A_constant_can_be_an_output_an_operand_and_a_next_value()
    {
        var x = Ops.Input(2, 3);
        var ones = Ops.Constant(1, x.Shape);

        Agrees([ones, Ops.Constant(2), Ops.Concat(0, x, ones), Ops.MatMul(ones, x, transposeRight: true)], new Update(x, ones));
    }

    [Fact]
    public void An_input_nothing_reads_is_written_without_effect_and_not_read()
    {
        var (x, y) = (Ops.Input(3), Ops.Input(3));
        using var plan = Plan.Compile([x]);
        plan.Write(y, new double[3]);

        Assert.Throws<ArgumentException>(() => plan.Write(y, new double[4]));
        Assert.Throws<ArgumentException>(() => plan.Read(y, new double[3]));
        Assert.Throws<ArgumentException>(() => plan.Write(2 * x, new double[3]));
    }

    [Fact]
    public void A_plan_that_was_disposed_of_says_so()
    {
        var x = Ops.Input(3);
        var plan = Plan.Compile([Ops.Exp(x)]);
        plan.Dispose();
        plan.Dispose();

        Assert.Throws<ObjectDisposedException>(plan.Run);
        Assert.Throws<ObjectDisposedException>(() => plan.Write(x, new double[3]));
        Assert.Throws<ObjectDisposedException>(() => plan.Read(0, new double[3]));
    }

    private static void Agrees(Sym[] outputs, params Update[] updates)
    {
        Sym[] all = [.. outputs, .. updates.Select(update => update.Next)];
        var draw = new Draw(0);
        var values = new Dictionary<Sym, double[]>();
        foreach (var input in Canonical.TopologicalOrder([.. all, .. updates.Select(update => update.State)]).Where(node => node.Inputs.Length == 0))
            values[input] = draw.Normal(input.Shape.Count);
        using var plan = Plan.Compile(outputs, new PlanOptions { Precision = DType.F64, Updates = updates });
        foreach (var (input, value) in values.Where(pair => pair.Key.Operation is not Understudy.Engine.Primitives.Constant))
            plan.Write(input, value);

        plan.Run();

        var expected = Reference.Evaluate(values, all);
        for (var i = 0; i < expected.Length; i++)
        {
            var actual = new double[expected[i].Length];
            if (i < outputs.Length)
                plan.Read(i, actual);
            else
                plan.Read(updates[i - outputs.Length].State, actual);
            PlanTests.Close(expected[i], actual, 1e-12, $"value {i}");
        }
    }
}
