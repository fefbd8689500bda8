using Understudy.Learning.Geometry;

namespace Understudy.Learning.Curvature;

/// <summary>Gradient, G v and S v as sums of vectors J_iᵀ u of single examples, which share no derivative of second order with products over batches.</summary>
internal sealed class ExampleByExample
{
    private ExampleByExample(int size) => (Gradient, GaussNewton, SecondMoment) = (new double[size], new double[size], new double[size]);

    /// <summary>(1/N) Σ g_i.</summary>
    internal double[] Gradient { get; }

    /// <summary>(1/N) Σ_i Σ_c b_ic (b_icᵀ v) with b_ic the columns of J_iᵀ B_i.</summary>
    internal double[] GaussNewton { get; }

    /// <summary>(1/N) Σ g_i (g_iᵀ v).</summary>
    internal double[] SecondMoment { get; }

    /// <summary>tr S.</summary>
    internal double SecondMomentTrace { get; private set; }

    /// <summary>The sums, by N (C + 1) reverse passes.</summary>
    /// <param name="curvature">A point of a network that does not couple examples.</param>
    /// <param name="v">v [P].</param>
    /// <param name="cancellation">Looked at once per example.</param>
    internal static ExampleByExample Of(NetworkCurvature curvature, double[] v, CancellationToken cancellation)
    {
        using var source = curvature.Rows();
        var (sums, weight, rows) = (new ExampleByExample(source.Size), 1.0 / source.Examples, new double[source.Outputs * source.Size]);
        for (var i = 0; i < source.Examples; i++)
        {
            cancellation.ThrowIfCancellationRequested();
            source.Fill(i, 1, source.Outputs, curvature.WriteRoots, rows);
            for (var column = 0; column < source.Outputs; column++)
                Add(weight, rows.AsSpan(column * source.Size, source.Size), v, sums.GaussNewton);
            var gradient = rows.AsSpan(0, source.Size);
            source.Fill(i, 1, 1, curvature.WriteResidual, gradient);
            Add(weight, gradient, v, sums.SecondMoment);
            FeatureRows.AddScaled(weight, gradient, sums.Gradient);
            sums.SecondMomentTrace += weight * Dense.Dot(gradient, gradient);
        }

        return sums;
    }

    private static void Add(double weight, ReadOnlySpan<double> row, double[] v, double[] sum) => FeatureRows.AddScaled(weight * Dense.Dot(row, v), row, sum);
}
