namespace Understudy.Engine.LinearAlgebra.Estimation;

/// <summary>A share or a number of eigenvalues with a band of 95 %.</summary>
/// <param name="Value">The estimate.</param>
/// <param name="Lower">The lower end of the band.</param>
/// <param name="Upper">The upper end of the band.</param>
public readonly record struct SpectralShare(double Value, double Lower, double Upper);
