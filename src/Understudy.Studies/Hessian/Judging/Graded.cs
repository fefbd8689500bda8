using Understudy.Lab.Claims;
using Understudy.Studies.Judging;

namespace Understudy.Studies.Hessian.Judging;

/// <summary>Findings with a second, looser bar, at which a claim holds partly.</summary>
internal static class Graded
{
    /// <summary>A mean over seeds against two bars.</summary>
    internal static Finding Mean(string name, IReadOnlyList<double> seeds, Bar bar, Bar loose) => Of(name, Statistics.MeanInterval(seeds), bar, loose, seeds.Count);

    /// <summary>A number against two bars: where it misses the first and keeps the second, the claim holds partly.</summary>
    internal static Finding Of(string name, Estimate estimate, Bar bar, Bar loose, int seeds)
    {
        var finding = Finding.Of(name, estimate, bar, seeds);
        return finding.Outcome == Outcome.NotSupported && Keeps(estimate.Value, loose) ? finding with { Outcome = Outcome.Partly } : finding;
    }

    /// <summary>A further condition whose failure leaves the claim partly, or not at all where it held partly only.</summary>
    internal static Finding AndOrPartly(this Finding finding, bool holds, string words) => finding with
    {
        Words = $"{finding.Words}; {words}",
        Outcome = holds ? finding.Outcome : finding.Outcome switch
        {
            Outcome.Supported => Outcome.Partly,
            Outcome.Partly => Outcome.NotSupported,
            var other => other,
        },
    };

    private static bool Keeps(double value, Bar bar) => bar.IsUpper ? value <= bar.Value : value >= bar.Value;
}
