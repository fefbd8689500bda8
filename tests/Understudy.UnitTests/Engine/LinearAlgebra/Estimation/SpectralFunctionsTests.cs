using Understudy.Engine.LinearAlgebra.Estimation;

namespace Understudy.UnitTests.Engine.LinearAlgebra.Estimation;

public sealed class SpectralFunctionsTests
{
    private const double Mu = 0.1;

    private static readonly double[] Values = TestSpectra.Outliers(60);

    [Fact]
    public void A_known_spectrum_gives_the_sums_of_their_definitions()
    {
        var measure = SpectralMeasure.Exact(Values);
        double[] positive = [.. Values.Select(v => Math.Max(v, 0))];
        double total = positive.Sum();

        Assert.Equal(positive.Sum(v => Math.Log(v + Mu)), SpectralFunctions.LogDeterminant(measure, Mu).Value, 1e-11);
        Assert.Equal(positive.Sum(v => v / (v + Mu)), SpectralFunctions.EffectiveDimension(measure, Mu).Value, 1e-12);
        Assert.Equal(Math.Pow(Values.Sum(), 2) / Values.Sum(v => v * v), SpectralFunctions.ParticipationRatio(measure).Value, 1e-12);
        Assert.Equal(-positive.Where(v => v > 0).Sum(v => v / total * Math.Log(v / total)), SpectralFunctions.Entropy(measure).Value, 1e-12);
        Assert.Equal(0, SpectralFunctions.Entropy(measure).HalfWidth);
    }

    [Fact]
    public void Estimates_are_as_far_off_as_they_say()
    {
        // 1 ... 4: smooth enough for the quadrature to be exact beside the spread of the probes
        double[] values = [.. Enumerable.Range(0, 60).Select(i => 1 + (i / 20.0))];
        var a = TestSpectra.Dense(values);
        var exact = SpectralMeasure.Exact(values);

        foreach (var function in new Func<SpectralMeasure, SampledValue>[]
        {
            measure => SpectralFunctions.LogDeterminant(measure, Mu),
            measure => SpectralFunctions.EffectiveDimension(measure, Mu),
            SpectralFunctions.ParticipationRatio,
            SpectralFunctions.Entropy,
        })
            Calibration.Holds(
                function(exact).Value,
                seed => function(SpectralMeasure.Estimate(a, new QuadratureOptions { Probes = 30, Steps = 15, Seed = seed })));
    }

    [Fact]
    public void Equal_eigenvalues_have_the_largest_entropy_and_a_single_one_the_least()
    {
        var equal = SpectralMeasure.Estimate(TestSpectra.Identity(50, 3));
        var single = SpectralMeasure.Exact([7, 0, 0, 0, -1e-18]);

        Assert.Equal(Math.Log(50), SpectralFunctions.Entropy(equal).Value, 1e-12);
        Assert.Equal(50, SpectralFunctions.ParticipationRatio(equal).Value, 1e-11);
        Assert.Equal(0, SpectralFunctions.Entropy(single).Value, 1e-14);
        Assert.Equal(1, SpectralFunctions.ParticipationRatio(single).Value, 1e-14);
    }

    [Fact]
    public void A_shift_that_is_not_positive_is_refused()
        => Assert.Throws<ArgumentOutOfRangeException>(() => SpectralFunctions.LogDeterminant(SpectralMeasure.Exact([1.0]), 0));
}
