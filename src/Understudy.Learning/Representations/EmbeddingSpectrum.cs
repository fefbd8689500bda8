using Understudy.Engine;
using Understudy.Engine.LinearAlgebra;
using Understudy.Engine.Threading;
using Understudy.Learning.Geometry;

namespace Understudy.Learning.Representations;

/// <summary>How many directions embeddings fill: eigenvalues of their covariance, and ranks.</summary>
/// <remarks>
/// From products of all pairs of features in double precision, so that singular values below about 1e-8 of the largest are not told from 0. Costs N·d² + O(d³). The
/// same to the bit with any team.
/// </remarks>
public sealed class EmbeddingSpectrum
{
    // of single-precision numbers near 1
    private const double Spacing = 1.0 / (1 << 23);

    private readonly double[] _eigenvalues;

    private EmbeddingSpectrum(double[] eigenvalues) => _eigenvalues = eigenvalues;

    /// <summary>The eigenvalues of the covariance, with N below, in descending order [d]; those that are 0 to rounding are 0.</summary>
    public ReadOnlySpan<double> Eigenvalues => _eigenvalues;

    /// <summary>exp(−Σ p ln p) with p the eigenvalues of the covariance divided by their sum: from 1 to d, and 0 where all embeddings are the same.</summary>
    public double EffectiveRank => Perplexity(_eigenvalues);

    /// <summary>The same with p the singular values of the centred embeddings divided by their sum (Roy and Vetterli 2007), which is larger.</summary>
    public double SingularEffectiveRank => Perplexity(SingularValues());

    /// <summary>The singular values of the embeddings as they are that exceed max(N, d)·2⁻²³ of the largest: the rank of a matrix in single precision.</summary>
    public int Rank { get; private init; }

    /// <summary>How many of the singular values of the centred embeddings, the largest first, make up a share of their sum; 0 where all embeddings are the same.</summary>
    /// <param name="share">Between 0 and 1: 0.95, 0.99 and 0.999 are usual.</param>
    public int PrincipalComponents(double share)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(share);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(share, 1);
        var values = SingularValues();
        var (total, sum, count) = (Curvature.FeatureRows.Sum(values), 0.0, 0);
        while (count < values.Length && values[count] > 0 && sum < share * total)
            sum += values[count++];
        return count;
    }

    /// <summary>The spectrum of embeddings [N, d].</summary>
    /// <param name="features">[N, d].</param>
    /// <param name="width">d.</param>
    /// <param name="team">Threads; null for the caller's alone.</param>
    /// <param name="cancellation">Looked at once per block of rows and while eigenvalues are found.</param>
    /// <exception cref="ArgumentException">There are no rows of this width, or they are not finite.</exception>
    public static EmbeddingSpectrum Of(ReadOnlySpan<double> features, int width, Team? team = null, CancellationToken cancellation = default)
    {
        var centering = FeatureStandardization.Centering(features, width);
        var (covariance, rows) = (new double[checked(width * width)], features.Length / width);
        var block = new double[Math.Min(FeatureRows.Block, rows) * width];
        for (var first = 0; first < rows; first += FeatureRows.Block)
        {
            cancellation.ThrowIfCancellationRequested();
            var count = Math.Min(FeatureRows.Block, rows - first);
            var part = block.AsSpan(0, count * width);
            centering.Apply(features.Slice(first * width, part.Length), part);
            Products.Multiply(width, width, count, part, part, covariance, transposeLeft: true, accumulate: true, team: team);
        }

        foreach (ref var entry in covariance.AsSpan())
            entry /= rows;
        var moment = (double[])covariance.Clone();
        for (var i = 0; i < width; i++)
            Dense.Add(centering.Mean[i], centering.Mean, moment.AsSpan(i * width, width));
        var uncentered = Descending(moment, width, team, cancellation);
        var smallest = Math.Max(rows, width) * Spacing;
        var rank = 0;
        while (rank < width && uncentered[rank] > smallest * smallest * uncentered[0])
            rank++;
        return new EmbeddingSpectrum(Descending(covariance, width, team, cancellation)) { Rank = rank };
    }

    /// <summary>Overwrites the matrix.</summary>
    private static double[] Descending(double[] matrix, int size, Team? team, CancellationToken cancellation)
    {
        var solved = SymmetricEigenvalues.Overwriting(matrix, size, team, null, cancellation);
        if (!solved.IsConverged)
            throw new ArgumentException("The embeddings are not finite, or too large to be squared.", nameof(matrix));
        var values = solved.Values.ToArray();
        Array.Reverse(values);
        // what rounding of the largest leaves of a 0
        var smallest = size * Math.ScaleB(1, -52) * values[0];
        for (var i = 0; i < size; i++)
            values[i] = values[i] > smallest ? values[i] : 0;
        return values;
    }

    private double[] SingularValues()
    {
        var values = new double[_eigenvalues.Length];
        for (var i = 0; i < values.Length; i++)
            values[i] = Math.Sqrt(_eigenvalues[i]);
        return values;
    }

    private static double Perplexity(double[] weights)
    {
        var (total, entropy) = (Curvature.FeatureRows.Sum(weights), 0.0);
        if (total == 0)
            return 0;
        foreach (var weight in weights)
            entropy -= weight > 0 ? weight / total * ScalarFunctions.Log(weight / total) : 0;
        return ScalarFunctions.Exp(entropy);
    }
}
