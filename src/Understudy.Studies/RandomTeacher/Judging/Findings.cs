using Understudy.Lab.Claims;
using Understudy.Studies.Judging;
using static System.FormattableString;

namespace Understudy.Studies.RandomTeacher.Judging;

/// <summary>Means over seeds against the bars of this study.</summary>
internal static class Findings
{
    /// <summary>A mean that has to reach a bar with its 95 % interval above 0; partly where the interval is not.</summary>
    internal static Finding Gain(string name, IReadOnlyList<double> seeds, double bar) => Gain(name, seeds, bar, images: null);

    /// <summary>The same with an interval that counts the choice of test images too: the wider end of both decides.</summary>
    internal static Finding Gain(string name, IReadOnlyList<double> seeds, double bar, OverImages? images)
    {
        var estimate = Wider(Statistics.MeanInterval(seeds), images);
        return With(images, Of(name, estimate, seeds.Count, estimate.Value >= bar, estimate.Low > 0));
    }

    /// <summary>A mean that must not exceed a bar; partly where its interval does.</summary>
    internal static Finding AtMost(string name, IReadOnlyList<double> seeds, double bar)
    {
        var estimate = Statistics.MeanInterval(seeds);
        return Of(name, estimate, seeds.Count, estimate.Value <= bar, estimate.High <= bar);
    }

    /// <summary>A mean that has to lie between two numbers with its interval; partly where the interval does not.</summary>
    internal static Finding Within(string name, IReadOnlyList<double> seeds, double low, double high)
    {
        var estimate = Statistics.MeanInterval(seeds);
        return Of(name, estimate, seeds.Count, estimate.Value >= low && estimate.Value <= high, estimate.Low >= low && estimate.High <= high);
    }

    /// <summary>An interval above 0; the estimate alone above 0 is partly.</summary>
    internal static Finding Positive(string name, IReadOnlyList<double> seeds, OverImages? images = null)
    {
        var estimate = Wider(Statistics.MeanInterval(seeds), images);
        return With(images, Of(name, estimate, seeds.Count, estimate.Value > 0, estimate.Low > 0));
    }

    /// <summary>Both numbers have to be above 0; one alone makes it partly, and means without their intervals leave it open.</summary>
    internal static Finding Both(Finding first, Finding second)
    {
        var all = Finding.All([first, second]);
        if ((first.Outcome == Outcome.Supported) != (second.Outcome == Outcome.Supported))
            return all with { Outcome = Outcome.Partly };
        return all.Outcome == Outcome.Partly ? all with { Outcome = Outcome.Inconclusive } : all;
    }

    private static Finding Of(string name, Estimate estimate, int seeds, bool passes, bool isSure)
    {
        var outcome = seeds < Bar.FewestSeeds || double.IsNaN(estimate.Value) ? Outcome.Inconclusive : !passes ? Outcome.NotSupported : isSure ? Outcome.Supported : Outcome.Partly;
        return new Finding(outcome, Invariant($"{name} {Signed(estimate)}"), estimate, seeds);
    }

    /// <summary>From the lower of two ends to the higher: an interval is never made smaller by another.</summary>
    private static Estimate Wider(Estimate seeds, OverImages? images)
        => images?.Interval is { } other ? seeds with { Low = Math.Min(seeds.Low, other.Low), High = Math.Max(seeds.High, other.High) } : seeds;

    private static Finding With(OverImages? images, Finding finding) => images is null ? finding : finding with
    {
        Words = Invariant($"{finding.Words} (drawing test images anew [{images.Interval.Low:+0.00;−0.00}, {images.Interval.High:+0.00;−0.00}]{(images.Seeds < finding.Seeds ? Invariant($", {images.Seeds} of {finding.Seeds} seeds") : "")})"),
    };

    /// <summary>+2.31 [+1.20, +3.42].</summary>
    private static string Signed(Estimate estimate) => Invariant($"{estimate.Value:+0.00;−0.00} [{estimate.Low:+0.00;−0.00}, {estimate.High:+0.00;−0.00}]");
}
