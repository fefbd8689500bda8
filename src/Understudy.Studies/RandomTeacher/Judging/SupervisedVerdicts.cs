using Understudy.Lab.Claims;
using Understudy.Studies.Judging;
using static System.FormattableString;
using static Understudy.Studies.RandomTeacher.RandomTeacherClaims;

namespace Understudy.Studies.RandomTeacher.Judging;

/// <summary>The verdicts on supervised trainings that start from a student (C17, C18, C19).</summary>
internal static class SupervisedVerdicts
{
    internal static IEnumerable<Verdict> All(Evidence evidence)
    {
        yield return Tickets(evidence.Tickets);
        yield return Basin(evidence.Lines);
        yield return Start(evidence.Errors);
    }

    private static Verdict Tickets(Recorded<TicketRow>? tickets)
    {
        if (tickets is null || Whole(tickets, row => row.Start) is not { Length: > 0 } seeds)
            return C17.NotRun("needs part tickets: run again with parts=[tickets]");
        if (tickets.Config.Tickets.Rewind > 0)
            return C17.NotRun("needs tickets.rewind=0: the claim is about the start itself");
        var losses = seeds.Select(seed => (Fresh: SupervisedNumbers.Lost(seed, StartKind.Fresh), Student: SupervisedNumbers.Lost(seed, StartKind.Student))).ToArray();
        if (losses.Any(loss => double.IsNaN(loss.Fresh + loss.Student)))
            return C17.NotRun($"needs rounds with {100 * MostRemaining:0} % of the weights and fewer: raise tickets.rounds to 16");
        var (fresh, student) = (losses.Average(loss => loss.Fresh), losses.Average(loss => loss.Student));
        var changing = SupervisedNumbers.Changing(seeds.SelectMany(seed => seed));
        var fewest = seeds.Max(seed => seed.Min(row => row.Remaining));
        var finding = Ratio(losses, TicketRatio);
        var gate = fresh < TicketGate ? "; the fresh start loses too little to compare" : !(changing <= ConvergedGap) ? Invariant($"; whole networks still change by {changing:0.00} points") : "";
        var outcome = gate.Length > 0 ? Outcome.Inconclusive : fewest > EnoughRemaining && finding.Outcome == Outcome.Supported ? Outcome.Partly : finding.Outcome;
        var dense = string.Join(" and ", new[] { StartKind.Fresh, StartKind.Student }.Select(start => Invariant($"{seeds.Average(seed => SupervisedNumbers.Rounds(seed, start)[0].LastAccuracy):0.00}")));
        var range = fewest > EnoughRemaining ? Invariant($"; only down to {100 * fewest:0.0} % of the weights") : "";
        return C17.Judge(
            outcome, Invariant($"accuracy lost {fresh:0.00} (fresh) and {student:0.00} (student), {finding.Words}; whole networks {dense}{range}{gate}"),
            Scales.Of(tickets.Config, seeds.Length, tickets.LeftOut, "tickets"), finding.Estimate, seeds.Length);
    }

    private static Verdict Basin(Recorded<InstabilityRow>? lines)
    {
        if (lines is null || Whole(lines, row => row.Start) is not { Length: > 0 } seeds)
            return C18.NotRun("needs part connectivity: run again with parts=[connectivity]");
        var barriers = seeds.Select(seed => (Fresh: SupervisedNumbers.TestBarrier(seed, StartKind.Fresh), Student: SupervisedNumbers.TestBarrier(seed, StartKind.Student))).ToArray();
        var (fresh, student) = (barriers.Average(barrier => barrier.Fresh), barriers.Average(barrier => barrier.Student));
        var finding = Ratio(barriers, InstabilityRatio);
        var isGated = fresh < BarrierGate;
        var gate = isGated ? Invariant($"; undecided as the fresh start's is below {BarrierGate}") : "";
        var training = Invariant($"training barrier {seeds.Average(seed => SupervisedNumbers.TrainBarrier(seed, StartKind.Fresh)):0.00} and {seeds.Average(seed => SupervisedNumbers.TrainBarrier(seed, StartKind.Student)):0.00}");
        return C18.Judge(
            isGated ? Outcome.Inconclusive : finding.Outcome,
            Invariant($"test barrier {fresh:0.00} (fresh) and {student:0.00} (student, {(student < Stable ? "stable" : "not stable")}), {finding.Words}; {training}{gate}"),
            Scales.Of(lines.Config, seeds.Length, lines.LeftOut, "connectivity"), finding.Estimate, seeds.Length);
    }

    private static Verdict Start(Recorded<ErrorsRow>? errors)
    {
        if (errors is null || Whole(errors, row => row.Start) is not { Length: > 0 } seeds)
            return C19.NotRun("needs part connectivity: run again with parts=[connectivity]");
        double[] Errors(StartKind start) => [.. seeds.Select(seed => SupervisedNumbers.Error(seed, start))];
        var (fresh, student) = (Errors(StartKind.Fresh), Errors(StartKind.Student));
        var finding = Findings.Gain("error, fresh less student:", [.. fresh.Zip(student, (first, second) => first - second)], StartGain);
        return C19.Judge(
            finding.Outcome, Invariant($"{finding.Words} ({Statistics.Mean(fresh):0.00} and {Statistics.Mean(student):0.00} %)"), Scales.Of(errors.Config, seeds.Length, errors.LeftOut, "connectivity"), finding.Estimate, finding.Seeds);
    }

    /// <summary>The student's mean over the fresh start's, seeds resampled in pairs.</summary>
    private static Finding Ratio((double Fresh, double Student)[] seeds, double bar)
        => Finding.Of("ratio", Statistics.Bootstrap(seeds, all => all.Average(seed => seed.Student) / all.Average(seed => seed.Fresh)), Bar.AtMost(bar), seeds.Length);

    /// <summary>The rows of every seed that has both starts.</summary>
    private static TRow[][] Whole<TRow>(Recorded<TRow> recorded, Func<TRow, StartKind> start)
        where TRow : notnull
        => [.. recorded.Seeds.Where(seed => seed.Select(start).Distinct().Count() == 2)];
}
