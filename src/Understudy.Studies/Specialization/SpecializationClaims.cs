using Understudy.Lab.Claims;

namespace Understudy.Studies.Specialization;

/// <summary>The claims with their bars, here those about two layers; specification sections 5 and 5.6.</summary>
/// <remarks>
/// Where a number is named "quick" it holds for runs at the scale of the preset quick, the other for runs at the published
/// scale of 20 teacher nodes and 100,000 steps. Bars were set before any run of this program.
/// </remarks>
internal static partial class SpecializationClaims
{
    internal const double RecoveredEverywhere = 0.98;
    internal const double RecoveredEverywhereQuick = 0.95;
    internal const double WeakestRateLow = 0.2;
    internal const double WeakestRateHigh = 0.8;
    internal const double MissedByExactQuick = 0.05;
    internal const double CrossingTolerance = 1.5;
    internal const double OverRealizationGainQuick = 0.25;
    internal const double OrderTau = 0.75;
    internal const double OrderedPairs = 0.85;
    internal const double EarlyOverLate = 0.75;
    internal const double LaterGainQuick = 0.1;
    internal const double FasterCrossing = 3;
    internal const double FasterQuick = 0.05;
    internal const double Energy = 0.97;
    internal const double EnergyStrongDecay = 0.92;
    internal const double UsefulnessRank = 0.5;
    internal const double FewestSamples = 250;
    internal const double MostSamples = 500;
    internal const double SamplesThreshold = 0.95;
    internal const double BoundaryGain = 0.4;
    internal const double Meeting = 0.95;
    internal const int MeetingSamples = 510;
    internal const int SmallSet = 30;
    internal const double LuckyRatio = 0.05;
    internal const double LeakyBest = 0.98;

    internal static readonly Claim S1 = new(
        "S1", "Over-realized students (r ≥ 2) recover every teacher node in two layers.", "Tian 2020, abstract and two-layer recovery figure",
        "Recovered fraction at p = 1, smallest over r ≥ 2: at least 0.98 (m = 20, 100 epochs; published 1.00), at quick scale at least 0.95.")
    {
        Settings = "parts=[two-layer]",
    };

    internal static readonly Claim S2 = new(
        "S2", "Students of the teacher's own width (r = 1) miss weak nodes.", "Tian 2020, two-layer recovery figure",
        "p = 1: mean recovery rate of nodes 16-19 in [0.2, 0.8] and below r = 2 (published 0.63 0.53 0.47 0.31); at quick scale the recovered fraction of r = 1 at least 0.05 below r = 2.")
    {
        Settings = "parts=[two-layer]",
    };

    internal static readonly Claim S3 = new(
        "S3", "A steeper fan-out hides weak nodes, and over-realization brings them back.", "Tian 2020, two-layer recovery figure",
        "Index where the recovery curve crosses 0.5 within ±1.5 of the published one for every (p, r), increasing in r at p = 2 and 2.5; at quick scale the recovered fraction at p = 2 increases with r and r = 10 exceeds r = 1 by at least 0.25.")
    {
        Settings = "parts=[two-layer]",
    };

    internal static readonly Claim S4 = new(
        "S4", "Teacher nodes with a large fan-out are found first.", "Tian 2020, abstract and dynamics figure",
        "Part dynamics: Kendall's tau between index and time of specialization at least 0.75 and at least 85 % of pairs in order (the author's code: 0.906 and 94 %).")
    {
        Settings = "parts=[dynamics]",
    };

    internal static readonly Claim S5 = new(
        "S5", "Early in training weak nodes are not found yet.", "Tian 2020, two-layer recovery figure, dotted against solid",
        "Crossing index after 5 epochs over that after 100 at most 0.75 for every r and p ≥ 1; at quick scale the recovered fraction at p = 2 grows by at least 0.1 from the early epoch to the end for every r ≥ 2.")
    {
        Settings = "parts=[two-layer]",
    };

    internal static readonly Claim S6 = new(
        "S6", "Over-realized students need fewer steps.", "Tian 2020, two-layer recovery figure, dotted",
        "p = 1, 5 epochs: crossing index increases with r, r = 10 at least 3 above r = 1 (published 7.9 10.5 13.6 15.4); at quick scale, p = 2: recovered fraction of r = 10 at least 0.05 above r = 1 at the early epoch.")
    {
        Settings = "parts=[two-layer]",
    };

    internal static readonly Claim S7 = new(
        "S7", "Students that specialize to no teacher node have a small fan-out (L-shape).", "Tian 2020, two-layer L-shape figure",
        "Every r ≥ 2: share of squared fan-out in students with usefulness above 0.95 at least 0.97 (p ≤ 1) or 0.92 (p > 1), and Spearman's correlation of usefulness and fan-out at least 0.5.")
    {
        Settings = "parts=[two-layer]",
    };

    internal static readonly Claim S9 = new(
        "S9", "Far fewer samples than the bound of the theorem suffice.", "Tian 2020, sample-size figure",
        "Smallest N with mean best correlation at least 0.95 (Gaussian, r = 2) between 250 and 500; published 330-390.")
    {
        Settings = "parts=[samples]",
    };

    internal static readonly Claim S10 = new(
        "S10", "Data along the teacher's boundaries need far fewer samples.", "Tian 2020, theorem on augmentation and sample-size figure",
        "Mean best correlation at N = 30, r = 2: boundary data at least 0.4 above Gaussian (published 0.92 against 0.25).")
    {
        Settings = "parts=[samples]",
    };

    internal static readonly Claim S11 = new(
        "S11", "With enough samples both kinds of data recover all nodes.", "Tian 2020, sample-size figure",
        "Mean best correlation at N ≥ 510, r = 2: at least 0.95 for both (published at least 0.97).")
    {
        Settings = "parts=[samples]",
    };

    internal static readonly Claim S19 = new(
        "S19", "Exact realization, where it succeeds, converges faster than over-realization.", "Tian 2020, convergence figure",
        "p = 0: medians of log10 evaluation loss at the end strictly increase with r (published below −8, −7.5, −6.6, −6.0 for r = 1, 2, 5, 10).")
    {
        Settings = "parts=[two-layer]",
    };

    internal static readonly Claim S20 = new(
        "S20", "Students that start near a teacher node win, and the fan-out of the others vanishes.", "Tian, Jiang, Gong and Morcos 2019, lucky nodes",
        "Part lucky, r = 2: median over seeds of the ratio of median fan-outs, others over lucky, at most 0.05 (published at most 1.5e-3 / 1.05).")
    {
        Settings = "parts=[lucky]",
    };

    internal static readonly Claim S24 = new(
        "S24", "Leaky rectifiers behave the same.", "Tian 2020, stated for (leaky) ReLU networks",
        "Part leaky, p = 1, every slope and r ≥ 2: mean best correlation at least 0.98 (an independent simulator, slopes 0.1 and 0.5: 1.00; r = 1: 0.90 and 0.91).")
    {
        Settings = "parts=[leaky]",
    };

    /// <summary>In the order of the report; made when asked for, since fields of several files have no order of initialization.</summary>
    internal static IReadOnlyList<Claim> All =>
        [S1, S2, S3, S4, S5, S6, S7, S8, S9, S10, S11, S12, S13, S14, S15, S16, S17, S18, S19, S20, S21, S22, S23, S24];
}
