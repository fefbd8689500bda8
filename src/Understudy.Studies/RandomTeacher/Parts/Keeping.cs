using Understudy.Data.Formats;
using Understudy.Lab.Runs;
using Understudy.Learning.Networks;

namespace Understudy.Studies.RandomTeacher.Parts;

/// <summary>The networks that a part leaves among the arrays of a run: encoders in files of their own, so that they can be taken away, and beside them what follow-ups need to have the whole student again.</summary>
/// <remarks>Of a teacher its encoder alone: its head is drawn from the seed again.</remarks>
internal static class Keeping
{
    /// <summary>The array of a student's encoder, with the statistics of its normalizations.</summary>
    internal static string Student(string part, string condition, int seed) => $"{part}.student-{condition}-{seed}";

    /// <summary>The array of a student's head.</summary>
    internal static string Head(string part, string condition, int seed) => $"{part}.head-{condition}-{seed}";

    /// <summary>The array of a teacher's encoder.</summary>
    internal static string Teacher(string part, int seed) => $"{part}.teacher-{seed}";

    /// <summary>The array of the moments of the images.</summary>
    internal static string Images(string part) => $"{part}.images";

    /// <summary>Writes a student.</summary>
    internal static void Save(string part, Student student, long step, RunContext run)
    {
        var (network, parameters) = (student.Network, student.Parameters());
        run.Save(Student(part, student.Condition.Name, student.Seed), step, NetworkTensors.Of(network.Encoder, network.EncoderPart(parameters), student.Statistics()));
        run.Save(Head(part, student.Condition.Name, student.Seed), step, [.. network.Layout.Slots.Skip(network.Encoder.Layout.Slots.Count)
            .Select(slot => StudentTensors.Tensor(slot.Name, slot.Of<double>(parameters).ToArray(), student.Plan.Precision, slot.Shape.Extents.ToArray()))]);
    }

    /// <summary>Writes the encoder of a student's teacher.</summary>
    internal static void SaveTeacher(string part, Student student, long step, RunContext run)
        => run.Save(Teacher(part, student.Seed), step, NetworkTensors.Of(student.Network.Encoder, student.Network.EncoderPart(student.Teacher)));

    /// <summary>Writes what images are brought to mean 0 and deviation 1 with.</summary>
    internal static void SaveImages(string part, Pictures pictures, long step, RunContext run)
        => run.Save(Images(part), step, [Tensor.Of("means", [.. pictures.Means], pictures.Means.Count), Tensor.Of("deviations", [.. pictures.Deviations], pictures.Deviations.Count)]);
}
