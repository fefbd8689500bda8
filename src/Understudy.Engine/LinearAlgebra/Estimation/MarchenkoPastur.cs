namespace Understudy.Engine.LinearAlgebra.Estimation;

/// <summary>The spectrum of X Xᵀ/N for a large P x N matrix X of independent entries: what a bulk without structure looks like.</summary>
/// <remarks>Marchenko and Pastur 1967. α = P/N; for α above 1 the share 1 − 1/α of the eigenvalues is zero.</remarks>
public sealed record MarchenkoPastur
{
    /// <summary>The law for one ratio.</summary>
    /// <param name="alpha">α = P/N, positive.</param>
    /// <param name="variance">σ², the variance of the entries, positive.</param>
    public MarchenkoPastur(double alpha, double variance = 1)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(alpha);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(variance);
        (Alpha, Variance) = (alpha, variance);
        double root = Math.Sqrt(alpha);
        Lower = variance * (1 - root) * (1 - root);
        Upper = variance * (1 + root) * (1 + root);
    }

    /// <summary>α = P/N.</summary>
    public double Alpha { get; }

    /// <summary>σ², the variance of the entries, which is the mean of the eigenvalues.</summary>
    public double Variance { get; }

    /// <summary>The lower edge of the bulk, σ²(1 − √α)².</summary>
    public double Lower { get; }

    /// <summary>The upper edge of the bulk, σ²(1 + √α)².</summary>
    public double Upper { get; }

    /// <summary>The share of the eigenvalues that is exactly zero, 1 − 1/α where that is positive.</summary>
    public double MassAtZero => Alpha > 1 ? 1 - (1 / Alpha) : 0;

    /// <summary>The density of the bulk, √((b − λ)(λ − a)) / (2π α σ² λ) between the edges a and b; its mass is 1 without that at zero.</summary>
    /// <remarks>0 outside the open interval, so also at zero for α = 1, where the density has a pole.</remarks>
    public double Density(double eigenvalue)
        => eigenvalue > Lower && eigenvalue < Upper
            ? Math.Sqrt((Upper - eigenvalue) * (eigenvalue - Lower)) / (2 * Math.PI * Alpha * Variance * eigenvalue)
            : 0;

    /// <summary>The share of eigenvalues up to a value, those at zero among them; in closed form.</summary>
    public double Cumulative(double eigenvalue)
    {
        if (eigenvalue < 0)
            return 0;
        if (eigenvalue <= Lower)
            return MassAtZero;
        if (eigenvalue >= Upper)
            return 1;

        // with R = (b - t)(t - a): ∫ √R/t dt = √R + (a + b)/2 asin((2t - a - b)/(b - a)) - √(ab) asin(((a + b)t - 2ab)/(t(b - a)))
        double root = Math.Sqrt((Upper - eigenvalue) * (eigenvalue - Lower));
        double mean = Math.Sqrt(Lower * Upper);
        double sum = Lower + Upper;
        double first = Arctangent.Of((2 * eigenvalue) - sum, 2 * root) + (Math.PI / 2);
        double second = Arctangent.Of((sum * eigenvalue) - (2 * Lower * Upper), 2 * mean * root) + (Math.PI / 2);
        double integral = root + (sum / 2 * first) - (mean * second);
        return Math.Min(1, MassAtZero + (integral / (2 * Math.PI * Alpha * Variance)));
    }

    /// <summary>Where an eigenvalue of the population that is set apart ends up in the spectrum of the sample.</summary>
    /// <remarks>
    /// Baik, Ben Arous and Péché 2005: at ℓ (1 + α/(ℓ − 1)) in units of the variance if ℓ is above 1 + √α; else it is drowned at the upper edge.
    /// </remarks>
    /// <param name="spike">The eigenvalue of the population covariance, whose others are the variance.</param>
    public double OutlierPosition(double spike)
    {
        double l = spike / Variance;
        return l > 1 + Math.Sqrt(Alpha) ? spike * (1 + (Alpha / (l - 1))) : Upper;
    }

    /// <summary>The largest difference of the cumulative distributions of a spectrum and of the law (Kolmogorov's distance).</summary>
    /// <param name="eigenvalues">In any order; those of at most 1e-10 of the largest magnitude count as zeros.</param>
    public double DistanceTo(ReadOnlySpan<double> eigenvalues)
    {
        if (eigenvalues.IsEmpty)
            throw new ArgumentException("There are no eigenvalues.", nameof(eigenvalues));
        double[] sorted = eigenvalues.ToArray();
        double zero = SignCount.Of(sorted).Threshold;
        for (int i = 0; i < sorted.Length; i++)
        {
            if (Math.Abs(sorted[i]) <= zero)
                sorted[i] = 0;
        }

        Array.Sort(sorted);
        double largest = 0;
        for (int first = 0, next; first < sorted.Length; first = next)
        {
            next = first + 1;
            while (next < sorted.Length && sorted[next] == sorted[first])
                next++;
            double upTo = Cumulative(sorted[first]);
            double below = sorted[first] == 0 ? 0 : upTo;
            largest = Math.Max(largest, Math.Abs(below - ((double)first / sorted.Length)));
            largest = Math.Max(largest, Math.Abs(upTo - ((double)next / sorted.Length)));
        }

        return largest;
    }
}
