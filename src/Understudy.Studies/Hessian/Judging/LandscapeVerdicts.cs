using Understudy.Lab.Claims;
using Understudy.Studies.Judging;
using static System.FormattableString;
using static Understudy.Studies.Hessian.HessianClaims;

namespace Understudy.Studies.Hessian.Judging;

/// <summary>The verdicts on lines and random matrices (H7, H7b, H11, H12).</summary>
internal static class LandscapeVerdicts
{
    internal static IEnumerable<Verdict> All(Evidence evidence)
    {
        yield return Basin(evidence.PathLines, evidence.Phases);
        yield return Generalization(evidence.PathLines);
        yield return Matrices(evidence.Matrices);
        yield return Flat(evidence.Lines);
    }

    private static Verdict Basin(Recorded<LineRow>? lines, Recorded<PhasesRow>? phases)
    {
        if (lines is null || phases is null)
            return H7.NotRun("needs part path: run again with parts=[path]");
        double[] Barriers(LineKind kind) => [.. lines.Seeds.Select(seed => seed.First(row => row.Line == kind).Barrier)];
        var (own, independent) = (Barriers(LineKind.Phases), Barriers(LineKind.Independent));
        var jump = Statistics.Mean([.. phases.All.Select(Jump)]);
        var (mean, other) = (Statistics.Mean(own), Statistics.Mean(independent));
        if (!phases.All.All(row => row.Losses[^1] < row.Losses[0]))
            return H7.NotRun("needs a training that lowers the loss: change path.training");
        if (!(jump > 0) || !(other > 0))
            return H7.NotRun("needs a jump of the loss after the switch and a barrier to an independent run to compare with: train longer, or with a smaller path.small");
        var finding = Finding.Of("barrier between the ends of the phases", Statistics.MeanInterval(own), Bar.AtMost(BarrierHeight), own.Length);
        var (nearJump, nearOther) = (mean <= BarrierShare * jump, mean <= BarrierShare * other);
        if (finding.Outcome == Outcome.NotSupported && nearJump && nearOther)
            finding = finding with { Outcome = Outcome.Partly };
        finding = finding.AndOrPartly(nearJump, Invariant($"jump of the loss after the switch {Finding.Text(jump)}")).AndOrPartly(nearOther, Invariant($"barrier to an independent run {Finding.Text(other)}"));
        return H7.Judge(finding.Outcome, finding.Words, Scales.Path(lines), finding.Estimate, finding.Seeds);
    }

    /// <summary>The largest loss of the second phase over that at the switch.</summary>
    private static double Jump(PhasesRow row)
    {
        var at = row.TrainingSteps.Index().First(item => item.Item == row.Switch).Index;
        return row.Losses.Skip(at).Max() - row.Losses[at];
    }

    private static Verdict Generalization(Recorded<LineRow>? lines)
    {
        if (lines is null)
            return H7B.NotRun("needs part path: run again with parts=[path]");
        double[] gains = [.. lines.Seeds.Select(seed => Gain(seed.First(row => row.Line == LineKind.Phases)))];
        var estimate = Statistics.MeanInterval(gains);
        var outcome = gains.Length < Bar.FewestSeeds ? Outcome.Inconclusive : estimate.Low > 0 ? Outcome.Supported : estimate.Value > 0 ? Outcome.Partly : Outcome.NotSupported;
        return H7B.Judge(outcome, Invariant($"test accuracy, second less first phase: {Finding.Text(estimate)}"), Scales.Path(lines), estimate, gains.Length);

        static double Gain(LineRow row)
        {
            double At(double t) => row.TestAccuracies[row.Positions.Index().First(item => item.Item.Equals(t)).Index];
            return At(1) - At(0);
        }
    }

    private static Verdict Matrices(Recorded<MatrixRow>? matrices)
    {
        if (matrices is null)
            return H11.NotRun("needs part matrices: run again with parts=[matrices]");
        var one = matrices.All.Where(row => row.Blobs == 1).GroupBy(row => row.Ratio).Select(ratio => Graded.Mean(
            Invariant($"distance to the law at α = {ratio.Key}:"), [.. ratio.Select(row => row.Distance)], Bar.AtMost(LawDistance), Bar.AtMost(LawDistanceLoose)));
        var two = matrices.All.Where(row => row.Blobs == 2).GroupBy(row => row.Ratio).Select(ratio => Finding.Of(
            Invariant($"λ₁/λ₂ with two blobs at α = {ratio.Key}:"), Statistics.MeanInterval([.. ratio.Select(row => row.Largest / row.Second)]), Bar.AtLeast(BlobRatio), ratio.Count()));
        var finding = Finding.All([.. one, .. two]);
        return H11.Judge(finding.Outcome, finding.Words, Scales.Matrices(matrices), finding.Estimate, finding.Seeds);
    }

    private static Verdict Flat(Recorded<LineRow>? lines)
    {
        if (lines is null)
            return H12.NotRun("needs part lines: run again with parts=[lines]");
        double[] largest = [.. lines.Seeds.Select(seed => seed.Where(row => row.Line == LineKind.SameStart).Max(row => row.Barrier))];
        var (start, end) = (lines.All.Where(row => row is { Line: LineKind.Independent, TrainingStep: 0 }).Average(row => row.Top), lines.All.Where(row => row.Line == LineKind.Independent).GroupBy(row => row.TrainingStep).MaxBy(moment => moment.Key)!.Average(row => row.Top));
        if (!lines.All.Where(row => row.Line == LineKind.SameStart).GroupBy(row => row.Seed).All(seed => seed.MaxBy(row => row.TrainingStep)!.Losses.Max() < seed.MinBy(row => row.TrainingStep)!.Losses.Max()))
            return H12.NotRun("needs a training that lowers the loss: change lines.training");
        var finding = Graded.Mean("largest barrier over moments, one start:", largest, Bar.AtMost(BarrierHeight), Bar.AtMost(BarrierLoose));
        var independent = lines.All.Where(row => row.Line == LineKind.Independent).GroupBy(row => row.TrainingStep).OrderBy(moment => moment.Key).ToArray();
        var words = Invariant($"between two starts {Finding.Text(independent[0].Average(row => row.Barrier))} at the beginning, {Finding.Text(independent.Max(moment => moment.Average(row => row.Barrier)))} at most, {Finding.Text(independent[^1].Average(row => row.Barrier))} at the end, where the top of the line is {Finding.Text(end)} (start loss {Finding.Text(start)})");
        return H12.Judge(finding.Outcome, $"{finding.Words}; {words}", Scales.Lines(lines), finding.Estimate, finding.Seeds);
    }
}
