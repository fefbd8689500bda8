using Understudy.Lab.Claims;

namespace Understudy.Studies.Hessian;

/// <summary>The claims with their bars; hessian specification, section 6. Numbers are the section's; where its bar for "partly" names fewer conditions than that for "supported" (H3, H6, H10, D2), the others do not count for it. What it leaves open, the conditions of H8 and D4 and what their sentences name, was settled after first runs.</summary>
internal static class HessianClaims
{
    internal const double NearZeroShare = 0.8;
    internal const double NearZeroGain = 0.1;
    internal const double SmallestRatio = 0.05;
    internal const double CountedShare = 0.8;
    internal const double CountedShareHalf = 0.5;
    internal const double WidthRatio = 2;
    internal const double WidthRatioLoose = 4;
    internal const int CountTolerance = 2;
    internal const double NegativeSpread = 0.1;
    internal const double NegativeSpreadLoose = 0.3;
    internal const double NegativeRatio = 0.01;
    internal const double NegativeRatioLoose = 0.05;
    internal const double LargeOverSmall = 1.3;
    internal const double LargeOverSmallLoose = 1.1;
    internal const double SmallOverLarge = 1.5;
    internal const double BarrierHeight = 0.05;
    internal const double BarrierShare = 0.1;
    internal const double BarrierLoose = 0.2;
    internal const double ResidualShare = 0.1;
    internal const double ResidualShareLoose = 0.3;
    internal const double HarderRank = 0.9;
    internal const double HarderRankLoose = 0.7;
    internal const double HarderRatio = 10;
    internal const double LawDistance = 0.05;
    internal const double LawDistanceLoose = 0.1;
    internal const double BlobRatio = 10;
    internal const double RescaledRatio = 1.5;
    internal const double FunctionChange = 1e-10;
    internal const double ClassDifference = 0.3;
    internal const double ClassOverlap = 0.8;
    internal const double ClassOverlapLoose = 0.5;
    internal const double GradientShare = 0.8;
    internal const double GradientShareLoose = 0.5;
    internal const double EdgeLow = 0.9;
    internal const double EdgeHigh = 1.2;
    internal const double EdgeLowLoose = 0.7;
    internal const double EdgeHighLoose = 1.5;

    /// <summary>Measurements that must follow the first crossing.</summary>
    internal const int MomentsAfter = 5;

    private const string Sagun2017 = "Sagun, Evci, Güney, Dauphin, Bottou 2017";
    private const string Sagun2016 = "Sagun, Bottou, LeCun 2016";

    internal static readonly Claim H1 = new(
        "H1", "After training almost all eigenvalues of the Hessian are near 0.", $"{Sagun2017}, section 2.1 and figure 1",
        "Share of eigenvalues with |λ| ≤ 1e-3·λ₁ at least 0.8 at the end and at least 0.1 above the start, and |λ_min| at the end at most 0.05 of that at the start; partly if one of the three fails.")
    {
        Settings = "parts=[widths]",
    };

    internal static readonly Claim H2 = new(
        "H2", "k classes give k outliers.", $"{Sagun2017}, section 3.1, figure 2 and table 1",
        "Part clusters: the gap rule or the ratio rule, named, within ±1 of k for at least 80 % of all k and draws, with their interval; partly from 50 % (printed: 13 of 15 by a threshold set by eye).")
    {
        Settings = "parts=[clusters]",
    };

    internal static readonly Claim H3 = new(
        "H3", "Width leaves the outliers alone.", $"{Sagun2017}, section 3.2 and figure 3",
        "λ₁ to λ₅ over widths: largest over smallest at most 2 for each, and the numbers above 0.1·λ₁ at most 2 apart; partly up to 4 with such numbers, or if only they differ (read from the figure: λ₁ 0.098 to 0.074).")
    {
        Settings = "parts=[widths]",
    };

    internal static readonly Claim H4 = new(
        "H4", "The share of negative eigenvalues does not depend on the width.", $"{Sagun2017}, section 3.4 and figure 5",
        "n₋/P over widths: spread over mean at most 0.1; partly up to 0.3 (read: 1.13 % for four widths, which is the bound n(C − 1)/P).")
    {
        Settings = "parts=[widths]",
    };

    internal static readonly Claim H5 = new(
        "H5", "Negative eigenvalues remain after training, and are tiny.", $"{Sagun2017}, section 3.4 and figure 5",
        "|λ_min|/λ₁ at the end at most 0.01 with n₋ > 0; partly up to 0.05 (read: 7e-4).")
    {
        Settings = "parts=[widths]",
    };

    internal static readonly Claim H6 = new(
        "H6", "Large batches end in sharper points, with as many outliers.", $"{Sagun2017}, section 3.3 and figure 4",
        "Sum of λ₁ to λ₉, large over small batches, same learning rate and steps: at least 1.3 in at least 2/3 of the seeds, numbers of outliers within ±2; partly from 1.1 with such numbers, or if only they differ (read: 4.6).")
    {
        Settings = "parts=[batches]",
    };

