using Understudy.Lab.Claims;
using static Understudy.Studies.RandomTeacher.RandomTeacherClaims;

namespace Understudy.Studies.RandomTeacher.Judging;

/// <summary>The numbers of supervised trainings that claims C17 to C19 are about, of one seed's rows, and the gates before a verdict.</summary>
internal static class SupervisedNumbers
{
    /// <summary>Test error at the end in percent, the mean over orders.</summary>
    internal static double Error(IEnumerable<ErrorsRow> seed, StartKind start) => seed.Where(row => row.Start == start).Average(row => row.TestErrors[^1]);

    /// <summary>The barrier on test images in points, the mean over pairs of orders.</summary>
    internal static double TestBarrier(IEnumerable<InstabilityRow> seed, StartKind start) => seed.Where(row => row.Start == start).Average(row => row.TestBarrier);

    /// <summary>The same on training images.</summary>
    internal static double TrainBarrier(IEnumerable<InstabilityRow> seed, StartKind start) => seed.Where(row => row.Start == start).Average(row => row.TrainBarrier);

    /// <summary>The rounds of a start.</summary>
    internal static TicketRow[] Rounds(IEnumerable<TicketRow> seed, StartKind start) => [.. seed.Where(row => row.Start == start).OrderBy(row => row.Round)];

    /// <summary>The mean over rounds of some sparsities of what is lost against the whole network, in points; not a number without such rounds.</summary>
    internal static double Lost(IEnumerable<TicketRow> seed, StartKind start)
    {
        var rounds = Rounds(seed, start);
        return Statistics.Mean([.. rounds.Where(row => row.Remaining is <= MostRemaining and >= FewestRemaining).Select(row => rounds[0].LastAccuracy - row.LastAccuracy)]);
    }

    /// <summary>How much the accuracy of whole networks from fresh starts still changes at the end of their training, in points, over seeds: above <see cref="ConvergedGap"/> it was too short to judge.</summary>
    internal static double Changing(IEnumerable<TicketRow> rows)
    {
        var whole = rows.Where(row => row.Start == StartKind.Fresh && row.Round == 0).ToArray();
        return Math.Max(whole.Average(row => row.BestAccuracy - row.LastAccuracy), Math.Abs(whole.Average(row => row.LastAccuracy - row.EarlierAccuracy)));
    }
}
