namespace Understudy.Engine.LinearAlgebra.Estimation;

/// <summary>The diagonal of a matrix, estimated element by element.</summary>
/// <param name="Values">A_ii: [n].</param>
/// <param name="StandardErrors">The standard error of each value [n]; zeros where the values are exact.</param>
/// <param name="Samples">The number of samples behind each value; 0 where the values are exact.</param>
/// <param name="Products">The number of products with the matrix.</param>
/// <param name="Seed">The seed of the probes.</param>
public sealed record DiagonalEstimate(IReadOnlyList<double> Values, IReadOnlyList<double> StandardErrors, int Samples, int Products, ulong Seed)
{
    /// <summary>Element <paramref name="index"/> with its interval.</summary>
    public SampledValue this[int index] => new(Values[index], StandardErrors[index], Samples);
}
