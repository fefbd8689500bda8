using Understudy.Learning.Probing;

namespace Understudy.Learning.Geometry;

/// <summary>The middle of unsorted numbers.</summary>
internal static class Medians
{
    /// <summary>The median; the numbers are sorted in place.</summary>
    internal static double Of(double[] values)
    {
        if (values.Length == 0)
            return double.NaN;
        Array.Sort(values);
        return Quantiles.At(values, 0.5);
    }
}
