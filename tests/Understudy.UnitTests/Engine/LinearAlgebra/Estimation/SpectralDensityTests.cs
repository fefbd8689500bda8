using Understudy.Engine.LinearAlgebra.Estimation;
using Understudy.Engine.LinearAlgebra.Krylov;
using Understudy.UnitTests.Engine.LinearAlgebra.Krylov;

namespace Understudy.UnitTests.Engine.LinearAlgebra.Estimation;

public sealed class SpectralDensityTests
{
    [Theory]
    [InlineData("tiny-relu-ce")]
    [InlineData("conv-tanh-ce")]
    [InlineData("mlp-relu-ce-trained")]
    public void The_smoothed_density_of_a_known_spectrum_is_that_of_the_reference(string name)
    {
        var reference = ReferenceSpectrum.Read(name);

        var density = SpectralDensity.Of(SpectralMeasure.Exact(reference.EigenvaluesDescending));

        Assert.Equal(reference.Sigma, density.Sigma, 1e-12 * reference.Sigma);
        Assert.Equal(1, density.Mass, 1e-6);
        double peak = density.Mean.ToArray().Max();
        for (int i = 0; i < reference.ExactEvery25th.Length; i++)
            Assert.Equal(reference.ExactEvery25th[i], density.Mean[25 * i], 1e-12 * peak);
    }

    [Theory]
    [InlineData("tiny-relu-ce", 20)]
    [InlineData("conv-tanh-ce", 20)]
    [InlineData("conv-tanh-ce", 40)]
    [InlineData("mlp-relu-ce-trained", 20)]
    public void Quadrature_comes_as_close_as_the_reference_with_other_probes(string name, int steps)
    {
        var reference = ReferenceSpectrum.Read(name);
        var exact = SpectralDensity.Of(SpectralMeasure.Exact(reference.EigenvaluesDescending));
        var a = new Diagonal(reference.EigenvaluesDescending);
        double sum = 0;
        for (ulong seed = 1; seed <= 4; seed++)
        {
            var measure = SpectralMeasure.Estimate(a, new QuadratureOptions { Steps = steps, Seed = seed });
            double distance = SpectralDensity.Of(measure, sigma: exact.Sigma, grid: exact.Grid).DistanceTo(exact);
            Assert.InRange(distance, 0, 3 * reference.Distances[$"{steps}x10"]);
            sum += distance / 4;
        }

        Assert.InRange(sum, 0, 2 * reference.Distances[$"{steps}x10"]);
    }

    [Fact]
    public void Without_orthogonalization_the_density_is_as_good_and_the_loss_is_told()
    {
        var reference = ReferenceSpectrum.Read("mlp-relu-ce-trained");
        var exact = SpectralDensity.Of(SpectralMeasure.Exact(reference.EigenvaluesDescending));
        var a = new Diagonal(reference.EigenvaluesDescending);
        SpectralMeasure With(Reorthogonalization kind) => SpectralMeasure.Estimate(a, new QuadratureOptions { Reorthogonalization = kind });
        double Distance(SpectralMeasure measure) => SpectralDensity.Of(measure, sigma: exact.Sigma, grid: exact.Grid).DistanceTo(exact);

        var full = With(Reorthogonalization.Full);
        var none = With(Reorthogonalization.None);

        Assert.InRange(full.LossOfOrthogonality, 0, 1e-13);
        Assert.InRange(none.LossOfOrthogonality, 1e-6, 1.01);
        Assert.Equal(Distance(full), Distance(none), 0.01 * Distance(full));
    }

    [Fact]
    public void More_probes_come_closer_and_their_band_shrinks()
    {
        var reference = ReferenceSpectrum.Read("tiny-relu-ce");
        var exact = SpectralDensity.Of(SpectralMeasure.Exact(reference.EigenvaluesDescending));
        var a = new Diagonal(reference.EigenvaluesDescending);
        SpectralDensity With(int probes) => SpectralDensity.Of(
            SpectralMeasure.Estimate(a, new QuadratureOptions { Steps = 40, Probes = probes }), sigma: exact.Sigma, grid: exact.Grid);

        var few = With(10);
        var many = With(160);

        // four times closer, give or take the chance of both
        Assert.InRange(many.DistanceTo(exact) / few.DistanceTo(exact), 0.1, 0.5);
        Assert.InRange(many.StandardErrors.ToArray().Sum() / few.StandardErrors.ToArray().Sum(), 0.15, 0.35);
        Assert.Equal(double.PositiveInfinity, With(1).HalfWidth(500));
    }

