using Understudy.Engine.LinearAlgebra.Estimation;
using Understudy.Engine.LinearAlgebra.Krylov;

namespace Understudy.UnitTests.Learning.Curvature;

/// <summary>Matrix-free algorithms on real networks against what an independent program found for the same start vectors.</summary>
public class ReferenceKrylovTests
{
    private const int Steps = 40;

    [Theory]
    [MemberData(nameof(ReferenceCase.AllNames), MemberType = typeof(ReferenceCase))]
    public void The_Lanczos_recurrence_is_that_of_the_reference(string name)
    {
        var reference = ReferenceCase.Load(name);
        using var curvature = reference.Curvature();

        var process = LanczosProcess.Of(curvature.Hessian, reference.Signs(777), Math.Min(Steps, reference.Size));

        double[] alpha = reference.Numbers("lanczos", "alpha"), beta = reference.Numbers("lanczos", "beta");
        for (var j = 0; j < Math.Min(alpha.Length, 10); j++)
        {
            // errors grow along the recurrence: the reference states 1e-9 for five steps and 1e-6 for ten
            var tolerance = (j < 5 ? 1e-9 : 1e-6) * alpha.Max(Math.Abs);
            Assert.Equal(alpha[j], process.Tridiagonal.Alpha[j], tolerance);
            if (j < beta.Length && j < process.Tridiagonal.Beta.Length)
                Assert.Equal(beta[j], process.Tridiagonal.Beta[j], tolerance);
        }

        var quadrature = process.Tridiagonal.Quadrature();
        double[] found = [.. quadrature.Nodes.ToArray().Reverse()], weights = [.. quadrature.Weights.ToArray().Reverse()];
        double[] ritz = reference.Numbers("lanczos", "ritz_descending"), theirs = reference.Numbers("lanczos", "weights_descending");
        // where the start vector's space is exhausted the reference goes on in rounding
        Assert.InRange(found.Length, 10, ritz.Length);
        for (var i = 0; i < 3; i++)
        {
            // only the extreme ones have converged; a weight is a squared component of a unit vector
            Assert.Equal(ritz[i], found[i], 1e-10 * ritz[0]);
            Assert.Equal(theirs[i], weights[i], 1e-10);
        }

        // quadrature is exact for constants, lines and squares, whatever the last steps lost
        var (moment, square) = (reference.Number("lanczos", "vHv_over_n"), reference.Number("lanczos", "Hv_norm_sq_over_n"));
        Assert.Equal(1, quadrature.Integrate(_ => 1), 1e-13);
        Assert.Equal(moment, quadrature.Integrate(node => node), 1e-12 * Math.Sqrt(square));
        Assert.Equal(square, quadrature.Integrate(node => node * node), 1e-12 * square);
    }

    [Theory]
    [MemberData(nameof(ReferenceCase.AllNames), MemberType = typeof(ReferenceCase))]
    public void Both_ends_by_products_are_those_of_the_whole_spectrum(string name)
    {
        var reference = ReferenceCase.Load(name);
        using var curvature = reference.Curvature();
        double[] top = reference.Numbers("hessian", "top"), bottom = reference.Numbers("hessian", "bottom");

        var pairs = ExtremeEigenpairs.Of(curvature.Hessian, new EigenpairOptions { Top = 10, Bottom = name == "softmax-regression" ? 0 : 2, Tolerance = 1e-8, Seed = 1, VerifiesResiduals = true });

        Assert.True(pairs.IsConverged);
        for (var i = 0; i < 10; i++)
        {
            Assert.Equal(top[i], pairs.Top.Values[i], 1e-9 * top[0]);
            Assert.InRange(pairs.Top.TrueResiduals[i], 0, 2e-8 * top[0]);
        }

        for (var i = 0; i < pairs.Bottom.Count; i++)
            Assert.Equal(bottom[i], pairs.Bottom.Values[i], 1e-8 * top[0]);
    }

    [Theory]
    [MemberData(nameof(ReferenceCase.AllNames), MemberType = typeof(ReferenceCase))]
    public void The_smoothed_density_of_the_same_probes_is_as_near_the_exact_one_as_in_the_reference(string name)
    {
        var reference = ReferenceCase.Load(name);
        using var curvature = reference.Curvature();
        var sigma = reference.Number("density", "sigma");
        double[] starts = [.. Enumerable.Range(0, 10).SelectMany(probe => reference.Signs(5000 + (ulong)probe))];

        var whole = SpectralDensity.Of(SpectralMeasure.Exact(reference.Numbers("hessian", "eigenvalues_descending")), sigma: sigma);

        var expected = reference.Numbers("density", "exact_every_25th");
        for (var i = 0; i < expected.Length; i++)
            Assert.Equal(expected[i], whole.Mean[25 * i], 1e-12 * expected.Max());
        foreach (var steps in reference.Size > Steps ? [20, Steps] : new[] { 20 })
        {
            foreach (var probes in new[] { 1, 10 })
            {
                var estimate = SpectralMeasure.EstimateFrom(curvature.Hessian, starts.AsSpan(0, probes * reference.Size), steps);

                var distance = SpectralDensity.Of(estimate, sigma: sigma, grid: whole.Grid).DistanceTo(whole);

                // the specification allows twice the reference's distance; the probes are the same, so what is left is the rounding that grows along the recurrence
                Assert.Equal(reference.Number("density", "L1_error_of_slq_vs_exact", $"steps={steps},probes={probes}"), distance, 1e-6);
            }
        }
    }
}
