using System.Numerics;
using Understudy.Engine.Kernels;

namespace Understudy.UnitTests.Engine.Kernels;

public unsafe class ReductionsTests
{
    public static TheoryData<string> Kinds => ["Sum", "Max", "ArgMax", "LogSumExp", "Softmax"];

    [Theory]
    [MemberData(nameof(Kinds))]
    public void A_reduction_follows_its_definition_with_the_same_bits_at_every_width_and_in_lanes(string kind)
    {
        Check<float>(kind);
        Check<double>(kind);
    }

    [Fact]
    public void The_sum_of_a_long_row_joins_sixteen_lanes_by_halving_and_chunks_in_double_precision()
    {
        var x = new Draw(5).NormalSingle(10_007);

        var sum = Widths.Agree(new Reduction<float>("Sum", 1, x.Length, 1, x))[0];

        var total = 0.0;
        foreach (var chunk in x.Chunk(4096))
        {
            var lanes = new float[16];
            for (var i = 0; i < chunk.Length; i++)
                lanes[i % 16] += chunk[i];
            for (var half = 8; half > 0; half /= 2)
                for (var lane = 0; lane < half; lane++)
                    lanes[lane] += lanes[lane + half];
            total += lanes[0];
        }
        Assert.Equal((float)total, sum);
    }

    [Fact]
    public void Extremes_of_logits_neither_overflow_nor_give_not_a_number()
    {
        Assert.Equal([1000.0], Widths.Agree(new Reduction<double>("LogSumExp", 1, 2, 1, [1000, 0])));
        Assert.Equal([double.NegativeInfinity], Widths.Agree(new Reduction<double>("LogSumExp", 1, 2, 1, [double.NegativeInfinity, double.NegativeInfinity])));
        Assert.Equal([double.PositiveInfinity], Widths.Agree(new Reduction<double>("LogSumExp", 1, 2, 1, [double.PositiveInfinity, 0])));
        Assert.Equal([1.0, 0.0], Widths.Agree(new Reduction<double>("Softmax", 1, 2, 1, [1000, 0])));
    }

    [Fact]
    public void The_first_of_equal_maxima_wins_and_not_a_number_before_it()
    {
        Assert.Equal([1.0], Widths.Agree(new Reduction<double>("ArgMax", 1, 4, 1, [1, 3, 3, 2])));
        Assert.Equal([2.0], Widths.Agree(new Reduction<double>("ArgMax", 1, 4, 1, [1, 3, double.NaN, double.NaN])));
        Assert.Equal([2.0, 0.0], Widths.Agree(new Reduction<double>("ArgMax", 1, 3, 2, [1, 5, 1, 3, 4, 5])));
        Assert.Equal([double.NaN], Widths.Agree(new Reduction<double>("Max", 1, 4, 1, [1, double.NaN, 3, 2])));
        Assert.Equal([double.NaN], Widths.Agree(new Reduction<double>("Max", 1, 20, 1, [double.NaN, .. new double[19]])));
    }

    private static void Check<T>(string kind)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
        => Property.Holds(40, draw =>
        {
            var (outer, axis, inner) = (draw.Extent(4), draw.Extent(draw.Case % 8 == 0 ? 9000 : 60), draw.Coin() ? 1 : draw.Extent(20));
            if (axis > 100)
                inner = Math.Min(inner, 2);
            var x = Widths.Cast<T>(draw.Normal(outer * axis * inner));

            var y = Widths.Agree(new Reduction<T>(kind, outer, axis, inner, x));

            var exact = Exact(kind, outer, axis, inner, Array.ConvertAll(x, double.CreateTruncating));
            Assert.Equal(exact.Length, y.Length);
            var tolerance = (typeof(T) == typeof(float) ? 6e-8 : 1.2e-16) * (8 + 4 * Math.Sqrt(axis) + (inner > 1 ? axis * 0.2 : 0));
            for (var i = 0; i < y.Length; i++)
                Assert.Equal(exact[i], double.CreateTruncating(y[i]), tolerance * (1 + Math.Abs(exact[i])) * (kind == "Sum" ? Math.Sqrt(axis) : 1));
        });

