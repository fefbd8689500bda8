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

        double[] found = [.. process.Tridiagonal.Quadrature().Nodes.ToArray().OrderDescending()], ritz = reference.Numbers("lanczos", "ritz_descending");
        for (var i = 0; i < 3; i++)
            Assert.Equal(ritz[i], found[i], 1e-10 * ritz[0]);
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
    public void The_smoothed_density_is_as_near_the_exact_one_as_in_the_reference(string name)
    {
        var reference = ReferenceCase.Load(name);
        using var curvature = reference.Curvature();
        var exact = SpectralMeasure.Exact([.. reference.Numbers("hessian", "eigenvalues_descending").Order()]);
        var (sigma, steps) = (reference.Number("density", "sigma"), reference.Size > Steps ? Steps : 20);

        var estimate = SpectralMeasure.Estimate(curvature.Hessian, new QuadratureOptions { Probes = 10, Steps = steps, Seed = 3, Distribution = ProbeDistribution.Rademacher });

        var whole = SpectralDensity.Of(exact, sigma: sigma);
        var distance = SpectralDensity.Of(estimate, sigma: sigma, grid: whole.Grid).DistanceTo(whole);
        // other probes than the reference's: twice its distance is its stated tolerance, and as much again for the draw
        Assert.InRange(distance, 0, 4 * reference.Number("density", "L1_error_of_slq_vs_exact", $"steps={steps},probes=10"));
    }
}
