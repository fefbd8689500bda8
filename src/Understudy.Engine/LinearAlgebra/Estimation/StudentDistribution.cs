namespace Understudy.Engine.LinearAlgebra.Estimation;

/// <summary>The quantile of Student's t distribution that 95 % intervals need.</summary>
internal static class StudentDistribution
{
    private const double Normal975 = 1.959963984540054;

    /// <summary>The number that t exceeds with probability 0.025.</summary>
    /// <remarks>
    /// From five degrees of freedom on the expansion in their inverse (Fisher and Cornish 1960), which is low by 1e-4 of itself at five and
    /// by less than 1e-5 from nine on.
    /// </remarks>
    internal static double Quantile975(int degrees)
    {
        switch (degrees)
        {
            case < 1: return double.PositiveInfinity;
            case 1: return 12.706204736;
            case 2: return 4.302652730;
            case 3: return 3.182446305;
            case 4: return 2.776445105;
        }

        const double z = Normal975;
        const double z2 = z * z;
        const double g1 = z * (z2 + 1) / 4;
        const double g2 = z * ((((5 * z2) + 16) * z2) + 3) / 96;
        const double g3 = z * ((((((3 * z2) + 19) * z2) + 17) * z2) - 15) / 384;
        const double g4 = z * ((((((((79 * z2) + 776) * z2) + 1482) * z2) - 1920) * z2) - 945) / 92160;
        double d = 1.0 / degrees;
        return z + (d * (g1 + (d * (g2 + (d * (g3 + (d * g4)))))));
    }
}
