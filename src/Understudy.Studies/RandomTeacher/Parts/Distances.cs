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

    /// <summary>The cosine of the angle between a and b; 0 where one of them is 0.</summary>
    internal static double Cosine(ReadOnlySpan<double> a, ReadOnlySpan<double> b)
    {
        var product = 0.0;
        for (var i = 0; i < a.Length; i++)
            product += a[i] * b[i];
        var lengths = Norm(a) * Norm(b);
        return lengths > 0 ? product / lengths : 0;
    }

    /// <summary>a − b.</summary>
    internal static double[] Difference(ReadOnlySpan<double> a, ReadOnlySpan<double> b)
    {
        var difference = new double[a.Length];
        for (var i = 0; i < a.Length; i++)
            difference[i] = a[i] - b[i];
        return difference;
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