    [Fact]
    public void The_band_covers_the_smoothed_truth()
    {
        var reference = ReferenceSpectrum.Read("tiny-relu-ce");
        var exact = SpectralDensity.Of(SpectralMeasure.Exact(reference.EigenvaluesDescending));
        var a = new Diagonal(reference.EigenvaluesDescending);
        int held = 0;
        int asked = 0;
        for (ulong seed = 1; seed <= 20; seed++)
        {
            var measure = SpectralMeasure.Estimate(a, new QuadratureOptions { Steps = 59, Probes = 20, Seed = seed });
            var density = SpectralDensity.Of(measure, sigma: exact.Sigma, grid: exact.Grid);
            for (int i = 60; i < 1101; i += 60)
            {
                held += Math.Abs(density.Mean[i] - exact.Mean[i]) <= density.HalfWidth(i) + 1e-9 ? 1 : 0;
                asked++;
            }
        }

        // weights are skewed: of 95 % some are lost
        Assert.InRange(held / (double)asked, 0.85, 1);
    }

    [Fact]
    public void Moving_sigma_and_thresholds_takes_no_product()
    {
        var counted = new Diagonal(TestSpectra.Outliers(50));
        var measure = SpectralMeasure.Estimate(counted, new QuadratureOptions { Steps = 10 });
        int before = counted.Products;

        foreach (double sigma in new[] { 0.01, 0.1, 1 })
            Assert.Equal(1, SpectralDensity.Of(measure, sigma: sigma).Mass, sigma < 0.02 ? 0.05 : 1e-5);
        measure.CountAbove(1);

        Assert.Equal(before, counted.Products);
        Assert.Equal(before, measure.Products);
    }

    [Fact]
    public void The_default_width_is_never_finer_than_the_steps_resolve()
    {
        var a = new Diagonal([.. Enumerable.Range(0, 200).Select(i => (double)i)]);
        foreach (int steps in new[] { 20, 80 })
        {
            var measure = SpectralMeasure.Estimate(a, new QuadratureOptions { Steps = steps, Probes = 2 });

            double share = SpectralDensity.Of(measure).Sigma / (measure.Largest - measure.Smallest);

            Assert.Equal(Math.Max(0.01, 0.5 / steps), share, 1e-12);
        }
    }

    [Fact]
    public void Stems_stand_beside_the_curve_and_all_masses_sum_to_one()
    {
        double[] values = [1000, 500, .. Enumerable.Range(0, 98).Select(i => Math.Cos(i))];
        var a = new Diagonal(values);

        var density = SpectralDensity.Of(SpectralMeasure.Estimate(a, values.AsSpan(0, 2), TestSpectra.Units(100, 0, 1)));

        Assert.Equal(0.02, density.StemMass, 1e-15);
        Assert.Equal(0.98, density.CurveMass, 1e-5);
        Assert.Equal(1, density.Mass, 1e-5);
        Assert.InRange(density.Sigma, 0, 0.03);
    }

    [Fact]
    public void A_grid_that_cuts_the_spectrum_shows_in_the_mass()
    {
        var measure = SpectralMeasure.Exact([0, 1, 2, 3]);

        var density = SpectralDensity.Of(measure, sigma: 0.05, grid: new SpectralGrid(SpectralAxis.Linear, -0.5, 2.5));

        Assert.Equal(0.75, density.Mass, 1e-9);
    }

    [Fact]
    public void An_asinh_axis_shows_a_narrow_bulk_and_far_outliers_with_the_right_mass()
    {
        double[] values = [1, 0.5, .. Enumerable.Range(0, 98).Select(i => 1e-5 * Math.Cos(i))];
        var axis = SpectralAxis.Asinh(1e-6);

        var density = SpectralDensity.Of(SpectralMeasure.Exact(values), axis);

        Assert.Equal(1, density.Mass, 1e-5);
        // back on the axis of eigenvalues the same mass comes out, with the widths of the points there
        double[] per = density.PerEigenvalue();
        double mass = 0;
        for (int i = 0; i + 1 < per.Length; i++)
            mass += 0.5 * (per[i] + per[i + 1]) * (density.Grid.Eigenvalue(i + 1) - density.Grid.Eigenvalue(i));
        Assert.Equal(1, mass, 2e-3);
    }

