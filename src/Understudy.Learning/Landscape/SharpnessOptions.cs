using Understudy.Engine.LinearAlgebra.Estimation;
using Understudy.Learning.Curvature;

namespace Understudy.Learning.Landscape;

/// <summary>Sizes and steps of the sharpness numbers.</summary>
public sealed record SharpnessOptions
{
    /// <summary>ε of the boxes |δ_i| ≤ ε (|θ_i| + 1) (Keskar et al. 2017).</summary>
    public IReadOnlyList<double> BoxSizes { get; init; } = [1e-3, 5e-4];

    /// <summary>Steps of every ascent of several steps.</summary>
    public int AscentSteps { get; init; } = 20;

    /// <summary>ρ of the ball |δ| ≤ ρ (Foret et al. 2021).</summary>
    public double Radius { get; init; } = 0.05;

    /// <summary>ρ of the ellipsoid |δ/|θ|| ≤ ρ (Kwon et al. 2021).</summary>
    public double AdaptiveRadius { get; init; } = 0.5;

    /// <summary>m, the examples of a batch in m-sharpness.</summary>
    public int BatchSize { get; init; } = 128;

    /// <summary>The length of filter-normalized noise, as a share of each node's weights.</summary>
    public double NoiseScale { get; init; } = 0.1;

    /// <summary>What noise is brought to the length of: nodes, which are the last axis of weights, or whole tensors, for networks that have them elsewhere.</summary>
    public DirectionNorm NoiseNorm { get; init; } = DirectionNorm.Filter;

    /// <summary>Draws of noise that means are taken over, the same at every point and size.</summary>
    public int NoiseDraws { get; init; } = 20;

    /// <summary>The mean rise of the loss at the noise of <see cref="SharpnessValues.PacBayesSigma"/>.</summary>
    public double PacBayesRise { get; init; } = 0.1;

    /// <summary>The hidden layer that is rescaled for comparison.</summary>
    public int RescaledLayer { get; init; }

    /// <summary>α, by which its incoming weights are multiplied.</summary>
    public double RescalingFactor { get; init; } = 2;

    /// <summary>The seed of noise.</summary>
    public ulong Seed { get; init; } = 1;
}

/// <summary>Sharpness at a point in all its usual senses, which need not agree.</summary>
/// <param name="Loss">L.</param>
/// <param name="Boxes">By box size, 100 (max L(θ+δ) − L) / (1 + L).</param>
/// <param name="BallStep">L(θ + ρ g/|g|) − L.</param>
/// <param name="BallAscent">max L(θ+δ) − L in the ball, by ascent.</param>
/// <param name="BatchStep">Mean over batches of m of L_m(θ + ρ g_m/|g_m|) − L_m.</param>
/// <param name="AdaptiveStep">L(θ + ρ T² g/|T g|) − L with T = |θ|; does not change when rectified nodes are rescaled.</param>
/// <param name="AdaptiveAscent">max L(θ+δ) − L in the ellipsoid, by ascent.</param>
/// <param name="NoiseRise">Mean rise under filter-normalized noise, and its error over draws.</param>
/// <param name="PacBayesSigma">σ at which noise N(0, σ²) in every parameter raises the mean loss by the chosen amount, and its error over draws: 0 below 2⁻⁶⁰, infinite above 2¹⁰, NaN where L is not finite.</param>
/// <param name="Curvature">Numbers of the Hessian; null where not asked for.</param>
public sealed record SharpnessValues(
    double Loss,
    IReadOnlyList<double> Boxes,
    double BallStep,
    double BallAscent,
    double BatchStep,
    double AdaptiveStep,
    double AdaptiveAscent,
    SampledValue NoiseRise,
    SampledValue PacBayesSigma,
    CurvatureNumbers? Curvature);

/// <summary>Sharpness of one function at two parameter vectors: what differs is not of the function.</summary>
/// <param name="Original">At θ.</param>
/// <param name="Rescaled">At θ with a layer rescaled.</param>
public sealed record SharpnessComparison(SharpnessValues Original, SharpnessValues Rescaled);
