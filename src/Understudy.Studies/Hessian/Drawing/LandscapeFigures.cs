using Understudy.Engine.LinearAlgebra.Estimation;
using Understudy.Lab.Figures;
using Understudy.Studies.Hessian.Judging;
using static System.FormattableString;

namespace Understudy.Studies.Hessian.Drawing;

/// <summary>Two phases, lines, and random matrices.</summary>
internal static class LandscapeFigures
{
    private const int Bins = 40;

    /// <summary>Training loss and test accuracy of both phases.</summary>
    internal static Figure Phases(Recorded<PhasesRow> phases) => new(
        "phases", "Large batches first, small ones from there on",
        "Loss and test accuracy of both phases, one line per seed; the dashed line is where the batch shrinks. Moments are closer together after it.",
        [
            new Panel("training", new Axis("step"), new Axis("loss", Logarithmic: true), [.. Lines(phases, row => row.Losses), Switch(phases)]),
            new Panel("test", new Axis("step"), new Axis("accuracy"), [.. Lines(phases, row => row.TestAccuracies), Switch(phases)]),
        ], Columns: 2);

    private static IEnumerable<Layer> Lines(Recorded<PhasesRow> phases, Func<PhasesRow, IReadOnlyList<double>> values)
        => phases.All.Select(row => new LineLayer("a seed", [.. row.TrainingSteps.Zip(values(row), (step, value) => new XY(step, value))], SeriesRole.Student, Opacity: 0.7));

    private static RuleLayer Switch(Recorded<PhasesRow> phases) => new("dashed: the batch shrinks", phases.All.First().Switch, Vertical: true);

    /// <summary>Losses along the line between the ends of the phases, and to an independent run.</summary>
    internal static Figure Path(Recorded<LineRow> lines)
    {
        var axis = new Axis("position t, from the large-batch end at 0 to the other at 1");
        return new Figure(
            "path", "The line between the ends of both phases",
            "Losses at (1 − t) A + t B, one line per seed: between the ends of both phases, and to an independent run.",
            [
                new Panel("training loss", axis, new Axis("loss", Logarithmic: true), [.. Curves(lines, row => row.Losses)]),
                new Panel("test accuracy", axis, new Axis("accuracy"), [.. Curves(lines, row => row.TestAccuracies)]),
            ], Columns: 2);
    }

    /// <summary>Barriers over training, from one start and from two.</summary>
    internal static Figure Lines(Recorded<LineRow> lines) => new(
        "lines", "The line between two trainings as they go on",
        "Barrier of the training loss on a line, one per seed: between a full-batch and a stochastic run from one start, and between full-batch runs from two.",
        [
            new Panel("", new Axis("step"), new Axis("barrier", Min: 0),
            [
                .. from kind in new[] { LineKind.SameStart, LineKind.Independent }
                   from seed in lines.Seeds
                   select new LineLayer(Name(kind), [.. seed.Where(row => row.Line == kind).Select(row => new XY(row.TrainingStep, row.Barrier))], kind == LineKind.SameStart ? SeriesRole.Student : SeriesRole.Teacher, Markers: true, Opacity: 0.7),
                new RuleLayer("dashed: bar of H12", HessianClaims.BarrierHeight),
            ]),
        ]);

    /// <summary>Histograms of spectra beside the law.</summary>
    internal static Figure Matrices(Recorded<MatrixRow> matrices) => new(
        "random-matrices", "Logistic regression and the law of random matrices",
        "Eigenvalues of the Gauss-Newton matrix times 4. One blob: a histogram beside the density of Marchenko and Pastur; zeros, which α above 1 forces, are left out. Two blobs: the twenty largest eigenvalues.",
        [
            .. matrices.All.Where(row => row.Spectrum.Count > 0 && row.Blobs == 1).Select(Histogram),
            .. matrices.All.Where(row => row.Spectrum.Count > 0 && row.Blobs == 2).Select(row => new Panel(
                Invariant($"α = {row.Ratio}, two blobs: λ₁/λ₂ = {row.Largest / row.Second:0}"), new Axis("rank from the largest", Min: 0, Max: 20), new Axis("eigenvalue", Logarithmic: true),
                [new PointLayer("eigenvalues", SpectrumFigures.Ranked(row.Spectrum.Reverse().Take(20)), SeriesRole.Student, Opacity: 1)])),
        ], Columns: 3);

    private static Panel Histogram(MatrixRow row)
    {
        var law = new MarchenkoPastur((double)row.Parameters / row.Examples);
        double[] values = [.. row.Spectrum.Where(value => value > 1e-8)];
        var (low, high) = (Math.Min(law.Lower, values.Min()), Math.Max(law.Upper, values.Max()));
        double[] edges = [.. Enumerable.Range(0, Bins + 1).Select(i => low + ((high - low) * i / Bins))];
        var heights = new double[Bins];
        foreach (var value in values)
            heights[Math.Min(Bins - 1, (int)((value - low) / (high - low) * Bins))] += Bins / (row.Parameters * (high - low));
        return new Panel(
            Invariant($"α = {row.Ratio}, one blob: distance {row.Distance:0.000}"), new Axis("eigenvalue"), new Axis("density", Min: 0),
            [
                new BarLayer("eigenvalues", edges, heights, SeriesRole.Student),
                // the density of α = 1 has no end at 0
                new LineLayer("Marchenko-Pastur", [.. Enumerable.Range(1, 199).Select(i => low + ((high - low) * i / 200)).Select(x => new XY(x, law.Density(x))).Where(point => point.Y < 2 * heights.Max())], SeriesRole.Teacher),
            ]);
    }

    private static IEnumerable<Layer> Curves(Recorded<LineRow> lines, Func<LineRow, IReadOnlyList<double>> values)
        => from kind in new[] { LineKind.Phases, LineKind.Independent }
           from seed in lines.Seeds
           let row = seed.First(one => one.Line == kind)
           select new LineLayer(Name(kind), [.. row.Positions.Zip(values(row), (t, value) => new XY(t, value))], kind == LineKind.Phases ? SeriesRole.Student : SeriesRole.Teacher, Opacity: 0.7);

    private static string Name(LineKind kind) => kind switch
    {
        LineKind.Phases => "end of both phases",
        LineKind.SameStart => "one start",
        _ => "two starts",
    };
}
