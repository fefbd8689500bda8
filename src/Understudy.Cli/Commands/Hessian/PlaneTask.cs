using System.Text.Json.Nodes;
using Understudy.Engine.LinearAlgebra.Krylov;
using Understudy.Engine.Random;
using Understudy.Lab.Figures;
using Understudy.Learning.Landscape;
using static System.FormattableString;

namespace Understudy.Cli.Commands.Hessian;

/// <summary>The task plane: losses and curvature around one model, through three, or along the principal components of a path of more.</summary>
internal static class PlaneTask
{
    private const int PointsAround = 51;
    private const int PointsThrough = 21;

    internal static TaskResult Run(Material material, TaskOptions options, IProgress<double> progress, CancellationToken cancellation)
    {
        var (chosen, names) = (Choose(material, options), material.Names);
        var (plane, grid) = (chosen.Grid.Plane, chosen.Grid);
        var coarse = options.Curvature is { } side ? Coarser(grid, side) : null;
        // refuses what is too large before anything is evaluated
        using var ends = new Ends(material, options, cancellation);
        using var evaluator = LandscapeTasks.Evaluator(material);
        var values = LossPlane.Evaluate(grid, evaluator, coarse is null ? progress : null, cancellation);
        double[] losses = [.. values.Select(value => value.Loss)], models = [.. evaluator.At(material.Points).Select(value => value.Loss)];
        var within = ends.Within(plane);
        var origin = ends.Over(new PlaneGrid(plane, [0], [0]), null);
        var map = coarse is null ? null : ends.Over(coarse, progress);
        var document = new JsonObject
        {
            ["x"] = TaskResult.Numbers(grid.X),
            ["y"] = TaskResult.Numbers(grid.Y),
            ["losses"] = TaskResult.Numbers(losses),
            ["accuracies"] = TaskResult.Numbers(values.Select(value => value.Accuracy)),
            ["models"] = new JsonArray([.. names.Select((_, i) =>
            {
                var row = material.Row(i);
                (row["x"], row["y"], row["loss"]) = (chosen.Places[i][0], chosen.Places[i][1], models[i]);
                return (JsonNode)row;
            })]),
            ["explainedVariance"] = chosen.Explained is null ? null : TaskResult.Numbers(chosen.Explained),
            ["curvature"] = new JsonObject
            {
                ["model"] = names[chosen.Origin],
                ["largest"] = origin.Values[0].Largest,
                ["smallest"] = origin.Values[0].Smallest,
                ["residual"] = origin.Residual,
                ["withinPlane"] = TaskResult.Numbers(within),
            },
            ["curvatureMap"] = map?.Json(),
        };
        return new TaskResult(
            [
                Invariant($"{grid.X.Count} x {grid.Y.Count} points, losses from {TaskResult.Text(losses.Min())} to {TaskResult.Text(losses.Max())}; at the model {TaskResult.Text(models[chosen.Origin])}"),
                .. names.Count == 1 ? Array.Empty<string>() : names.Select((name, i) => $"  {name}  at ({Coordinate(chosen.Places[i][0])}, {Coordinate(chosen.Places[i][1])}), loss {TaskResult.Text(models[i])}"),
                .. chosen.Explained is null ? Array.Empty<string>() : [Invariant($"principal components explain {chosen.Explained[0]:0.## %} and {chosen.Explained[1]:0.## %} of the variance of the path")],
                Invariant($"curvature at {names[chosen.Origin]}: largest {TaskResult.Text(origin.Values[0].Largest)}, smallest {TaskResult.Text(origin.Values[0].Smallest)}, |smallest/largest| {origin.Values[0].Ratio:0.####}, residuals up to {origin.Residual:0.0e0}"),
                Invariant($"second derivatives within the plane: {TaskResult.Text(within[0])} along the first direction, {TaskResult.Text(within[3])} along the second, {TaskResult.Text(within[1])} mixed"),
                .. map is null ? Array.Empty<string>() : [map.Text()],
                .. SpectrumTasks.Single(material),
            ],
            document,
            new Figure("plane", map is null ? "Loss on a plane" : "Loss and curvature on a plane", chosen.Caption,
            [
                Panel(map is null ? "" : "loss", "log₁₀ loss", grid, [.. losses.Select(loss => Math.Log10(Math.Max(1e-12, loss)))], Marks(chosen)),
                .. map is null ? Array.Empty<Panel>() : [Panel("curvature", "|λ_min/λ_max|", map.Grid, [.. map.Values.Select(at => at.Ratio)])],
            ]));
    }

