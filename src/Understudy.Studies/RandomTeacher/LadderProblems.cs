using Understudy.Engine;
using Understudy.Learning.Distillation;
using Understudy.Learning.SelfDistillation;
using Understudy.Learning.Training;
using static System.FormattableString;

namespace Understudy.Studies.RandomTeacher;

/// <summary>What settings of part ladder do not fit together, in sentences.</summary>
internal static class LadderProblems
{
    private const int MostViews = 8;

    private const int MostSmallViews = 16;

    private const int MostPredictorLayers = 4;

    private const int MostPredictorNodes = 16_384;

    /// <summary>Up to so many steps a schedule is looked at in every one; in longer trainings evenly, and in every one of the last tenth of so many, where schedules end.</summary>
    private const int MostSteps = 200_000;

    /// <param name="config">The settings.</param>
    /// <param name="network">What they build; null where they build none, which is told elsewhere.</param>
    internal static IEnumerable<string> Of(RandomTeacherConfig config, ProjectedEncoder? network)
    {
        var ladder = config.Ladder;
        if (ladder.Rungs.Count == 0 || ladder.Rungs.Distinct().Count() != ladder.Rungs.Count)
            yield return "ladder.rungs must hold rungs, at least one, none twice.";
        else if (!ladder.Rungs.SequenceEqual(ladder.Rungs.Order()))
            yield return "ladder.rungs must go downwards, in the order dino, frozen-teacher, single-view, plain-images, random-teacher.";
        if (config.Training.Objective != DistillationObjective.CrossEntropy)
            yield return "Part ladder is about the cross-entropy of outputs: leave training.objective at cross-entropy.";
        foreach (var problem in Views(config).Concat(SmallViews(config, network)))
            yield return problem;
        if (ladder.CopyEpochs < 0)
            yield return $"ladder.copyEpochs ({ladder.CopyEpochs}) must be at least 1, or be 0 for a teacher that is an average.";
        if (!(ladder.CenterMomentum is >= 0 and < 1))
            yield return Invariant($"ladder.centerMomentum ({ladder.CenterMomentum}) must be at least 0 and below 1.");
        if (!(ladder.ClipNorm >= 0 && double.IsFinite(ladder.ClipNorm)))
            yield return Invariant($"ladder.clipNorm ({ladder.ClipNorm}) must not be negative.");
        if (!(ladder.LastLayerFrozen >= 0 && double.IsFinite(ladder.LastLayerFrozen)))
            yield return Invariant($"ladder.lastLayerFrozen ({ladder.LastLayerFrozen}) must not be negative.");
        else if (ladder is { LastLayerFrozen: > 0, Objective: ViewObjective.CrossEntropy } && network is { TailCount: 0 } && ladder.Rungs.Any(rung => rung != LadderRung.RandomTeacher))
            yield return "ladder.lastLayerFrozen must be 0: the head has no layer behind its bottleneck.";
        foreach (var problem in Objective(ladder).Concat(Schedules(config)))
            yield return problem;
    }

    private static IEnumerable<string> Objective(LadderConfig ladder)
    {
        if (ladder.Predictor.Count > MostPredictorLayers || ladder.Predictor.Any(nodes => nodes is < 1 or > MostPredictorNodes))
            yield return $"ladder.predictor must hold at most {MostPredictorLayers} numbers between 1 and {MostPredictorNodes}, or none.";
        if (ladder is { Objective: ViewObjective.CrossEntropy, Predictor.Count: > 0 })
            yield return "ladder.predictor is for ladder.objective=cosine: leave it empty for the cross-entropy.";
        if (ladder is { Objective: ViewObjective.Cosine, Pairing: ViewPairing.Same, Predictor.Count: 0, CopyEpochs: 0 } && ladder.Rungs.Contains(LadderRung.Dino) && IsItself(ladder))
            yield return "ladder.teacherMomentum=0 compares every view with itself where ladder.pairing=same and there is no predictor: take ladder.pairing=opposite, or a predictor.";
    }

    private static bool IsItself(LadderConfig ladder)
    {
        try
        {
            return Parts.Rungs.Teacher(ladder, LadderRung.Dino) is OwnTeacher;
        }
        catch (FormatException)
        {
            // told of the schedule
            return false;
        }
    }

