using Understudy.Engine.LinearAlgebra.Estimation;
using Understudy.UnitTests.Engine.LinearAlgebra.Krylov;

namespace Understudy.UnitTests.Engine.LinearAlgebra.Estimation;

public sealed class DiagonalsTests
{
    private const int Size = 40;

    private static readonly double[] Values = TestSpectra.Outliers(Size);

    private static readonly double[] Matrix = SymmetricMatrices.WithValues(Values, 1);

    [Fact]
    public void Unit_vectors_read_the_diagonal()
    {
        foreach (int block in new[] { 1, 16, 100 })
        {
            var counted = new Diagonal(Values);

            var diagonal = Diagonals.Exact(counted, block);

            Assert.Equal(Values, diagonal.Values);
            Assert.Equal((Size, Size), (diagonal.Products, counted.Products));
        }
    }

    [Theory]
    [InlineData(ProbeDistribution.Rademacher)]
    [InlineData(ProbeDistribution.Gaussian)]
    public void Errors_of_plain_samples_are_as_large_as_they_say(ProbeDistribution distribution)
    {
        var a = TestSpectra.Dense(Values);

        foreach (int element in new[] { 0, 17, Size - 1 })
            Calibration.Holds(
                Matrix[element * (Size + 1)],
                seed => Diagonals.Hutchinson(a, new ProbeOptions { Distribution = distribution, Samples = 60, Seed = seed })[element]);
    }

    [Fact]
    public void Errors_of_XDiag_are_as_large_as_they_say()
    {
        var a = TestSpectra.Dense(Values);

        foreach (int element in new[] { 0, 17, Size - 1 })
            Calibration.Holds(
                Matrix[element * (Size + 1)], seed => XDiag.Diagonal(a, new SketchOptions { Products = 30, Seed = seed })[element]);
    }

    [Fact]
    public void Signs_are_exact_for_diagonal_matrices()
    {
        var plain = Diagonals.Hutchinson(new Diagonal(Values), new ProbeOptions { Samples = 5 });

        for (int i = 0; i < Size; i++)
        {
            Assert.Equal(Values[i], plain.Values[i]);
            Assert.Equal(0, plain.StandardErrors[i]);
        }
    }

    [Fact]
    public void XDiag_is_exact_for_low_rank()
    {
        foreach (int rank in new[] { 0, 1, 4 })
        {
            double[] values = [.. Enumerable.Range(0, Size).Select(i => i < rank ? 2.0 + i : 0)];
            double[] matrix = SymmetricMatrices.WithValues(values, 1);

            var diagonal = XDiag.Diagonal(TestSpectra.Dense(values), new SketchOptions { Products = 20 });

            for (int i = 0; i < Size; i++)
            {
                Assert.Equal(matrix[i * (Size + 1)], diagonal.Values[i], 1e-12);
                Assert.Equal(0, diagonal.StandardErrors[i], 1e-12);
            }
        }
    }

    [Fact]
    public void The_mean_over_probes_does_not_depend_on_blocks()
    {
        var a = TestSpectra.Dense(Values);

        Assert.Equal(
            Diagonals.Hutchinson(a, new ProbeOptions { Samples = 20, BlockSize = 1 }).Values,
            Diagonals.Hutchinson(a, new ProbeOptions { Samples = 20, BlockSize = 8 }).Values);
        Assert.Equal(
            XDiag.Diagonal(a, new SketchOptions { Products = 20, BlockSize = 1 }).Values,
            XDiag.Diagonal(a, new SketchOptions { Products = 20, BlockSize = 8 }).Values);
    }

    [Fact]
    public void Probes_that_depend_on_each_other_do_not_pass_for_low_rank()
    {
        // of two sign vectors in five dimensions one in sixteen is the other or its opposite
        double[] values = [5, 4, 3, 2, 1];
        double[] matrix = SymmetricMatrices.WithValues(values, 1);
        int dependent = 0;
        for (ulong seed = 1; seed <= 100; seed++)
        {
            var options = new SketchOptions { Products = 4, Seed = seed, Distribution = ProbeDistribution.Rademacher };
            var trace = XTrace.Trace(TestSpectra.Dense(values), options);
            var diagonal = XDiag.Diagonal(TestSpectra.Dense(values), options);

            Assert.Equal(trace.StandardError == 0, diagonal.StandardErrors[0] == 0);
            if (trace.StandardError > 0)
                continue;
            dependent++;
            Assert.Equal(15, trace.Value, 1e-12);
            Assert.Equal(matrix[0], diagonal.Values[0], 1e-12);
        }

        Assert.InRange(dependent, 1, 20);
    }

    [Fact]
    public void XDiag_refuses_probes_with_small_components()
        => Assert.Throws<ArgumentException>(
            () => XDiag.Diagonal(TestSpectra.Identity(Size), new SketchOptions { Products = 8, Distribution = ProbeDistribution.Gaussian }));
}
