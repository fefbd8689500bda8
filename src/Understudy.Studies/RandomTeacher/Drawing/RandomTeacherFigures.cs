using Understudy.Lab.Figures;
using Understudy.Lab.Runs;
using Understudy.Studies.RandomTeacher.Judging;

namespace Understudy.Studies.RandomTeacher.Drawing;

/// <summary>The figures of the study, each where its part was run.</summary>
internal static class RandomTeacherFigures
{
    internal static IEnumerable<Figure> Draw(IReadOnlyList<RunRecord> runs)
    {
        var evidence = new Evidence(runs);
        if (evidence.Distillation is { } main)
        {
            yield return RankWarning.On(ProbeFigures.Curves(main, PartNames.Images), main);
            yield return ProbeFigures.Gains(main);
            if (IntervalFigures.Intervals(main) is { } intervals)
                yield return intervals;
            if (IntervalFigures.Rules(main) is { } rules)
                yield return rules;
            yield return TrainingFigures.Progress(evidence.Training(RandomTeacherPart.Distillation), evidence.Kept(RandomTeacherPart.Distillation), "training", "Divergence, gradient, distance and rank while students are distilled",
                "With batch normalization student and teacher are two functions of the same parameters, so KL does not begin at 0.");
            if (TrackingFigures.Of(evidence, RandomTeacherPart.Distillation, "tracking", "Layers, gradient and embeddings while students are distilled") is { } tracked)
                yield return tracked;
        }

        if (evidence.Segments is { } segments)
            yield return ValleyFigures.Segments(segments.Rows);
        if (evidence.Planes is { } planes)
            yield return ValleyFigures.Plane(planes.Rows[^1]);
        if (evidence.Training(RandomTeacherPart.Valley) is { Count: > 0 } valley)
        {
            var progress = TrainingFigures.Progress(valley, evidence.Kept(RandomTeacherPart.Valley), "valley-training", "The same without batch normalization: collapse and recovery",
                "A student near its teacher begins with a gradient of rounding errors, of which the optimizer makes full steps: KL jumps, the rank collapses, and both recover.");
            yield return RankWarning.On(progress, Probed.Of(runs, RandomTeacherPart.Valley, PartNames.Of(RandomTeacherPart.Valley)));
            if (TrackingFigures.Of(evidence, RandomTeacherPart.Valley, "valley-tracking", "Layers, gradient and embeddings without batch normalization") is { } followed)
                yield return followed;
        }

        if (evidence.Locality is { } locality)
        {
            yield return RankWarning.On(ProbeFigures.Sweep(
                locality, "locality", "Starts farther and farther from the teacher", new Axis("distance α of the start", Min: 0, Max: 1),
                [.. locality.Config.Locality.Alphas.Select(alpha => (alpha, Parts.RandomTeacherParts.Alpha(alpha)))]), locality);
        }

        if (evidence.Sizes is { } sizes)
        {
            yield return RankWarning.On(ProbeFigures.Sweep(
                sizes, "sizes", "More and more images, the same number of steps", new Axis("images", Logarithmic: true),
                [.. sizes.Config.Sizes.Images.Select(images => ((double)images, FormattableString.Invariant($"{images}")))]), sizes);
        }

        if (evidence.Transfer is { } transfer)
            yield return RankWarning.On(ComparisonFigures.Transfer(transfer), transfer);
        if (evidence.Restart is { } restart && evidence.Again is { } again)
            yield return RankWarning.On(ComparisonFigures.Restart(restart, again), restart, again);
        if (evidence.Outputs is { } outputs)
        {
            yield return RankWarning.On(ProbeFigures.Sweep(
                outputs, "outputs", "Fewer and more outputs of the head", new Axis("outputs m; the dashed line stands at the bottleneck k", Logarithmic: true),
                [.. outputs.Config.Outputs.Outputs.Select(m => ((double)m, FormattableString.Invariant($"{m}")))], outputs.Config.Network.Bottleneck), outputs);
        }

        if (evidence.Architectures is { } architectures)
            yield return RankWarning.On(ProbeFigures.Categories(architectures, "architectures", "Other encoders", architectures.Config.Architectures.Encoders), architectures);
        if (evidence.Bottlenecks is { } bottlenecks)
            yield return RankWarning.On(ProbeFigures.Categories(bottlenecks, "bottlenecks", "Other ends of the head", bottlenecks.Config.Bottlenecks.Shapes), bottlenecks);
        if (evidence.Errors is { } errors)
            yield return SupervisedFigures.Errors(errors.Rows);
        if (evidence.Lines is { } lines)
            yield return SupervisedFigures.Lines(lines.Rows);
        if (evidence.Tickets is { } tickets)
            yield return SupervisedFigures.Tickets(tickets.Seeds);
        if (evidence.Controls is { } controls)
            yield return RankWarning.On(ControlFigures.Gains(controls), controls);
        if (evidence.Audits is { } audits)
            yield return ControlFigures.Audit(audits.Rows);
        if (evidence.Targets is { } targets)
        {
            var gains = ProbeFigures.Categories(targets, "targets", "Other targets beside the outputs of a random teacher (images)", [.. Parts.RandomTeacherParts.Of(targets.Config, RandomTeacherPart.Targets).ConditionNames]);
            yield return RankWarning.On(gains, targets);
        }

        if (evidence.ByLayer is { } layers)
            yield return LayerFigures.Layers(layers.Rows, evidence.Layers);
        if (evidence.Ladder is { } ladder)
        {
            yield return RankWarning.On(LadderFigures.Accuracies(ladder), ladder);
            yield return LadderFigures.Table(ladder);
        }
    }
}
