namespace Understudy.Learning.Geometry;

/// <summary>How large the fan-out of a student can be that shares its boundary with no other node; specification section 2.5.</summary>
public static class PrunableBound
{
    /// <summary>An upper bound of ‖v_k‖ from small residuals, or null where every segment across the boundary meets another one.</summary>
    /// <remarks>
    /// Across the boundary of student k alone every observer l has |v_l·v_k| ≤ 4δ_l/((1 − slope)·c·‖w_k‖). Observers whose fan-outs over δ
    /// have the smallest singular value s in output space give ‖v_k‖ ≤ 4√|O|/((1 − slope)·c·‖w_k‖·s). The outputs themselves are
    /// observers too, with ‖v_k‖ ≤ 4·max‖f* − f‖/((1 − slope)·c·‖w_k‖); the smaller of both is returned.
    /// </remarks>
    /// <param name="probes">Probes of teacher and student.</param>
    /// <param name="student">Index of the student node.</param>
    /// <param name="step">c.</param>
    /// <param name="most">Segments to use of those that meet no other boundary.</param>
    public static double? Of(BoundaryProbes probes, int student, double step, int most)
    {
        ArgumentNullException.ThrowIfNull(probes);
        var (boundary, scale) = (probes.Teacher.Nodes + student, (1 - probes.Student.Slope) * step * probes.Student.WeightNorm(student) / 4);
        if (!(scale > 0))
            return null;
        var segment = new Segment(probes, boundary, step);
        var (used, best, residual) = (0, -1, double.PositiveInfinity);
        for (var probe = 0; probe < probes.Count && used < most; probe++)
        {
            segment.MoveTo(probe);
            if (segment.IsCrossed(probes.Nodes))
                continue;
            used++;
            segment.Evaluate();
            if (segment.LargestResidual() < residual)
                (best, residual) = (probe, segment.LargestResidual());
        }

        if (best < 0)
            return null;
        segment.MoveTo(best);
        segment.Evaluate();
        return Math.Min(residual, OfObservers(probes, segment)) / scale;
    }

    /// <summary>√|O|/s.</summary>
    private static double OfObservers(BoundaryProbes probes, Segment segment)
    {
        var (outputs, count) = (probes.Student.Outputs, 0);
        var gram = new double[outputs * outputs];
        for (var k = 0; k < probes.Student.Nodes; k++)
        {
            var gradient = segment.Observes(k) ? segment.Gradient(k) : 0;
            if (!(gradient > 0))
                continue;
            count++;
            var fanOut = probes.Student.FanOut(k);
            for (var c = 0; c < outputs; c++)
                Dense.Add(fanOut[c] / (gradient * gradient), fanOut, gram.AsSpan(c * outputs, outputs));
        }

        return count < outputs ? double.PositiveInfinity : Math.Sqrt(count / Localization.SmallestEigenvalue(gram, outputs));
    }
}
