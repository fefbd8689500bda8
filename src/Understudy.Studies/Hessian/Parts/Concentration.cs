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

    /// <summary>The same from a quadrature behind known ends of the spectrum, with its bounds.</summary>
    /// <param name="at">What is measured.</param>
    /// <param name="stage">When.</param>
    /// <param name="top">The largest eigenvalues, largest first.</param>
    /// <param name="bottom">The smallest, smallest first.</param>
    /// <param name="measure">The rest, with these as stems.</param>
    internal static ConcentrationRow Of(WidthAddress at, TrainingStage stage, ReadOnlySpan<double> top, ReadOnlySpan<double> bottom, SpectralMeasure measure)
    {
        double lastTop = top.IsEmpty ? double.PositiveInfinity : top[^1], lastBottom = bottom.IsEmpty ? double.NegativeInfinity : bottom[^1];
        double[] known = [.. top, .. bottom];
        var shares = Magnitudes.Select(t => Beyond(t)).ToArray();
        return new ConcentrationRow(at.Seed, at.Step, at.Hidden, stage, Magnitudes, [.. shares.Select(share => share.Value)], [.. shares.Select(share => share.Lower)], [.. shares.Select(share => share.Upper)]);

        // where nothing unknown can lie, a side is counted
        SpectralShare Beyond(double t)
        {
            var above = t >= lastTop ? Counted(known.Count(value => value > t)) : Rest(measure.ShareUpTo(t));
            var below = -t <= lastBottom ? Counted(known.Count(value => value < -t)) : measure.ShareUpTo(-t);
            return new SpectralShare(Share(above.Value + below.Value), Share(above.Lower + below.Lower), Share(above.Upper + below.Upper));
        }

        SpectralShare Counted(int count)
        {
            var share = (double)count / measure.Size;
            return new SpectralShare(share, share, share);
        }

        static SpectralShare Rest(SpectralShare upTo) => new(1 - upTo.Value, 1 - upTo.Upper, 1 - upTo.Lower);
    }

    private static double Share(double value) => Math.Clamp(value, 0, 1);
}
