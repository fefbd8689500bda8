namespace Understudy.Studies.RandomTeacher;

/// <summary>What random numbers are for.</summary>
internal static class Purposes
{
    internal const string Teacher = "random-teacher/teacher";
    internal const string Fresh = "random-teacher/fresh";
    internal const string Batches = "random-teacher/batches";
    internal const string Noise = "random-teacher/noise";
    internal const string Classifier = "random-teacher/classifier";
    internal const string Order = "random-teacher/order";
    internal const string Folder = "random-teacher/folder";
    internal const string Permutation = "random-teacher/permutation";
    internal const string Shuffle = "random-teacher/shuffle";
    internal const string Labels = "random-teacher/labels";
    internal const string Logits = "random-teacher/logits";
    internal const string Kick = "random-teacher/kick";
    internal const string Plane = "random-teacher/plane";
}
