namespace Understudy.Learning.Networks.Layers;

/// <summary>Mean and biased variance of every channel: what batch normalization in evaluation mode takes in place of a batch's.</summary>
public sealed class ChannelStatistics
{
    private readonly double[] _mean;
    private readonly double[] _variance;

    /// <summary>Given statistics.</summary>
    /// <param name="mean">[c].</param>
    /// <param name="variance">[c], not negative.</param>
    /// <exception cref="ArgumentException">The lengths differ, or a variance is negative or no number.</exception>
    public ChannelStatistics(ReadOnlySpan<double> mean, ReadOnlySpan<double> variance)
    {
        if (mean.Length != variance.Length)
            throw new ArgumentException($"There are {mean.Length} means, but {variance.Length} variances.", nameof(variance));
        for (var channel = 0; channel < variance.Length; channel++)
        {
            if (!(variance[channel] >= 0))
                throw new ArgumentException($"The variance of channel {channel} is {variance[channel]}.", nameof(variance));
        }

        (_mean, _variance) = (mean.ToArray(), variance.ToArray());
    }

    /// <summary>[c].</summary>
    public ReadOnlySpan<double> Mean => _mean;

    /// <summary>[c].</summary>
    public ReadOnlySpan<double> Variance => _variance;
}
