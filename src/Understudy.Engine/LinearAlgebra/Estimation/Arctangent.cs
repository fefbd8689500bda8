namespace Understudy.Engine.LinearAlgebra.Estimation;

/// <summary>The angle of a point in the right half-plane, with the same bits on every machine.</summary>
internal static class Arctangent
{
    /// <summary>The angle of (x, y) in [−π/2, π/2] for x ≥ 0; 0 for the origin.</summary>
    /// <remarks>Three halvings of the angle, then the power series; right to a few units in the last place.</remarks>
    internal static double Of(double y, double x)
    {
        double magnitude = Math.Abs(y);
        bool isSteep = magnitude > x;
        double larger = isSteep ? magnitude : x;
        double t = larger > 0 ? (isSteep ? x : magnitude) / larger : 0;
        for (int halving = 0; halving < 3; halving++)
            t /= 1 + Math.Sqrt(1 + (t * t));
        // t ≤ tan(π/32): the first term left out is below 1e-18 of the first one
        double z = t * t;
        double sum = 0;
        for (int k = 17; k >= 1; k -= 2)
            sum = (1.0 / k) - (z * sum);
        double angle = 8 * t * sum;
        return Math.CopySign(isSteep ? (Math.PI / 2) - angle : angle, y);
    }
}
