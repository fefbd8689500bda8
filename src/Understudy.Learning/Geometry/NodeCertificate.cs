namespace Understudy.Learning.Geometry;

/// <summary>What a small residual gradient proves about one teacher node; specification section 2.3.</summary>
/// <remarks>
/// Around a probe x on the teacher's boundary take x ± c·w^*. Where no other teacher boundary crosses the segment, a student k that
/// is active at the three points and has |γ_k| ≤ δ there proves that some student boundary crosses it, once
/// (1 − slope)·|α_kj|·c·‖w*_j‖ exceeds 4δ. Which one is then looked up; that none does would be an error of this program.
/// </remarks>
/// <param name="Probes">Probes on the boundary.</param>
/// <param name="Observed">Share of the probes at which some student is active at all three points.</param>
/// <param name="Certified">Share of the probes with a proof.</param>
/// <param name="Violations">Probes with a proof and without a student boundary: 0, or there is an error.</param>
/// <param name="Gradient">Median over observed probes of δ of the best observer; NaN where there is none.</param>
/// <param name="Ratio">Median over observed probes of (1 − slope)·|α|·c·‖w*‖/(4δ) of the best observer: certified above 1.</param>
/// <param name="Winner">The student whose boundary crosses most certified segments; −1 where none is certified.</param>
/// <param name="WinnerShare">Share of the certified segments it crosses.</param>
/// <param name="SineBound">Upper bound of the sine of the angle between the winner's boundary and the teacher's; 1 says nothing.</param>
public sealed record NodeCertificate(
    int Probes, double Observed, double Certified, int Violations, double Gradient, double Ratio, int Winner, double WinnerShare, double SineBound)
{
    /// <summary>Tries to certify a teacher node at every probe.</summary>
    /// <param name="probes">Probes of teacher and student.</param>
    /// <param name="teacher">Index of the teacher node; its weights must not vanish.</param>
    /// <param name="step">c, the distance from the boundary to either end of a segment.</param>
    public static NodeCertificate Of(BoundaryProbes probes, int teacher, double step)
    {
        ArgumentNullException.ThrowIfNull(probes);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(step);
        var (m, n) = (probes.Teacher.Nodes, probes.Student.Nodes);
        var segment = new Segment(probes, teacher, step);
        var couplings = Couplings(probes, teacher, (1 - probes.Teacher.Slope) * step);
        var (gradients, ratios, certified, violations) = (new List<double>(), new List<double>(), new List<int>(), 0);
        var crossings = new List<int>[n];
        for (var k = 0; k < n; k++)
            crossings[k] = [];
        for (var probe = 0; probe < probes.Count; probe++)
        {
            segment.MoveTo(probe);
            segment.Evaluate();
            var (ratio, gradient) = BestObserver(segment, couplings);
            if (double.IsNaN(gradient))
                continue;
            gradients.Add(gradient);
            ratios.Add(ratio);
            if (!(ratio > 1) || segment.IsCrossed(m))
                continue;
            certified.Add(probe);
            var crossed = false;
            for (var k = 0; k < n; k++)
            {
                if (segment.Kappa(m + k) > 0)
                {
                    crossed = true;
                    crossings[k].Add(probe);
                }
            }

            violations += crossed ? 0 : 1;
        }

        var winner = MostFrequent(crossings);
        return new NodeCertificate(
            probes.Count, Share(gradients.Count, probes.Count), Share(certified.Count, probes.Count), violations, Middle(gradients), Middle(ratios),
            winner, winner < 0 ? 0 : Share(crossings[winner].Count, certified.Count), winner < 0 ? 1 : Bound(probes, teacher, step, crossings[winner]));
    }

    /// <summary>(1 − slope)·|α_kj|·c·‖w*_j‖/4 of every student k: what its δ must stay below.</summary>
    private static double[] Couplings(BoundaryProbes probes, int teacher, double reach)
    {
        var couplings = new double[probes.Student.Nodes];
        for (var k = 0; k < couplings.Length; k++)
            couplings[k] = Math.Abs(Dense.Dot(probes.Student.FanOut(k), probes.Teacher.FanOut(teacher))) * reach * probes.Teacher.WeightNorm(teacher) / 4;
        return couplings;
    }

    /// <summary>The largest ratio of an observer with its δ; NaN where no student observes.</summary>
    private static (double Ratio, double Gradient) BestObserver(Segment segment, double[] couplings)
    {
        var (best, gradient) = (-1.0, double.NaN);
        for (var k = 0; k < couplings.Length; k++)
        {
            if (!segment.Observes(k))
                continue;
            var delta = segment.Gradient(k);
            var ratio = delta > 0 ? couplings[k] / delta : 0;
            if (ratio > best)
                (best, gradient) = (ratio, delta);
        }

        return (best, gradient);
    }

    private static int MostFrequent(List<int>[] crossings)
    {
        var winner = -1;
        for (var k = 0; k < crossings.Length; k++)
        {
            if (crossings[k].Count > (winner < 0 ? 0 : crossings[winner].Count))
                winner = k;
        }

        return winner;
    }

    private static double Bound(BoundaryProbes probes, int teacher, double step, List<int> crossed)
    {
        var d = probes.Teacher.Inputs;
        if (crossed.Count < d)
            return 1;
        var (points, normal) = (new double[crossed.Count * d], new double[d]);
        for (var i = 0; i < crossed.Count; i++)
            probes.Point(teacher, crossed[i], points.AsSpan(i * d, d));
        Dense.Add(1 / probes.Teacher.WeightNorm(teacher), probes.Teacher.Weight(teacher), normal);
        return Localization.SineBound(points, normal, step);
    }

    private static double Share(int part, int all) => all == 0 ? 0 : (double)part / all;

    private static double Middle(List<double> values) => values.Count == 0 ? double.NaN : Medians.Of([.. values]);
}
