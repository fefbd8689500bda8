namespace Understudy.Learning.OnlineLearning;

/// <summary>The arcsine from exactly rounded operations only, so that it has the same bits on every machine.</summary>
internal static class Arcsine
{
    // x² is at most ¼: 26 terms leave less than a tenth of a unit in the last place
    private const int Terms = 26;

    private static readonly double[] Series = Coefficients();

    /// <summary>arcsin of x clamped to [−1, 1]: rounding carries correlations a little beyond.</summary>
    internal static double Clamped(double x)
    {
        var magnitude = Math.Min(Math.Abs(x), 1);
        // beyond ½: arcsin x = π/2 − 2 arcsin √((1 − x)/2)
        var value = magnitude <= 0.5 ? Near(magnitude) : (Math.PI / 2) - (2 * Near(Math.Sqrt((1 - magnitude) / 2)));
        return double.IsNaN(x) ? x : Math.CopySign(value, x);
    }

    private static double Near(double x)
    {
        var (square, sum) = (x * x, 0.0);
        for (var n = Terms - 1; n >= 0; n--)
            sum = (sum * square) + Series[n];
        return x * sum;
    }

    /// <summary>(2n)! / (4ⁿ n!² (2n + 1)), the Taylor series.</summary>
    private static double[] Coefficients()
    {
        var (coefficients, central) = (new double[Terms], 1.0);
        for (var n = 0; n < Terms; n++)
        {
            coefficients[n] = central / ((2 * n) + 1);
            central *= ((2.0 * n) + 1) / ((2.0 * n) + 2);
        }

        return coefficients;
    }
}
