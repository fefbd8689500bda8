using Understudy.Lab.Claims;
using Understudy.Studies.Judging;
using static System.FormattableString;

namespace Understudy.Studies.RandomTeacher.Judging;

/// <summary>A seed's student of images under three rules for which of its moments is taken, in percent on the test images.</summary>
/// <param name="Seed">The seed.</param>
/// <param name="Last">The end: what verdicts are about.</param>
/// <param name="BestValidation">The moment that is best on training images that were held out, the first of equals.</param>
/// <param name="BestTest">The best of all moments on the test images themselves, as the paper's curves are read: chosen by what it is scored on.</param>
/// <param name="Teacher">Its teacher.</param>
internal sealed record Chosen(SeedId Seed, double Last, double BestValidation, double BestTest, double Teacher);

/// <summary>Rules for the moment of a student of part distillation. Nothing but <see cref="Chosen.BestTest"/> looks at test images to choose.</summary>
internal static class Selection
{
    /// <summary>The seeds whose moments were all probed and validated; none where there is one moment, or no validation.</summary>
    /// <param name="main">Part distillation.</param>
    /// <param name="probe">The probe on test images.</param>
    /// <param name="validated">The same on held-out images.</param>
    internal static IReadOnlyList<Chosen> Of(Probed main, Func<ProbeRow, double> probe, Func<ValidationRow, double> validated)
    {
        var chosen = new List<Chosen>();
        foreach (var seed in main.Seeds)
        {
            var moments = main.Rows.Where(item => item.Seed == seed && item.Row is { Subject: Subject.Student, Condition: PartNames.Images } && item.Row.Set == main.Config.Data.Set)
                .Select(item => item.Row).OrderBy(row => row.TrainingSteps).ToArray();
            var held = main.Validation(seed).Where(row => row.Condition == PartNames.Images).ToDictionary(row => row.TrainingSteps, validated);
            if (moments.Length < 2 || !moments.All(row => held.ContainsKey(row.TrainingSteps)) || main.Teacher(seed, PartNames.Images, probe) is not { } teacher)
                continue;
            // the first of equally good ones
            var best = moments.MaxBy(row => held[row.TrainingSteps])!;
            chosen.Add(new Chosen(seed, probe(moments[^1]), probe(best), moments.Max(probe), teacher));
        }

        return chosen;
    }

    /// <summary>A sentence for a verdict on so many seeds; empty where there is nothing to choose.</summary>
    internal static string Words(IReadOnlyList<Chosen> chosen, int seeds)
        => chosen.Count == 0 ? "" : Invariant($"; {(chosen.Count < seeds ? Invariant($"of {chosen.Count} of {seeds} seeds ") : "")}last {Mean(chosen, one => one.Last):0.00}, best by held-out training images {Mean(chosen, one => one.BestValidation):0.00}, best by test images (paper style, too high) {Mean(chosen, one => one.BestTest):0.00}");

    private static double Mean(IReadOnlyList<Chosen> chosen, Func<Chosen, double> rule) => Statistics.Mean([.. chosen.Select(rule)]);
}
