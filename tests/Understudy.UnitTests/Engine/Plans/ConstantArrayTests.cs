using Understudy.Engine;
using Understudy.Engine.Graphs;
using Understudy.Engine.Plans;
using Understudy.Engine.Threading;

namespace Understudy.UnitTests.Engine.Plans;

public class ConstantArrayTests
{
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Plans_compute_with_the_numbers_by_whatever_reads_them(bool reuse) => Property.Holds(20, draw =>
    {
        var (rows, width) = (1 + draw.Index(9), 2 + draw.Index(9));
        var (x, v) = (Ops.Input(rows, width), Ops.Input(rows, width));
        var row = Ops.Constant(draw.Normal(width), new Shape(width));
        var matrix = Ops.Constant(draw.Normal(width * width), new Shape(width, width));
        var y = Ops.Tanh(Ops.MatMul((x - row) * Ops.Exp(row), matrix) + row);
        Sym[] outputs = [row, y, Ops.Transpose(matrix), Ops.Sum(matrix, 0), Transforms.Hvp(Ops.Sum(y), [x], [v])[0]];
        var values = new Dictionary<Sym, double[]> { [x] = draw.Normal(rows * width), [v] = draw.Normal(rows * width) };
        using var plan = Plan.Compile(outputs, new PlanOptions { Precision = DType.F64, Varying = [v], ReuseBuffers = reuse, Poison = true });
        foreach (var (input, value) in values)
            plan.Write(input, value);

        plan.Prepare();
        plan.Apply();
        plan.Apply();

        var expected = Reference.Evaluate(values, outputs);
        for (var i = 0; i < outputs.Length; i++)
        {
            var actual = new double[outputs[i].Shape.Count];
            plan.Read(i, actual);
            PlanTests.Close(expected[i], actual, 1e-12, $"output {i}");
        }
    });

    [Theory]
    [InlineData(ReplicaLayout.Lanes)]
    [InlineData(ReplicaLayout.Alone)]
    public void Every_replica_reads_the_same_numbers(ReplicaLayout layout)
    {
        var w = Ops.Input(2, 3);
        double[] numbers = [1, -2, 0.5, 4, 8, -16];
        using var plan = ReplicaPlan.Compile(new ReplicaProgram { Updates = [new(w, w * Ops.Constant(numbers, w.Shape))] }, 5, DType.F32, layout, poison: true);
        using var team = new Team(1);
        for (var replica = 0; replica < 5; replica++)
            plan.Write(w, replica, [.. Enumerable.Range(replica, 6).Select(value => (double)value)]);

        ReplicaPlan.RunAll([plan], 0, 1, team);

        for (var replica = 0; replica < 5; replica++)
        {
            var actual = new double[6];
            plan.Read(w, replica, actual);
            Assert.Equal(numbers.Select((number, i) => number * (replica + i)), actual);
        }
    }

    [Fact]
    public void Equal_numbers_are_a_uniform_constant_and_equal_arrays_one_value()
    {
        Sym Array(double last) => Ops.Constant([1, last], new Shape(2));
        var x = Ops.Input(2);

        Assert.Equal("Constant [2]", Array(1).ToString());
        Assert.Equal("Literal [2]", Array(2).ToString());
        var merged = Canonical.Of([x + Array(2), x * Array(2)]);
        Assert.Same(merged[0].Inputs[1], merged[1].Inputs[1]);
        Assert.Equal("Literal [2]", Ops.Constant([0.0, -0.0], new Shape(2)).ToString());
        Assert.NotEqual(Array(0).Operation, Array(-0.0).Operation);
        Assert.Throws<ArgumentException>(() => Ops.Constant([1, 2, 3], new Shape(2)));
    }
}
