using System.Numerics;
using Understudy.Engine.Graphs;
using Understudy.Engine.Kernels;
using Understudy.Engine.Plans;
using Understudy.Engine.Random;

namespace Understudy.Engine.Speed;

/// <summary>The engine's workloads, with the targets of its design relative to the peak of the same process.</summary>
/// <remarks>Targets are those reached by prototypes on a processor with 116 GFLOP/s per core in single precision, as percentages of that.</remarks>
public static class SpeedCases
{
    /// <summary>The peak: fused multiply-adds on registers alone, in single precision.</summary>
    public static SpeedCase Peak { get; } = PeakOf(DType.F32);

    /// <summary>The peak in double precision.</summary>
    public static SpeedCase DoublePeak { get; } = PeakOf(DType.F64);

    /// <summary>All workloads of the engine, in the order of the design's table.</summary>
    public static IReadOnlyList<SpeedCase> All { get; } =
    [
        MicroKernel(DType.F32, 98, "98-100 %"),
        MicroKernel(DType.F64, 97, "97 %"),
        Product(DType.F32, 64, 64, 64, 1, 92, "107 GF/s"),
        Product(DType.F32, 128, 128, 128, 1, 91, "106-111 GF/s"),
        Product(DType.F32, 256, 256, 256, 1, 93, "108-114 GF/s"),
        Product(DType.F32, 512, 512, 512, 1, 78, "91-105 GF/s"),
        Product(DType.F32, 1024, 1024, 1024, 1, 78, "91-102 GF/s"),
        Product(DType.F32, 128, 128, 128, 2, 69, "161 GF/s"),
        Product(DType.F32, 256, 256, 256, 2, 57, "132+ GF/s"),
        Product(DType.F32, 512, 512, 512, 2, 65, "150 GF/s"),
        Product(DType.F32, 1024, 1024, 1024, 2, 62, "145 GF/s"),
        Product(DType.F32, 64, 10, 20, 1, 33, "38-43 GF/s"),
        Product(DType.F32, 512, 10, 20, 1, 33, "38-43 GF/s"),
        Product(DType.F32, 64, 50, 100, 1, 72, "84-87 GF/s"),
        Product(DType.F32, 128, 64, 128, 1, 96, "112-115 GF/s"),
        Product(DType.F32, 512, 64, 128, 1, 97, "113-115 GF/s"),
        Product(DType.F64, 256, 256, 256, 1, 72, "42 GF/s"),
        Product(DType.F64, 512, 512, 512, 1, 67, "39-45 GF/s"),
        Product(DType.F64, 1024, 1024, 1024, 1, 72, "42-47 GF/s"),
        Product(DType.F64, 512, 512, 512, 2, 63, "73 GF/s"),
        Product(DType.F64, 1024, 1024, 1024, 2, 73, "85 GF/s"),
        .. ConvolutionSpeed.Cases,
        Elements("exp", ElementOperation.Exp, "0.25 ns (512-bit); a native tensor library 0.59"),
        Elements("tanh", ElementOperation.Tanh, "0.40 ns (512-bit); a native tensor library 2.17"),
        ForkJoin(),
        .. ImageSteps(),
        new TwoLayerStep(20, 10, 10, 10, 16).Alone(1.5),
        new TwoLayerStep(20, 10, 50, 10, 64).Alone(10.5),
        new TwoLayerStep(100, 50, 100, 10, 64).Alone(47.6),
        new TwoLayerStep(100, 50, 200, 50, 128).Alone(227),
        new TwoLayerStep(20, 10, 10, 10, 16).InLanes(32, 1, 2.45e6),
        new TwoLayerStep(20, 10, 50, 10, 64).InLanes(32, 1, 163e3),
        new TwoLayerStep(100, 50, 100, 10, 64).InLanes(32, 1, 22.5e3),
        new TwoLayerStep(100, 50, 200, 50, 128).InLanes(32, 1, 4.0e3),
        new TwoLayerStep(20, 10, 10, 10, 16).InLanes(256, 2, 3.3e6),
        new TwoLayerStep(20, 10, 50, 10, 64).InLanes(256, 2, 262e3),
        new TwoLayerStep(100, 50, 100, 10, 64).InLanes(256, 2, 40e3),
        new TwoLayerStep(100, 50, 200, 50, 128).InLanes(256, 2, 6.6e3),
    ];

