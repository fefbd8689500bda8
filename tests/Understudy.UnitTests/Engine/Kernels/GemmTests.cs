using System.Numerics;
using Understudy.Engine.Kernels;
using Understudy.Engine.LinearAlgebra;
using Understudy.Engine.Threading;

namespace Understudy.UnitTests.Engine.Kernels;

public class GemmTests
{
    [Fact]
    public void Products_are_close_to_exact_ones_and_equal_at_every_width_and_team_in_single_precision() => CheckProducts<float>(cases: 60);

    [Fact]
    public void Products_are_close_to_exact_ones_and_equal_at_every_width_and_team_in_double_precision() => CheckProducts<double>(cases: 40);

    [Theory]
    [InlineData(70, 300, 700, false, false)]
    [InlineData(200, 150, 520, false, false)]
    [InlineData(150, 40, 1100, true, true)]
    [InlineData(140, 70, 600, true, false)]
    public void Large_products_take_every_path_with_the_same_bits(int m, int n, int k, bool transposeA, bool transposeB)
    {
        Check(new Case<float>(new Draw(m), m, n, k) { TransposeA = transposeA, TransposeB = transposeB });
        Check(new Case<double>(new Draw(n), m, n, k) { TransposeA = transposeA, TransposeB = transposeB, Accumulate = true });
    }

    [Fact]
    public void A_product_over_nothing_is_zero()
    {
        float[] c = [1, 2];

        Products.Multiply(1, 2, 0, [], [], c);

        Assert.Equal([0, 0], c);
    }

    [Fact]
    public void A_share_of_a_product_needs_no_more_workspace_than_the_whole() => Property.Holds(300, draw =>
    {
        var (m, n, k) = (draw.Extent(600), draw.Extent(3000), draw.Extent(1500));
        var whole = Gemm<F8, float>.Workspace(m, n, k, false, draw.Coin(), 1);

        Assert.True(Gemm<F8, float>.Workspace(draw.Extent(m), n, k, false, false, 1) <= Gemm<F8, float>.Workspace(m, n, k, false, false, 1));
        Assert.True(Gemm<F8, float>.Workspace(m, draw.Extent(n), k, false, false, 1) <= Gemm<F8, float>.Workspace(m, n, k, false, false, 1));
        Assert.True(whole >= 0);
    });

    [Fact]
    public unsafe void Nothing_is_allocated()
    {
        using var team = new Team(2);
        var (a, b, c) = (new float[100 * 100], new float[100 * 100], new float[100 * 100]);
        var workspace = new float[Gemm<F8, float>.Workspace(100, 100, 100, false, false, 2)];
        fixed (float* pa = a, pb = b, pc = c, pw = workspace)
        {
            var product = new GemmArguments<float>
            {
                M = 100,
                N = 100,
                K = 100,
                A = pa,
                LeadingA = 100,
                B = pb,
                LeadingB = 100,
                C = pc,
                LeadingC = 100,
                Workspace = pw,
            };
            Gemm<F8, float>.Run(team, product);
            var before = GC.GetAllocatedBytesForCurrentThread();

            for (var i = 0; i < 100; i++)
                Gemm<F8, float>.Run(team, product);

            Assert.Equal(before, GC.GetAllocatedBytesForCurrentThread());
        }
    }

    [Fact]
    public void Short_spans_are_refused()
    {
        var error = Assert.Throws<ArgumentException>(() => Products.Multiply(2, 2, 2, new float[3], new float[4], new float[4]));

        Assert.Equal("left", error.ParamName);
    }

    private static void CheckProducts<T>(int cases)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
        => Property.Holds(cases, draw => Check(new Case<T>(draw, draw.Extent(70), draw.Extent(80), draw.Extent(draw.Case % 5 == 0 ? 1300 : 90))
        {
            TransposeA = draw.Coin(),
            TransposeB = draw.Coin(),
            Accumulate = draw.Coin(),
            Scaled = draw.Coin(),
            Biased = draw.Coin(),
            Activation = (Activation)draw.Index(3),
        }));

