using System.Text.Json;
using Understudy.Engine;
using Understudy.Learning.Distillation;
using Understudy.Learning.Networks;
using Understudy.Learning.SelfDistillation;
using Understudy.Learning.Training;
using Understudy.Studies.Parts;

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

    /// <summary>Whether bottlenecks are compared, not outputs.</summary>
    internal static bool IsCosine(RandomTeacherConfig config, LadderRung rung) => rung < LadderRung.RandomTeacher && config.Ladder.Objective == ViewObjective.Cosine;

    /// <summary>The predictor of a rung's students; null for none.</summary>
    internal static LayeredNetwork? Predictor(RandomTeacherConfig config, LadderRung rung, ProjectedEncoder network)
        => IsCosine(config, rung) && config.Ladder.Predictor.Count > 0 ? ViewPredictor.Of(network.Bottleneck, config.Ladder.Predictor) : null;

    /// <summary>What becomes of the teacher of a rung.</summary>
    internal static TeacherMotion Teacher(LadderConfig ladder, LadderRung rung)
    {
        if (rung > LadderRung.Dino)
            return TeacherMotion.Frozen;
        if (ladder.CopyEpochs > 0)
            return new CopiedTeacher(ladder.CopyEpochs);
        var momentum = Schedule.Parse(ladder.TeacherMomentum);
        return momentum.Equals(Schedule.Constant(0)) ? TeacherMotion.Itself : new AveragedTeacher(momentum);
    }

    /// <summary>Multiplications and additions of one step of one student, with its teacher, which does not see small views; a student that is its own teacher by the statistics of the batch passes once.</summary>
    internal static double Operations(RandomTeacherConfig config, LadderRung rung, ProjectedEncoder network)
    {
        double OfImage(ProjectedEncoder of) => of.MultiplyAdds - (IsCosine(config, rung) ? of.TailMultiplyAdds : 0);
        var (views, small) = (Views(config, rung), SmallViews(config, rung));
        var passes = Teacher(config.Ladder, rung) is OwnTeacher && config.Ladder.TeacherStatistics == TeacherStatistics.Batch ? 3 : 4;
        var ofSmall = small > 0 ? small * 3 * OfImage(network.On(SmallImage(config))) : 0;
        var ofPredictor = Predictor(config, rung, network) is { } predictor ? (views + small) * 3 * predictor.MultiplyAdds : 0;
        return 2.0 * config.Training.Batch * ((views * passes * OfImage(network)) + ofSmall + ofPredictor);
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
            Precision = training.Precision.ToType(),
            Convolution = training.Convolution,
            LearningRate = Schedule.Parse(training.LearningRate),
            TeacherTemperature = Schedule.Constant(training.TeacherTemperature),
            StudentTemperature = Schedule.Constant(training.StudentTemperature),
            Optimizer = Distillation.Optimizer(training),
        };
        if (rung == LadderRung.RandomTeacher)
            return plain;
        var isCosine = IsCosine(config, rung);
        return plain with
        {
            LearningRate = Schedule.Parse(ladder.LearningRate.Length > 0 ? ladder.LearningRate : training.LearningRate),
            Optimizer = plain.Optimizer with { Decayed = DecayedParameters.Weights, ClipNorm = ladder.ClipNorm },
            WeightDecay = Schedule.Parse(ladder.WeightDecay),
            Objective = ladder.Objective,
            Predictor = ladder.Predictor,
            CenterMomentum = isCosine ? null : ladder.CenterMomentum,
            TeacherTemperature = isCosine ? Schedule.Constant(1) : Schedule.Parse(ladder.TeacherTemperature),
            StudentTemperature = isCosine ? Schedule.Constant(1) : Schedule.Parse(ladder.StudentTemperature),
            LastLayerFrozenEpochs = isCosine ? 0 : ladder.LastLayerFrozen,
            Views = Views(config, rung),
            SmallViews = SmallViews(config, rung),
            SmallView = SmallViews(config, rung) > 0 ? Small(config, pictures) : null,
            Pairing = rung < LadderRung.SingleView ? ladder.Pairing : ViewPairing.Same,
            View = rung < LadderRung.PlainImages ? View(config, pictures) : null,
            Teacher = Teacher(ladder, rung),
            TeacherStatistics = rung == LadderRung.Dino ? ladder.TeacherStatistics : TeacherStatistics.Start,
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