    private static SpeedCase PeakOf(DType type)
    {
        var prepare = Registers.Best(type, new PeakLoop());
        const int Rounds = 20_000;
        return new SpeedCase(
            $"fused multiply-adds on registers, {type}", 1, type == DType.F32 ? SpeedUnit.SingleOperations : SpeedUnit.DoubleOperations,
            Rounds * prepare.Operations, Rounds * prepare.Operations, 100, "116 GF/s in F32",
            _ => new SpeedWork(() => prepare.Run(Rounds), () => { }));
    }

    private static SpeedCase MicroKernel(DType type, double target, string recorded)
    {
        var (m, n) = Registers.Best(type, new TileExtents());
        return Product(type, m, n, 256, 1, target, recorded) with { Name = $"micro-kernel {m}x{n} in L1, {type}" };
    }

    private static SpeedCase Product(DType type, int m, int n, int k, int threads, double target, string recorded)
        => new(
            $"product {m} x {n} x {k}, {type}", threads, type == DType.F32 ? SpeedUnit.SingleOperations : SpeedUnit.DoubleOperations,
            2.0 * m * n * k, 2.0 * m * n * k, target, recorded,
            team =>
            {
                var (a, b) = (Ops.Input(m, k), Ops.Input(k, n));
                return PlanWork([Ops.MatMul(a, b)], [a, b], new PlanOptions { Precision = type, Team = threads > 1 ? team : null });
            });

    private static SpeedCase Elements(string name, ElementOperation operation, string recorded)
    {
        const int Count = 16_384;
        return new SpeedCase(
            $"{name} of {Count} elements, F32", 1, SpeedUnit.Elements, Count, 0, null, recorded,
            _ =>
            {
                var x = Ops.Input(Count);
                return PlanWork([operation == ElementOperation.Exp ? Ops.Exp(x) : Ops.Tanh(x)], [x], new PlanOptions());
            });
    }

    private static IEnumerable<SpeedCase> ImageSteps()
    {
        var (direct, winograd) = (ConvolutionAlgorithm.Direct, ConvolutionAlgorithm.Winograd);
        var (wide, narrow, residual) = (ImageNetworks.Vgg(1), ImageNetworks.Vgg(2), ImageNetworks.ResNet18);
        return
        [
            wide.On(1, direct, null, 611),
            wide.On(1, winograd, 409, 611),
            wide.On(2, direct, null, 419),
            wide.On(2, winograd, 254, 419),
            narrow.On(1, direct, null, 158),
            narrow.On(1, winograd, 107, 158),
            narrow.On(2, direct, null, 104),
            narrow.On(2, winograd, 71, 104),
            residual.On(1, direct, null, null),
            residual.On(1, winograd, null, null),
            // 51 images per second, recorded on two cores
            residual.On(2, direct, null, 1255),
            residual.On(2, winograd, 1255 / 1.3, 1255),
            ImageNetworks.Distilled.Alone(direct),
            ImageNetworks.Distilled.Alone(winograd),
        ];
    }

    private static SpeedCase ForkJoin()
        => new(
            "fork and join of two chunks", 2, SpeedUnit.Calls, 1, 0, null, "0.2 µs; Parallel.For 4-6 µs",
            team =>
            {
                static void Nothing(int chunk)
                {
                }

                Action<int> work = Nothing;
                return new SpeedWork(() => team.Run(2, work), () => { });
            });

    internal static SpeedWork PlanWork(Sym[] outputs, Sym[] inputs, PlanOptions options)
    {
        var plan = Plan.Compile(outputs, options);
        for (var i = 0; i < inputs.Length; i++)
        {
            var values = new double[inputs[i].Shape.Count];
            new RandomSequence(1, "speed").FillNormal(i, values);
            plan.Write(inputs[i], [.. values.Select(value => 0.1 * value)]);
        }

        return new SpeedWork(plan.Run, plan.Dispose);
    }

    private sealed class TileExtents : IRegisterVisitor<(int M, int N)>
    {
        public (int M, int N) Visit<V, S>()
            where V : struct, ISimd<V, S>
            where S : unmanaged, IBinaryFloatingPointIeee754<S>
            => (V.Count >= 32 ? 12 : 6, 2 * V.Width);
    }
}