    private static IEnumerable<string> Views(RandomTeacherConfig config)
    {
        var (ladder, data) = (config.Ladder, config.Data);
        if (ladder.Views is < 1 or > MostViews)
            yield return $"ladder.views ({ladder.Views}) must lie between 1 and {MostViews}.";
        else if (ladder is { Views: 1, Pairing: ViewPairing.Opposite } && ladder.Rungs.Any(rung => rung < LadderRung.SingleView))
            yield return "ladder.pairing=opposite needs ladder.views of at least 2.";
        else if (ladder.Views == 1 && ladder.Rungs.Contains(LadderRung.FrozenTeacher) && ladder.Rungs.Contains(LadderRung.SingleView))
            yield return "Rungs frozen-teacher and single-view are the same with one view: leave one out of ladder.rungs.";
        if (!(ladder.SmallestCrop > 0 && ladder.SmallestCrop <= ladder.LargestCrop && ladder.LargestCrop <= 1))
            yield return Invariant($"ladder.smallestCrop ({ladder.SmallestCrop}) and ladder.largestCrop ({ladder.LargestCrop}) must be above 0 and at most 1, the smallest first.");
        if (ladder.Shift < 0 || ladder.Shift > Pictures.Shape(data)[0])
            yield return $"ladder.shift ({ladder.Shift}) must lie between 0 and the rows of an image ({Pictures.Shape(data)[0]}).";
        if (ladder is { SmallestCrop: 1, Mirror: false, Shift: 0, Colors: false } && !Parts.Rungs.IsBlurred(config) && ladder.Rungs.Contains(LadderRung.SingleView) && ladder.Rungs.Contains(LadderRung.PlainImages))
            yield return "Rungs single-view and plain-images are the same without crops, mirroring, shifts, colors and blur: leave one out of ladder.rungs.";
    }

    private static IEnumerable<string> SmallViews(RandomTeacherConfig config, ProjectedEncoder? network)
    {
        var (ladder, image) = (config.Ladder, Pictures.Shape(config.Data));
        if (ladder.SmallViews is < 0 or > MostSmallViews)
            yield return $"ladder.smallViews ({ladder.SmallViews}) must lie between 0 and {MostSmallViews}.";
        if (!(ladder.SmallestSmallCrop > 0 && ladder.SmallestSmallCrop <= ladder.LargestSmallCrop && ladder.LargestSmallCrop <= 1))
            yield return Invariant($"ladder.smallestSmallCrop ({ladder.SmallestSmallCrop}) and ladder.largestSmallCrop ({ladder.LargestSmallCrop}) must be above 0 and at most 1, the smallest first.");
        if (ladder.SmallSize < 1 || ladder.SmallSize > image[0])
        {
            yield return $"ladder.smallSize ({ladder.SmallSize}) must lie between 1 and the rows of an image ({image[0]}), or be null for half of them.";
            yield break;
        }

        if (ladder.SmallViews is < 1 or > MostSmallViews || !ladder.Rungs.Any(rung => rung < LadderRung.SingleView))
            yield break;
        if (ladder.Pairing == ViewPairing.Same)
            yield return "ladder.smallViews needs ladder.pairing=opposite or all: a small view is compared with the teacher's, which are large.";
        if (network is not null && Refusal(network, Parts.Rungs.SmallImage(config)) is { } reason)
        {
            yield return $"ladder.smallViews: network.encoder ({config.Network.Encoder}) does not take views of {Parts.Rungs.SmallImage(config)} beside images of {image}: {reason} "
                + "Take an encoder that ends in a mean over the image, such as convnet-16-3 or resnet18, another ladder.smallSize, or ladder.smallViews=0.";
        }
    }

    /// <summary>Why a network does not take images of another shape; null where it does.</summary>
    private static string? Refusal(ProjectedEncoder network, Shape image)
    {
        try
        {
            network.On(image);
            return null;
        }
        catch (ShapeException problem)
        {
            return problem.Message;
        }
    }

    private static IEnumerable<string> Schedules(RandomTeacherConfig config)
    {
        var ladder = config.Ladder;
        foreach (var (name, text, range, isRight) in new (string, string, string, Func<double, bool>)[]
        {
            ("teacherMomentum", ladder.TeacherMomentum, "lie between 0 and 1", value => value is >= 0 and <= 1),
            ("teacherTemperature", ladder.TeacherTemperature, "be positive", value => value > 0),
            ("studentTemperature", ladder.StudentTemperature, "be positive", value => value > 0),
            ("weightDecay", ladder.WeightDecay, "not be negative", value => value >= 0),
            ("learningRate", ladder.LearningRate.Length == 0 ? "0" : ladder.LearningRate, "not be negative", value => value >= 0),
        })
        {
            if (Wrong(text, config, isRight) is { } problem)
                yield return $"ladder.{name}{(problem.Length > 0 ? $": {problem}" : $" ({text}) must {range} at every step.")}";
        }
    }

    /// <summary>What is wrong with the text of a schedule; empty where one of its values is.</summary>
    private static string? Wrong(string text, RandomTeacherConfig config, Func<double, bool> isRight)
    {
        try
        {
            var course = Schedule.Parse(text).Over(config.Training.Steps, config.Data.Train / config.Training.Batch);
            long steps = config.Training.Steps, stride = 1 + (steps / MostSteps);
            for (var step = 0L; step < steps; step += steps - step <= MostSteps / 10 ? 1 : stride)
            {
                if (!isRight(course.At(step)))
                    return "";
            }

            return null;
        }
        catch (FormatException problem)
        {
            return problem.Message;
        }
    }
}
