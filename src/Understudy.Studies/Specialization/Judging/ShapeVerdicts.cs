using Understudy.Lab.Claims;
using Understudy.Studies.Judging;
using static Understudy.Studies.Specialization.SpecializationClaims;

namespace Understudy.Studies.Specialization.Judging;

/// <summary>Verdicts on fan-outs (S7) and on the speed of convergence (S19).</summary>
internal sealed class ShapeVerdicts(Evidence? evidence)
{
    private const string NeedsPart = "needs part two-layer: run again with parts=[two-layer]";

    internal Verdict FanOut()
    {
        if (evidence is null)
            return S7.NotRun(NeedsPart);
        var cells = evidence.Cells.Where(cell => cell.OverRealization >= 2).ToArray();
        if (cells.Length == 0)
            return S7.NotRun("needs an overRealization of at least 2 in part two-layer");
        var energy = Weakest(cells, row => row.EnergyShare, cell => Bar.AtLeast(cell.FanOutDecay <= 1 ? Energy : EnergyStrongDecay), "energy share");
        var rank = Weakest(cells, row => row.Spearman, _ => Bar.AtLeast(UsefulnessRank), "Spearman");
        var finding = Finding.All([energy, rank]);
        return S7.Judge(finding.Outcome, "weakest cells: " + finding.Words, Scales.TwoLayer(evidence), finding.Estimate, finding.Seeds);
    }

    internal Verdict Convergence()
    {
        if (evidence is null)
            return S19.NotRun(NeedsPart);
        var cells = evidence.Cells.Where(cell => cell.FanOutDecay == 0).ToArray();
        if (cells.Length < 2 || cells[0].OverRealization != 1)
            return S19.NotRun("needs fanOutDecay 0 and overRealization 1 and at least one more in part two-layer");
        var seeds = evidence.Paired(cells, evidence.LastEpoch, row => Math.Log10(Math.Max(row.Loss, double.Epsilon)));
        var step = Statistics.Bootstrap(seeds, sample => SmallestStep(sample, cells.Length));
        var medians = Medians(seeds, cells.Length);
        var words = "medians of log10 loss by r: " + string.Join(", ", medians.Select(Finding.Text)) + "; smallest step";
        var finding = Finding.Of(words, step, Bar.AtLeast(double.Epsilon), seeds.Count);
        return S19.Judge(finding.Outcome, finding.Words, Scales.TwoLayer(evidence), finding.Estimate, finding.Seeds);
    }

    private Finding Weakest(Cell[] cells, Func<EvaluationRow, double> value, Func<Cell, Bar> bar, string name) => cells
        .Select(cell =>
        {
            double[] seeds = [.. evidence!.At(cell, evidence.LastEpoch).Values.Select(value)];
            return (Finding: Finding.Of($"{name} at p = {cell.FanOutDecay:0.#}, r = {cell.OverRealization:0.#}:", Statistics.Bootstrap(seeds, Statistics.Mean), bar(cell), seeds.Length),
                Margin: Statistics.Mean(seeds) - bar(cell).Value);
        })
        .OrderBy(item => item.Margin).Select(item => item.Finding)
        .Aggregate((first, second) => Finding.Weakest([first, second]));

    private static double SmallestStep(IReadOnlyList<double[]> seeds, int cells)
    {
        var medians = Medians(seeds, cells);
        return medians.Zip(medians.Skip(1)).Min(pair => pair.Second - pair.First);
    }

    private static double[] Medians(IReadOnlyList<double[]> seeds, int cells)
        => [.. Enumerable.Range(0, cells).Select(cell => Statistics.Median([.. seeds.Select(seed => seed[cell])]))];
}
