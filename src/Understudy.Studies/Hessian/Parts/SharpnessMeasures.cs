using Understudy.Learning.Landscape;

namespace Understudy.Studies.Hessian.Parts;

/// <summary>The measures of sharpness in the order in which they are recorded.</summary>
/// <remarks>Source: hessian specification, section 4.4.</remarks>
internal static class SharpnessMeasures
{
    /// <summary>Draws of noise: fewer than by default, as the measures are compared by their ratios and both points see the same noise.</summary>
    private const int NoiseDraws = 10;

    /// <summary>The sizes of boxes, radii and noise of every point.</summary>
    internal static SharpnessOptions Options { get; } = new() { NoiseDraws = NoiseDraws };

    /// <summary>Short names, as a figure has them.</summary>
    internal static IReadOnlyList<string> Names { get; } =
    [
        "λ₁", "λ₁ η", "tr H/P", "‖H‖", "Fisher-Rao", "box 1e-3", "box 5e-4", "ball, 1 step", "ball, ascent", "ball, batches", "adaptive, 1 step", "adaptive, ascent", "filter noise", "PAC-Bayes σ",
    ];

    /// <summary>The measures at a point.</summary>
    /// <param name="curvature">What the second derivatives come to.</param>
    /// <param name="size">P.</param>
    /// <param name="learningRate">η.</param>
    /// <param name="fisherRao">θᵀGθ.</param>
    /// <param name="values">What rises of the loss come to.</param>
    internal static double[] Of(SpectrumNumbers curvature, int size, double learningRate, double fisherRao, SharpnessValues values) =>
    [
        curvature.Largest, curvature.Largest * learningRate, curvature.Trace / size, curvature.Norm, fisherRao, values.Boxes[0], values.Boxes[1],
        values.BallStep, values.BallAscent, values.BatchStep, values.AdaptiveStep, values.AdaptiveAscent, values.NoiseRise.Value, values.PacBayesSigma.Value,
    ];
}

/// <summary>A spectrum in numbers.</summary>
/// <param name="Largest">λ₁.</param>
/// <param name="Trace">tr H.</param>
/// <param name="Norm">‖H‖_F.</param>
/// <param name="Positive">Eigenvalues above 1e-10 of the largest magnitude.</param>
/// <param name="Negative">Eigenvalues below minus that.</param>
internal readonly record struct SpectrumNumbers(double Largest, double Trace, double Norm, int Positive, int Negative);
