using Understudy.Engine;
using Understudy.Engine.Graphs;
using Understudy.Engine.Primitives;
using Understudy.UnitTests.Engine.Primitives;

namespace Understudy.UnitTests.Engine.Graphs;

/// <summary>Rules applied while tracing: what is left, and that the value stays.</summary>
public class SimplifyTests
{
    private static readonly Dictionary<string, Func<Sym, Sym>> Identities = new()
    {
        ["x * 1"] = x => x * 1,
        ["x + 0"] = x => x + 0,
        ["x - 0"] = x => x - Ops.Constant(0),
        ["-(-x)"] = x => -(-x),
        ["one in every element"] = x => x * Ops.Constant(1, x.Shape),
        ["reshape to its own shape"] = x => Ops.Reshape(x, x.Shape),
        ["reshape and back"] = x => Ops.Reshape(Ops.Reshape(x, new Shape(6)), x.Shape),
        ["double transpose"] = x => Ops.Transpose(Ops.Transpose(x)),
        ["sum over no axis"] = x => Ops.Sum(x, new Axes()),
        ["mean of a broadcast"] = x => Ops.Mean(Ops.BroadcastAlong(x, 1, 4), 1),
        ["slice of everything"] = x => Ops.Slice(x, 1, 0, 3),
        ["concatenation of one"] = x => Ops.Concat(0, x),
        ["choice between equals"] = x => Ops.Select(Ops.Input(2, 3), x, x),
        ["step of nothing"] = x => Ops.ScaledAdd(x, Ops.Constant(0), x),
    };

    private static readonly Dictionary<string, (Func<Sym, Sym> Build, Type[] Left)> Reductions = new()
    {
        ["scale of scale"] = (x => 3 * ((2 * x) + 1), [typeof(Affine)]),
        ["times zero"] = (x => x * 0, []),
        ["sum of zeros"] = (x => Ops.Sum(Ops.Constant(0.5, x.Shape), 1), []),
        ["functions of constants"] = (x => Ops.Exp(Ops.Constant(2)) * Ops.Constant(3, x.Shape), []),
        ["constant bias"] = (x => x + Ops.Constant(2, new Shape(3)), [typeof(Affine)]),
        ["step of a rectified value"] = (x => Ops.Step(Ops.Rectify(x)), [typeof(Step)]),
        ["step of a leaky rectified value"] = (x => Ops.Step(Ops.Rectify(x, 0.1), 0.3), [typeof(Step)]),
        ["sum of a broadcast"] = (x => Ops.Sum(Ops.BroadcastAlong(x, 0, 5), 0), [typeof(Affine)]),
        ["sum over more than was broadcast"] = (x => Ops.Sum(Ops.BroadcastAlong(x, 1, 5), 0, 1), [typeof(Sum), typeof(Affine)]),
        ["sum over less than was broadcast"] = (x => Ops.Sum(Ops.BroadcastTo(x, new Shape(4, 5, 2, 3)), 1, 2), [typeof(Sum), typeof(Affine), typeof(Broadcast)]),
        ["sum of a sum"] = (x => Ops.Sum(Ops.Sum(x, 0), 0), [typeof(Sum)]),
        ["broadcast of a broadcast"] = (x => Ops.BroadcastAlong(Ops.BroadcastAlong(x, 1, 2), 0, 4), [typeof(Broadcast)]),
        ["permute of a permute"] = (x => Ops.Permute(Ops.Permute(Ops.Reshape(x, new Shape(1, 2, 3)), 1, 2, 0), 1, 0, 2), [typeof(Reshape), typeof(Permute)]),
        ["product with a transpose"] = (x => Ops.MatMul(x, Ops.Transpose(x)), [typeof(MatMul)]),
        ["product of transposes"] = (x => Ops.MatMul(Ops.Transpose(x), Ops.Transpose(x), transposeRight: true), [typeof(MatMul)]),
        ["product with zeros"] = (x => Ops.MatMul(x, Ops.Constant(0, new Shape(3, 4))), []),
    };

    public static TheoryData<string> NamesOfIdentities => [.. Identities.Keys];

    public static TheoryData<string> NamesOfReductions => [.. Reductions.Keys];

    [Theory]
    [MemberData(nameof(NamesOfIdentities))]
    public void What_changes_nothing_is_not_recorded(string name)
    {
        var x = Ops.Input(2, 3);

        Assert.Same(x, Identities[name](x));
    }

    [Theory]
    [MemberData(nameof(NamesOfReductions))]
    public void Less_is_recorded_and_the_value_stays(string name)
    {
        var x = Ops.Input(2, 3);
        var (build, left) = Reductions[name];
        var values = new Dictionary<Sym, double[]> { [x] = [0.4, -1, 0.2, 3, -0.1, 0.6] };

        var simplified = build(x);

        var recorded = Canonical.TopologicalOrder(simplified).Where(node => node.Operation is not Leaf).Select(node => node.Operation.GetType());
        Assert.Equal(left, recorded);
        DerivativeLaws.AssertClose(ByHand(name, x, values), Reference.Evaluate(values, simplified)[0], 1e-15);
    }

    [Fact]
    public void A_shape_error_is_not_simplified_away()
    {
        Assert.Throws<ShapeException>(() => Ops.MatMul(Ops.Input(2, 3), Ops.Constant(0, new Shape(2, 3))));
        Assert.Throws<ShapeException>(() => Ops.Input(2) * Ops.Constant(1, new Shape(3)));
        Assert.Throws<ShapeException>(() => Ops.Reshape(Ops.Constant(1, new Shape(3)), new Shape(2)));
    }

    /// <summary>The value computed by hand.</summary>
    private static double[] ByHand(string name, Sym x, Dictionary<Sym, double[]> values)
    {
        double[] v = values[x];
        return name switch
        {
            "scale of scale" => [.. v.Select(e => 3 * ((2 * e) + 1))],
            "times zero" => new double[6],
            "sum of zeros" => [1.5, 1.5],
            "functions of constants" => [.. v.Select(_ => 3 * Math.Exp(2))],
            "constant bias" => [.. v.Select(e => e + 2)],
            "step of a rectified value" => [.. v.Select(e => e > 0 ? 1.0 : 0)],
            "step of a leaky rectified value" => [.. v.Select(e => e > 0 ? 1.0 : 0.3)],
            "sum of a broadcast" => [.. v.Select(e => 5 * e)],
            "sum over more than was broadcast" => [5 * (v[0] + v[3]), 5 * (v[1] + v[4]), 5 * (v[2] + v[5])],
            "sum over less than was broadcast" => [.. Enumerable.Range(0, 4).SelectMany(_ => Enumerable.Range(0, 3).Select(k => 5 * (v[k] + v[k + 3])))],
            "sum of a sum" => [v.Sum()],
            "broadcast of a broadcast" => [.. Enumerable.Range(0, 4).SelectMany(_ => (double[])[.. v[..3], .. v[..3], .. v[3..], .. v[3..]])],
            "permute of a permute" => [v[0], v[3], v[1], v[4], v[2], v[5]],
            "product with a transpose" => Product((i, j, k) => v[(3 * i) + k] * v[(3 * j) + k], 2, 3),
            "product of transposes" => Product((i, j, k) => v[(3 * k) + i] * v[(3 * k) + j], 3, 2),
            _ => new double[8],
        };
    }

    private static double[] Product(Func<int, int, int, double> term, int extent, int inner)
    {
        var result = new double[extent * extent];
        for (var i = 0; i < result.Length; i++)
            result[i] = Enumerable.Range(0, inner).Sum(k => term(i / extent, i % extent, k));
        return result;
    }
}
