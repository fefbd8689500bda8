using Understudy.Studies.Parts;
using Understudy.Studies.Specialization.Experiments;

namespace Understudy.Studies.Specialization.Parts;

/// <summary>What the spectra of students cost at the end of a part.</summary>
internal static class CurvatureCost
{
    /// <summary>Seconds of all students, one after the other, and the memory of the widest one.</summary>
    internal static PartCost Of(ExperimentPlan plan, int dimension)
    {
        if (plan.Curvature == 0)
            return default;
        var cost = default(PartCost);
        var students = (double)plan.Seeds * plan.Teacher.FanOutDecay.Count;
        foreach (var overRealization in plan.Student.OverRealization)
        {
            double nodes = InitialStudent.Nodes(overRealization, plan.Teacher.Nodes);
            var parameters = (nodes * (dimension + 1.0)) + (plan.Teacher.Outputs * (nodes + 1));
            foreach (var (samples, _) in plan.Sets)
            {
                double examples = Math.Min(plan.Curvature, samples);
                cost = cost.Then(new PartCost(students * SpectrumCost.Seconds(parameters, examples), SpectrumCost.Bytes(parameters, examples)));
            }
        }

        return cost;
    }
}