    internal static readonly Claim H6B = new(
        "H6b", "The small-batch point has the larger negative end.", $"{Sagun2017}, section 3.4 and figure 6",
        "|λ_min|, small over large batches: above 1.5; partly above 1 (read: 5).")
    {
        Settings = "parts=[batches]",
    };

    internal static readonly Claim H7 = new(
        "H7", "Large- and small-batch solutions lie in one basin.", $"{Sagun2017}, section 4.1 and figures 7 and 8",
        "Barrier on the line between both ends at most 0.05, at most 0.1 of the jump of the loss after the switch, and at most 0.1 of the barrier to an independent run; partly if one fails (read: no barrier, jump 0.6).")
    {
        Settings = "parts=[path]",
    };

    internal static readonly Claim H7B = new(
        "H7b", "The second phase, with small batches, generalises better.", $"{Sagun2017}, section 4.1",
        "Test accuracy after the second phase less that after the first: interval over seeds above 0; partly if only the mean is (printed: +1 %).")
    {
        Settings = "parts=[path]",
    };

    internal static readonly Claim H8 = new(
        "H8", "After training the Gauss-Newton matrix explains the Hessian.", $"{Sagun2017}, section 2.2 (argued, not shown)",
        "‖H − G‖/‖H‖ at the end and the relative differences of the C largest eigenvalues at most 0.1, and the share below that of the start; partly up to 0.3 for both.")
    {
        Settings = "parts=[widths]",
    };

    internal static readonly Claim H9 = new(
        "H9", "Over-parametrisation alone makes the Gauss-Newton matrix singular.", $"{Sagun2017}, equation 5",
        "Zero eigenvalues of G on few examples: at least P − N(C − 1).")
    {
        Settings = "parts=[widths]",
    };

    internal static readonly Claim H10 = new(
        "H10", "Harder data give larger outliers.", $"{Sagun2016}, figure 7",
        "Two blobs in the plane: rank correlation of λ₁ with their deviation at least 0.9, and last over first at least 10; partly from a correlation of 0.7 with such a ratio, or if only the ratio is smaller (read: 75 times).")
    {
        Settings = "parts=[blobs]",
    };

    internal static readonly Claim H11 = new(
        "H11", "One blob gives the spectrum of a random matrix, two blobs one outlier.", $"{Sagun2017}, appendix B and figure 9",
        "Logistic regression: Kolmogorov distance to the law of Marchenko and Pastur at most 0.05 at every ratio, and λ₁/λ₂ with two blobs at least 10; partly up to a distance of 0.1.")
    {
        Settings = "parts=[matrices]",
    };

    internal static readonly Claim H12 = new(
        "H12", "Full-batch and stochastic descent from one start are joined by a flat line at all times.", $"{Sagun2016}, figure 8",
        "Barrier at most 0.05 at every moment; partly up to 0.2. Between two starts the barrier is told beside it.")
    {
        Settings = "parts=[lines]",
    };

    internal static readonly Claim D1 = new(
        "D1", "Sharpness can be changed without changing the network, the signs of the eigenvalues cannot.", "Dinh, Pascanu, Bengio, Bengio 2017, cited by Sagun et al. 2017",
        "Hidden layer times 2, outputs halved: λ₁ changes by more than 1.5 times, outputs agree to 1e-10, n₋ and n₊ are the same for every seed; what is within 1e-10 of the largest magnitude counts as zero.")
    {
        Settings = "parts=[widths]",
    };

    internal static readonly Claim D2 = new(
        "D2", "Means of classes and cross-classes explain the outliers.", "Papyan 2019, 2020",
        "Top C − 1 eigenvalues of the two parts of means against those of G: median relative difference at most 0.3, and overlap of the spaces at least 0.8; partly from an overlap of 0.5 with such a difference, or if only the difference is larger.")
    {
        Settings = "parts=[widths]",
    };

    internal static readonly Claim D3 = new(
        "D3", "Gradient descent happens in the top subspace.", "Gur-Ari, Roberts, Dyer 2018",
        "Share of ‖g‖² of mini-batch gradients in the space of the C largest eigenvalues, mean over moments after the start: at least 0.8; partly from 0.5. The full gradient is told beside it.")
    {
        Settings = "parts=[widths]",
    };

    internal static readonly Claim D4 = new(
        "D4", "Full-batch descent ends at the edge of stability.", "Cohen, Kaur, Li, Kolter, Talwalkar 2021",
        "Of trainings that start below the edge, λ₁·η/2 after it first reached 1: mean in [0.9, 1.2]; partly in [0.7, 1.5], or if one did not reach it. Five measurements must follow, else a training is left out and the claim holds partly at most; where none is left it is undecided, and where none starts below the edge it is not run.")
    {
        Settings = "parts=[edge]",
    };

    internal static IReadOnlyList<Claim> All { get; } = [H1, H2, H3, H4, H5, H6, H6B, H7, H7B, H8, H9, H10, H11, H12, D1, D2, D3, D4];
}
