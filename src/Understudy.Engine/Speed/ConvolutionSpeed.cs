using Understudy.Engine.Graphs;
using Understudy.Engine.Plans;

namespace Understudy.Engine.Speed;

/// <summary>Convolutions of 3 × 3 on batches of 64 images, each of the three sums on its own.</summary>
internal static class ConvolutionSpeed
{
    private const int Batch = 64;

    /// <summary>Targets are those of direct convolutions in the design's prototypes.</summary>
    internal static IEnumerable<SpeedCase> Cases =>
    [
        Forward(32, 3, 64, 1, 47, "54 GF/s"),
        Forward(32, 32, 64, 1, 78, "91 GF/s"),
        ToImages(32, 32, 64, 1, 86, "100 GF/s"),
        ToKernel(32, 32, 64, 1, 88, "102 GF/s"),
        Forward(32, 64, 64, 1, 80, "93 GF/s"),
        ToImages(32, 64, 64, 1, 82, "95 GF/s"),
        ToKernel(32, 64, 64, 1, 86, "100 GF/s"),
        Forward(8, 256, 256, 1, 91, "105 GF/s"),
        ToImages(8, 256, 256, 1, 87, "101 GF/s"),
        ToKernel(8, 256, 256, 1, 89, "103 GF/s"),
        Forward(32, 64, 64, 2, 75, "170-203 GF/s"),
        ToKernel(32, 64, 64, 2, 74, "166-192 GF/s"),
    ];

    private static SpeedCase Forward(int side, int channels, int filters, int threads, double target, string recorded)
        => Of("convolution", side, channels, filters, threads, target, recorded, (x, kernel, _) => (Ops.Convolve(x, kernel, padding: 1), [x, kernel]));

    private static SpeedCase ToImages(int side, int channels, int filters, int threads, double target, string recorded)
        => Of("its gradient by images", side, channels, filters, threads, target, recorded, (x, kernel, y) => (Transforms.Vjp(Ops.Convolve(x, kernel, padding: 1), y, x)[0]!, [kernel, y]));

    private static SpeedCase ToKernel(int side, int channels, int filters, int threads, double target, string recorded)
        => Of("its gradient by the kernel", side, channels, filters, threads, target, recorded, (x, kernel, y) => (Transforms.Vjp(Ops.Convolve(x, kernel, padding: 1), y, kernel)[0]!, [x, y]));

    private static SpeedCase Of(
        string what, int side, int channels, int filters, int threads, double target, string recorded, Func<Sym, Sym, Sym, (Sym Output, Sym[] Inputs)> trace)
    {
        var operations = 2.0 * Batch * side * side * 9 * channels * filters;
        return new SpeedCase(
            $"{what}, {channels} -> {filters} at {side} x {side}", threads, SpeedUnit.SingleOperations, operations, operations, target, recorded,
            team =>
            {
                var (output, inputs) = trace(Ops.Input(Batch, side, side, channels), Ops.Input(3, 3, channels, filters), Ops.Input(Batch, side, side, filters));
                return SpeedCases.PlanWork([output], inputs, new PlanOptions { Team = threads > 1 ? team : null });
            });
    }
}
