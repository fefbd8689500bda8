using System.Text.Json.Nodes;
using Understudy.Lab.Figures;
using Understudy.Learning.Landscape;
using static System.FormattableString;

namespace Understudy.Cli.Commands.Hessian;

/// <summary>Tasks on the landscape between two models: line and curve.</summary>
internal static class LandscapeTasks
{
    private const int CurveEpochs = 50;

    /// <summary>The straight line from one model to another, and after the nodes of the second were matched.</summary>
    internal static TaskResult Line(Material material, TaskOptions options, IProgress<double> progress, CancellationToken cancellation)
    {
        Two(material, "line");
        var points = options.Points ?? LossLine.DefaultPositions.Count;
        if (points % 3 != 1)
            throw new UsageException($"--points of a line takes one more than a multiple of 3, so that both models are among them, not {points}\n  take {points / 3 * 3 + 1}");
        using var evaluator = Evaluator(material);
        var positions = LossLine.EvenPositions(points);
        var (a, b) = (material.Points[0], material.Points[1]);
        var plain = LossLine.Between(a, b, evaluator, positions: positions, progress: progress, cancellation: cancellation);
        var matched = Matched(material, a, b, cancellation) is { } other ? LossLine.Between(a, other, evaluator, positions: positions, cancellation: cancellation) : null;
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

    /// <summary>The second model with its hidden nodes, or channels, in the order of the first; null where it is not known which can change places, or none can.</summary>
    private static double[]? Matched(Material material, double[] a, double[] b, CancellationToken cancellation)
    {
        if (material.Mlp is { } network)
            return NodeMatching.ByWeights(network, a, b).Apply(b);
        try
        {
            var groups = PermutationGroups.Of(material.Network);
            return groups.All.Count > 0 ? PermutationMatching.ByWeights(groups, a, b, material.Team, cancellation).Apply(b) : null;
        }
        catch (ArgumentException)
        {
            // an operator of the file that matching does not know; the line itself needs none of it
            return null;
        }
    }

    /// <summary>A curve of low loss from one model to another.</summary>
    internal static TaskResult Curve(Material material, TaskOptions options, IProgress<double> progress, CancellationToken cancellation)
    {
        Two(material, "curve");
        var (start, end) = (material.Points[0], material.Points[1]);
        if (start.AsSpan().SequenceEqual(end))
            throw new UsageException("both models are the same, so there is nothing between them\n  take two that differ");
        using var evaluator = Evaluator(material);
        ParameterCurve Trained(CurveKind kind)
            => ModeConnection.Train(start, end, evaluator, new ModeConnectionOptions { Kind = kind, Epochs = CurveEpochs, WeightDecay = 0, Seed = options.Seed }, progress, cancellation);
        var band = new ElasticBandOptions();
        var (curve, name, how) = options.Method switch
        {
            "neb" => (NudgedElasticBand.Relax(start, end, evaluator, band, progress, cancellation), "elastic band", Invariant($"{band.Cycles} rounds of {band.Steps} steps")),
            "chain" => (Trained(CurveKind.Chain), "chain", Invariant($"one bend, {CurveEpochs} epochs")),
            _ => (Trained(CurveKind.Bezier), "Bézier curve", Invariant($"one bend, {CurveEpochs} epochs")),
        };
        var profile = CurveProfile.Of(curve, evaluator, options.Points ?? 61, cancellation: cancellation);
        var line = LossLine.Between(start, end, evaluator, positions: [.. profile.Positions], cancellation: cancellation);
        var document = new JsonObject
        {
            ["method"] = options.Method,
            ["controlPoints"] = curve.Points.Count,
            ["positions"] = TaskResult.Numbers(profile.Positions),
            ["losses"] = TaskResult.Numbers(profile.Values.Select(value => value.Loss)),
            ["lineLosses"] = TaskResult.Numbers(line.Train.Select(value => value.Loss)),
            ["length"] = profile.Length,
            ["barrier"] = profile.Barrier.Height,
            ["lineBarrier"] = line.Barrier.Height,
        };
        return new TaskResult(
            [
                Ends(evaluator, start, end),
                $"straight line  barrier {TaskResult.Text(line.Barrier.Height)}",
                Invariant($"{name,-13}  barrier {TaskResult.Text(profile.Barrier.Height)}, losses from {TaskResult.Text(profile.Loss.Smallest)} to {TaskResult.Text(profile.Loss.Largest)}, length {TaskResult.Text(profile.Length)}; {how}{(options.Method == "neb" ? $", {curve.Points.Count - 2} pivots" : "")}"),
            ], document,
            new Figure("curve", "Loss along a curve between two models",
                options.Method == "neb" ? "An elastic band whose pivots went downhill across it, and the straight line." : $"A {name} whose bend was trained to a low mean loss, and the straight line.",
            [
                new Panel("", new Axis("t"), new Axis("loss"),
                [
                    new LineLayer(name, [.. profile.Positions.Zip(profile.Values, (t, value) => new XY(t, value.Loss))], SeriesRole.Student),
                    new LineLayer("straight line", [.. line.Positions.Zip(line.Train, (t, value) => new XY(t, value.Loss))], SeriesRole.Teacher, Dashed: true),
                ]),
            ]));
    }

    /// <summary>The loss of the material.</summary>
    internal static LossEvaluator Evaluator(Material material) => new(material.Network, material.Loss, material.Examples, material.Team);

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
