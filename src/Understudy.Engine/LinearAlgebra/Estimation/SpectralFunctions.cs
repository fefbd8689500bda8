namespace Understudy.Engine.LinearAlgebra.Estimation;

/// <summary>Numbers that depend on the eigenvalues alone, from nodes and weights, with their spread over the probes.</summary>
/// <remarks>λ₊ is the positive part of an eigenvalue: functions of positive semidefinite matrices see negative eigenvalues as zeros.</remarks>
public static class SpectralFunctions
{
    /// <summary>log det(A₊ + μI) = Σ ln(λ₊ + μ).</summary>
    /// <exception cref="ArgumentOutOfRangeException">μ is not positive.</exception>
    public static SampledValue LogDeterminant(SpectralMeasure measure, double mu)
    {
        ArgumentNullException.ThrowIfNull(measure);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(mu);
        return measure.Sum(value => ScalarFunctions.Log(Math.Max(value, 0) + mu));
    }

    /// <summary>Σ λ₊/(λ₊ + μ), the number of directions in which the matrix outweighs μ.</summary>
    /// <exception cref="ArgumentOutOfRangeException">μ is not positive.</exception>
    public static SampledValue EffectiveDimension(SpectralMeasure measure, double mu)
    {
        ArgumentNullException.ThrowIfNull(measure);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(mu);
        return measure.Sum(value => Math.Max(value, 0) / (Math.Max(value, 0) + mu));
    }

    /// <summary>(Σ λ)² / Σ λ², the number of equal eigenvalues with the same two sums; negative ones count with their sign.</summary>
    /// <remarks>Not a number for a zero matrix. The error is that of the jackknife over probes.</remarks>
    public static SampledValue ParticipationRatio(SpectralMeasure measure)
        => Jackknife(measure, value => value, value => value * value, (sum, squares) => sum * sum / squares);

    /// <summary>−Σ p ln p with p = λ₊ / Σ λ₊: between 0 for one positive eigenvalue and ln n for n equal ones.</summary>
    /// <remarks>Not a number without positive eigenvalues. The error is that of the jackknife over probes.</remarks>
    public static SampledValue Entropy(SpectralMeasure measure)
        => Jackknife(
            measure,
            value => Math.Max(value, 0),
            value => value > 0 ? value * ScalarFunctions.Log(value) : 0,
            (sum, logarithms) => ScalarFunctions.Log(sum) - (logarithms / sum));

    /// <summary>A function of two sums over the eigenvalues: leaving out one probe after the other shows how it varies.</summary>
    private static SampledValue Jackknife(
        SpectralMeasure measure, Func<double, double> first, Func<double, double> second, Func<double, double, double> function)
    {
        ArgumentNullException.ThrowIfNull(measure);
        int count = measure.Probes.Count;
        double scale = measure.Size * measure.ProbedMass;
        var (x, y) = (new double[count], new double[count]);
        double knownX = 0, knownY = 0, sumX = 0, sumY = 0;
        foreach (double stem in measure.Stems)
            (knownX, knownY) = (knownX + first(stem), knownY + second(stem));
        for (int i = 0; i < count; i++)
        {
            x[i] = scale * measure.Probes[i].Integrate(first);
            y[i] = scale * measure.Probes[i].Integrate(second);
            (sumX, sumY) = (sumX + x[i], sumY + y[i]);
        }

        double value = function(knownX + (sumX / count), knownY + (sumY / count));
        if (measure.IsExact || count == 1)
            return measure.IsExact ? SampledValue.Exact(value) : new SampledValue(value, double.PositiveInfinity, 1);
        var without = new double[count];
        for (int i = 0; i < count; i++)
            without[i] = function(knownX + ((sumX - x[i]) / (count - 1)), knownY + ((sumY - y[i]) / (count - 1)));
        return new SampledValue(value, (count - 1) * SampledValue.MeanOf(without).StandardError, count);
    }
}
