namespace Understudy.Engine.LinearAlgebra.Estimation;

/// <summary>Equally spaced points along an axis of eigenvalues.</summary>
/// <param name="Axis">The coordinate u.</param>
/// <param name="First">u of the first point.</param>
/// <param name="Last">u of the last point, above the first.</param>
/// <param name="Points">How many, from 2.</param>
public sealed record SpectralGrid(SpectralAxis Axis, double First, double Last, int Points = SpectralGrid.DefaultPoints)
{
    /// <summary>A tenth of the default width of smoothing between points, for a margin of 5 %.</summary>
    public const int DefaultPoints = 1101;

    /// <summary>The distance of neighbours in u.</summary>
    public double Step => (Last - First) / (Points - 1);

    /// <summary>u of a point.</summary>
    public double Coordinate(int point) => First + (point * Step);

    /// <summary>λ of a point; |λ| where the axis is logarithmic for both signs.</summary>
    public double Eigenvalue(int point) => Axis.Eigenvalue(Coordinate(point));

    internal void Check()
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(Points, 2);
        if (!(Last > First))
            throw new ArgumentException($"A grid cannot run from {First} to {Last}.");
    }
}
