using Understudy.Engine.LinearAlgebra;
using Understudy.Engine.Threading;
using Understudy.Learning.Curvature;
using Understudy.Learning.Losses;
using Understudy.Learning.Networks;
using static Understudy.UnitTests.Learning.Curvature.NetworkCurvatureTests;

namespace Understudy.UnitTests.Learning.Curvature;

public class ExactHessianTests
{
    [Theory]
    [MemberData(nameof(ReferenceCase.TinyNames), MemberType = typeof(ReferenceCase))]
    public void Matrices_of_tiny_networks_are_those_of_the_reference_entry_by_entry(string name)
    {
        var reference = ReferenceCase.Load(name);
        double[] hessian = reference.Matrix("H"), gaussNewton = reference.Matrix("G");

        AssertClose(hessian, ExactHessian.Of(reference.Point));
        AssertClose(gaussNewton, ExactHessian.Of(reference.Point, new ExactOptions { Matrix = CurvatureMatrix.GaussNewton }));
        AssertClose([.. hessian.Zip(gaussNewton, (h, g) => h - g)], ExactHessian.Of(reference.Point, new ExactOptions { Matrix = CurvatureMatrix.Residual }));
    }

    public static TheoryData<string, CurvatureMatrix> Spectra =>
    [
        .. from name in ReferenceCase.Names
           from matrix in new[] { CurvatureMatrix.Hessian, CurvatureMatrix.GaussNewton }
           select new TheoryDataRow<string, CurvatureMatrix>(name.Data, matrix),
    ];

    [Theory]
    [MemberData(nameof(Spectra))]
    public void Eigenvalues_are_those_of_the_reference(string name, CurvatureMatrix matrix)
    {
        var reference = ReferenceCase.Load(name);
        var expected = reference.Numbers(matrix == CurvatureMatrix.Hessian ? "hessian" : "ggn", "eigenvalues_descending");

        var values = SymmetricEigenvalues.Of(ExactHessian.Of(reference.Point, new ExactOptions { Matrix = matrix }), reference.Size).Values.ToArray();

        // the tolerance the reference states for eigenvalues; of a matrix of low rank it tells the first ones
        AssertClose(expected, [.. values.Reverse().Take(expected.Length)], 1e-11);
        if (matrix == CurvatureMatrix.Hessian)
            AssertCounts(reference, values);
    }

    [Theory]
    [MemberData(nameof(ReferenceCase.Names), MemberType = typeof(ReferenceCase))]
    public void Traces_norms_entries_and_blocks_are_those_of_the_reference(string name)
    {
        var reference = ReferenceCase.Load(name);
        foreach (var (matrix, section) in new[] { (CurvatureMatrix.Hessian, "hessian"), (CurvatureMatrix.GaussNewton, "ggn"), (CurvatureMatrix.Residual, "residual_H_minus_G") })
        {
            var entries = ExactHessian.Of(reference.Point, new ExactOptions { Matrix = matrix });
            var diagonal = Enumerable.Range(0, reference.Size).Select(i => entries[(i * reference.Size) + i]).ToArray();
            var norm = reference.Number("hessian", "fro");

            Assert.Equal(reference.Number(section, "fro"), Norm(entries), 1e-12 * norm);
            Assert.Equal(reference.Number(section, "trace"), diagonal.Sum(), 1e-12 * reference.Number("ggn", "trace"));
            if (matrix == CurvatureMatrix.Residual)
                continue;
            foreach (var (block, slot) in reference.Root.GetProperty(section).GetProperty("blocks").EnumerateArray().Zip(reference.Network.Layout.Slots))
                Assert.Equal(block.GetProperty("trace").GetDouble(), slot.Of<double>(diagonal).ToArray().Sum(), 1e-12 * reference.Number("ggn", "trace"));
            var ours = Enumerable.Range(0, reference.Size).OrderBy(i => reference.Order[i]).ToArray();
            foreach (var entry in reference.Root.GetProperty(section).GetProperty("entries").EnumerateArray())
            {
                var at = (ours[entry[0].GetInt32()] * reference.Size) + ours[entry[1].GetInt32()];
                Assert.Equal(entry[2].GetDouble(), entries[at], 1e-12 * entries.Max(Math.Abs));
            }
        }
    }

    [Fact]
    public void The_closed_form_is_the_matrix_of_the_products() => Property.Holds(60, draw =>
    {
        var point = DrawnPoints.Any(draw);
        using var products = point.Products();
        var hessian = ExactHessian.ByProducts(products.Hessian, out var asymmetry);
        var scale = hessian.Max(Math.Abs);

        // both sum up fewer than a thousand terms per entry, in different order; terms can be larger than what is left of them
        var tolerance = 1e-13 * (1 + scale);
        AssertWithin(tolerance, hessian, ExactHessian.Of(point));
        AssertWithin(tolerance, ExactHessian.ByProducts(products.GaussNewton, out _), ExactHessian.Of(point, new ExactOptions { Matrix = CurvatureMatrix.GaussNewton }));
        AssertWithin(tolerance, Whole(products.Residual), ExactHessian.Of(point, new ExactOptions { Matrix = CurvatureMatrix.Residual }));
        Assert.True(asymmetry <= 1e-14);
    });

