using System.Text.Json;
using Understudy.Engine.LinearAlgebra.Krylov;
using Understudy.UnitTests.Engine.LinearAlgebra.Krylov;

namespace Understudy.UnitTests.Engine.LinearAlgebra.Estimation;

/// <summary>A spectrum of the reference set, and what is known about its density.</summary>
/// <param name="EigenvaluesDescending">All eigenvalues.</param>
/// <param name="Trace">Their sum.</param>
/// <param name="Sigma">The width of smoothing.</param>
/// <param name="ExactEvery25th">The smoothed density at every 25th of 1,101 points.</param>
/// <param name="Distances">The distance of quadrature from it, by steps x probes.</param>
internal sealed record ReferenceSpectrum(
    double[] EigenvaluesDescending, double Trace, double Sigma, double[] ExactEvery25th, Dictionary<string, double> Distances)
{
    private static readonly JsonSerializerOptions Camel = new() { PropertyNamingPolicy = JsonNamingPolicy.CamelCase };

    internal static ReferenceSpectrum Read(string name)
        => JsonSerializer.Deserialize<ReferenceSpectrum>(
            File.ReadAllText(Path.Combine(Repository.Root, "tests", "data", "hessian", $"spectrum-{name}.json")), Camel)!;
}

internal static class TestSpectra
{
    /// <summary>A few large values above a bulk around zero, like the curvature of a network.</summary>
    internal static double[] Outliers(int n) => [.. Enumerable.Range(0, n).Select(i => i < 3 ? 10.0 - (3 * i) : 0.5 * Math.Cos(i))];

    internal static DenseOperator Dense(double[] values, ulong seed = 1) => new(SymmetricMatrices.WithValues(values, seed), values.Length);

    internal static Diagonal Identity(int n, double factor = 1) => new([.. Enumerable.Repeat(factor, n)]);

    /// <summary>Eigenvectors of the diagonal matrix: unit vectors of these places, as rows.</summary>
    internal static double[] Units(int n, params int[] places)
    {
        var rows = new double[places.Length * n];
        for (int i = 0; i < places.Length; i++)
            rows[(i * n) + places[i]] = 1;
        return rows;
    }
}
