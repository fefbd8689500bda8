using Understudy.Lab.Runs;
using Understudy.Studies.Parts;

namespace Understudy.Studies.RandomTeacher.FollowUps;

/// <summary>What is done as in a part is told as a run tells it.</summary>
internal static class FollowUpProgress
{
    internal static PartProgress Of(IProgress<RunProgress>? progress) => (fraction, stage, values) => progress?.Report(new RunProgress(fraction, stage, values));
}
