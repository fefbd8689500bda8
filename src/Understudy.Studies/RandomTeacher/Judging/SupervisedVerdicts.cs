using Understudy.Lab.Claims;
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
        double[] Lost(StartKind start) => [.. seeds.Select(seed => MeanLoss([.. seed.Where(row => row.Start == start)]))];
        var (fresh, student) = (Lost(StartKind.Fresh), Lost(StartKind.Student));
        if (fresh.Concat(student).Any(double.IsNaN))
            return C17.NotRun($"needs rounds with {100 * MostRemaining:0} to {100 * FewestRemaining:0.0} % of the weights: raise tickets.rounds to 16");
        var ratio = Statistics.Mean(student) / Statistics.Mean(fresh);
        var isGated = Statistics.Mean(fresh) < TicketGate;
        var outcome = isGated || seeds.Length < Bar.FewestSeeds ? Outcome.Inconclusive : ratio <= TicketRatio ? Outcome.Supported : Outcome.NotSupported;
        var dense = string.Join(" and ", new[] { StartKind.Fresh, StartKind.Student }.Select(start => Invariant($"{Statistics.Mean([.. seeds.Select(seed => seed.First(row => row.Start == start).LastAccuracy)]):0.00}")));
        var words = Invariant($"accuracy lost {Statistics.Mean(fresh):0.00} (fresh) and {Statistics.Mean(student):0.00} (student), ratio {ratio:0.00}; whole networks {dense}{(isGated ? "; the fresh start loses too little to compare" : "")}");
        return C17.Judge(outcome, words, Scales.Of(tickets.Config, seeds.Length, tickets.LeftOut, "tickets"), Statistics.MeanInterval(student), seeds.Length);
    }

    /// <summary>The mean over rounds of some sparsities of what is lost against the whole network; not a number without such rounds.</summary>
    private static double MeanLoss(TicketRow[] rounds)
        => Statistics.Mean([.. rounds.Where(row => row.Remaining is <= MostRemaining and >= FewestRemaining).Select(row => rounds[0].LastAccuracy - row.LastAccuracy)]);

    private static Verdict Basin(Recorded<InstabilityRow>? lines)
    {
        if (lines is null || Whole(lines, row => row.Start) is not { Length: > 0 } seeds)
            return C18.NotRun("needs part connectivity: run again with parts=[connectivity]");
        double[] Barriers(StartKind start, Func<InstabilityRow, double> of) => [.. seeds.Select(seed => seed.Where(row => row.Start == start).Average(of))];
        var (fresh, student) = (Barriers(StartKind.Fresh, row => row.TestBarrier), Barriers(StartKind.Student, row => row.TestBarrier));
        var (freshTrain, studentTrain) = (Barriers(StartKind.Fresh, row => row.TrainBarrier), Barriers(StartKind.Student, row => row.TrainBarrier));
        var ratio = Statistics.Mean(student) / Statistics.Mean(fresh);
        var isGated = Statistics.Mean(fresh) < BarrierGate;
        var outcome = isGated || seeds.Length < Bar.FewestSeeds ? Outcome.Inconclusive : ratio <= InstabilityRatio ? Outcome.Supported : Outcome.NotSupported;
        var stable = Statistics.Mean(student) < Stable ? "stable" : "not stable";
        var gate = isGated ? Invariant($"; undecided as the fresh start's is below {BarrierGate}") : "";
        return C18.Judge(
            outcome, Invariant($"test barrier {Statistics.Mean(fresh):0.00} (fresh) and {Statistics.Mean(student):0.00} (student, {stable}), ratio {ratio:0.00}; training barrier {Statistics.Mean(freshTrain):0.00} and {Statistics.Mean(studentTrain):0.00}{gate}"),
            Scales.Of(lines.Config, seeds.Length, lines.LeftOut, "connectivity"), Statistics.MeanInterval(student), seeds.Length);
    }

    private static Verdict Start(Recorded<ErrorsRow>? errors)
    {
        if (errors is null || Whole(errors, row => row.Start) is not { Length: > 0 } seeds)
            return C19.NotRun("needs part connectivity: run again with parts=[connectivity]");
        double[] Errors(StartKind start) => [.. seeds.Select(seed => seed.Where(row => row.Start == start).Average(row => row.TestErrors[^1]))];
        var (fresh, student) = (Errors(StartKind.Fresh), Errors(StartKind.Student));
        var finding = Findings.Gain("error, fresh less student:", [.. fresh.Zip(student, (first, second) => first - second)], StartGain);
        return C19.Judge(
            finding.Outcome, Invariant($"{finding.Words} ({Statistics.Mean(fresh):0.00} and {Statistics.Mean(student):0.00} %)"), Scales.Of(errors.Config, seeds.Length, errors.LeftOut, "connectivity"), finding.Estimate, finding.Seeds);
    }

    /// <summary>The rows of every seed that has both starts.</summary>
    private static TRow[][] Whole<TRow>(Recorded<TRow> recorded, Func<TRow, StartKind> start)
        where TRow : notnull
        => [.. recorded.Seeds.Where(seed => seed.Select(start).Distinct().Count() == 2)];
}
