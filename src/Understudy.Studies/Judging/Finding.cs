using System.Globalization;
using Understudy.Lab.Claims;

namespace Understudy.Studies.Judging;

/// <summary>One number beside its bar; a claim with several of them is as good as its weakest.</summary>
/// <param name="Outcome">What the number says.</param>
/// <param name="Words">The number in words.</param>
/// <param name="Estimate">The number.</param>
/// <param name="Seeds">Over how many seeds.</param>
internal sealed record Finding(Outcome Outcome, string Words, Estimate Estimate, int Seeds)
{
    /// <summary>A number against its bar.</summary>
    internal static Finding Of(string name, Estimate estimate, Bar bar, int seeds)
        => new(bar.Judge(estimate, seeds), $"{name} {Text(estimate)}", estimate, seeds);

    /// <summary>A condition without an interval that must hold as well, such as an order of means.</summary>
    internal Finding And(bool condition, string words)
        => this with { Outcome = condition || Outcome == Outcome.Inconclusive ? Outcome : Outcome.NotSupported, Words = $"{Words}; {words}" };

    /// <summary>The finding that decides among several: the first of the weakest.</summary>
    internal static Finding Weakest(IEnumerable<Finding> findings) => findings.MinBy(finding => Rank(finding.Outcome))!;

    /// <summary>Every number in words, and the verdict of the weakest.</summary>
    internal static Finding All(IReadOnlyList<Finding> findings)
        => Weakest(findings) with { Words = string.Join("; ", findings.Select(finding => finding.Words)), Seeds = findings.Min(finding => finding.Seeds) };

    /// <summary>The verdict of the weakest among many of one kind, with the number of those that hold, and what is farthest from the bar.</summary>
    /// <param name="findings">All of them; their words name the cell.</param>
    /// <param name="isWorse">Whether the first estimate is farther from the bar than the second.</param>
    internal static Finding Many(IReadOnlyList<Finding> findings, Func<double, double, bool> isWorse)
    {
        var worst = findings.Aggregate((first, next) => isWorse(next.Estimate.Value, first.Estimate.Value) ? next : first);
        var weakest = Weakest(findings);
        var (holding, clause) = (findings.Count(finding => finding.Outcome == Outcome.Supported), worst == weakest ? "" : $"; weakest interval {weakest.Words}");
        return weakest with { Words = $"{holding} of {findings.Count} hold; worst {worst.Words}{clause}", Seeds = findings.Min(finding => finding.Seeds) };
    }

    /// <summary>The mean of what is measured for each seed; not a number without seeds.</summary>
    internal static double Mean<T>(IReadOnlyList<T> seeds, Func<T, double> value) => Statistics.Mean([.. seeds.Select(value)]);

    /// <summary>0.953 [0.941, 0.966].</summary>
    internal static string Text(Estimate estimate) => $"{Text(estimate.Value)} [{Text(estimate.Low)}, {Text(estimate.High)}]";

    /// <summary>Three digits after the point, fewer for large numbers, exponents for tiny ones.</summary>
    internal static string Text(double value) => Math.Abs(value) switch
    {
        double.PositiveInfinity => value > 0 ? "∞" : "-∞",
        >= 100 => value.ToString("N0", CultureInfo.InvariantCulture),
        > 0 and < 0.001 => value.ToString("0.0e0", CultureInfo.InvariantCulture),
        _ => value.ToString("0.000", CultureInfo.InvariantCulture),
    };

    private static int Rank(Outcome outcome) => outcome switch
    {
        Outcome.NotRun => 0,
        Outcome.NotSupported => 1,
        Outcome.Inconclusive => 2,
        Outcome.Partly => 3,
        _ => 4,
    };
}
