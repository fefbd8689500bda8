namespace Understudy.Engine.LinearAlgebra.Estimation;

/// <summary>A number that was estimated from independent samples, and how far it may be off.</summary>
/// <param name="Value">The estimate.</param>
/// <param name="StandardError">Its standard error; infinite for a single sample, zero where the value is exact.</param>
/// <param name="Samples">The number of samples behind it; 0 where the value is exact.</param>
public readonly record struct SampledValue(double Value, double StandardError, int Samples)
{
    /// <summary>Half of the width of Student's 95 % interval.</summary>
    public double HalfWidth => StandardError == 0 ? 0 : StudentDistribution.Quantile975(Samples - 1) * StandardError;

    /// <summary>The lower end of the 95 % interval.</summary>
    public double Lower => Value - HalfWidth;

    /// <summary>The upper end of the 95 % interval.</summary>
    public double Upper => Value + HalfWidth;

    /// <summary>A value that is known up to rounding.</summary>
    public static SampledValue Exact(double value) => new(value, 0, 0);

    /// <summary>The mean of samples with s / √n as its error.</summary>
    /// <exception cref="ArgumentException">There are no samples.</exception>
    public static SampledValue MeanOf(ReadOnlySpan<double> samples)
    {
        if (samples.IsEmpty)
            throw new ArgumentException("There are no samples.", nameof(samples));
        double sum = 0;
        foreach (double sample in samples)
            sum += sample;
        double mean = sum / samples.Length;
        if (samples.Length == 1)
            return new SampledValue(mean, double.PositiveInfinity, 1);
        double squares = 0;
        foreach (double sample in samples)
            squares += (sample - mean) * (sample - mean);
        return new SampledValue(mean, Math.Sqrt(squares / ((double)samples.Length * (samples.Length - 1))), samples.Length);
    }

    /// <summary>The same estimate and error in other units.</summary>
    internal SampledValue Times(double factor) => new(Value * factor, StandardError * Math.Abs(factor), Samples);

    internal SampledValue Plus(double known) => this with { Value = Value + known };
}
