using Understudy.Engine.LinearAlgebra;
using Understudy.Engine.LinearAlgebra.Estimation;
using Understudy.Engine.LinearAlgebra.Krylov;
using Understudy.Learning.Curvature;
using static Understudy.UnitTests.Learning.Curvature.NetworkCurvatureTests;

namespace Understudy.UnitTests.Learning.Curvature;

/// <summary>Spectra of every matrix, and what is made of them, against an independent program.</summary>
/// <remarks>H and G of fully connected networks are compared in <see cref="ExactHessianTests"/>, all matrices of the others in <see cref="LayeredReferenceTests"/>.</remarks>
public class ReferenceSpectraTests
{
    [Theory]
    [MemberData(nameof(ReferenceCase.AllNames), MemberType = typeof(ReferenceCase))]
    public void Gradients_of_single_examples_have_the_moments_of_the_reference(string name)
    {
        var reference = ReferenceCase.Load(name);
        using var curvature = reference.Curvature();
        var (count, size, tolerance) = (reference.Examples.Count, reference.Size, Tolerance(name));

        var rows = ExampleGradients.Rows(curvature, 0, count);

        AssertMoments(reference, "gradient_second_moment", rows, tolerance);
        var mean = curvature.Gradient();
        for (var at = 0; at < rows.Length; at++)
            rows[at] -= mean[at % size];
        AssertMoments(reference, "gradient_covariance", rows, tolerance);
    }

    [Theory]
    [MemberData(nameof(ReferenceCase.Names), MemberType = typeof(ReferenceCase))]
    public void Both_ends_of_the_residual_are_those_of_the_reference(string name)
    {
        var reference = ReferenceCase.Load(name);

        var values = SymmetricEigenvalues.Of(ExactHessian.Of(reference.Point, new ExactOptions { Matrix = CurvatureMatrix.Residual }), reference.Size).Values.ToArray();

        // the reference takes R as the difference of H and G, with the rounding of these
        AssertEnds(reference, "residual_H_minus_G", values, 1e-11 * reference.Numbers("hessian", "top")[0]);
    }

    [Theory]
    [MemberData(nameof(ReferenceCase.Names), MemberType = typeof(ReferenceCase))]
    public void Both_ends_of_the_block_of_each_tensor_are_those_of_the_reference(string name)
    {
        var reference = ReferenceCase.Load(name);
        foreach (var (matrix, section) in new[] { (CurvatureMatrix.Hessian, "hessian"), (CurvatureMatrix.GaussNewton, "ggn") })
        {
            var (entries, size, scale) = (ExactHessian.Of(reference.Point, new ExactOptions { Matrix = matrix }), reference.Size, reference.Numbers(section, "top")[0]);
            foreach (var (block, slot) in reference.Root.GetProperty(section).GetProperty("blocks").EnumerateArray().Zip(reference.Network.Layout.Slots))
            {
                var side = slot.Shape.Count;
                var part = new double[side * side];
                for (var row = 0; row < side; row++)
                    entries.AsSpan(((slot.Offset + row) * size) + slot.Offset, side).CopyTo(part.AsSpan(row * side));

                var values = SymmetricEigenvalues.Of(part, side).Values;

                Assert.Equal(block.GetProperty("top").GetDouble(), values[^1], 1e-11 * scale);
                // blocks of G are stated without their smallest
                if (section == "hessian")
                    Assert.Equal(block.GetProperty("bottom").GetDouble(), values[0], 1e-11 * scale);
            }
        }
    }

