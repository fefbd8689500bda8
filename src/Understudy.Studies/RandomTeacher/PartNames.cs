using System.Text.Json;

namespace Understudy.Studies.RandomTeacher;

/// <summary>The parts' words in settings, tables and checkpoints.</summary>
internal static class PartNames
{
    internal const string Images = "images";
    internal const string Noise = "noise";
    internal const string Far = "far";
    internal const string Permuted = "permuted";
    internal const string Teacher = "teacher";

    /// <summary>Behind the word of a student: where it started.</summary>
    internal const string Start = "-start";

    /// <summary>The second round of part restart.</summary>
    internal const string Again = "restart-again";

    /// <summary>The supervised trainings that follow a part's distillation.</summary>
    internal static string Supervised(RandomTeacherPart part) => $"{Of(part)}-supervised";

    /// <summary>The word of a moment.</summary>
    internal static string Of(StudentMoment moment) => JsonNamingPolicy.KebabCaseLower.ConvertName(moment.ToString());

    /// <summary>The word of a student at a moment: at its end its own, before it with the moment behind, such as <c>images-best</c>.</summary>
    internal static string At(string student, StudentMoment moment) => moment == StudentMoment.Last ? student : $"{student}-{Of(moment)}";

    /// <summary>The word of a part.</summary>
    internal static string Of(RandomTeacherPart part) => JsonNamingPolicy.KebabCaseLower.ConvertName(part.ToString());

    /// <summary>The table of the probes of a part, or of one of its rounds.</summary>
    internal static string Probes(string part) => $"{part}.probes";

    /// <summary>The table of the same probes on training images that were held out.</summary>
    internal static string Validation(string part) => $"{part}.validation";

    /// <summary>The table of students that were kept before the end of their training.</summary>
    internal static string Kept(string part) => $"{part}.kept";

    /// <summary>The table of a training.</summary>
    internal static string Training(string part) => $"{part}.training";
}
