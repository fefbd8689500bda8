using Understudy.Engine.LinearAlgebra.Estimation;
using Understudy.Engine.Random;
using Understudy.Engine.Threading;

namespace Understudy.Learning.Curvature;

/// <summary>What every parameter has of a network's curvature and of its examples' gradients g_i, exact: the diagonals of G, S, Cov and, for rectifiers, H.</summary>
/// <remarks>
/// <para>Vectors of P numbers, never N·P. Fully connected layers and convolutions, with activations, pools and flattening between them, take one forward and C + 2 backward passes over
/// chunks of the examples, and N C n m multiply-adds for a layer of n inputs and m nodes at each position that shares its weights, N n m where there is one; any other network, such as one with normalizations or
/// residual blocks, N (C + 1) reverse passes of one example on one thread, of all examples where they are coupled. Blocks are gathered from the whole.</para>
/// <para>Source: Dangel, Kunstner and Hennig 2020 (the quantities); hessian specification, sections 1.4, 2.2 and 3.4.</para>
/// </remarks>
public sealed class ExactDiagonals
{
    private readonly double[] _gaussNewton;
    private readonly double[] _secondMoment;
    private readonly double[] _covariance;
    private readonly double[] _squares;
    private readonly bool _isPiecewiseLinear;

    private ExactDiagonals(NetworkCurvature curvature, CancellationToken cancellation)
    {
        using var sums = new SquareSums(curvature);
        _gaussNewton = sums.Mean(curvature.Set, KroneckerMatrix.GaussNewton, cancellation);
        _secondMoment = sums.Mean(curvature.Set, KroneckerMatrix.SecondMoment, cancellation);
        cancellation.ThrowIfCancellationRequested();
        Gradient = curvature.Gradient();
        _squares = new double[_secondMoment.Length];
        FeatureRows.Scale(curvature.Examples, _secondMoment, _squares);
        // of one example, or of equal ones, rounding would leave some below 0
        _covariance = [.. _secondMoment.Zip(Gradient, (square, mean) => Math.Max(0, square - (mean * mean)))];
        _isPiecewiseLinear = ExactTraces.HaveHessian(curvature.Network);
    }

    /// <summary>diag G, of the generalised Gauss-Newton matrix, by all C columns of the output's curvature: [P] of the block.</summary>
    public IReadOnlyList<double> GaussNewton => _gaussNewton;

    /// <summary>diag S = (1/N) Σ_i g_i², [P]: the mean of squares, which adaptive optimizers average along the way.</summary>
    public IReadOnlyList<double> SecondMoment => _secondMoment;

    /// <summary>Σ_i g_i², [P].</summary>
    public IReadOnlyList<double> SquareSums => _squares;

    /// <summary>diag Cov = diag S − g², [P]: the variance of every parameter's derivative over the examples, with N below.</summary>
    /// <remarks>A difference: good to 1e-15 of diag S; what rounding left below 0 is 0.</remarks>
    public IReadOnlyList<double> Covariance => _covariance;

    /// <summary>g, [P].</summary>
    public IReadOnlyList<double> Gradient { get; }

    /// <summary>diag H = diag G where the network is piecewise linear or has no hidden layer; null elsewhere, where <see cref="Diagonals"/> and <see cref="XDiag"/> estimate it.</summary>
    public IReadOnlyList<double>? Hessian => _isPiecewiseLinear ? _gaussNewton : null;

    /// <summary>The diagonals at a point of any network, of a block of its parameters.</summary>
    /// <param name="curvature">The network on its examples.</param>
    /// <param name="cancellation">Looked at between passes over the examples, and without a closed form once per example.</param>
    public static ExactDiagonals Of(NetworkCurvature curvature, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(curvature);
        return new ExactDiagonals(curvature, cancellation);
    }

    /// <summary>The diagonals at a point of a fully connected network.</summary>
    /// <param name="point">The network on its examples.</param>
    /// <param name="team">Threads; null for the caller's alone. Results do not depend on it.</param>
    /// <param name="cancellation">Looked at between passes over the examples.</param>
    public static ExactDiagonals Of(MlpPoint point, Team? team = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(point);
        using var curvature = new NetworkCurvature(point.Network, point.Loss, point.Examples, point.Parameters, new CurvatureOptions { Team = team });
        return new ExactDiagonals(curvature, cancellation);
    }

    /// <summary>diag G by labels that the network itself draws, without bias: a backward pass for each draw in place of C.</summary>
    /// <remarks>For one output curvature of many classes. The mean over draws of the diagonal of S with labels of <see cref="SampledLabels"/>; errors are those of the mean over draws.</remarks>
    /// <param name="curvature">The network on its examples, whose targets are not read; cross-entropy against classes or half squared errors.</param>
    /// <param name="draws">Labels of each example, at least 2.</param>
    /// <param name="seed">Of the labels.</param>
    /// <param name="cancellation">Looked at between draws, and without a closed form once per example.</param>
    /// <exception cref="ArgumentOutOfRangeException">Fewer than 2 draws, which have no error.</exception>
    /// <exception cref="ArgumentException">Another loss.</exception>
    public static DiagonalEstimate SampledGaussNewton(NetworkCurvature curvature, int draws, ulong seed, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(curvature);
        ArgumentOutOfRangeException.ThrowIfLessThan(draws, 2);
        using var sums = new SquareSums(curvature);
        var (mean, spread) = (new double[curvature.Size], new double[curvature.Size]);
        for (var draw = 0; draw < draws; draw++)
        {
            var examples = SampledLabels.Draw(curvature.Network, curvature.Rule, curvature.Set, curvature.Parameters, new RandomSequence(seed, "curvature/labels", draw));
            var own = sums.Mean(examples, KroneckerMatrix.SecondMoment, cancellation);
            for (var i = 0; i < own.Length; i++)
            {
                var step = own[i] - mean[i];
                mean[i] += step / (draw + 1);
                spread[i] += step * (own[i] - mean[i]);
            }
        }

        return new DiagonalEstimate(mean, [.. spread.Select(sum => Math.Sqrt(sum / (draws - 1.0) / draws))], draws, 0, seed);
    }
}