    [Theory]
    [MemberData(nameof(ReferenceCase.AllNames), MemberType = typeof(ReferenceCase))]
    public void Leading_spaces_hold_the_share_of_the_gradient_and_the_overlap_that_the_reference_states(string name)
    {
        var reference = ReferenceCase.Load(name);
        using var curvature = reference.Curvature();
        var (classes, gradient) = (reference.Network.Outputs, curvature.Gradient());
        Eigenpairs Leading(ISymmetricOperator matrix, int count)
        {
            var pairs = ExtremeEigenpairs.Of(matrix, new EigenpairOptions { Top = count, Tolerance = 1e-11, Seed = 1 });
            Assert.True(pairs.IsConverged);
            return pairs.Top;
        }

        var (top, ofG, ofS) = (Leading(curvature.Hessian, 2 * classes), Leading(curvature.GaussNewton, classes), Leading(curvature.SecondMoment, classes));

        foreach (var share in reference.Root.GetProperty("gradient").GetProperty("fraction_in_top").EnumerateObject())
        {
            var count = int.Parse(share.Name, System.Globalization.CultureInfo.InvariantCulture);
            Assert.Equal(share.Value.GetDouble(), Subspaces.Share(top.Vectors[..(count * reference.Size)], gradient), Turn(reference, "hessian", count));
        }

        var own = top.Vectors[..(classes * reference.Size)];
        Assert.Equal(
            reference.Number("subspace_overlap_topC", "H_vs_G"), Subspaces.Overlap(own, ofG.Vectors, reference.Size), Turn(reference, "hessian", classes) + Turn(reference, "ggn", classes));
        Assert.Equal(
            reference.Number("subspace_overlap_topC", "H_vs_S"), Subspaces.Overlap(own, ofS.Vectors, reference.Size), Turn(reference, "hessian", classes) + Turn(reference, "gradient_second_moment", classes));
    }

    [Theory]
    [MemberData(nameof(ReferenceCase.AllNames), MemberType = typeof(ReferenceCase))]
    public void Ranks_and_variances_of_trace_estimates_are_those_of_the_reference(string name)
    {
        var reference = ReferenceCase.Load(name);
        using var curvature = reference.Curvature();
        var (size, count) = (reference.Size, reference.Examples.Count);
        var hessian = curvature.ClosedForm is { } point ? ExactHessian.Of(point) : ExactHessian.ByProducts(curvature.Hessian, out _);

        // the smaller of G and its Gram matrix has all eigenvalues that are not zero
        var values = count * reference.Network.Outputs < size
            ? SymmetricEigenvalues.Of(OutputGram.GaussNewton(curvature), count * reference.Network.Outputs).Values
            : SymmetricEigenvalues.Of(curvature.ClosedForm is { } own ? ExactHessian.Of(own, new ExactOptions { Matrix = CurvatureMatrix.GaussNewton }) : ExactHessian.ByProducts(curvature.GaussNewton, out _), size).Values;

        var squares = hessian.Sum(entry => entry * entry);
        var diagonal = Enumerable.Range(0, size).Sum(i => hessian[(i * size) + i] * hessian[(i * size) + i]);
        Assert.Equal(reference.Number("hessian", "diag_sum_sq"), diagonal, 1e-11 * diagonal);
        Assert.Equal(reference.Number("hessian", "hutchinson_variance", "rademacher"), 2 * (squares - diagonal), 1e-11 * squares);
        Assert.Equal(reference.Number("hessian", "hutchinson_variance", "gaussian"), 2 * squares, 1e-11 * squares);
        AssertRanks(reference, values.ToArray());
    }

    [Theory]
    [InlineData("tiny-relu-ce", ProbeDistribution.Rademacher, "rademacher")]
    [InlineData("tiny-tanh-mse", ProbeDistribution.Gaussian, "gaussian")]
    [InlineData("conv-tanh-ce", ProbeDistribution.Rademacher, "rademacher")]
    [InlineData("conv-tanh-ce", ProbeDistribution.Gaussian, "gaussian")]
    public void Samples_of_a_trace_vary_as_the_reference_says(string name, ProbeDistribution distribution, string variance)
    {
        var reference = ReferenceCase.Load(name);
        using var curvature = reference.Curvature();
        const int samples = 600;

        var trace = Hutchinson.Trace(curvature.Hessian, new ProbeOptions { Samples = samples, Distribution = distribution, Seed = 3 });

        // a sample variance of 600 has a relative deviation of √(2/600) = 6 %, times 1.6 for values as heavy in the tails as χ² with few terms: three of them
        var expected = reference.Number("hessian", "hutchinson_variance", variance);
        Assert.InRange(trace.StandardError * trace.StandardError * samples, 0.7 * expected, 1.3 * expected);
        Assert.Equal(reference.Number("hessian", "trace"), trace.Value, 4 * Math.Sqrt(expected / samples));
    }

