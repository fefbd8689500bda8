using System.Text.Json;
using MathNet.Numerics.LinearAlgebra;
using Understudy.Engine.LinearAlgebra;
using Understudy.Engine.Threading;

namespace Understudy.UnitTests.Engine.LinearAlgebra;

public sealed class SymmetricEigenvaluesTests
{
    /// <summary>Smaller than, and above, the size from which the reduction has two stages.</summary>
    public static TheoryData<int> Sizes => [60, 200, 450];

    [Fact]
    public void Every_small_matrix_has_the_values_of_an_independent_solver()
    {
        for (int n = 0; n <= 10; n++)
        {
            for (ulong seed = 0; seed < 5; seed++)
                CheckAgainstMathNet(SymmetricMatrices.Random(n, seed), n);
        }
    }

    [Theory]
    [MemberData(nameof(Sizes))]
    public void Random_matrices_have_the_values_of_an_independent_solver(int n) => CheckAgainstMathNet(SymmetricMatrices.Random(n, 3), n);

    [Theory]
    [MemberData(nameof(Sizes))]
    public void Values_that_were_put_in_come_out(int n)
    {
        double[][] spectra =
        [
            [.. Enumerable.Range(0, n).Select(i => i < n / 2 ? 1.0 : 1 + (1e-12 * i))],
            [.. Enumerable.Range(0, n).Select(i => Math.Pow(10, -12.0 * i / n))],
            [.. Enumerable.Range(0, n).Select(i => i % 2 == 0 ? 1.0 : -3)],
            [.. Enumerable.Range(0, n).Select(i => i < 20 ? 2.0 : 10.0 / i)],
            [.. Enumerable.Range(0, n).Select(i => i == 7 ? 5.0 : 0)],
        ];
        for (int spectrum = 0; spectrum < spectra.Length; spectrum++)
            Check(spectra[spectrum], SymmetricMatrices.WithValues(spectra[spectrum], (ulong)spectrum), n);
    }

    [Theory]
    [MemberData(nameof(Sizes))]
    public void Diagonal_zero_unit_and_constant_matrices_are_solved(int n)
    {
        Check([.. Enumerable.Range(0, n).Select(i => (double)(i % 7))], [.. Enumerable.Range(0, n * n).Select(i => i % (n + 1) == 0 ? (double)(i / (n + 1) % 7) : 0)], n);
        Check(new double[n], new double[n * n], n);
        Check([.. Enumerable.Repeat(1.0, n)], [.. Enumerable.Range(0, n * n).Select(i => i % (n + 1) == 0 ? 1.0 : 0)], n);
        Check([.. Enumerable.Range(0, n).Select(i => i == 0 ? (double)n : 0)], [.. Enumerable.Repeat(1.0, n * n)], n);
    }

    [Theory]
    [MemberData(nameof(Sizes))]
    public void Known_values_of_the_second_difference_are_found(int n)
    {
        var a = new double[n * n];
        for (int i = 0; i < n; i++)
        {
            a[(i * n) + i] = 2;
            if (i > 0)
                a[(i * n) + i - 1] = -1;
        }

        Check([.. Enumerable.Range(1, n).Select(i => 2 - (2 * Math.Cos(i * Math.PI / (n + 1))))], a, n);
    }

    [Fact]
    public void The_pairs_of_Wilkinsons_matrix_are_found()
    {
        const int n = 21;
        var a = new double[n * n];
        for (int i = 0; i < n; i++)
        {
            a[(i * n) + i] = Math.Abs(i - 10);
            if (i > 0)
                a[(i * n) + i - 1] = 1;
        }

        var values = SymmetricEigenvalues.Of(a, n).Values;

        // Wilkinson 1965, page 309
        Assert.Equal(10.746194182903393, values[20], 1e-13);
        Assert.Equal(10.746194182903322, values[19], 1e-13);
        Assert.Equal(-1.1254415221199847, values[0], 1e-13);
    }

    [Theory]
    [InlineData("tanh-ce")]
    [InlineData("tanh-mse")]
    [InlineData("relu-ce")]
    public void Hessians_of_small_networks_have_the_values_of_the_reference(string network)
    {
        using var reference = JsonDocument.Parse(File.ReadAllText(Path.Combine(Repository.Root, "tests", "data", "hessian", $"tiny-{network}.json")));
        double[] matrix = [.. reference.RootElement.GetProperty("H").EnumerateArray().SelectMany(row => row.EnumerateArray()).Select(entry => entry.GetDouble())];
        double[] expected = [.. reference.RootElement.GetProperty("hessian").GetProperty("eigenvalues_descending").EnumerateArray().Select(value => value.GetDouble())];

        Check(expected, matrix, expected.Length);
    }

    [Theory]
    [MemberData(nameof(Sizes))]
    public void Sums_of_values_and_of_their_squares_are_those_of_the_matrix(int n)
    {
        var a = SymmetricMatrices.Random(n, 8);
        double trace = 0, squares = 0, values = 0, valuesSquared = 0;

        foreach (double value in SymmetricEigenvalues.Of(a, n).Values)
        {
            values += value;
            valuesSquared += value * value;
        }

        for (int i = 0; i < a.Length; i++)
        {
            trace += i % (n + 1) == 0 ? a[i] : 0;
            squares += a[i] * a[i];
        }

        // each of n values, of magnitude below 2 sqrt(n), may be wrong by the accepted error
        Assert.Equal(trace, values, n * Tolerance(n, 2 * Math.Sqrt(n)));
        Assert.Equal(squares, valuesSquared, 4 * n * Math.Sqrt(n) * Tolerance(n, 2 * Math.Sqrt(n)));
    }

