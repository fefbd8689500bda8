using Understudy.Engine.LinearAlgebra.Estimation;
using Understudy.Lab.Runs;
using Understudy.Learning.Curvature;
using Understudy.Learning.Losses;
using Understudy.Learning.Networks;

namespace Understudy.Studies.Hessian.Parts;

/// <summary>Logistic regression at zero weights, whose Gauss-Newton matrix is a quarter of a sample covariance (E7).</summary>
internal sealed class MatricesPart(HessianConfig config) : StagedPart
{
    /// <summary>Of a spectrum: products with all unit vectors and its eigenvalues, per parameter cubed.</summary>
    private const double PerCube = 4e-9;

    /// <inheritdoc/>
    internal override string Name => PartNames.Matrices;

    /// <inheritdoc/>
    protected override double TrainingSeconds => 0;

    /// <inheritdoc/>
    protected override double MeasuringSeconds => Cells.Sum(cell => PerCube * Math.Pow(cell.Parameters, 3)) * Seeds;

    /// <inheritdoc/>
    protected override double Bytes(int threads) => 8 * Cells.Max(cell => Math.Pow(cell.Parameters, 2) + Area);

    /// <inheritdoc/>
    protected override int Units => Seeds * Cells.Length;

    private int Seeds => config.Seeds ?? config.Matrices.Seeds;

    private double Area => config.Matrices.Area;

    private (double Ratio, int Blobs, int Parameters, int Examples)[] Cells =>
    [
        .. from ratio in config.Matrices.Ratios
           from blobs in Enumerable.Range(1, 2)
           let parameters = Math.Max(1, (int)Math.Round(Math.Sqrt(Area * ratio)))
           select (ratio, blobs, parameters, Math.Max(2, (int)Math.Round(parameters / ratio))),
    ];

    /// <inheritdoc/>
    protected override IReadOnlyList<double[]> Train(RunContext run, TrainingLog log, Action<double> progress, CancellationToken cancellation) => [];

    /// <inheritdoc/>
    protected override string Describe(int unit)
        => FormattableString.Invariant($"α = {Cells[unit % Cells.Length].Ratio}, {Cells[unit % Cells.Length].Blobs} blob(s)");

    /// <inheritdoc/>
    protected override IReadOnlyList<(string Name, double Value)> Measure(int unit, IReadOnlyList<double[]> trained, MeasuringLog log, RunContext run, CancellationToken cancellation)
    {
        var (seed, cell) = (unit / Cells.Length, Cells[unit % Cells.Length]);
        var network = Mlp.Relu(cell.Parameters, 1);
        using var curvature = Curved.At(
            network, OutputLoss.Logistic, Samples(cell.Parameters, cell.Examples, cell.Blobs, run, seed), new double[network.Layout.Count], run.Team, slot => slot.Shape.Rank == 2);
        // σ(1 − σ) = ¼ everywhere at zero weights
        var values = Curved.Eigenvalues(ExactHessian.ByProducts(curvature.GaussNewton, out _, cancellation: cancellation), cell.Parameters, run.Team, cancellation);
        for (var i = 0; i < values.Length; i++)
            values[i] *= 4;
        var distance = new MarchenkoPastur((double)cell.Parameters / cell.Examples).DistanceTo(values);
        var row = new MatrixRow(
            seed, unit + 1, cell.Ratio, cell.Blobs, cell.Parameters, cell.Examples, distance, values[^1], values.Length > 1 ? values[^2] : double.NaN, seed == 0 ? values : []);
        run.Record($"{Name}.spectra", row);
        return [("distance", distance), ("largest", row.Largest)];
    }

    private static ExampleSet Samples(int parameters, int examples, int blobs, RunContext run, int seed)
    {
        var inputs = new double[examples * parameters];
        for (var i = 0; i < examples; i++)
        {
            var row = inputs.AsSpan(i * parameters, parameters);
            run.Random(Purposes.Samples, seed).FillNormal(i, row);
            for (var u = 0; blobs == 2 && u < parameters; u++)
                row[u] += i % 2 == 0 ? 1 : -1;
        }

        return new ExampleSet(inputs, [.. Enumerable.Range(0, examples).Select(i => (double)(i % 2))], examples);
    }
}