    /// <summary>What the reference states for eigenvalues, relative to the largest.</summary>
    private static double Tolerance(string name) => name.StartsWith("bn", StringComparison.Ordinal) ? 1e-10 : 1e-11;

    /// <summary>How far a leading space may turn by residuals of 1e-11 and the rounding of both programs, for the gap behind it.</summary>
    private static double Turn(ReferenceCase reference, string section, int count)
    {
        var values = reference.Numbers(section, "eigenvalues_descending");
        var turn = 1e-10 * values[0] / (values[count - 1] - values[count]);
        Assert.InRange(turn, 0, 1e-6);
        return turn;
    }

    /// <summary>Eigenvalues, trace and norm of (1/N) RᵀR for rows R, by the Gram matrix.</summary>
    private static void AssertMoments(ReferenceCase reference, string section, double[] rows, double tolerance)
    {
        var count = reference.Examples.Count;
        var gram = new double[count * count];
        Products.Multiply(count, count, reference.Size, rows, rows, gram, transposeRight: true);
        double[] values = [.. SymmetricEigenvalues.Of(gram, count).Values.ToArray().Reverse().Select(value => value / count)];
        var all = reference.Root.GetProperty(section).TryGetProperty("eigenvalues_descending", out _);
        var expected = reference.Numbers(section, all ? "eigenvalues_descending" : "top");
        for (var i = 0; i < Math.Min(expected.Length, count); i++)
            Assert.Equal(expected[i], values[i], tolerance * expected[0]);
        // the others are zero: there are fewer examples than parameters
        Assert.All(expected.Skip(count), value => Assert.Equal(0, value, tolerance * expected[0]));
        var trace = reference.Number(section, "trace");
        Assert.Equal(trace, values.Sum(), 0.1 * tolerance * trace);
        Assert.Equal(reference.Number(section, "fro"), Norm(values), 0.1 * tolerance * trace);
    }

    private static void AssertEnds(ReferenceCase reference, string section, double[] ascending, double tolerance)
    {
        double[] top = reference.Numbers(section, "top"), bottom = [.. reference.Numbers(section, "bottom").Order()];
        for (var i = 0; i < top.Length; i++)
            Assert.Equal(top[i], ascending[^(i + 1)], tolerance);
        for (var i = 0; i < bottom.Length; i++)
            Assert.Equal(bottom[i], ascending[i], tolerance);
    }

    /// <summary>Numbers of eigenvalues above a share of the largest; near rounding, where thresholds tell different numbers, what lies between them.</summary>
    private static void AssertRanks(ReferenceCase reference, double[] values)
    {
        var largest = values.Max(Math.Abs);
        (double Threshold, int Count)[] ranks =
        [
            .. reference.Root.GetProperty("ggn").GetProperty("rank_at_relative_threshold").EnumerateObject()
                .Select(rank => (double.Parse(rank.Name, System.Globalization.CultureInfo.InvariantCulture), rank.Value.GetInt32())),
        ];
        Assert.Equal(5, ranks.Length);
        for (var i = 0; i < ranks.Length; i++)
        {
            var count = values.Count(value => Math.Abs(value) > ranks[i].Threshold * largest);
            var isFragile = ranks[i].Threshold < 1e-9 && ranks[^3].Count != ranks[^1].Count;
            var slack = isFragile ? Math.Max(ranks[i].Count - ranks[i - 1].Count, i + 1 < ranks.Length ? ranks[i + 1].Count - ranks[i].Count : 0) : 0;
            Assert.InRange(count, ranks[i].Count - slack, ranks[i].Count + slack);
        }
    }
}
