using System.Numerics;
using Understudy.Engine.Kernels;

namespace Understudy.UnitTests.Engine.Kernels;

public class LaneGemmTests
{
    [Fact]
    public void Every_replica_gets_the_bits_of_the_product_alone_in_single_precision() => Check<float>(cases: 40);

    [Fact]
    public void Every_replica_gets_the_bits_of_the_product_alone_in_double_precision() => Check<double>(cases: 15);

    private const int Untouched = 12345;

    private static void Check<T>(int cases)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
        => Property.Holds(cases, draw =>
        {
            foreach (var width in Widths.All)
                Assert.True(Registers.At(width, Widths.TypeOf<T>(), new Lanes<T>(new Draw(draw.Case))));
        });

    /// <summary>A group of products in lanes against the same products one by one.</summary>
    private sealed class Lanes<T>(Draw draw) : IRegisterVisitor<bool>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        public unsafe bool Visit<V, S>()
            where V : struct, ISimd<V, S>
            where S : unmanaged, IBinaryFloatingPointIeee754<S>
        {
            // every fourth case has a right operand large enough to be packed, also in several parts of its depth
            var isLarge = draw.Case % 4 == 1;
            var (m, n, k) = isLarge
                ? (24 + draw.Index(17), 70 + draw.Index(71), 100 + draw.Index(601))
                : (draw.Extent(40), draw.Extent(40), draw.Extent(draw.Case % 6 == 0 ? 1200 : 120));
            var (transposeA, transposeB, accumulate, scaled, biased) = (draw.Coin(), draw.Coin(), draw.Coin(), draw.Coin(), draw.Coin());
            var shared = draw.Index(isLarge ? 2 : 4);
            var (sharedA, sharedB, sharedBias) = (shared == 1, shared == 2, draw.Coin());
            var activation = (Activation)draw.Index(3);
            var w = V.Width;
            var a = Draws<S>(m * k * (sharedA ? 1 : w));
            var b = Draws<S>(k * n * (sharedB ? 1 : w));
            var c = Draws<S>(m * n * w);
            var bias = Draws<S>(n * (sharedBias ? 1 : w));
            var alpha = Draws<S>(w);
            var expected = new S[c.Length];
            for (var lane = 0; lane < w; lane++)
            {
                var own = Lane(c, lane, w, false);
                var workspace = new S[Gemm<V, S>.Workspace(m, n, k, transposeA, transposeB, 1) + 1];
                fixed (S* pa = Lane(a, lane, w, sharedA), pb = Lane(b, lane, w, sharedB), pc = own, pbias = Lane(bias, lane, w, sharedBias), palpha = alpha, pw = workspace)
                    Gemm<V, S>.Run(new GemmArguments<S>
                    {
                        M = m,
                        N = n,
                        K = k,
                        A = pa,
                        LeadingA = transposeA ? m : k,
                        TransposeA = transposeA,
                        B = pb,
                        LeadingB = transposeB ? k : n,
                        TransposeB = transposeB,
                        C = pc,
                        LeadingC = n,
                        Accumulate = accumulate,
                        Alpha = scaled ? palpha + lane : null,
                        Bias = biased ? pbias : null,
                        Activation = activation,
                        Slope = S.CreateTruncating(0.1),
                        Workspace = pw,
                    });
                for (var i = 0; i < own.Length; i++)
                    expected[i * w + lane] = own[i];
            }

            nint wideA = sharedA ? 1 : w, wideB = sharedB ? 1 : w;
            var needed = (int)LaneGemm<V, S>.Workspace(m, n, k, sharedB);
            Assert.True(needed > 0 || !isLarge || w * sizeof(S) < 16);
            var packed = Enumerable.Repeat(S.CreateChecked(Untouched), needed + w).ToArray();
            fixed (S* pa = a, pb = b, pc = c, pbias = bias, palpha = alpha, pw = packed)
                LaneGemm<V, S>.Run(new LaneGemmArguments<S>
                {
                    M = m,
                    N = n,
                    K = k,
                    A = pa,
                    RowA = wideA * (transposeA ? 1 : k),
                    ColumnA = wideA * (transposeA ? m : 1),
                    SharedA = sharedA,
                    B = pb,
                    RowB = wideB * (transposeB ? 1 : n),
                    ColumnB = wideB * (transposeB ? k : 1),
                    SharedB = sharedB,
                    Workspace = pw,
                    C = pc,
                    RowC = n * w,
                    ColumnC = w,
                    Accumulate = accumulate,
                    Alpha = scaled ? palpha : null,
                    Bias = biased ? pbias : null,
                    ColumnBias = sharedBias ? 1 : w,
                    SharedBias = sharedBias,
                    Activation = activation,
                    Slope = S.CreateTruncating(0.1),
                });

            Assert.All(packed[needed..], value => Assert.Equal(S.CreateChecked(Untouched), value));
            Widths.SameBits(expected, c, $"{typeof(V).Name} {m} x {n} x {k}");
            return true;
        }

        private S[] Draws<S>(int count)
            where S : unmanaged, IBinaryFloatingPointIeee754<S>
            => Widths.Cast<S>(draw.Normal(count));

        private static S[] Lane<S>(S[] values, int lane, int width, bool shared)
            => shared ? values : [.. Enumerable.Range(0, values.Length / width).Select(i => values[i * width + lane])];
    }
}
