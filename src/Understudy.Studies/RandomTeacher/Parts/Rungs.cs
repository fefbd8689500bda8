using System.Text.Json;
using Understudy.Engine;
using Understudy.Learning.Distillation;
using Understudy.Learning.SelfDistillation;
using Understudy.Learning.Training;

namespace Understudy.Studies.RandomTeacher.Parts;

/// <summary>What the rungs of the ladder are.</summary>
internal static class Rungs
{
    /// <summary>Rows of images that are blurred where nothing else is said.</summary>
    private const int BlurredRows = 64;

    // DINO's for small views
    private const double SmallBlur = 0.5;

    /// <summary>The word of a rung.</summary>
    internal static string Name(LadderRung rung) => JsonNamingPolicy.KebabCaseLower.ConvertName(rung.ToString());

    /// <summary>Views of an image in a step of a rung.</summary>
    internal static int Views(RandomTeacherConfig config, LadderRung rung) => rung < LadderRung.SingleView ? config.Ladder.Views : 1;

    /// <summary>Whether views are blurred.</summary>
    internal static bool IsBlurred(RandomTeacherConfig config) => config.Ladder.Blur ?? Pictures.Shape(config.Data)[0] >= BlurredRows;

    /// <summary>Small views of an image in a step of a rung.</summary>
    internal static int SmallViews(RandomTeacherConfig config, LadderRung rung) => rung < LadderRung.SingleView ? config.Ladder.SmallViews : 0;

    /// <summary>The shape of a small view.</summary>
    internal static Shape SmallImage(RandomTeacherConfig config)
    {
        var image = Pictures.Shape(config.Data);
        var extent = config.Ladder.SmallSize ?? Math.Max(1, image[0] / 2);
        return new Shape(extent, extent, image[2]);
    }

    /// <summary>Multiplications and additions of one step of one student, with its teacher, which does not see small views.</summary>
    internal static double Operations(RandomTeacherConfig config, LadderRung rung, ProjectedEncoder network)
    {
        var small = SmallViews(config, rung) is > 0 and var views ? views * 3 * network.On(SmallImage(config)).MultiplyAdds : 0;
        return 2.0 * config.Training.Batch * ((Views(config, rung) * 4 * network.MultiplyAdds) + small);
    }

    /// <summary>How a rung is trained.</summary>
    internal static ViewDistillationOptions Options(RandomTeacherConfig config, LadderRung rung, ProjectedEncoder network, Pictures pictures)
    {
        var (ladder, training) = (config.Ladder, config.Training);
        var plain = new ViewDistillationOptions
        {
            Student = network,
            Steps = training.Steps,
            Batch = training.Batch,
            Replicas = config.Seeds,
            Convolution = training.Convolution,
            LearningRate = Schedule.Parse(training.LearningRate),
            TeacherTemperature = Schedule.Constant(training.TeacherTemperature),
            StudentTemperature = Schedule.Constant(training.StudentTemperature),
            Optimizer = Distillation.Optimizer(training),
        };
        if (rung == LadderRung.RandomTeacher)
            return plain;
        var moves = rung == LadderRung.Dino;
        return plain with
        {
            LearningRate = Schedule.Parse(ladder.LearningRate.Length > 0 ? ladder.LearningRate : training.LearningRate),
            Optimizer = plain.Optimizer with { Decayed = DecayedParameters.Weights, ClipNorm = ladder.ClipNorm },
            WeightDecay = Schedule.Parse(ladder.WeightDecay),
            CenterMomentum = ladder.CenterMomentum,
            TeacherTemperature = Schedule.Parse(ladder.TeacherTemperature),
            StudentTemperature = Schedule.Parse(ladder.StudentTemperature),
            LastLayerFrozenEpochs = ladder.LastLayerFrozen,
            Views = Views(config, rung),
            SmallViews = SmallViews(config, rung),
            SmallView = SmallViews(config, rung) > 0 ? Small(config, pictures) : null,
            Pairing = rung < LadderRung.SingleView ? ladder.Pairing : ViewPairing.Same,
            View = rung < LadderRung.PlainImages ? View(config, pictures) : null,
            Teacher = !moves ? TeacherMotion.Frozen : ladder.CopyEpochs > 0 ? new CopiedTeacher(ladder.CopyEpochs) : new AveragedTeacher(Schedule.Parse(ladder.TeacherMomentum)),
            TeacherStatistics = moves ? ladder.TeacherStatistics : TeacherStatistics.Start,
        };
    }

    private static RandomView View(RandomTeacherConfig config, Pictures pictures)
    {
        var ladder = config.Ladder;
        return new RandomView
        {
            Image = pictures.Image,
            SmallestCrop = ladder.SmallestCrop,
            LargestCrop = ladder.LargestCrop,
            IsMirrored = ladder.Mirror,
            Shift = ladder.Shift,
            Color = ladder.Colors ? new ColorJitter { Means = pictures.Means, Deviations = pictures.Deviations } : null,
            Blur = IsBlurred(config) ? new GaussianBlur() : null,
        };
    }

    private static RandomView Small(RandomTeacherConfig config, Pictures pictures) => View(config, pictures) with
    {
        Size = SmallImage(config),
        SmallestCrop = config.Ladder.SmallestSmallCrop,
        LargestCrop = config.Ladder.LargestSmallCrop,
        Shift = 0,
        Blur = IsBlurred(config) ? new GaussianBlur { Probabilities = [SmallBlur] } : null,
    };
}
