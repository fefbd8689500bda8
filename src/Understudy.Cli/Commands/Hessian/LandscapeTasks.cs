using System.Text.Json.Nodes;
using Understudy.Engine.LinearAlgebra.Krylov;
using Understudy.Engine.Random;
using Understudy.Lab.Figures;
using Understudy.Learning.Landscape;
using static System.FormattableString;

namespace Understudy.Cli.Commands.Hessian;

/// <summary>Tasks on the landscape around models and between them: line, plane, curve, sharpness.</summary>
internal static class LandscapeTasks
{
    private const int CurveEpochs = 50;

    /// <summary>The straight line from one model to another, and after the nodes of the second were matched.</summary>
    internal static TaskResult Line(Material material, TaskOptions options, IProgress<double> progress, CancellationToken cancellation)
    {
        Two(material, "line");
        using var evaluator = Evaluator(material);
        var positions = LossLine.EvenPositions(options.Points ?? LossLine.DefaultPositions.Count);
        var (a, b) = (material.Points[0], material.Points[1]);
        var plain = LossLine.Between(a, b, evaluator, positions: positions, progress: progress, cancellation: cancellation);
        var matched = material.Mlp is { } network ? LossLine.Between(a, NodeMatching.ByWeights(network, a, b).Apply(b), evaluator, positions: positions, cancellation: cancellation) : null;
        string Words(LossLine line) => Invariant($"barrier {TaskResult.Text(line.Barrier.Height)}{(line.Barrier.Height > 0 ? $" at t = {line.Barrier.Position:0.##}" : "")}, largest loss above both ends {TaskResult.Text(line.Barrier.AboveEnds)}, distance {line.RelativeDistance:0.###}");
        LineLayer Layer(string name, LossLine line, bool dashed) => new(name, [.. line.Positions.Zip(line.Train, (t, value) => new XY(t, value.Loss))], Dashed: dashed);
        var document = new JsonObject
        {
            ["positions"] = TaskResult.Numbers(positions),
            ["losses"] = TaskResult.Numbers(plain.Train.Select(value => value.Loss)),
            ["accuracies"] = TaskResult.Numbers(plain.Train.Select(value => value.Accuracy)),
            ["matchedLosses"] = matched is null ? null : TaskResult.Numbers(matched.Train.Select(value => value.Loss)),
            ["barrier"] = plain.Barrier.Height,
            ["matchedBarrier"] = matched?.Barrier.Height,
        };
        return new TaskResult(
            [Ends(evaluator, a, b), $"as they are            {Words(plain)}", .. matched is null ? Array.Empty<string>() : [$"hidden nodes matched   {Words(matched)}"]], document,
            new Figure("line", "Loss along the line between two models", "At t = 0 the first model, at t = 1 the second; matched: its hidden nodes permuted to those of the first.",
                [new Panel("", new Axis("t"), new Axis("loss"), [Layer("as they are", plain, false), .. matched is null ? Array.Empty<Layer>() : [Layer("nodes matched", matched, true)]])]));
    }

    /// <summary>Around one model along two random directions, or through three models.</summary>
    internal static TaskResult Plane(Material material, TaskOptions options, IProgress<double> progress, CancellationToken cancellation)
    {
        if (material.Points.Length is not (1 or 3))
            throw new UsageException("plane takes one model, or three that it goes through\n  as in: understudy hessian plane a.safetensors b.safetensors c.safetensors --inputs x.npy --targets y.npy");
        if (material.Points is [var a, var b, var c] && ParameterPlane.AreOnALine(a, b, c))
            throw new UsageException("the three models lie on a line, so no plane goes through them alone\n  take three that differ");
        using var evaluator = Evaluator(material);
        var draws = new RandomSequence(options.Seed, "hessian/plane");
        // nodes are the last axis of our weights; another file may have them elsewhere
        var norm = material.Mlp is null ? DirectionNorm.Layer : DirectionNorm.Filter;
        double[] Direction(int index) => Directions.Random(material.Network.Layout, material.Point, draws, index, norm);
        var axes = material.Points.Length == 3 ? ParameterPlane.Through(material.Points[0], material.Points[1], material.Points[2]) : new ParameterPlane(material.Point, Direction(0), Direction(1));
        var grid = material.Points.Length == 3 ? PlaneGrid.Enclosing(axes, [.. material.Points.Select(axes.Coordinates)], options.Points ?? 21) : PlaneGrid.Around(axes, options.Points ?? 51);
        var values = LossPlane.Evaluate(grid, evaluator, progress, cancellation);
        double[] losses = [.. values.Select(value => value.Loss)];
        var (columns, rows) = (grid.X.Count, grid.Y.Count);
        // a matrix has its first row at the top
        double[] shown = [.. Enumerable.Range(0, rows).Reverse().SelectMany(y => Enumerable.Range(0, columns).Select(x => Math.Log10(Math.Max(1e-12, losses[(y * columns) + x]))))];
        IReadOnlyList<string> Labels(IReadOnlyList<double> at) => [.. at.Select((value, i) => i % Math.Max(1, (at.Count - 1) / 4) == 0 ? Invariant($"{value:0.##}") : "")];
        var document = new JsonObject { ["x"] = TaskResult.Numbers(grid.X), ["y"] = TaskResult.Numbers(grid.Y), ["losses"] = TaskResult.Numbers(losses), ["accuracies"] = TaskResult.Numbers(values.Select(value => value.Accuracy)) };
        return new TaskResult(
            [Invariant($"{columns} x {rows} points, losses from {TaskResult.Text(losses.Min())} to {TaskResult.Text(losses.Max())}; at the model {TaskResult.Text(evaluator.At(material.Point).Loss)}")], document,
            new Figure("plane", "Loss on a plane", material.Points.Length == 3 ? "The plane through three models." : $"Along two random directions whose {(norm == DirectionNorm.Filter ? "nodes have the lengths of the model's (filter normalised)" : "tensors have the lengths of the model's")}, biases fixed.",
            [
                new Panel("", new Axis("first direction", Categories: Labels(grid.X)), new Axis("second direction", Categories: [.. Labels(grid.Y).Reverse()]),
                    [new MatrixLayer("log₁₀ loss", rows, columns, shown, shown.Min(), shown.Max())]),
            ]));
    }

    /// <summary>A curve of low loss from one model to another.</summary>
    internal static TaskResult Curve(Material material, TaskOptions options, IProgress<double> progress, CancellationToken cancellation)
    {
        Two(material, "curve");
        using var evaluator = Evaluator(material);
        var curve = ModeConnection.Train(material.Points[0], material.Points[1], evaluator, new ModeConnectionOptions { Epochs = CurveEpochs, WeightDecay = 0, Seed = options.Seed }, progress, cancellation);
        var profile = CurveProfile.Of(curve, evaluator, options.Points ?? 61, cancellation: cancellation);
        var line = LossLine.Between(material.Points[0], material.Points[1], evaluator, positions: [.. profile.Positions], cancellation: cancellation);
        var document = new JsonObject
        {
            ["positions"] = TaskResult.Numbers(profile.Positions),
            ["losses"] = TaskResult.Numbers(profile.Values.Select(value => value.Loss)),
            ["lineLosses"] = TaskResult.Numbers(line.Train.Select(value => value.Loss)),
            ["length"] = profile.Length,
            ["barrier"] = profile.Barrier.Height,
            ["lineBarrier"] = line.Barrier.Height,
        };
        return new TaskResult(
            [
                Ends(evaluator, material.Points[0], material.Points[1]),
                $"straight line  barrier {TaskResult.Text(line.Barrier.Height)}",
                Invariant($"Bézier curve   barrier {TaskResult.Text(profile.Barrier.Height)}, losses from {TaskResult.Text(profile.Loss.Smallest)} to {TaskResult.Text(profile.Loss.Largest)}, length {TaskResult.Text(profile.Length)}; one bend, {CurveEpochs} epochs"),
            ], document,
            new Figure("curve", "Loss along a trained curve between two models", "A Bézier curve whose bend was trained to a low mean loss, and the straight line.",
            [
                new Panel("", new Axis("t"), new Axis("loss"),
                [
                    new LineLayer("curve", [.. profile.Positions.Zip(profile.Values, (t, value) => new XY(t, value.Loss))], SeriesRole.Student),
                    new LineLayer("straight line", [.. line.Positions.Zip(line.Train, (t, value) => new XY(t, value.Loss))], SeriesRole.Teacher, Dashed: true),
                ]),
            ]));
    }

    /// <summary>Every usual number of sharpness, and what rescaling a layer makes of it.</summary>
    internal static TaskResult Sharp(Material material, TaskOptions options, IProgress<double> progress, CancellationToken cancellation)
    {
        using var evaluator = Evaluator(material);
        using var curvature = material.Curvature();
        CurvatureNumbers Numbers(double[] point)
        {
            curvature.MoveTo(point);
            var top = ExtremeEigenpairs.Of(curvature.Hessian, new EigenpairOptions { Top = 1, Tolerance = options.Tolerance, Seed = options.Seed }, cancellation: cancellation);
            cancellation.ThrowIfCancellationRequested();
            var product = new double[point.Length];
            curvature.GaussNewton.Apply(point, product);
            var probes = new Engine.LinearAlgebra.Estimation.ProbeOptions { Samples = Math.Max(10, options.Probes), Seed = options.Seed };
            return new CurvatureNumbers(
                top.Top.Values[0], Engine.LinearAlgebra.Estimation.Hutchinson.Trace(curvature.Hessian, probes, cancellation).Value,
                Math.Sqrt(Engine.LinearAlgebra.Estimation.Hutchinson.SquaredNorm(curvature.Hessian, probes, cancellation).Value), product.Zip(point, (x, y) => x * y).Sum());
        }

        var settings = new SharpnessOptions { Seed = options.Seed, BatchSize = Math.Min(128, material.Examples.Count) };
        var compared = material.Mlp is { Activation.IsPiecewiseLinear: true, Layers: > 1 };
        var (own, other) = compared
            ? Sharpness.Compare(evaluator, material.Point, settings, Numbers, cancellation: cancellation) is var both ? (both.Original, both.Rescaled) : default
            : (Sharpness.Measure(evaluator, material.Point, settings, Numbers, progress, cancellation), null);
        (string Name, Func<SharpnessValues, double> Of)[] rows =
        [
            ("largest eigenvalue", values => values.Curvature!.Value.Largest), ("trace (estimated)", values => values.Curvature!.Value.Trace), ("Frobenius norm (estimated)", values => values.Curvature!.Value.Frobenius),
            ("Fisher-Rao norm", values => values.Curvature!.Value.FisherRao),
            ("box 1e-3 (Keskar)", values => values.Boxes[0]), ("box 5e-4", values => values.Boxes[1]), ("ball, one step (SAM)", values => values.BallStep), ("ball, ascent", values => values.BallAscent),
            ("ball over batches (m-sharpness)", values => values.BatchStep), ("adaptive, one step", values => values.AdaptiveStep), ("adaptive, ascent", values => values.AdaptiveAscent),
            ("filter-normalised noise", values => values.NoiseRise), ("PAC-Bayes σ", values => values.PacBayesSigma),
        ];
        var document = new JsonObject(rows.Select(row => KeyValuePair.Create<string, JsonNode?>(row.Name, new JsonObject { ["value"] = row.Of(own), ["rescaled"] = other is null ? null : row.Of(other) })));
        return new TaskResult(
            [
                $"loss {TaskResult.Text(own.Loss)}{(other is null ? "" : "; second column: the same function with its first layer doubled and its second halved")}",
                .. rows.Select(row => $"{row.Name,-32} {TaskResult.Text(row.Of(own)),12}{(other is null ? "" : $" {TaskResult.Text(row.Of(other)),12}")}"),
            ], document);
    }

    private static LossEvaluator Evaluator(Material material) => new(material.Network, material.Loss, material.Examples, material.Team);

    private static string Ends(LossEvaluator evaluator, double[] a, double[] b)
    {
        var ends = evaluator.At([a, b]);
        return Invariant($"losses {TaskResult.Text(ends[0].Loss)} and {TaskResult.Text(ends[1].Loss)}{(evaluator.HasAccuracy ? $", accuracies {ends[0].Accuracy:0.###} and {ends[1].Accuracy:0.###}" : "")}");
    }

    private static void Two(Material material, string task)
    {
        if (material.Points.Length != 2)
            throw new UsageException($"{task} goes from one model to another\n  as in: understudy hessian {task} a.safetensors b.safetensors --inputs x.npy --targets y.npy");
    }
}