    private static double[] Exact(string kind, int outer, int axis, int inner, double[] x)
    {
        var whole = new double[x.Length];
        var y = new double[outer * inner];
        for (var o = 0; o < outer; o++)
            for (var i = 0; i < inner; i++)
            {
                var row = Enumerable.Range(0, axis).Select(a => x[(o * axis + a) * inner + i]).ToArray();
                var max = row.Max();
                var sum = row.Sum(value => Math.Exp(value - max));
                y[o * inner + i] = kind switch
                {
                    "Sum" => row.Sum(),
                    "Max" => max,
                    "ArgMax" => Array.IndexOf(row, max),
                    _ => max + Math.Log(sum),
                };
                for (var a = 0; a < axis; a++)
                    whole[(o * axis + a) * inner + i] = Math.Exp(row[a] - max) / sum;
            }
        return kind == "Softmax" ? whole : y;
    }

    /// <summary>A reduction alone, after checking that a group in lanes gives each replica the same bits.</summary>
    private sealed class Reduction<T>(string kind, int outer, int axis, int inner, T[] x) : IRegisterVisitor<T[]>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        private int Results => kind == "Softmax" ? x.Length : outer * inner;

        public T[] Visit<V, S>()
            where V : struct, ISimd<V, S>
            where S : unmanaged, IBinaryFloatingPointIeee754<S>
        {
            var y = Alone<V, S>(x);
            var w = V.Width;
            // replica l sees the elements turned by l places
            var turned = Enumerable.Range(0, w).Select(lane => x.Skip(lane % x.Length).Concat(x.Take(lane % x.Length)).ToArray()).ToArray();
            var (lanes, results) = (new T[x.Length * w], new T[Results * w]);
            for (var i = 0; i < x.Length; i++)
                for (var lane = 0; lane < w; lane++)
                    lanes[i * w + lane] = turned[lane][i];
            var indices = new int[Results * w];
            fixed (T* px = lanes, py = results)
            fixed (int* pi = indices)
                switch (kind)
                {
                    case "Sum": Reductions<V, S>.LaneSum(outer, axis, inner, (S*)px, (S*)py); break;
                    case "Max": Reductions<V, S>.LaneMax(outer, axis, inner, (S*)px, (S*)py); break;
                    case "ArgMax": Reductions<V, S>.LaneArgMax(outer, axis, inner, (S*)px, pi); break;
                    case "LogSumExp": Reductions<V, S>.LaneLogSumExp(outer, axis, inner, (S*)px, (S*)py); break;
                    default: Reductions<V, S>.LaneSoftmax(outer, axis, inner, (S*)px, (S*)py); break;
                }
            if (kind == "ArgMax")
                results = Array.ConvertAll(indices, T.CreateTruncating);
            foreach (var lane in (int[])[0, w / 2, w - 1])
                Widths.SameBits(Alone<V, S>(turned[lane]), [.. Enumerable.Range(0, Results).Select(i => results[i * w + lane])], $"lane {lane} of {w}");
            return y;
        }

        private T[] Alone<V, S>(T[] values)
            where V : struct, ISimd<V, S>
            where S : unmanaged, IBinaryFloatingPointIeee754<S>
        {
            var y = new T[Results];
            var indices = new int[Results];
            fixed (T* px = values, py = y)
            fixed (int* pi = indices)
                switch (kind)
                {
                    case "Sum": Reductions<V, S>.Sum(outer, axis, inner, (S*)px, (S*)py); break;
                    case "Max": Reductions<V, S>.Max(outer, axis, inner, (S*)px, (S*)py); break;
                    case "ArgMax": Reductions<V, S>.ArgMax(outer, axis, inner, (S*)px, pi); break;
                    case "LogSumExp": Reductions<V, S>.LogSumExp(outer, axis, inner, (S*)px, (S*)py); break;
                    default: Reductions<V, S>.Softmax(outer, axis, inner, (S*)px, (S*)py); break;
                }
            return kind == "ArgMax" ? Array.ConvertAll(indices, T.CreateTruncating) : y;
        }
    }
}