    [Theory]
    [InlineData(2100, 3, 5, 4, 3)]
    [InlineData(70, 2, 100, 2)]
    [InlineData(40, 3, 70, 60, 2)]
    public void Threads_change_nothing_however_examples_and_nodes_are_cut(int count, params int[] widths)
    {
        var point = DrawnPoints.Of(new Draw(count), Mlp.Of(NodeActivation.Tanh, widths), OutputLoss.CrossEntropy, count);
        using var two = new Team(2);
        using var three = new Team(3);

        var alone = ExactHessian.Of(point);

        Assert.Equal(alone, ExactHessian.Of(point, new ExactOptions { Team = two }));
        Assert.Equal(alone, ExactHessian.Of(point, new ExactOptions { Team = three }));
        using var products = point.Products();
        double[] signs = [.. Enumerable.Range(0, point.Size).Select(i => i % 3 == 0 ? 1.0 : -0.5)];
        var expected = Product(products.Hessian, signs);
        double[] product = [.. Enumerable.Range(0, point.Size).Select(row => Dot(alone[(row * point.Size)..((row + 1) * point.Size)], signs))];
        AssertClose(expected, product, 1e-12);
    }

    [Fact]
    public void A_matrix_above_the_limit_is_refused_with_the_way_out()
    {
        var point = DrawnPoints.Of(new Draw(1), Mlp.Relu(300, 200, 10), OutputLoss.CrossEntropy, 2);

        var error = Assert.Throws<InvalidOperationException>(() => ExactHessian.Of(point));

        Assert.InRange(ExactHessian.Bytes(point.Network), 8L * 62210 * 62210, 9L * 62210 * 62210);
        Assert.Equal(
            $"The exact matrix of 62,210 parameters takes {ExactHessian.Bytes(point.Network):N0} bytes, but 2,147,483,648 are allowed: allow more, or take its spectrum from products, by Lanczos steps.", error.Message);
        Assert.Contains("more entries than an array holds", Assert.Throws<InvalidOperationException>(() => ExactHessian.Of(point, new ExactOptions { MemoryBytes = long.MaxValue })).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Progress_rises_to_one_and_cancelling_ends_the_work()
    {
        var point = DrawnPoints.Of(new Draw(2), Mlp.Relu(5, 7, 6, 3), OutputLoss.CrossEntropy, 1500);
        var told = new Shares();

        ExactHessian.Of(point, progress: told);
        using var products = point.Products();
        ExactHessian.ByProducts(products.Hessian, out _, progress: told);

        Assert.Equal(2, told.Values.Count(share => share == 1));
        Assert.True(told.Values.Count > 10);
        Assert.All(told.Values, share => Assert.InRange(share, 0, 1));
        using var cancelled = new CancellationTokenSource();
        cancelled.Cancel();
        Assert.ThrowsAny<OperationCanceledException>(() => ExactHessian.Of(point, cancellation: cancelled.Token));
        Assert.ThrowsAny<OperationCanceledException>(() => ExactHessian.ByProducts(products.Hessian, out _, cancellation: cancelled.Token));
    }

    [Fact]
    public void Products_that_are_not_symmetric_are_refused()
    {
        var error = Assert.Throws<InvalidOperationException>(() => ExactHessian.ByProducts(new Shift(), out _));

        Assert.Equal("The products are not those of a symmetric matrix in double precision: entries differ from their mirror images by 1.0e0 of the largest.", error.Message);
    }

    /// <summary>The numbers of positive, negative and zero eigenvalues, where they are the same for all thresholds about the reference's rule.</summary>
    private static void AssertCounts(ReferenceCase reference, double[] values)
    {
        var threshold = 1e-10 * values.Max(Math.Abs);
        var ours = new Dictionary<string, int>
        {
            ["pos"] = values.Count(value => value > threshold),
            ["neg"] = values.Count(value => value < -threshold),
            ["zero"] = values.Count(value => Math.Abs(value) <= threshold),
        };
        foreach (var (sign, count) in ours)
        {
            int[] theirs = [.. new[] { "1e-08", "1e-10", "1e-12" }.Select(rule => (int)reference.Number("hessian", "counts_at_relative_threshold", rule, sign))];
            if (theirs.Distinct().Count() == 1)
                Assert.Equal(theirs[1], count);
        }
    }

    private static void AssertWithin(double tolerance, double[] expected, double[] actual)
    {
        Assert.Equal(expected.Length, actual.Length);
        for (var i = 0; i < expected.Length; i++)
            Assert.Equal(expected[i], actual[i], tolerance);
    }

    private sealed class Shares : IProgress<double>
    {
        internal List<double> Values { get; } = [];

        public void Report(double value) => Values.Add(value);
    }

    private sealed class Shift : ISymmetricOperator
    {
        public int Size => 3;

        public void Apply(ReadOnlySpan<double> vectors, Span<double> products)
        {
            for (var i = 0; i < vectors.Length; i++)
                products[i] = i % 3 == 0 ? 0 : vectors[i - 1];
        }
    }
}
