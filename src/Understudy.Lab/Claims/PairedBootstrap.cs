using Understudy.Engine.Random;

namespace Understudy.Lab.Claims;

/// <summary>Intervals of the difference of two accuracies that count which test examples there happened to be, beside which seeds.</summary>
/// <remarks>
/// Every resample draws test examples with replacement, the same for all seeds and for both that are compared, and seeds with replacement where there are several; the interval is between the
/// 2.5 % and 97.5 % quantiles (Efron and Tibshirani 1993, chapter 13). Of few seeds it is too narrow, as resamples cannot be more different than they are: keep the interval of <see cref="Statistics.MeanInterval"/> beside it.
/// </remarks>
public static class PairedBootstrap
{
    /// <summary>The mean difference over seeds and examples with its 95 % interval.</summary>
    /// <param name="differences">For every seed and test example: 1 where only the first is right, −1 where only the second is, else 0. The same examples for all seeds.</param>
    /// <param name="resamples">How many resamples.</param>
    /// <param name="seed">The seed of the resampling.</param>
    /// <exception cref="ArgumentException">There are no seeds or examples, or seeds have different numbers of them.</exception>
    public static Estimate Difference(IReadOnlyList<sbyte[]> differences, int resamples = 10_000, long seed = 1)
    {
        ArgumentNullException.ThrowIfNull(differences);
        ArgumentOutOfRangeException.ThrowIfLessThan(resamples, 1);
        if (differences.Count == 0 || differences[0].Length == 0 || differences.Any(own => own.Length != differences[0].Length))
            throw new ArgumentException("The differences are not those of some seeds on the same test examples.", nameof(differences));
        var (seeds, examples) = (differences.Count, differences[0].Length);
        var random = new RandomSequence((ulong)seed, "statistics/paired-bootstrap");
        var ofSeeds = random.For("/seeds");
        var (drawn, drawnSeeds) = (new int[examples], new int[seeds]);
        var (times, found) = (new int[examples], new double[resamples]);
        for (var r = 0; r < resamples; r++)
        {
            random.FillIndices(r, examples, drawn);
            ofSeeds.FillIndices(r, seeds, drawnSeeds);
            times.AsSpan().Clear();
            foreach (var example in drawn)
                times[example]++;
            var sum = 0L;
            foreach (var own in drawnSeeds)
                sum += Weighted(differences[own], times);
            found[r] = (double)sum / seeds / examples;
        }

        var mean = differences.Sum(own => own.Sum(difference => (long)difference)) / ((double)seeds * examples);
        return new Estimate(mean, Statistics.Quantile(found, 0.025), Statistics.Quantile(found, 0.975));
    }

    private static long Weighted(sbyte[] differences, int[] times)
    {
        var sum = 0L;
        for (var i = 0; i < differences.Length; i++)
            sum += differences[i] * times[i];
        return sum;
    }
}
