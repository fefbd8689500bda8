using Understudy.Engine.Threading;
using Understudy.Learning.Representations;

namespace Understudy.UnitTests.Learning.Representations;

public sealed class EmbeddingSpectrumTests
{
    // more than one block of rows
    private const int Rows = 600;

    [Fact]
    public void Ranks_are_those_of_the_known_singular_values()
    {
        double[] singular = [9, 4, 4, 1, 0.25];

        var spectrum = Spectrum(WithSingularValues(singular), singular.Length);

        for (var i = 0; i < singular.Length; i++)
            Assert.Equal(singular[i] * singular[i] / Rows, spectrum.Eigenvalues[i], 1e-14);
        Assert.Equal(Perplexity(singular.Select(s => s * s)), spectrum.EffectiveRank, 1e-12);
        Assert.Equal(Perplexity(singular), spectrum.SingularEffectiveRank, 1e-12);
        Assert.Equal(5, spectrum.Rank);
        // of 18.25: 9, 13, 17 and 18 are 0.49, 0.71, 0.93 and 0.986
        Assert.Equal([0, 1, 2, 3, 4, 5, 5], new[] { 0, 0.49, 0.5, 0.93, 0.95, 0.99, 1 }.Select(spectrum.PrincipalComponents));
    }

    [Fact]
    public void Equal_directions_all_count_and_missing_ones_do_not()
    {
        var spectrum = Spectrum(WithSingularValues([2, 2, 2, 0, 0, 0]), 6);

        Assert.Equal(3, spectrum.EffectiveRank, 1e-12);
        Assert.Equal(3, spectrum.SingularEffectiveRank, 1e-12);
        Assert.Equal(3, spectrum.Rank);
        Assert.Equal([0, 0, 0], spectrum.Eigenvalues[3..].ToArray());
    }

    [Fact]
    public void Scale_rotation_and_offset_do_not_matter_but_an_offset_is_a_direction_of_the_rank()
    {
        double[] singular = [5, 3, 1, 0];
        var set = new EmbeddingSet(WithSingularValues(singular), new int[Rows], 1).Rotated();
        var moved = set.With((value, _, feature) => (value * 1e-3) + (feature + 1));

        EmbeddingSpectrum expected = Spectrum(WithSingularValues(singular), 4), actual = Spectrum(moved.Features.ToArray(), 4);

        // variances of 1e-8 as differences of numbers near 3 are exact to 1e-15 of these
        Assert.Equal(expected.EffectiveRank, actual.EffectiveRank, 1e-9);
        Assert.Equal(3, expected.Rank);
        // the threshold is 7e-5 of the largest singular value, which the offset makes √600 · 5.5
        Assert.Equal(1, actual.Rank);
        Assert.Equal(4, Spectrum([.. set.Features.ToArray().Select((value, i) => value + (i % 4) + 1)], 4).Rank);
    }

    [Fact]
    public void Embeddings_that_are_all_the_same_have_no_direction()
    {
        var spectrum = Spectrum([.. Enumerable.Repeat(0.3, 3 * Rows)], 3);

        Assert.Equal((0, 0, 1, 0), (spectrum.EffectiveRank, spectrum.SingularEffectiveRank, spectrum.Rank, spectrum.PrincipalComponents(1)));
        Assert.Equal(0, Spectrum(new double[12], 3).Rank);
    }

    [Fact]
    public void Many_features_of_few_examples_have_one_rank_less_than_examples()
    {
        var spectrum = Spectrum(new Draw(1).Normal(5 * 40), 40);

        Assert.Equal(4, spectrum.Eigenvalues.ToArray().Count(value => value > 0));
        Assert.Equal(5, spectrum.Rank);
        Assert.InRange(spectrum.EffectiveRank, 1, 4);
        Assert.InRange(spectrum.SingularEffectiveRank, spectrum.EffectiveRank, 4);
    }

    [Fact]
    public void Any_team_gives_the_same_bits()
    {
        var features = new Draw(2).Normal(Rows * 70);
        using Team two = new(2), three = new(3);

        var alone = Spectrum(features, 70);

        foreach (var team in new[] { two, three })
        {
            var together = EmbeddingSpectrum.Of(features, 70, team, TestContext.Current.CancellationToken);
            Assert.Equal(alone.Eigenvalues.ToArray(), together.Eigenvalues.ToArray());
            Assert.Equal(alone.EffectiveRank, together.EffectiveRank);
        }
    }

    [Fact]
    public void What_does_not_fit_is_told()
    {
        Assert.Contains("7 features are not rows of 3", Assert.Throws<ArgumentException>(() => Spectrum(new double[7], 3)).Message, StringComparison.Ordinal);
        Assert.Contains("not finite", Assert.Throws<ArgumentException>(() => Spectrum([1, double.NaN, 2, 3], 2)).Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentOutOfRangeException>(() => Spectrum([1, 2], 1).PrincipalComponents(1.5));
        using var cancelled = new CancellationTokenSource();
        cancelled.Cancel();
        Assert.Throws<OperationCanceledException>(() => EmbeddingSpectrum.Of([1, 2], 1, null, cancelled.Token));
    }

    private static EmbeddingSpectrum Spectrum(double[] features, int width) => EmbeddingSpectrum.Of(features, width, null, TestContext.Current.CancellationToken);

    /// <summary>Centred rows whose columns are orthogonal: cosines of one more half wave each.</summary>
    private static double[] WithSingularValues(double[] singular)
    {
        var features = new double[Rows * singular.Length];
        for (var i = 0; i < features.Length; i++)
        {
            var (row, wave) = (i / singular.Length, (i % singular.Length) + 1);
            features[i] = singular[wave - 1] * Math.Sqrt(2.0 / Rows) * Math.Cos(Math.PI * wave * (row + 0.5) / Rows);
        }

        return features;
    }

    private static double Perplexity(IEnumerable<double> weights)
        => Math.Exp(-weights.Select(weight => weight / weights.Sum()).Sum(p => p * Math.Log(p)));
}
