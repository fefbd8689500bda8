namespace Understudy.Learning.Geometry;

/// <summary>How much of the crease of one teacher node the student has, by distance; specification section 1.6.</summary>
/// <remarks>
/// At a probe x on the boundary and a step h along its normal, D²F = F(x + h) + F(x − h) − 2F(x) for F = f*, f. Segments that another
/// teacher boundary crosses are left out. No nodes are matched: permuted, rescaled, duplicated and reversed students give the same.
/// </remarks>
public sealed class CreaseProfile
{
    /// <summary>The recovery at which a crease counts as localized.</summary>
    public const double Half = 0.5;

    private readonly double[] _steps;
    private readonly double[] _recovery;
    private readonly double[] _error;

    private CreaseProfile(double[] steps, double[] recovery, double[] error) => (_steps, _recovery, _error) = (steps, recovery, error);

    /// <summary>R(h): median of ⟨D²f, D²f*⟩/⟨D²f*, D²f*⟩, 1 for the same crease and 0 for none; NaN where every segment is left out.</summary>
    public ReadOnlySpan<double> Recovery => _recovery;

    /// <summary>E(h): median of ‖D²f − D²f*‖²/‖D²f*‖².</summary>
    public ReadOnlySpan<double> Error => _error;

    /// <summary>h50: the smallest step with R(h) of at least a half; NaN where none has it.</summary>
    public double LocalizationRadius
    {
        get
        {
            for (var i = 0; i < _steps.Length; i++)
            {
                if (_recovery[i] >= Half)
                    return _steps[i];
            }

            return double.NaN;
        }
    }

    /// <summary>Measures the crease of a teacher node.</summary>
    /// <param name="probes">Probes of teacher and student.</param>
    /// <param name="teacher">Index of the teacher node.</param>
    /// <param name="steps">h, ascending.</param>
    public static CreaseProfile Of(BoundaryProbes probes, int teacher, ReadOnlySpan<double> steps)
    {
        ArgumentNullException.ThrowIfNull(probes);
        var (recovery, error) = (new double[steps.Length], new double[steps.Length]);
        for (var i = 0; i < steps.Length; i++)
            (recovery[i], error[i]) = At(probes, teacher, steps[i]);
        return new CreaseProfile(steps.ToArray(), recovery, error);
    }

    private static (double Recovery, double Error) At(BoundaryProbes probes, int teacher, double step)
    {
        var (m, n) = (probes.Teacher.Nodes, probes.Student.Nodes);
        var segment = new Segment(probes, teacher, step);
        var (own, own2) = ((double[])[.. probes.Teacher.FanOut(teacher)], probes.Teacher.FanOutNorm(teacher) * probes.Teacher.FanOutNorm(teacher));
        var unit = (1 - probes.Teacher.Slope) * step * probes.Teacher.WeightNorm(teacher);
        if (!(own2 > 0 && unit > 0))
            return (double.NaN, double.NaN);
        var (recoveries, errors, difference) = (new List<double>(), new List<double>(), new double[own.Length]);
        for (var probe = 0; probe < probes.Count; probe++)
        {
            segment.MoveTo(probe);
            if (segment.IsCrossed(m))
                continue;
            Array.Clear(difference);
            for (var k = 0; k < n; k++)
            {
                var kappa = segment.Kappa(m + k);
                if (kappa > 0)
                    Dense.Add((1 - probes.Student.Slope) * kappa / unit, probes.Student.FanOut(k), difference);
            }

            // in units of the teacher's own second difference along its fan-out
            recoveries.Add(Dense.Dot(difference, own) / own2);
            Dense.Add(-1, own, difference);
            errors.Add(Dense.Dot(difference, difference) / own2);
        }

        return (Medians.Of([.. recoveries]), Medians.Of([.. errors]));
    }
}
