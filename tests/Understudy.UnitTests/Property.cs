using Understudy.Engine.Random;

namespace Understudy.UnitTests;

/// <summary>Laws that are checked on many drawn cases; a failure names the case, so that it can be run alone.</summary>
internal static class Property
{
    /// <summary>Runs <paramref name="law"/> on cases 0 … cases − 1, each with its own draws.</summary>
    internal static void Holds(int cases, Action<Draw> law)
    {
        for (var number = 0; number < cases; number++)
            try
            {
                law(new Draw(number));
            }
            catch (Exception error) when (error is not Xunit.Sdk.SkipException)
            {
                throw new InvalidOperationException($"The law fails in case {number}: {error.Message}", error);
            }
    }
}

/// <summary>The random choices of one case.</summary>
internal sealed class Draw(int number)
{
    private readonly RandomSequence _sequence = new(2024, "test/property", number);
    private long _step;

    /// <summary>The number of the case.</summary>
    internal int Case => number;

    /// <summary>A small extent, 1 … most, small ones more often.</summary>
    internal int Extent(int most = 12)
    {
        var u = Uniform();
        return 1 + (int)(u * u * most);
    }

    /// <summary>An integer in [0, bound).</summary>
    internal int Index(int bound)
    {
        Span<int> index = stackalloc int[1];
        _sequence.FillIndices(_step++, bound, index);
        return index[0];
    }

    internal bool Coin() => Index(2) == 1;

    /// <summary>A number in [0, 1).</summary>
    internal double Uniform()
    {
        Span<double> value = stackalloc double[1];
        _sequence.FillUniform(_step++, value);
        return value[0];
    }

    /// <summary>A number in [from, to).</summary>
    internal double Uniform(double from, double to) => from + (to - from) * Uniform();

    /// <summary>Standard normal numbers.</summary>
    internal double[] Normal(int count)
    {
        var values = new double[count];
        _sequence.FillNormal(_step++, values);
        return values;
    }

    /// <summary>Standard normal numbers in single precision.</summary>
    internal float[] NormalSingle(int count)
    {
        var values = new float[count];
        _sequence.FillNormal(_step++, values);
        return values;
    }

    internal int[] Permutation(int count)
    {
        var values = new int[count];
        _sequence.FillPermutation(_step++, values);
        return values;
    }
}