    /// <summary>The plane that the number of models asks for.</summary>
    private static Chosen Choose(Material material, TaskOptions options)
    {
        var points = material.Points;
        if (points.Length == 2)
            throw new UsageException("plane takes one model, three that it goes through, or more for the principal components of their path\n  for two take: understudy hessian line");
        if (points.Length == 1)
        {
            var draws = new RandomSequence(options.Seed, "hessian/plane");
            // nodes are the last axis of our weights; another file may have them elsewhere
            var norm = material.Mlp is null ? DirectionNorm.Layer : DirectionNorm.Filter;
            double[] Direction(int index) => Directions.Random(material.Network.Layout, material.Point, draws, index, norm);
            var around = PlaneGrid.Around(new ParameterPlane(material.Point, Direction(0), Direction(1)), options.Points ?? PointsAround);
            return new Chosen(around, [[0, 0]], 0, null, $"Along two random directions whose {(norm == DirectionNorm.Filter ? "nodes have the lengths of the model's (filter normalised)" : "tensors have the lengths of the model's")}, biases fixed.");
        }

        if (points is [var a, var b, var c])
        {
            if (ParameterPlane.AreOnALine(a, b, c))
                throw new UsageException("the three models lie on a line, so no plane goes through them alone\n  take three that differ");
            var axes = ParameterPlane.Through(a, b, c);
            double[][] places = [.. points.Select(axes.Coordinates)];
            return new Chosen(PlaneGrid.Enclosing(axes, places, options.Points ?? PointsThrough), places, 0, null, "The plane through three models, which are marked; coordinates are distances.");
        }

        var path = Path(points, material);
        return new Chosen(
            PlaneGrid.Enclosing(path.Plane, path.Path, options.Points ?? PointsThrough), path.Path, points.Length - 1, path.ExplainedVariance,
            Invariant($"Along the two principal components of a path through {points.Length} models, which explain {path.ExplainedVariance.Sum():0.## %} of its variance; the line is the path, coordinates are distances."));
    }

    private static TrajectoryPlane Path(double[][] points, Material material)
    {
        try
        {
            return TrajectoryPlane.Of(points, team: material.Team);
        }
        catch (ArgumentException)
        {
            // all else it could refuse was looked at before
            throw new UsageException($"the {points.Length} models lie on a line, so their path has only one principal component\n  take models that differ, or understudy hessian line");
        }
    }

    /// <summary>As many columns and rows of a grid, evenly among its own.</summary>
    private static PlaneGrid Coarser(PlaneGrid grid, int side)
    {
        if (side > grid.X.Count)
            throw new UsageException($"--curvature takes at most as many points along a side as --points, {grid.X.Count}, not {side}");
        double[] Some(IReadOnlyList<double> all) => [.. Enumerable.Range(0, side).Select(i => all[i * (all.Count - 1) / (side - 1)])];
        return new PlaneGrid(grid.Plane, Some(grid.X), Some(grid.Y));
    }

    /// <summary>Values of a grid as cells, with what is drawn over them.</summary>
    private static Panel Panel(string title, string color, PlaneGrid grid, double[] values, params Layer[] over)
    {
        var (columns, rows) = (grid.X.Count, grid.Y.Count);
        // a matrix has its first row at the top
        double[] shown = [.. Enumerable.Range(0, rows).Reverse().SelectMany(y => Enumerable.Range(0, columns).Select(x => values[(y * columns) + x]))];
        return new Panel(
            title, new Axis("first direction", Categories: Labels(grid.X)), new Axis("second direction", Categories: [.. Labels(grid.Y).Reverse()]),
            [new MatrixLayer(color, rows, columns, shown, shown.Min(), shown.Max()), .. over]);
    }

    /// <summary>Every fourth part of an axis, told to a hundredth of its length or closer.</summary>
    private static IReadOnlyList<string> Labels(IReadOnlyList<double> at)
    {
        var digits = (int)Math.Clamp(2 - Math.Floor(Math.Log10(at[^1] - at[0])), 0, 15);
        return [.. at.Select((value, i) => i % Math.Max(1, (at.Count - 1) / 4) == 0 ? (Math.Round(value, digits) + 0.0).ToString(System.Globalization.CultureInfo.InvariantCulture) : "")];
    }

