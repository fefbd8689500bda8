using Understudy.Studies.Specialization.Experiments;

namespace Understudy.Studies.Specialization.Parts;

/// <summary>What certificates, creases and pruned students cost at the end of a part.</summary>
internal static class GeometryCost
{
    /// <summary>Multiplications of double precision per second and thread, in products of a few dozen numbers.</summary>
    private const double Rate = 1.9e9;

    /// <summary>Residual gradients are taken at both ends and the middle of every segment.</summary>
    private const int Points = 3;

    private const int GroupSweeps = 100;

    /// <summary>Seconds on one thread.</summary>
    internal static double Seconds(ExperimentPlan plan, int dimension)
    {
        if (plan.Geometry is not { Probes: > 0 } geometry)
            return 0;
        var (m, outputs, probes) = (plan.Teacher.Nodes, plan.Teacher.Outputs, Math.Min(geometry.Probes, plan.Evaluation));
        var replicas = (double)plan.Seeds * plan.Teacher.FanOutDecay.Count * plan.Sets.Count;
        var multiplications = 0.0;
        foreach (var overRealization in plan.Student.OverRealization)
        {
            double n = InitialStudent.Nodes(overRealization, m);
            var inputs = (m + n) * dimension * (probes + m + n);
            var certificates = (double)m * probes * Points * (m + (2 * n)) * outputs;
            // fewer points than dimensions bound nothing
            var bounds = probes < dimension ? 0 : (double)m * probes * dimension * dimension;
            var fanOuts = n * probes * (m + n);
            var pruned = (double)plan.Evaluation * (m + n) * (dimension + outputs);
            // covariances of the students, and some hundred sweeps per teacher node
            var groups = (GeometryMeasurement.GroupSamples * n * n / 2) + (m * GroupSweeps * n * n);
            multiplications += replicas * (inputs + certificates + bounds + fanOuts + pruned + groups);
        }

        return multiplications / Rate;
    }
}
