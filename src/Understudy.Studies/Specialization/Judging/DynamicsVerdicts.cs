using Understudy.Lab.Claims;
using Understudy.Learning.Probing;
using Understudy.Studies.Judging;
using static Understudy.Studies.Specialization.SpecializationClaims;

namespace Understudy.Studies.Specialization.Judging;

/// <summary>The verdict on the order of learning (S4).</summary>
internal sealed class DynamicsVerdicts(Evidence? evidence)
{
    internal Verdict Order()
    {
        if (evidence is null)
            return S4.NotRun("needs part dynamics: run again with parts=[dynamics]");
        var cells = evidence.Cells.Where(cell => cell.FanOutDecay > 0).ToArray();
        if (cells.Length == 0)
            return S4.NotRun("needs a positive fanOutDecay in part dynamics");
        if (evidence.Config.Dynamics.Teacher.Nodes < 2)
            return S4.NotRun("needs at least two teacher nodes in part dynamics");
        var finding = Finding.All([.. cells.SelectMany(Order)]);
        return S4.Judge(finding.Outcome, finding.Words, Scales.Dynamics(evidence), finding.Estimate, finding.Seeds);
    }

    /// <summary>Times of specialization by node index of every seed; infinite for a node that is not specialized at the end.</summary>
    internal static IReadOnlyList<double[]> Times(Evidence evidence, Cell cell)
        => [.. evidence.Nodes(cell, evidence.LastEpoch).Values.Select(
            nodes => nodes.Values.Where(node => node.Observed).Select(node => node.SpecializedAt ?? double.PositiveInfinity).ToArray())];

    private IEnumerable<Finding> Order(Cell cell)
    {
        var times = Times(evidence!, cell);
        double[] tau = [.. times.Select(seed => RankCorrelation.Kendall(Indices(seed), seed))];
        double[] pairs = [.. times.Select(seed => RankCorrelation.PairsInOrder(Indices(seed), seed))];
        var name = $"r = {cell.OverRealization:0.#}, p = {cell.FanOutDecay:0.#}:";
        yield return Finding.Of($"{name} Kendall's tau", Statistics.Bootstrap(tau, Statistics.Mean), Bar.AtLeast(OrderTau), tau.Length);
        yield return Finding.Of("share of pairs in order", Statistics.Bootstrap(pairs, Statistics.Mean), Bar.AtLeast(OrderedPairs), pairs.Length);
    }

    private static double[] Indices(double[] values) => [.. Enumerable.Range(0, values.Length).Select(index => (double)index)];
}
