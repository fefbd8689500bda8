namespace Understudy.Learning.Geometry;

/// <summary>How large the fan-out of a student can be that shares its boundary with no other node; specification section 2.5.</summary>
public static class PrunableBound
{
    private const double Hair = 1e-9;

    /// <summary>An upper bound of ‖v_k‖ from small residuals, or null where another boundary coincides with the student's.</summary>
    /// <remarks>
    /// Across the boundary of student k alone every observer l has |v_l·v_k| ≤ 4δ_l/((1 − slope)·c·‖w_k‖). Observers whose fan-outs over δ
    /// have the smallest singular value s in output space give ‖v_k‖ ≤ 4√|O|/((1 − slope)·c·‖w_k‖·s). The outputs themselves are
    /// observers too, with ‖v_k‖ ≤ 4·max‖f* − f‖/((1 − slope)·c·‖w_k‖); the smaller of both is returned.
    /// </remarks>
    /// <param name="probes">Probes of teacher and student.</param>
    /// <param name="student">Index of the student node.</param>
    /// <param name="longest">The largest c; a segment is as long as it can be without meeting another boundary.</param>
    /// <param name="most">How many of the longest segments to use.</param>
    public static double? Of(BoundaryProbes probes, int student, double longest, int most)
    {
        ArgumentNullException.ThrowIfNull(probes);
        var (boundary, scale) = (probes.Teacher.Nodes + student, (1 - probes.Student.Slope) * probes.Student.WeightNorm(student) / 4);
        if (!(scale > 0))
            return null;
        var segment = new Segment(probes, boundary, 1);
        var lengths = new double[probes.Count];
        for (var probe = 0; probe < probes.Count; probe++)
        {
            segment.MoveTo(probe);
            // a hair shorter, so that rounding does not let the other boundary in
            lengths[probe] = Math.Min(longest, (1 - Hair) * segment.Free());
        }

        double? bound = null;
        var (best, smallest) = (-1, double.PositiveInfinity);
        foreach (var probe in Enumerable.Range(0, probes.Count).OrderByDescending(probe => lengths[probe]).Take(most).Where(probe => lengths[probe] > 0))
        {
            var found = MoveTo(segment, probe, lengths[probe]).LargestResidual() / (lengths[probe] * scale);
            if (found < smallest)
                (best, smallest) = (probe, found);
        }

        if (best >= 0)
            bound = Math.Min(smallest, OfObservers(probes, MoveTo(segment, best, lengths[best])) / (lengths[best] * scale));
        return bound;
    }

    private static Segment MoveTo(Segment segment, int probe, double length)
    {
        segment.Resize(length);
        segment.MoveTo(probe);
        segment.Evaluate();
        return segment;
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