    [Fact]
    public void A_logarithmic_axis_counts_zeros_apart()
    {
        double[] values = [.. Enumerable.Range(0, 60).Select(i => Math.Pow(10, -i / 10.0) * (i % 2 == 0 ? 1 : -1)), .. new double[40]];

        var density = SpectralDensity.Of(SpectralMeasure.Exact(values), SpectralAxis.LogMagnitude);

        Assert.Equal(0.4, density.MassAtZero, 1e-12);
        Assert.Equal(0.6, density.CurveMass, 1e-5);
        // 60 magnitudes over 5.9 decades, evenly: 0.6 of the mass
        Assert.Equal(0.6 / (5.9 * Math.Log(10)), density.Mean[550], 0.01);
    }

    [Fact]
    public void Branches_of_a_logarithmic_axis_are_the_two_signs_and_leave_out_what_is_within_the_floor()
    {
        double[] positive = [.. Enumerable.Range(0, 60).Select(i => Math.Pow(10, -i / 10.0))], negative = [.. Enumerable.Range(0, 30).Select(i => -Math.Pow(10, -i / 10.0))];
        var measure = SpectralMeasure.Exact([.. positive, .. negative, .. new double[10]]);
        SpectralDensity Of(SpectralScale branch) => SpectralDensity.Of(measure, sigma: 0.05, grid: new SpectralGrid(SpectralAxis.Logarithm(branch, 0.99e-4), -12, 2));

        var (above, below, both) = (Of(SpectralScale.LogPositive), Of(SpectralScale.LogNegative), Of(SpectralScale.LogMagnitude));

        // magnitudes down to 1e-4 are above the floor: 41 positive ones and all negative ones
        Assert.Equal(0.41, above.CurveMass, 1e-6);
        Assert.Equal(0.30, below.CurveMass, 1e-6);
        Assert.Equal((0.59, 0.70, 0.29), (Math.Round(above.MassAtZero, 12), Math.Round(below.MassAtZero, 12), Math.Round(both.MassAtZero, 12)));
        Assert.All(Enumerable.Range(0, both.Grid.Points), i => Assert.Equal(both.Mean[i], above.Mean[i] + below.Mean[i], 1e-13));
        Assert.Equal(0.99e-4, both.Floor);
        Assert.Equal(-Math.Exp(-2), below.Grid.Axis.Eigenvalue(-2), 1e-15);
        Assert.Throws<ArgumentOutOfRangeException>(() => SpectralAxis.Logarithm(SpectralScale.Asinh));
    }

    [Fact]
    public void Axes_are_inverted_and_their_slopes_are_derivatives()
    {
        foreach (var axis in new[] { SpectralAxis.Linear, SpectralAxis.Asinh(1e-3), SpectralAxis.LogMagnitude })
        {
            foreach (double value in new[] { 1e-9, 1e-4, 0.3, 200 })
            {
                double step = 1e-6 * value;
                double slope = (axis.Coordinate(value + step) - axis.Coordinate(value - step)) / (2 * step);
                Assert.Equal(1, axis.Eigenvalue(axis.Coordinate(value)) / value, 1e-14 * 20);
                Assert.Equal(1, slope / axis.Slope(value), 1e-8);
                if (axis.Scale != SpectralScale.LogMagnitude)
                    Assert.Equal(-axis.Coordinate(value), axis.Coordinate(-value));
            }
        }

        Assert.Equal(Math.Asinh(0.7 / 0.2), SpectralAxis.Asinh(0.2).Coordinate(0.7), 1e-15 * 4);
    }

    [Fact]
    public void The_distance_of_densities_without_overlap_is_two()
    {
        var grid = new SpectralGrid(SpectralAxis.Linear, -1, 11);
        var low = SpectralDensity.Of(SpectralMeasure.Exact([0.0]), sigma: 0.1, grid: grid);
        var high = SpectralDensity.Of(SpectralMeasure.Exact([10.0]), sigma: 0.1, grid: grid);

        Assert.Equal(2, low.DistanceTo(high), 1e-9);
        Assert.Equal(0, low.DistanceTo(low));
        Assert.Throws<ArgumentException>(() => low.DistanceTo(SpectralDensity.Of(SpectralMeasure.Exact([0.0]))));
    }

    [Fact]
    public void Widths_and_grids_that_make_no_sense_are_refused()
    {
        var measure = SpectralMeasure.Exact([1.0, 2]);

        Assert.Throws<ArgumentOutOfRangeException>(() => SpectralDensity.Of(measure, sigma: 0));
        Assert.Throws<ArgumentException>(() => SpectralDensity.Of(measure, grid: new SpectralGrid(SpectralAxis.Linear, 1, 1)));
        Assert.Throws<ArgumentOutOfRangeException>(() => SpectralAxis.Asinh(0));
    }
}
