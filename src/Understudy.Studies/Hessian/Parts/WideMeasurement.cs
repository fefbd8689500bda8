using Understudy.Engine.LinearAlgebra.Estimation;
using Understudy.Engine.LinearAlgebra.Krylov;
using Understudy.Engine.Threading;
using Understudy.Learning.Curvature;
using Understudy.Learning.Losses;
using Understudy.Learning.Networks;

namespace Understudy.Studies.Hessian.Parts;

/// <summary>What part widths measures of a network whose whole matrix would be too large: both ends by Lanczos, what lies between by quadrature.</summary>
internal static class WideMeasurement
{
    private const int Shown = 120;
    private const int ShownBelow = 5;
    private const int Probes = 4;
    private const int Steps = 80;

    /// <summary>Relative residuals: an eigenvalue is that much squared from its place, over the distance of the next.</summary>
    private const double Tolerance = 1e-4;

    /// <summary>Long enough for the 120 largest without a restart.</summary>
    private const int Basis = 500;

    /// <summary>Measured with 55,660 parameters: 500 for both ends after training, 800 before it, and those of the density.</summary>
    private const int Products = 800 + (Probes * Steps);

    internal static double Seconds(INetwork network, int examples) => Products * CostModel.Product(network, examples);

    /// <summary>The basis, and what is kept of it.</summary>
    internal static double Bytes(INetwork network) => sizeof(double) * (double)network.Layout.Count * (Basis + (2 * (Shown + ShownBelow)) + (Probes * (Steps + 5)));

    /// <summary>Both ends of the spectrum of H, and how much of it lies away from zero.</summary>
    internal static (WideRow Row, ConcentrationRow Concentration) Of(
        WidthAddress at, TrainingStage stage, Mlp network, ExampleSet examples, double[] parameters, Team team, CancellationToken cancellation)
    {
        using var curvature = Curved.At(network, OutputLoss.CrossEntropy, examples, parameters, team);
        var gradient = curvature.Gradient(out var loss);
        var (size, trace) = (curvature.Size, ExactTraces.Of(new MlpPoint(network, OutputLoss.CrossEntropy, examples, parameters), team).GaussNewton);
        // something has to be left for the density
        int top = Math.Min(Shown, size / 4), bottom = Math.Min(ShownBelow, size / 4);
        var pairs = Curved.Pairs(
            curvature.Hessian, new EigenpairOptions { Top = top, Bottom = bottom, Tolerance = Tolerance, MaximumBasis = Basis, MemoryBytes = long.MaxValue, Seed = 1, Team = team }, cancellation);
        double[] values = [.. pairs.Top.Values, .. pairs.Bottom.Values], vectors = [.. pairs.Top.Vectors, .. pairs.Bottom.Vectors];
        var measure = SpectralMeasure.Estimate(
            curvature.Hessian, values, vectors, new QuadratureOptions { Probes = Probes, Steps = Steps, BlockSize = Probes, Seed = 1, Team = team }, cancellation);
        return (
            new WideRow(
                at.Seed, at.Step, at.Hidden, stage, size, loss, Curved.Norm(gradient), at.Hidden * (Examples.Classes - 1), trace, pairs.Products + measure.Products,
                Curved.Residual(pairs.Top, pairs.Bottom) / pairs.Top.Values[0], pairs.Top.Values.ToArray(), pairs.Bottom.Values.ToArray()),
            Concentration.Of(at, stage, pairs.Top.Values, pairs.Bottom.Values, measure));
    }
}
