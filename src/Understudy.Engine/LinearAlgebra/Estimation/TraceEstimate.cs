namespace Understudy.Engine.LinearAlgebra.Estimation;

/// <summary>The way a trace was found.</summary>
public enum TraceMethod
{
    /// <summary>Every element of the diagonal, by one product each.</summary>
    Exact,

    /// <summary>The mean of vᵀAv.</summary>
    Hutchinson,

    /// <summary>Exact on a random range, the mean of vᵀAv beside it.</summary>
    HutchPlusPlus,

    /// <summary>The same with every probe taken out of the range in turn.</summary>
    XTrace,
}

/// <summary>An estimate of a trace with all that is needed to judge and to repeat it.</summary>
/// <param name="Method">How it was found.</param>
/// <param name="Estimate">The value and its error.</param>
/// <param name="Products">The number of products with the matrix, those in a block counted one by one.</param>
/// <param name="Seed">The seed of the probes.</param>
/// <param name="IsConverged">Whether the tolerance was met; true where none was set.</param>
public sealed record TraceEstimate(TraceMethod Method, SampledValue Estimate, int Products, ulong Seed, bool IsConverged = true)
{
    /// <summary>The estimated trace.</summary>
    public double Value => Estimate.Value;

    /// <summary>The standard error of the value; zero where it is exact, infinite where a single sample tells nothing about it.</summary>
    public double StandardError => Estimate.StandardError;

    /// <summary>Half of the width of the 95 % interval around the value.</summary>
    public double HalfWidth => Estimate.HalfWidth;

    /// <summary>The number of samples that the error rests on.</summary>
    public int Samples => Estimate.Samples;
}
