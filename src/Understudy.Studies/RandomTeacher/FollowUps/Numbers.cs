using System.Globalization;

namespace Understudy.Studies.RandomTeacher.FollowUps;

/// <summary>Numbers as people read them.</summary>
internal static class Numbers
{
    /// <summary>KL: four digits with an exponent where it is small.</summary>
    internal static string Loss(double value) => double.IsNaN(value) ? "–" : value is 0 ? "0" : Math.Abs(value) is >= 1e-2 and < 1e4 ? value.ToString("0.####", CultureInfo.InvariantCulture) : value.ToString("0.000e0", CultureInfo.InvariantCulture);

    /// <summary>Percent.</summary>
    internal static string Percent(double value) => double.IsNaN(value) ? "–" : value.ToString("0.00", CultureInfo.InvariantCulture);

    /// <summary>A ratio: two digits with an exponent where it is small.</summary>
    internal static string Ratio(double value) => double.IsNaN(value) ? "–" : double.IsInfinity(value) ? "∞" : value is 0 ? "0" : Math.Abs(value) is >= 1e-3 and < 1e4 ? value.ToString("0.###", CultureInfo.InvariantCulture) : value.ToString("0.0e0", CultureInfo.InvariantCulture);

    /// <summary>The largest of some numbers; NaN where one is not a number.</summary>
    internal static double Largest(IEnumerable<double> values)
    {
        var largest = double.NegativeInfinity;
        // Math.Max gives NaN where one is, Enumerable.Max passes over it
        foreach (var value in values)
            largest = Math.Max(largest, value);
        return largest;
    }

    /// <summary>A coordinate, without the rounding of one that should be 0.</summary>
    internal static string Coordinate(double value) => (Math.Round(value, 4) + 0.0).ToString("0.####", CultureInfo.InvariantCulture);
}