    private static void Check<T>(Case<T> product)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var result = Widths.Agree(product);
        var (exact, scale) = product.Exact();
        var tolerance = 4 * (typeof(T) == typeof(float) ? 6e-8 : 1.2e-16) * (2 + Math.Sqrt(product.K));
        for (var i = 0; i < exact.Length; i++)
            Assert.Equal(exact[i], double.CreateTruncating(result[i]), tolerance * (1 + scale[i]));
        foreach (var threads in (int[])[1, 2, 3])
        {
            using var team = new Team(threads);
            product.Team = team;
            Widths.SameBits(result, Registers.Best(Widths.TypeOf<T>(), product), $"{threads} threads");
        }
    }

    /// <summary>One product with its operands.</summary>
    private sealed class Case<T>(Draw draw, int m, int n, int k) : IRegisterVisitor<T[]>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        private const double Slope = 0.125;
        private readonly T[] _a = Widths.Cast<T>(draw.Normal(m * k));
        private readonly T[] _b = Widths.Cast<T>(draw.Normal(k * n));
        private readonly T[] _c = Widths.Cast<T>(draw.Normal(m * n));
        private readonly T[] _bias = Widths.Cast<T>(draw.Normal(n));
        private readonly T _alpha = T.CreateTruncating(draw.Uniform(-2, 2));

        internal int K => k;
        internal bool TransposeA { get; init; }
        internal bool TransposeB { get; init; }
        internal bool Accumulate { get; init; }
        internal bool Scaled { get; init; }
        internal bool Biased { get; init; }
        internal Activation Activation { get; init; }
        internal Team? Team { get; set; }

        public unsafe T[] Visit<V, S>()
            where V : struct, ISimd<V, S>
            where S : unmanaged, IBinaryFloatingPointIeee754<S>
        {
            var c = (T[])_c.Clone();
            var alpha = _alpha;
            var workspace = new T[Gemm<V, S>.Workspace(m, n, k, TransposeA, TransposeB, Team?.Threads ?? 1) + 1];
            workspace.AsSpan().Fill(T.NaN);
            fixed (T* pa = _a, pb = _b, pc = c, pbias = _bias, pw = workspace)
            {
                var product = new GemmArguments<S>
                {
                    M = m,
                    N = n,
                    K = k,
                    A = (S*)pa,
                    LeadingA = TransposeA ? m : k,
                    TransposeA = TransposeA,
                    B = (S*)pb,
                    LeadingB = TransposeB ? k : n,
                    TransposeB = TransposeB,
                    C = (S*)pc,
                    LeadingC = n,
                    Accumulate = Accumulate,
                    Alpha = Scaled ? (S*)&alpha : null,
                    Bias = Biased ? (S*)pbias : null,
                    Activation = Activation,
                    Slope = S.CreateTruncating(Slope),
                    Workspace = (S*)pw,
                };
                if (Team == null)
                    Gemm<V, S>.Run(product);
                else
                    Gemm<V, S>.Run(Team, product);
            }
            return c;
        }

        internal (double[] Exact, double[] Scale) Exact()
        {
            var (exact, scale) = (new double[m * n], new double[m * n]);
            for (var i = 0; i < m; i++)
                for (var j = 0; j < n; j++)
                {
                    var (sum, size) = (0.0, 0.0);
                    for (var q = 0; q < k; q++)
                    {
                        var term = double.CreateTruncating(_a[TransposeA ? q * m + i : i * k + q]) * double.CreateTruncating(_b[TransposeB ? j * k + q : q * n + j]);
                        sum += term;
                        size = Math.Max(size, Math.Abs(term));
                    }
                    if (Scaled)
                        sum *= double.CreateTruncating(_alpha);
                    if (Accumulate)
                        sum += double.CreateTruncating(_c[i * n + j]);
                    if (Biased)
                        sum += double.CreateTruncating(_bias[j]);
                    exact[i * n + j] = Activation switch
                    {
                        Activation.Rectify => sum > 0 ? sum : Slope * sum,
                        Activation.Tanh => Math.Tanh(sum),
                        _ => sum,
                    };
                    scale[i * n + j] = size * Math.Sqrt(k);
                }
            return (exact, scale);
        }
    }
}
