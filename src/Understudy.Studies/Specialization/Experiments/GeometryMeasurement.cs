using Understudy.Learning.Geometry;
using Understudy.Learning.Probing;

namespace Understudy.Studies.Specialization.Experiments;

/// <summary>One student along the boundaries of its nodes and its teacher's; nothing here is random.</summary>
/// <param name="Certificates">By teacher node.</param>
/// <param name="Creases">By teacher node.</param>
/// <param name="Roles">What became of each teacher node.</param>
/// <param name="Matched">One student of its own for each teacher node, or −1.</param>
/// <param name="Groups">The students whose sum comes closest to each teacher node.</param>
/// <param name="FanOutBounds">Upper bounds of ‖v_k‖ by student node; null where another boundary coincides with its own.</param>
/// <param name="Useful">The student without unspecialized and dead nodes: nodes left, and loss.</param>
/// <param name="Merged">The same with duplicates merged as well.</param>
internal sealed record GeometryMeasurement(
    NodeCertificate[] Certificates, CreaseProfile[] Creases, TeacherRole[] Roles, int[] Matched, GroupMatching[] Groups, double?[] FanOutBounds,
    (int Nodes, double Loss) Useful, (int Nodes, double Loss) Merged)
{
    /// <summary>h in units of the standard deviation of the inputs.</summary>
    internal static readonly double[] CreaseSteps = [0.02, 0.05, 0.1, 0.2, 0.5, 1];

    /// <summary>Segments looked at for the bound of one student's fan-out.</summary>
    private const int BoundSegments = 8;

    /// <summary>Samples over which groups of students are compared with teacher nodes.</summary>
    internal const int GroupSamples = 1000;

    /// <summary>Measures a student that did not diverge and was evaluated.</summary>
    internal static GeometryMeasurement Of(Replica replica, LabelledSamples evaluation, GeometryConfig config, double deviation, double radius)
    {
        var (teacher, network, measured) = (replica.Teacher.ToNodes(), replica.Student(), replica.Evaluation!);
        var student = network.ToNodes();
        var statistics = SpecializationStatistics.Of(measured.Correlations, evaluation.Crossed);
        var alignments = new Alignments(replica.Teacher, network, radius);
        var probes = new BoundaryProbes(teacher, student, evaluation.Inputs.AsSpan(0, Math.Min(config.Probes, evaluation.Count) * teacher.Inputs));
        var step = config.Sine * deviation / 2;
        double[] steps = [.. CreaseSteps.Select(h => h * deviation)];
        StudentRole[] roles = [.. Enumerable.Range(0, student.Nodes).Select(k => Recorder.Role(k, measured, statistics, alignments))];
        return new GeometryMeasurement(
            [.. Enumerable.Range(0, teacher.Nodes).Select(j => NodeCertificate.Of(probes, j, step))],
            [.. Enumerable.Range(0, teacher.Nodes).Select(j => CreaseProfile.Of(probes, j, steps))],
            [.. Enumerable.Range(0, teacher.Nodes).Select(j => Role(j, statistics, alignments))],
            OneToOneMatching.Of(measured.Correlations),
            GroupMatching.Of(teacher, student, evaluation.Inputs.AsSpan(0, Math.Min(GroupSamples, evaluation.Count) * teacher.Inputs)),
            [.. Enumerable.Range(0, student.Nodes).Select(k => PrunableBound.Of(probes, k, deviation, BoundSegments))],
            Pruned(student, evaluation, [.. roles.Select((role, k) => IsUseful(role) ? k : -1)]),
            Pruned(student, evaluation, Targets(roles, statistics, measured.Correlations)));
    }

    private static TeacherRole Role(int teacher, SpecializationStatistics statistics, Alignments alignments)
    {
        if (!statistics.IsObserved(teacher))
            return TeacherRole.NotObserved;
        if (statistics.Best[teacher] > SpecializationStatistics.Recovery)
            return TeacherRole.Recovered;
        return alignments.IsReversed[teacher] ? TeacherRole.Reversed : TeacherRole.Missed;
    }

    private static bool IsUseful(StudentRole role) => role is not (StudentRole.Unspecialized or StudentRole.Dead);

    /// <summary>Students of one teacher node go into the one that correlates most with it; reversed ones stay as they are.</summary>
    private static int[] Targets(StudentRole[] roles, SpecializationStatistics statistics, CorrelationMatrix rho)
    {
        var targets = new int[roles.Length];
        var first = new Dictionary<int, int>();
        foreach (var k in Enumerable.Range(0, roles.Length).OrderByDescending(k => rho[statistics.BestTeacher[k], k]).ThenBy(k => k))
        {
            targets[k] = roles[k] switch
            {
                StudentRole.Specialized or StudentRole.Duplicate when first.TryGetValue(statistics.BestTeacher[k], out var target) => target,
                StudentRole.Specialized or StudentRole.Duplicate => first[statistics.BestTeacher[k]] = k,
                StudentRole.Reversed => k,
                _ => -1,
            };
        }

        return targets;
    }

    private static (int Nodes, double Loss) Pruned(TwoLayerNodes student, LabelledSamples evaluation, int[] into)
    {
        var pruned = StudentPruning.Of(student, into);
        return (pruned.Nodes, StudentPruning.Loss(pruned, evaluation.Inputs, evaluation.Targets));
    }
}
