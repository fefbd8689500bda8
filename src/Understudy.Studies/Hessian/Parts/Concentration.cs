using Understudy.Engine.LinearAlgebra.Estimation;

namespace Understudy.Studies.Hessian.Parts;

/// <summary>How much of a spectrum lies away from zero, at thresholds that are the same for every network (E8).</summary>
internal static class Concentration
{
    private const double Smallest = 1e-8;
    private const int PerDecade = 3;
    private const int Decades = 9;

    private static readonly double[] Magnitudes = [.. Enumerable.Range(0, (PerDecade * Decades) + 1).Select(i => Smallest * Math.Pow(10, (double)i / PerDecade))];

    /// <summary>The share of eigenvalues beyond each threshold, on both sides of zero together, where all are known.</summary>
    internal static ConcentrationRow Of(WidthAddress at, TrainingStage stage, double[] values)
    {
        double[] beyond = [.. Magnitudes.Select(t => (double)values.Count(value => Math.Abs(value) > t) / values.Length)];
        return new ConcentrationRow(at.Seed, at.Step, at.Hidden, stage, Magnitudes, beyond, beyond, beyond);
    }

    /// <summary>The same from a quadrature, with its bounds.</summary>
    internal static ConcentrationRow Of(WidthAddress at, TrainingStage stage, SpectralMeasure measure)
    {
        var sides = Magnitudes.Select(t => (Positive: measure.ShareUpTo(t), Negative: measure.ShareUpTo(-t))).ToArray();
        return new ConcentrationRow(
            at.Seed, at.Step, at.Hidden, stage, Magnitudes,
            [.. sides.Select(side => Share(1 - side.Positive.Value + side.Negative.Value))],
            [.. sides.Select(side => Share(1 - side.Positive.Upper + side.Negative.Lower))],
            [.. sides.Select(side => Share(1 - side.Positive.Lower + side.Negative.Upper))]);
    }

    private static double Share(double value) => Math.Clamp(value, 0, 1);
}
