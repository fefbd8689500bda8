namespace Understudy.Studies.RandomTeacher.Parts;

/// <summary>Lengths in the space of parameters.</summary>
internal static class Distances
{
    /// <summary>‖a − b‖.</summary>
    internal static double Between(ReadOnlySpan<double> a, ReadOnlySpan<double> b)
    {
        var sum = 0.0;
        for (var i = 0; i < a.Length; i++)
            sum += (a[i] - b[i]) * (a[i] - b[i]);
        return Math.Sqrt(sum);
    }

    /// <summary>‖a‖.</summary>
    internal static double Norm(ReadOnlySpan<double> a)
    {
        var sum = 0.0;
        foreach (var value in a)
            sum += value * value;
        return Math.Sqrt(sum);
    }
}
