using Understudy.Engine.LinearAlgebra.Krylov;

namespace Understudy.UnitTests.Engine.LinearAlgebra.Krylov;

/// <summary>Spectra shaped like those of trained networks: a few outliers, a dense bulk near zero, a small negative tail.</summary>
internal static class Landscape
{
    /// <summary>Ten outliers from 4.4 down to 0.24, 5 % negative down to -0.038, the rest positive down to 1e-8, all even in the logarithm.</summary>
    internal static double[] Values(int n)
    {
        int negative = n / 20;
        int positive = n - negative - 10;
        var values = new double[n];
        for (int i = 0; i < 10; i++)
            values[i] = 4.4 * Math.Pow(0.24 / 4.4, i / 9.0);
        for (int i = 0; i < positive; i++)
            values[10 + i] = 0.1 * Math.Pow(1e-7, i / (positive - 1.0));
        for (int i = 0; i < negative; i++)
            values[10 + positive + i] = -0.038 * Math.Pow(1e-6, i / (negative - 1.0));
        return values;
    }

    internal static CountedOperator Diagonal(int n) => new(new Diagonal(Values(n)));
}
