namespace Understudy.Engine.LinearAlgebra.Estimation;

/// <summary>How many eigenvalues are positive, negative and zero.</summary>
/// <param name="Positive">n₊.</param>
/// <param name="Negative">n₋.</param>
/// <param name="Zero">n₀, those of at most the threshold.</param>
/// <param name="Threshold">The magnitude up to which an eigenvalue counts as zero.</param>
public readonly record struct SignCount(int Positive, int Negative, int Zero, double Threshold)
{
    /// <summary>Counts with a threshold relative to the largest magnitude.</summary>
    /// <remarks>Compare the counts of several thresholds: spectra of networks with ReLU reach down to 1e-12 without a gap.</remarks>
    /// <param name="eigenvalues">In any order.</param>
    /// <param name="relativeThreshold">1e-10 suits double precision, 1e-5 single.</param>
    public static SignCount Of(ReadOnlySpan<double> eigenvalues, double relativeThreshold = OutlierCount.ZeroRule)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(relativeThreshold);
        double largest = 0;
        foreach (double value in eigenvalues)
            largest = Math.Max(largest, Math.Abs(value));
        double threshold = relativeThreshold * largest;
        var (positive, negative) = (0, 0);
        foreach (double value in eigenvalues)
        {
            positive += value > threshold ? 1 : 0;
            negative += value < -threshold ? 1 : 0;
        }

        return new SignCount(positive, negative, eigenvalues.Length - positive - negative, threshold);
    }
}
