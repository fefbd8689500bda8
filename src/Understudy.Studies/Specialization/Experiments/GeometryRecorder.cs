using Understudy.Lab.Runs;
using Understudy.Learning.Geometry;
using Understudy.Learning.Probing;

namespace Understudy.Studies.Specialization.Experiments;

/// <summary>Records what was measured along boundaries at the end of a part.</summary>
internal sealed class GeometryRecorder(ExperimentPlan plan, RunContext run)
{
    /// <summary>Records one replica, where its geometry was measured.</summary>
    internal void Record(Replica replica, long step)
    {
        if (replica is not { Geometry: { } geometry, Evaluation: { } measured })
            return;
        var (cell, teacher, student) = (replica.Cell, replica.Teacher, replica.Student());
        var initial = SpecializationStatistics.Of(replica.InitialCorrelations!);
        var statistics = SpecializationStatistics.Of(measured.Correlations);
        var (m, n, d, sine) = (teacher.Nodes, student.Nodes, teacher.Inputs, plan.Geometry!.Sine);
        for (var j = 0; j < m; j++)
        {
            var (found, crease, matched) = (geometry.Certificates[j], geometry.Creases[j], geometry.Matched[j]);
            var winner = found.Winner < 0 ? new NodeAlignment(0, double.NaN)
                : NodeAlignment.Of(teacher.Weight(j), teacher.Biases[j], student.Weight(found.Winner), student.Biases[found.Winner]);
            run.Record($"{plan.Part}.certificates", new CertificateRow(
                replica.Seed, step, cell.OverRealization, cell.FanOutDecay, cell.Samples, cell.Set,
                j, teacher.FanOutNorm(j), statistics.Best[j], initial.Best[j], geometry.Roles[j],
                matched, matched < 0 ? 0 : measured.Correlations[j, matched], geometry.Groups[j].Explained, geometry.Groups[j].Students,
                found.Probes, found.Observed, found.Certified, found.Violations, found.Gradient, found.Ratio,
                found.Winner, found.WinnerShare, winner.UnorientedSine, winner.OffsetError, found.SineBound,
                GeometryMeasurement.CreaseSteps, crease.Recovery.ToArray(), crease.Error.ToArray(), Radius(crease),
                SampleCounts.TeacherAware(m, n, d), SampleCounts.TeacherAgnostic(n, d, sine),
                SampleCounts.Order(m, n, d, sine), SampleCounts.GradientOrder(m, n, d, sine)));
        }

        run.Record($"{plan.Part}.pruned", new PrunedRow(
            replica.Seed, step, cell.OverRealization, cell.FanOutDecay, cell.Samples, cell.Set,
            n, geometry.Useful.Nodes, geometry.Merged.Nodes, measured.Loss, geometry.Useful.Loss, geometry.Merged.Loss));
    }

    /// <summary>h50 in units of the deviation.</summary>
    private static double? Radius(CreaseProfile crease)
    {
        for (var i = 0; i < GeometryMeasurement.CreaseSteps.Length; i++)
        {
            if (crease.Recovery[i] >= CreaseProfile.Half)
                return GeometryMeasurement.CreaseSteps[i];
        }

        return null;
    }
}