    [Theory]
    [InlineData(5)]
    [InlineData(300)]
    [InlineData(450)]
    public void Any_team_and_the_matrix_itself_as_memory_give_the_same_bits(int n)
    {
        var a = SymmetricMatrices.Random(n, 9);
        var kept = (double[])a.Clone();
        using var two = new Team(2);
        using var three = new Team(3);

        var alone = SymmetricEigenvalues.Of(a, n);

        Assert.Equal(kept, a);
        Assert.Equal(alone.Values, SymmetricEigenvalues.Of(a, n, two).Values);
        Assert.Equal(alone.Values, SymmetricEigenvalues.Of(a, n, three).Values);
        Assert.Equal(alone.Values, SymmetricEigenvalues.Overwriting(a, n, two).Values);
    }

    [Theory]
    [InlineData(1e200)]
    [InlineData(1e-200)]
    [InlineData(1e-300)]
    public void The_unit_of_the_matrix_does_not_matter(double unit)
    {
        const int n = 30;
        double scale = Math.ScaleB(1, Math.ILogB(unit));
        double[] a = [.. SymmetricMatrices.Random(n, 5).Select(value => value * scale)];

        var values = SymmetricEigenvalues.Of(a, n).Values;

        var expected = SymmetricEigenvalues.Of([.. a.Select(value => value / scale)], n).Values;
        for (int i = 0; i < n; i++)
            Assert.Equal(expected[i] * scale, values[i], scale * Tolerance(n, 10));
    }

    [Theory]
    [MemberData(nameof(Sizes))]
    public void Only_the_lower_triangle_is_read(int n)
    {
        var a = SymmetricMatrices.Random(n, 10);
        var expected = SymmetricEigenvalues.Of(a, n);
        for (int row = 0; row < n; row++)
            a.AsSpan((row * n) + row + 1, n - row - 1).Fill(double.NaN);

        Assert.Equal(expected.Values, SymmetricEigenvalues.Of(a, n).Values);
        Assert.Equal(expected.Values, SymmetricEigenvalues.Overwriting(a, n).Values);
    }

    [Theory]
    [InlineData(double.NaN)]
    [InlineData(double.NegativeInfinity)]
    public void Values_of_a_matrix_that_is_not_finite_are_not_numbers(double element)
    {
        var a = SymmetricMatrices.Random(9, 11);
        a[(8 * 9) + 2] = element;

        var none = SymmetricEigenvalues.Of(a, 9);

        Assert.False(none.IsConverged);
        Assert.All(none.Values.ToArray(), value => Assert.True(double.IsNaN(value)));
    }

    [Theory]
    [InlineData(200)]
    [InlineData(450)]
    public void Progress_rises_to_one_and_a_cancelled_token_ends_the_work(int n)
    {
        var a = SymmetricMatrices.Random(n, 12);
        var shares = new Shares();
        SymmetricEigenvalues.Of(a, n, progress: shares);
        using var source = new CancellationTokenSource();
        var cancelling = new Shares { At = 0.5, Source = source };

        Assert.Throws<OperationCanceledException>(() => SymmetricEigenvalues.Of(a, n, null, cancelling, source.Token));

        Assert.Equal(shares.Seen.Order(), shares.Seen);
        Assert.Equal(1, shares.Seen[^1]);
        Assert.InRange(cancelling.Seen.Count, 1, shares.Seen.Count - 1);
    }

    [Fact]
    public void A_span_of_another_length_is_refused()
    {
        Assert.Throws<ArgumentException>(() => SymmetricEigenvalues.Of(new double[5], 2));
        Assert.Throws<ArgumentException>(() => SymmetricEigenvalues.Overwriting(new double[5], 2));
    }

    /// <summary>What the study asks for: 1e-13 √n max|λ|.</summary>
    private static double Tolerance(int n, double largest) => 1e-13 * Math.Sqrt(n) * largest;

    private static void CheckAgainstMathNet(double[] a, int n)
        => Check(n == 0 ? [] : [.. Matrix<double>.Build.DenseOfRowMajor(n, n, a).Evd(Symmetricity.Symmetric).EigenValues.Select(value => value.Real)], a, n);

    private static void Check(double[] expected, double[] a, int n)
    {
        Array.Sort(expected);
        double tolerance = Tolerance(n, SymmetricMatrices.LargestMagnitude(expected));

        var eigenvalues = SymmetricEigenvalues.Of(a, n);

        Assert.True(eigenvalues.IsConverged);
        Assert.Equal(n, eigenvalues.Values.Length);
        for (int i = 0; i < n; i++)
            Assert.Equal(expected[i], eigenvalues.Values[i], tolerance);
    }

    private sealed class Shares : IProgress<double>
    {
        internal List<double> Seen { get; } = [];
        internal double At { get; init; } = 2;
        internal CancellationTokenSource? Source { get; init; }

        public void Report(double value)
        {
            Seen.Add(value);
            if (value >= At)
                Source?.Cancel();
        }
    }
}
