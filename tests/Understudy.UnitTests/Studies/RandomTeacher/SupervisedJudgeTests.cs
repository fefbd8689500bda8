using Understudy.Lab.Claims;
using Understudy.Studies.RandomTeacher;
using static Understudy.UnitTests.Studies.RandomTeachers.MadeUp;

namespace Understudy.UnitTests.Studies.RandomTeachers;

/// <summary>Verdicts on supervised trainings that were made up: lottery tickets, basins, better starts (C17 to C19).</summary>
public class SupervisedJudgeTests
{
    [Theory]
    [InlineData(1, 0.5, Outcome.Supported)]
    [InlineData(1, 0.75, Outcome.NotSupported)]
    [InlineData(0.75, 0, Outcome.Inconclusive)]
    [InlineData(8, -1, Outcome.Supported)]
    public void Tickets_lose_half_as_much_where_fresh_starts_lose_something(double fresh, double student, Outcome expected)
        => Assert.Equal(expected, OutcomeOf("C17", On<TicketRow>("tickets-supervised.rounds", row => row.Remaining > 0.52 ? row : row with { LastAccuracy = 60 - (row.Start == StartKind.Fresh ? fresh : student) })));

    [Fact]
    public void Too_few_rounds_for_the_sparsities_of_tickets_are_told()
    {
        var verdict = Judge("C17", Run(change: On<TicketRow>("tickets-supervised.rounds", row => row with { Remaining = Math.Max(row.Remaining, 0.6) })));

        Assert.Equal((Outcome.NotRun, "needs rounds with 52 % of the weights and fewer: raise tickets.rounds to 16"), (verdict.Outcome, verdict.Measured));
    }

    [Theory]
    [InlineData(1, 0, Outcome.Supported)]
    [InlineData(1.25, 0, Outcome.Inconclusive)]
    [InlineData(1, 1.25, Outcome.Inconclusive)]
    public void Tickets_need_whole_networks_that_have_converged(double belowBest, double rise, Outcome expected)
        => Assert.Equal(expected, OutcomeOf("C17", On<TicketRow>(
            "tickets-supervised.rounds", row => row.Round > 0 ? row : row with { BestAccuracy = row.LastAccuracy + belowBest, EarlierAccuracy = row.LastAccuracy - rise })));

    [Fact]
    public void The_sparsest_round_counts_for_tickets()
        => Assert.Equal(Outcome.NotSupported, OutcomeOf("C17", On<TicketRow>("tickets-supervised.rounds", row => row is { Round: 15, Start: StartKind.Student } ? row with { LastAccuracy = -100 } : row)));

    [Fact]
    public void Tickets_that_were_not_pruned_far_enough_hold_partly()
    {
        var verdict = Judge("C17", Run(["tickets.rounds=12"]));

        Assert.Equal(Outcome.Partly, verdict.Outcome);
        Assert.Contains("; only down to 8.6 % of the weights", verdict.Measured, StringComparison.Ordinal);
    }

    [Fact]
    public void Tickets_of_a_later_epoch_are_another_claim()
        => Assert.Equal((Outcome.NotRun, "needs tickets.rewind=0: the claim is about the start itself"), (Judge("C17", Run(["tickets.rewind=1"])).Outcome, Judge("C17", Run(["tickets.rewind=1"])).Measured));

    [Theory]
    [InlineData(5, 2.5, Outcome.Supported, "not stable")]
    [InlineData(4, 1.75, Outcome.Inconclusive, "stable")]
    [InlineData(5, 2.75, Outcome.NotSupported, "not stable")]
    [InlineData(5, 1.75, Outcome.Supported, "stable")]
    public void A_basin_needs_half_of_a_barrier_that_is_there(double fresh, double student, Outcome expected, string stability)
    {
        var verdict = Judge("C18", Run(change: On<InstabilityRow>("connectivity-supervised.lines", row => row with { TestBarrier = row.Start == StartKind.Fresh ? fresh : student, TrainBarrier = 0 })));

        Assert.Equal(expected, verdict.Outcome);
        Assert.Contains($"(student, {stability})", verdict.Measured, StringComparison.Ordinal);
        Assert.Equal(expected == Outcome.Inconclusive, verdict.Measured.EndsWith("; undecided as the fresh start's is below 5", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(0, Outcome.Supported)]
    [InlineData(2, Outcome.Partly)]
    public void A_ratio_of_barriers_needs_its_interval(double scatter, Outcome expected)
        => Assert.Equal(expected, OutcomeOf("C18", On<InstabilityRow>("connectivity-supervised.lines", row => row with { TestBarrier = row.Start == StartKind.Fresh ? 10 : 4 + (scatter * (row.Seed - 1)) })));

    [Theory]
    [InlineData(1, 0, Outcome.Supported)]
    [InlineData(0.75, 0, Outcome.NotSupported)]
    [InlineData(1, 0.5, Outcome.Partly)]
    public void A_better_start_ends_with_a_smaller_error(double gain, double scatter, Outcome expected)
        => Assert.Equal(expected, OutcomeOf("C19", On<ErrorsRow>("connectivity-supervised.errors", row => row.Start == StartKind.Fresh ? row : row with { TestErrors = [10, 50 - gain - (scatter * (row.Seed - 1))] })));
}
