namespace Understudy.UnitTests.Engine.Primitives;

/// <summary>A small fixed source of test values (splitmix64).</summary>
internal sealed class Numbers(ulong seed)
{
    private ulong _state = seed;

    internal double[] Any(int count) => Of(Domain.Any, count, 0);

    internal double[] Of(Domain draw, int count, int offset) => draw switch
    {
        Domain.Any => Fill(count, () => (2 * Next()) - 1),
        Domain.Positive => Fill(count, () => 0.5 + Next()),
        Domain.Index => Fill(count, () => Math.Floor(3 * Next())),
        Domain.Mask => Fill(count, () => Math.Floor(2 * Next())),
        _ => Distinct(count, offset),
    };

    private static double[] Fill(int count, Func<double> next)
    {
        var values = new double[count];
        for (var i = 0; i < count; i++)
            values[i] = next();
        return values;
    }

    private double[] Distinct(int count, int offset)
    {
        var values = new double[count];
        for (var i = 0; i < count; i++)
            values[i] = (0.1 * (i - (count / 2))) + 0.03 + (0.02 * offset);
        for (var i = count - 1; i > 0; i--)
        {
            var other = (int)((i + 1) * Next());
            (values[i], values[other]) = (values[other], values[i]);
        }

        return values;
    }

    private double Next()
    {
        _state += 0x9E3779B97F4A7C15;
        var z = _state;
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
        return ((z ^ (z >> 31)) >> 11) * (1.0 / (1UL << 53));
    }
}
