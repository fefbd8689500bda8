using Understudy.Learning.SelfDistillation;
using Understudy.Learning.Training;
using Understudy.Studies.RandomTeacher.Parts;
using static System.FormattableString;

namespace Understudy.Studies.RandomTeacher.Drawing;

/// <summary>What the first rung of a ladder has, and what each of the others takes away, by its settings.</summary>
internal static class RungSentences
{
    /// <summary>A sentence per rung.</summary>
    internal static IEnumerable<string> Of(RandomTeacherConfig config)
    {
        string[]? above = null;
        foreach (var rung in config.Ladder.Rungs)
        {
            string[] own = [.. Has(config, rung)];
            var name = Rungs.Name(rung);
            yield return Sentence(char.ToUpperInvariant(name[0]) + name[1..], above is null ? [] : [.. above.Except(own)], [.. own.Except(above ?? [])]);
            above = own;
        }
    }

    private static string Sentence(string rung, string[] lost, string[] gained)
    {
        var has = gained.Length == 0 ? "" : $"has {List(gained)}";
        return lost.Length == 0 ? $"{rung} {has}." : has.Length == 0 ? $"{rung} takes away {List(lost)}." : $"{rung} takes away {List(lost)}, and {has}.";
    }

    private static IEnumerable<string> Has(RandomTeacherConfig config, LadderRung rung)
    {
        var (ladder, training) = (config.Ladder, config.Training);
        yield return Rungs.Teacher(ladder, rung) switch
        {
            FrozenTeacher => "a teacher that stays as it was drawn, in evaluation mode",
            CopiedTeacher copied => Invariant($"a teacher that becomes its student every {(copied.Epochs == 1 ? "epoch" : Epochs(copied.Epochs))}"),
            OwnTeacher => "the student itself as its teacher, without a gradient",
            _ => "a teacher that is the moving average of its student",
        };
        yield return Rungs.Views(config, rung) is > 1 and var views ? Invariant($"{views} views of an image{Small(config, rung)} ({Pairs(ladder.Pairing)})") : "one view, which teacher and student both see";
        foreach (var change in rung < LadderRung.PlainImages ? Augmentation(config) : [])
            yield return change;
        var (isStudy, isCosine) = (rung == LadderRung.RandomTeacher, Rungs.IsCosine(config, rung));
        if (ladder.Objective == ViewObjective.Cosine)
            yield return isCosine ? "the cosine of bottlenecks" : "the cross-entropy of outputs";
        if (isCosine && ladder.Predictor.Count > 0)
            yield return $"a predictor of {string.Join(" and ", ladder.Predictor)} hidden nodes";
        if (!isStudy && !isCosine)
            yield return "centring";
        if (!isCosine)
            yield return Temperatures(isStudy ? Schedule.Constant(training.TeacherTemperature) : Schedule.Parse(ladder.TeacherTemperature), isStudy ? Schedule.Constant(training.StudentTemperature) : Schedule.Parse(ladder.StudentTemperature));
        if ((isStudy ? Schedule.Constant(training.WeightDecay) : Schedule.Parse(ladder.WeightDecay)) is var decay && !decay.Equals(Schedule.Constant(0)))
            yield return $"weight decay of {decay}{((isStudy ? training.Decayed : DecayedParameters.Weights) == DecayedParameters.Weights ? " on matrices and kernels" : "")}";
        if ((isStudy ? training.ClipNorm : ladder.ClipNorm) is > 0 and var longest)
            yield return Invariant($"gradients no longer than {longest}");
        if (!isStudy && !isCosine && ladder.LastLayerFrozen > 0)
            yield return $"a last layer that is frozen for {Epochs(ladder.LastLayerFrozen)}";
        if (ladder.LearningRate.Length > 0)
            yield return $"the learning rate {Schedule.Parse(isStudy ? training.LearningRate : ladder.LearningRate)}";
    }

    private static string Small(RandomTeacherConfig config, LadderRung rung)
        => Rungs.SmallViews(config, rung) is > 0 and var views ? Invariant($" and {views} small ones, which the student alone sees") : "";

    private static IEnumerable<string> Augmentation(RandomTeacherConfig config)
    {
        var ladder = config.Ladder;
        if (ladder.SmallestCrop < 1)
            yield return "crops";
        if (ladder.Mirror)
            yield return "mirroring";
        if (ladder.Shift > 0)
            yield return "shifts";
        if (ladder.Colors)
            yield return "changes of color";
        if (Rungs.IsBlurred(config))
            yield return "blur";
    }

    private static string Temperatures(Schedule teacher, Schedule student)
        => teacher.Equals(student) ? $"temperatures of {teacher}" : $"temperatures of {teacher} for the teacher and {student} for the student";

    private static string Pairs(ViewPairing pairing) => pairing switch
    {
        ViewPairing.Opposite => "each compared with the others",
        ViewPairing.All => "each compared with all",
        _ => "each compared with itself",
    };

    private static string Epochs(double count) => Invariant($"{count} {(count.Equals(1) ? "epoch" : "epochs")}");

    private static string List(string[] items) => items.Length == 1 ? items[0] : $"{string.Join(", ", items[..^1])} and {items[^1]}";
}
