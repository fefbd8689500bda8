using Understudy.Data.Formats;
using Understudy.Lab.Runs;
using Understudy.Learning.Networks;
using Understudy.Learning.Networks.Layers;

namespace Understudy.Studies.RandomTeacher.Parts;

/// <summary>The networks that a part leaves among the arrays of a run: encoders in files of their own, so that they can be taken away, and beside them what follow-ups need to have the whole student again.</summary>
/// <remarks>Of a teacher its encoder alone: its head is drawn from the seed again.</remarks>
internal static class Keeping
{
    /// <summary>The array of a student's encoder, with the statistics of its normalizations, by its word.</summary>
    internal static string Student(string part, string word, int seed) => $"{part}.student-{word}-{seed}";

    /// <summary>The array of a student's head.</summary>
    internal static string Head(string part, string word, int seed) => $"{part}.head-{word}-{seed}";

    /// <summary>The array of a teacher's encoder.</summary>
    internal static string Teacher(string part, int seed) => $"{part}.teacher-{seed}";

    /// <summary>The array of the moments of the images.</summary>
    internal static string Images(string part) => $"{part}.images";

    /// <summary>Writes a student as it is, and as it was at the moments that are kept, under the words of <see cref="PartNames.At"/>.</summary>
    internal static void Save(string part, Student student, long step, RunContext run)
    {
        Save(part, student.Condition.Name, student, student.Parameters(), student.Statistics(), step, run);
        foreach (var copy in student.Moments?.Copies ?? [])
            Save(part, PartNames.At(student.Condition.Name, copy.Moment), student, copy.Parameters(), copy.Statistics, step, run);
        Record(part, student, step, run);
    }

    /// <summary>Records which moments of a student there are.</summary>
    internal static void Record(string part, Student student, long step, RunContext run)
    {
        foreach (var copy in student.Moments?.Copies ?? [])
            run.Record(PartNames.Kept(part), new KeptRow(student.Seed, step, student.Condition.Name, copy.Moment, copy.TrainingSteps, copy.Value));
    }

    private static void Save(string part, string word, Student student, double[] parameters, IReadOnlyList<ChannelStatistics> statistics, long step, RunContext run)
    {
        var network = student.Network;
        run.Save(Student(part, word, student.Seed), step, NetworkTensors.Of(network.Encoder, network.EncoderPart(parameters), network.EncoderPart(statistics)));
        run.Save(Head(part, word, student.Seed), step,
        [
            .. network.Layout.Slots.Skip(network.Encoder.Layout.Slots.Count).Select(slot => StudentTensors.Tensor(slot.Name, slot.Of<double>(parameters).ToArray(), student.Plan.Precision, slot.Shape.Extents.ToArray())),
            .. NetworkTensors.Of(network.HeadPart(statistics)),
        ]);
    }

    /// <summary>Writes the encoder of a student's teacher.</summary>
    internal static void SaveTeacher(string part, Student student, long step, RunContext run)
        => run.Save(Teacher(part, student.Seed), step, NetworkTensors.Of(student.Network.Encoder, student.Network.EncoderPart(student.Teacher)));

    /// <summary>Writes what images are brought to mean 0 and deviation 1 with.</summary>
    internal static void SaveImages(string part, Pictures pictures, long step, RunContext run)
        => run.Save(Images(part), step, [Tensor.Of("means", [.. pictures.Means], pictures.Means.Count), Tensor.Of("deviations", [.. pictures.Deviations], pictures.Deviations.Count)]);
}
