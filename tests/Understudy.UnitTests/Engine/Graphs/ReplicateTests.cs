using Understudy.Engine;
using Understudy.Engine.Graphs;
using Understudy.UnitTests.Engine.Primitives;

namespace Understudy.UnitTests.Engine.Graphs;

/// <summary>A replicated graph gives what its replicas give one by one.</summary>
public class ReplicateTests
{
    private const int Replicas = 3;

    public static TheoryData<string> Cases => PrimitiveCases.Names;

    [Theory]
    [MemberData(nameof(Cases))]
    public void Replicas_give_what_they_give_alone_whichever_inputs_are_shared(string name) => AssertReplicas(PrimitiveCases.Named(name));

    [Theory]
    [MemberData(nameof(Cases))]
    public void Grad_of_replicas_is_the_replicas_of_grad(string name)
    {
        var @case = PrimitiveCases.Named(name);
        var group = new Group(@case, subset: (1 << @case.Shapes.Length) - 1);
        var wrt = @case.Differentiable(group.Inputs);
        var loss = Curved(group.Output);

        var gradientsOfReplicas = Transforms.Grad(Ops.Sum(Transforms.Replicate([loss], group.Copies, Replicas)[0]), [.. wrt.Select(input => group.Copies[input])]);
        var replicasOfGradients = Transforms.Replicate(Transforms.Grad(loss, wrt), group.Copies, Replicas);

        var results = Reference.Evaluate(group.Values, [.. gradientsOfReplicas, .. replicasOfGradients]);
        for (var i = 0; i < wrt.Length; i++)
            DerivativeLaws.AssertClose(results[i], results[i + wrt.Length], 1e-12);
    }

    [Fact]
    public void Replicas_of_replicas_have_two_axes()
    {
        var (x, w) = (Ops.Input(4, 3), Ops.Input(3, 2));
        var (many, more) = (Ops.Input(2, 3, 2), Ops.Input(5, 2, 3, 2));
        var y = Ops.Tanh(Ops.MatMul(x, w));
        var numbers = new Numbers(11);
        var (data, weights) = (numbers.Any(12), numbers.Any(60));

        var inner = Transforms.Replicate([y], new Dictionary<Sym, Sym> { [w] = many }, 2);
        var outer = Transforms.Replicate(inner, new Dictionary<Sym, Sym> { [many] = more }, 5)[0];

        Assert.Equal(new Shape(5, 2, 4, 2), outer.Shape);
        var all = Reference.Evaluate(new Dictionary<Sym, double[]> { [x] = data, [more] = weights }, outer)[0];
        for (var replica = 0; replica < 10; replica++)
        {
            var alone = Reference.Evaluate(new Dictionary<Sym, double[]> { [x] = data, [w] = weights[(6 * replica)..(6 * (replica + 1))] }, y)[0];
            DerivativeLaws.AssertClose(alone, all[(8 * replica)..(8 * (replica + 1))], 1e-12);
        }
    }

    [Fact]
    public void What_no_replica_changes_is_computed_once()
    {
        var (x, w) = (Ops.Input(4, 3), Ops.Input(3));
        var shared = Ops.Exp(x);

        var replicated = Transforms.Replicate([shared * w], new Dictionary<Sym, Sym> { [w] = Ops.Input(5, 3) }, 5)[0];

        Assert.Contains(shared, Canonical.TopologicalOrder(replicated));
    }

    [Fact]
    public void An_output_that_no_replica_changes_is_repeated()
    {
        var (x, w) = (Ops.Input(2), Ops.Input(2));

        var replicated = Transforms.Replicate([x], new Dictionary<Sym, Sym> { [w] = Ops.Input(3, 2) }, 3)[0];

        Assert.Equal([1, 2, 1, 2, 1, 2], Reference.Evaluate(new Dictionary<Sym, double[]> { [x] = [1, 2] }, replicated)[0]);
    }

    [Fact]
    public void A_replicated_input_without_the_axis_is_refused()
    {
        var w = Ops.Input(3);

        var error = Assert.Throws<ShapeException>(() => Transforms.Replicate([w], new Dictionary<Sym, Sym> { [w] = Ops.Input(4, 3) }, 5));

        Assert.Equal("Replicate needs [5, 3] for its input, but was given [4, 3].", error.Message);
    }

    internal static void AssertReplicas(PrimitiveCase @case)
    {
        for (var subset = 1; subset < 1 << @case.Shapes.Length; subset++)
        {
            var group = new Group(@case, subset);
            var loss = Curved(group.Output);

            group.AssertSame([group.Output, .. Transforms.Grad(loss, @case.Differentiable(group.Inputs))]);
        }
    }

    private static Sym Curved(Sym output) => Ops.Sum(Ops.Sin(output) + Ops.Square(output));

    /// <summary>A case whose inputs in a bit set have one value per replica.</summary>
    private sealed class Group
    {
        internal Group(PrimitiveCase @case, int subset)
        {
            (Inputs, Output) = @case.Trace();
            for (var i = 0; i < Inputs.Length; i++)
            {
                if ((subset & (1 << i)) == 0)
                {
                    Values[Inputs[i]] = new Numbers(9).Of(@case.Draws[i], Inputs[i].Shape.Count, i);
                    continue;
                }

                var copies = Ops.Input(Inputs[i].Shape.With(0, Replicas));
                Copies[Inputs[i]] = copies;
                Values[copies] = [.. Enumerable.Range(0, Replicas).SelectMany(replica => new Numbers((ulong)(20 + replica)).Of(@case.Draws[i], Inputs[i].Shape.Count, i))];
            }
        }

        internal Sym[] Inputs { get; }

        internal Sym Output { get; }

        internal Dictionary<Sym, Sym> Copies { get; } = [];

        internal Dictionary<Sym, double[]> Values { get; } = [];

        internal void AssertSame(Sym[] outputs)
        {
            var together = Reference.Evaluate(Values, Transforms.Replicate(outputs, Copies, Replicas));
            for (var replica = 0; replica < Replicas; replica++)
            {
                var values = new Dictionary<Sym, double[]>(Values);
                foreach (var (input, copies) in Copies)
                    values[input] = Part(Values[copies], replica);
                var alone = Reference.Evaluate(values, outputs);
                for (var i = 0; i < outputs.Length; i++)
                    DerivativeLaws.AssertClose(alone[i], Part(together[i], replica), 1e-12);
            }
        }

        private static double[] Part(double[] all, int replica)
        {
            var count = all.Length / Replicas;
            return all[(replica * count)..((replica + 1) * count)];
        }
    }
}
