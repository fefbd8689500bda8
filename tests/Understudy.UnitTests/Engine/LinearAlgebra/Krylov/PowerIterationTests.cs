using Understudy.Engine.LinearAlgebra.Krylov;

namespace Understudy.UnitTests.Engine.LinearAlgebra.Krylov;

public sealed class PowerIterationTests
{
    [Fact]
    public void Separated_values_are_found_one_after_another()
    {
        var a = new CountedOperator(new Diagonal([.. Enumerable.Range(0, 50).Select(i => Math.Pow(0.5, i))]));

        var pairs = PowerIteration.Of(a, new EigenpairOptions { Top = 4, VerifiesResiduals = true });

        Assert.Equal(a.Products, pairs.Products);
        for (int i = 0; i < 4; i++)
        {
            Assert.Equal(Math.Pow(0.5, i), pairs.Top.Values[i], 1e-9);
            Assert.Equal(pairs.Top.TrueResiduals[i], pairs.Top.Residuals[i], 1e-12);
        }
    }

    [Fact]
    public void It_takes_a_negative_value_of_larger_magnitude_for_the_top()
    {
        double[] values = [3, -2, 1, 0.5, 0.2, 0.1];

        var power = PowerIteration.Of(new Diagonal(values), new EigenpairOptions { Top = 2 });
        var lanczos = ExtremeEigenpairs.Of(new Diagonal(values), new EigenpairOptions { Top = 2 });

        Assert.Equal(-2, power.Top.Values[1], 1e-9);
        Assert.Equal(1, lanczos.Top.Values[1], 1e-9);
    }

    [Fact]
    public void It_needs_many_times_the_products_of_lanczos()
    {
        var options = new EigenpairOptions { Top = 10, Tolerance = 1e-3 };
        var power = PowerIteration.Of(Landscape.Diagonal(2000), options);
        var lanczos = ExtremeEigenpairs.Of(Landscape.Diagonal(2000), options);

        Assert.True(lanczos.IsConverged);
        Assert.True(power.Products > 3 * lanczos.Products, $"{power.Products} against {lanczos.Products}");
    }

    [Fact]
    public void Degenerate_matrices_are_solved_and_limits_kept()
    {
        Assert.Equal([1.0, 1, 1], PowerIteration.Of(new Diagonal([1, 1, 1]), new EigenpairOptions { Top = 3 }).Top.Values.ToArray().Select(value => Math.Round(value, 12)));
        Assert.Equal(2, PowerIteration.Of(new Diagonal(new double[5]), new EigenpairOptions { Top = 2 }).Top.ConvergedCount);
        var limited = PowerIteration.Of(new Diagonal([1, -1, 0.5]), new EigenpairOptions { Top = 2, MaximumProducts = 100 });
        Assert.Equal(100, limited.Products);
        Assert.False(limited.IsConverged);
        var cancelled = PowerIteration.Of(new Diagonal([1, 2]), new EigenpairOptions { Top = 1 }, null, new CancellationToken(true));
        Assert.True(cancelled.IsCancelled);
        Assert.Equal(0, cancelled.Top.Count);
    }

    [Fact]
    public void A_bottom_cannot_be_asked_for()
        => Assert.Equal(
            "Bottom is 1; power iteration does not find the bottom of a spectrum. (Parameter 'options')",
            Assert.Throws<ArgumentException>(() => PowerIteration.Of(new Diagonal([1, 2]), new EigenpairOptions { Bottom = 1 })).Message);
}
