namespace Understudy.Studies.Specialization;

/// <summary>The purposes of this study's random numbers.</summary>
/// <remarks>
/// One seed uses the same numbers of a purpose in every cell of a grid, so that comparisons over r, p, N and kind of data are
/// paired: the same teacher directions, the same beginning of the data, the same initial students and the same batches.
/// </remarks>
internal static class Purposes
{
    internal const string TeacherHidden = "teacher/hidden";
    internal const string TeacherOutput = "teacher/output";
    internal const string StudentInit = "student/init";
    internal const string TrainingInputs = "data/train";
    internal const string EvaluationInputs = "data/evaluation";
    internal const string BoundaryPoints = "data/boundary";
    internal const string BoundaryDistances = "data/boundary-distance";
    internal const string LabelNoise = "data/noise";
    internal const string Basis = "data/basis";
    internal const string Subspace = "data/subspace";
    internal const string SampleChoice = "data/choice";
    internal const string Batches = "batch";
    internal const string LuckyTeacher = "lucky/teacher";
    internal const string LuckyStudent = "lucky/student";
    internal const string LuckyNoise = "lucky/noise";
    internal const string LayerTeacher = "multi-layer/teacher";
    internal const string LayerTeacherBias = "multi-layer/teacher-bias";
    internal const string LayerStudent = "multi-layer/student";
    internal const string LayerNoise = "multi-layer/noise";
    internal const string LayerLabelNoise = "multi-layer/label-noise";
    internal const string ImageChoice = "images/choice";
    internal const string Augmentation = "/augmentation";
    internal const string ChannelTeacher = "images/teacher";
    internal const string ChannelStudent = "images/student";
    internal const string TeacherBatches = "images/teacher-batch";
    internal const string FineTuningBatches = "images/fine-tuning-batch";
}
