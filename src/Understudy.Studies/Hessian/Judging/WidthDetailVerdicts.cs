using Understudy.Lab.Claims;
using Understudy.Studies.Judging;
using static System.FormattableString;
using static Understudy.Studies.Hessian.HessianClaims;

namespace Understudy.Studies.Hessian.Judging;

/// <summary>The verdicts on zeros, rescaling, class means and gradients of part widths (H9, D1, D2, D3).</summary>
internal static class WidthDetailVerdicts
{
    private const string NeedsPart = "needs part widths: run again with parts=[widths]";

    internal static IEnumerable<Verdict> All(Evidence evidence)
    {
        yield return Zeros(evidence.Zeros);
        yield return Rescaling(evidence.Rescaling);
        yield return Classes(evidence.Classes);
        yield return Gradients(evidence.Subspaces);
    }

    private static Verdict Zeros(Recorded<ZerosRow>? zeros)
    {
        if (zeros is null)
            return H9.NotRun(NeedsPart);
        var row = zeros.All.First();
        if (row.Bound <= 0)
            return H9.NotRun("needs widths.fewExamples below the parameters over the classes less one: else nothing has to be zero");
        double[] over = [.. zeros.Seeds.Select(seed => seed.Min(one => (double)one.Zeros / one.Bound))];
        // an inequality that is proved holds for every seed or not at all
        var outcome = over.Length < Bar.FewestSeeds ? Outcome.Inconclusive : over.All(one => one >= 1) ? Outcome.Supported : Outcome.NotSupported;
        var finding = new Finding(outcome, Invariant($"zeros over P − N(C − 1), n = {row.Hidden}: {Finding.Text(Statistics.MeanInterval(over))}, smallest {Finding.Text(over.Min())}"), Statistics.MeanInterval(over), over.Length);
        return H9.Judge(
            finding.Outcome, Invariant($"{finding.Words}; {row.Zeros:N0} zeros of {row.Parameters:N0} at N = {row.Examples}, at least {row.Bound:N0} there must be"), Scales.Widths(zeros), finding.Estimate, finding.Seeds);
    }

    private static Verdict Rescaling(Recorded<RescalingRow>? rescaling)
    {
        if (rescaling is null)
            return D1.NotRun(NeedsPart);
        double[] changes = [.. rescaling.All.Select(row => Math.Max(row.LargestAfter / row.Largest, row.Largest / row.LargestAfter))];
        var change = rescaling.All.Max(row => row.OutputChange);
        var (negative, positive) = (rescaling.All.Count(row => row.Negative == row.NegativeAfter), rescaling.All.Count(row => row.Positive == row.PositiveAfter));
        var first = rescaling.All.First();
        var finding = Finding.Of(Invariant($"n = {first.Hidden}, change of λ₁ as a factor:"), Statistics.MeanInterval(changes), Bar.AtLeast(RescaledRatio), changes.Length)
            .And(change <= FunctionChange, Invariant($"outputs agree to {change:0.0e0}"))
            .And(negative == changes.Length, Invariant($"n₋ the same for {negative} of {changes.Length} seeds (first {first.Negative} and {first.NegativeAfter})"))
            .And(positive == changes.Length, Invariant($"n₊ for {positive} (first {first.Positive} and {first.PositiveAfter})"));
        return D1.Judge(finding.Outcome, finding.Words, Scales.Widths(rescaling), finding.Estimate, finding.Seeds);
    }

    private static Verdict Classes(Recorded<ClassStructureRow>? classes)
    {
        if (classes is null)
            return D2.NotRun(NeedsPart);
        double[] differences = [.. classes.Seeds.Select(seed => Statistics.Mean([.. seed.Select(Difference)]))], overlaps = [.. classes.Seeds.Select(seed => seed.Average(row => row.Overlap))];
        var difference = Statistics.Mean(differences);
        var finding = Graded.Mean("overlap of the top C − 1 spaces", overlaps, Bar.AtLeast(ClassOverlap), Bar.AtLeast(ClassOverlapLoose))
            .AndOrPartly(difference <= ClassDifference, Invariant($"median relative difference of the eigenvalues {Finding.Text(difference)}"));
        var trace = classes.All.Sum(row => row.TraceClass + row.TraceCross + row.TraceWithin + row.TraceSame);
        var shares = Invariant($"shares of tr G: class means {classes.All.Sum(row => row.TraceClass) / trace:0.00}, cross-class means {classes.All.Sum(row => row.TraceCross) / trace:0.00}, within {classes.All.Sum(row => row.TraceWithin) / trace:0.00}, own labels {classes.All.Sum(row => row.TraceSame) / trace:0.00}");
        return D2.Judge(finding.Outcome, $"{finding.Words}; {shares}", Scales.Widths(classes), finding.Estimate, finding.Seeds);
    }

    private static double Difference(ClassStructureRow row)
        => Statistics.Median([.. row.GaussNewton.Zip(row.ClassAndCross, (whole, means) => Math.Abs(whole - means) / whole).Take(Examples.Classes - 1)]);

    private static Verdict Gradients(Recorded<SubspaceRow>? subspaces)
    {
        if (subspaces is null)
            return D3.NotRun(NeedsPart);
        double[] mini = [.. subspaces.Seeds.Select(seed => seed.Where(row => row.TrainingStep > 0).Average(row => row.Mini))];
        var finding = Graded.Mean(Invariant($"n = {subspaces.All.First().Hidden}, share of mini-batch gradients"), mini, Bar.AtLeast(GradientShare), Bar.AtLeast(GradientShareLoose));
        var moments = string.Join(", ", subspaces.All.GroupBy(row => row.TrainingStep).OrderBy(moment => moment.Key).Select(moment => Invariant($"step {moment.Key}: {Finding.Text(moment.Average(row => row.Mini))} and {Finding.Text(moment.Average(row => row.Full))}")));
        return D3.Judge(finding.Outcome, $"{finding.Words}; mini-batch and full gradient by step: {moments}", Scales.Widths(subspaces), finding.Estimate, finding.Seeds);
    }
}
