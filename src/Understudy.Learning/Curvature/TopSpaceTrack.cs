using Understudy.Engine.LinearAlgebra.Estimation;
using Understudy.Engine.Threading;

namespace Understudy.Learning.Curvature;

/// <summary>How the space of the leading eigenvectors turns along a training, and how much of gradients and updates lies in it.</summary>
/// <remarks>
/// Takes checkpoints in order; of the last one it keeps the parameters and the eigenvectors. All numbers are of the curvature's block. Eigenvectors of close eigenvalues turn freely: take a count that ends in a gap.
/// Source: Gur-Ari, Roberts and Dyer 2018; hessian specification, section 3.7.
/// </remarks>
/// <param name="curvature">The network on its examples; moved from checkpoint to checkpoint by the caller.</param>
/// <param name="team">Threads for products of vectors; null for the caller's alone.</param>
public sealed class TopSpaceTrack(NetworkCurvature curvature, Team? team = null)
{
    private double[]? _parameters;
    private double[] _vectors = [];

    /// <summary>Takes the checkpoint at which the curvature stands.</summary>
    /// <param name="vectors">Its eigenvectors, orthonormal rows [k, P], at least one; k may differ from that of other checkpoints.</param>
    /// <exception cref="ArgumentException">They are no rows of the block.</exception>
    public TopSpacePlace Add(ReadOnlySpan<double> vectors) => Add(vectors, curvature.Gradient());

    /// <summary>The same with a gradient of one's own, such as one with weight decay.</summary>
    /// <param name="vectors">Its eigenvectors, orthonormal rows [k, P], at least one.</param>
    /// <param name="gradient">The gradient of the block [P].</param>
    /// <exception cref="ArgumentException">They are not of the block.</exception>
    public TopSpacePlace Add(ReadOnlySpan<double> vectors, ReadOnlySpan<double> gradient)
    {
        var size = curvature.Size;
        if (vectors.IsEmpty || vectors.Length % size != 0)
            throw new ArgumentException($"{vectors.Length} numbers are no rows of {size} parameters.", nameof(vectors));
        if (gradient.Length != size)
            throw new ArgumentException($"{gradient.Length} numbers are no gradient of {size} parameters.", nameof(gradient));
        var parameters = curvature.Chosen.Gather(curvature.Parameters.ToArray());
        var since = _parameters is { } before ? Drift(before, parameters, vectors) : null;
        (_parameters, _vectors) = (parameters, vectors.ToArray());
        return new TopSpacePlace(Subspaces.Share(vectors, gradient), since);
    }

    private TopSpaceDrift Drift(double[] before, double[] parameters, ReadOnlySpan<double> vectors)
    {
        var update = new double[parameters.Length];
        for (var i = 0; i < update.Length; i++)
            update[i] = parameters[i] - before[i];
        return new TopSpaceDrift(
            Subspaces.Overlap(_vectors, vectors, update.Length, team),
            Subspaces.PrincipalAngles(_vectors, vectors, update.Length, team),
            Subspaces.Share(_vectors, update),
            Subspaces.Share(vectors, update),
            Math.Sqrt(FeatureRows.Sum([.. update.Select(value => value * value)])));
    }
}

/// <summary>A checkpoint of a <see cref="TopSpaceTrack"/>.</summary>
/// <param name="GradientShare">‖U g‖²/‖g‖², of the gradient in its own top space; k/P of a random one, not a number where the gradient is zero.</param>
/// <param name="SinceLast">What changed since the checkpoint before; null at the first.</param>
public sealed record TopSpacePlace(double GradientShare, TopSpaceDrift? SinceLast);

/// <summary>The way from one checkpoint to the next, and what the top space did on it.</summary>
/// <param name="Overlap">‖U Vᵀ‖²/k of the space before and after, the smaller k where they differ: 1 where nothing turned, about k/P of random spaces.</param>
/// <param name="Angles">The principal angles between both spaces in radians, ascending.</param>
/// <param name="UpdateShareBefore">‖U Δ‖²/‖Δ‖², of the update Δ = θ' − θ in the top space before it; not a number where Δ is zero.</param>
/// <param name="UpdateShareAfter">The same in the top space behind it.</param>
/// <param name="UpdateLength">‖Δ‖.</param>
public sealed record TopSpaceDrift(double Overlap, IReadOnlyList<double> Angles, double UpdateShareBefore, double UpdateShareAfter, double UpdateLength);
