using Understudy.Engine.LinearAlgebra;
using Understudy.Learning.Curvature;

namespace Understudy.UnitTests.Learning.Curvature;

/// <summary>Matrices of networks with convolutions, pools and batch statistics, column by column, against an independent program.</summary>
public class LayeredReferenceTests
{
    [Theory]
    [InlineData("conv-relu-ce", 1e-11)]
    [InlineData("conv-tanh-ce", 1e-11)]
    [InlineData("bn-tanh-ce", 1e-10)]
    public void Spectra_traces_and_entries_are_those_of_the_reference(string name, double tolerance)
    {
        var reference = ReferenceCase.Load(name);
        using var curvature = reference.Curvature();
        var ours = Enumerable.Range(0, reference.Size).OrderBy(i => reference.Order[i]).ToArray();
        foreach (var (matrix, section) in new[]
        {
            (curvature.Hessian, "hessian"), (curvature.GaussNewton, "ggn"), (curvature.Residual, "residual_H_minus_G"),
            (curvature.SecondMoment, "gradient_second_moment"), (curvature.Covariance, "gradient_covariance"),
        })
        {
            var entries = ExactHessian.ByProducts(matrix, out var asymmetry);
            var values = SymmetricEigenvalues.Of([.. entries], reference.Size).Values.ToArray();

            double[] top = reference.Numbers(section, "top"), bottom = reference.Numbers(section, "bottom");
            var largest = reference.Number("hessian", "fro");
            Assert.InRange(asymmetry, 0, 1e-13);
            for (var i = 0; i < top.Length; i++)
                Assert.Equal(top[i], values[^(i + 1)], tolerance * largest);
            var lowest = bottom[0] < bottom[^1] ? bottom : [.. bottom.Reverse()];
            for (var i = 0; i < lowest.Length; i++)
                Assert.Equal(lowest[i], values[i], tolerance * largest);
            Assert.Equal(reference.Number(section, "trace"), Enumerable.Range(0, reference.Size).Sum(i => entries[(i * reference.Size) + i]), tolerance * reference.Number("ggn", "trace"));
            Assert.Equal(reference.Number(section, "fro"), Math.Sqrt(entries.Sum(entry => entry * entry)), tolerance * largest);
            if (!reference.Root.GetProperty(section).TryGetProperty("entries", out var stated))
                continue;
            foreach (var entry in stated.EnumerateArray())
                Assert.Equal(entry[2].GetDouble(), entries[(ours[entry[0].GetInt32()] * reference.Size) + ours[entry[1].GetInt32()]], tolerance * entries.Max(Math.Abs));
        }
    }

    [Fact]
    public void Every_eigenvalue_of_the_Hessian_and_of_the_Gauss_Newton_matrix_of_a_convolutional_network_is_that_of_the_reference()
    {
        var reference = ReferenceCase.Load("conv-tanh-ce");
        using var curvature = reference.Curvature();
        foreach (var (matrix, section) in new[] { (curvature.Hessian, "hessian"), (curvature.GaussNewton, "ggn") })
        {
            var values = SymmetricEigenvalues.Of(ExactHessian.ByProducts(matrix, out _), reference.Size).Values.ToArray();

            var expected = reference.Numbers(section, "eigenvalues_descending");
            Assert.Equal(reference.Size, expected.Length);
            for (var i = 0; i < expected.Length; i++)
                Assert.Equal(expected[i], values[^(i + 1)], 1e-11 * expected[0]);
        }
    }
}