    /// <summary>The models over the cells of the grid: a path where they are one.</summary>
    private static Layer Marks(Chosen chosen)
    {
        XY[] places = [.. chosen.Places.Select(at => new XY(Cell(chosen.Grid.X, at[0]), chosen.Grid.Y.Count - 1 - Cell(chosen.Grid.Y, at[1])))];
        return chosen.Explained is null ? new PointLayer("model", places, SeriesRole.Teacher, Opacity: 1) : new LineLayer("path", places, SeriesRole.Teacher, Markers: true);
    }

    /// <summary>A coordinate without the rounding of one that should be 0.</summary>
    private static string Coordinate(double value) => Invariant($"{Math.Round(value, 5) + 0.0:0.#####}");

    /// <summary>Where a coordinate stands among evenly spaced cells.</summary>
    private static double Cell(IReadOnlyList<double> at, double value) => (value - at[0]) / (at[^1] - at[0]) * (at.Count - 1);

    /// <summary>A plane with its grid.</summary>
    /// <param name="Grid">Where losses are taken.</param>
    /// <param name="Places">The coordinates of each model.</param>
    /// <param name="Origin">The model that coordinates are counted from.</param>
    /// <param name="Explained">Shares of the variance of a path; null where there is none.</param>
    /// <param name="Caption">Of the figure.</param>
    private sealed record Chosen(PlaneGrid Grid, IReadOnlyList<double[]> Places, int Origin, IReadOnlyList<double>? Explained, string Caption);

    /// <summary>Both ends of the spectrum over a grid.</summary>
    /// <param name="Grid">Where.</param>
    /// <param name="Values">The ends.</param>
    /// <param name="Residual">The worst of all of them.</param>
    private sealed record Map(PlaneGrid Grid, SpectrumEnds[] Values, double Residual)
    {
        internal JsonObject Json() => new()
        {
            ["x"] = TaskResult.Numbers(Grid.X),
            ["y"] = TaskResult.Numbers(Grid.Y),
            ["largest"] = TaskResult.Numbers(Values.Select(at => at.Largest)),
            ["smallest"] = TaskResult.Numbers(Values.Select(at => at.Smallest)),
            ["residual"] = Residual,
        };

        internal string Text() => Invariant(
            $"over {Grid.X.Count} x {Grid.Y.Count} points: largest {TaskResult.Text(Values.Min(at => at.Largest))} to {TaskResult.Text(Values.Max(at => at.Largest))}, |smallest/largest| {Values.Min(at => at.Ratio):0.####} to {Values.Max(at => at.Ratio):0.####}, residuals up to {Residual:0.0e0}");
    }

    /// <summary>The curvature that ends and second derivatives are taken of.</summary>
    private sealed class Ends : IDisposable
    {
        private readonly PenalizedCurvature _curvature;
        private readonly EigenpairOptions _search;
        private readonly CancellationToken _cancellation;

        /// <exception cref="UsageException">A search takes more memory than allowed.</exception>
        internal Ends(Material material, TaskOptions options, CancellationToken cancellation)
        {
            _curvature = new PenalizedCurvature(material, options);
            _cancellation = cancellation;
            var memory = Budget.RequirePairs(1, 1, 0, _curvature, options, "take `line`, which searches no eigenvalues", "H");
            _search = new EigenpairOptions { Top = 1, Bottom = 1, Tolerance = options.Tolerance, Seed = options.Seed, MemoryBytes = memory.Vectors, Team = material.Team };
        }

        public void Dispose() => _curvature.Dispose();

        internal Map Over(PlaneGrid grid, IProgress<double>? progress)
        {
            var worst = 0.0;
            SpectrumEnds At(double[] point)
            {
                _curvature.MoveTo(point);
                var pairs = ExtremeEigenpairs.Of(_curvature.Matrix("H"), _search, cancellation: _cancellation);
                _cancellation.ThrowIfCancellationRequested();
                worst = Math.Max(worst, SpectrumTasks.WorstResidual(pairs));
                return new SpectrumEnds(pairs.Bottom.Values[0], pairs.Top.Values[0]);
            }

            var values = LossPlane.Curvature(grid, At, progress, _cancellation);
            return new Map(grid, values, worst);
        }

        /// <summary>The Hessian at the origin of a plane, within it.</summary>
        internal double[] Within(ParameterPlane plane)
        {
            _curvature.MoveTo(plane.Origin.ToArray());
            return LossPlane.Hessian(plane, _curvature.Matrix("H"));
        }
    }
}
