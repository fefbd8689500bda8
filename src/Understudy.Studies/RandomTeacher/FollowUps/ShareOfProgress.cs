namespace Understudy.Studies.RandomTeacher.FollowUps;

/// <summary>Progress of a part of the work as progress of the whole.</summary>
internal sealed class ShareOfProgress(IProgress<double>? whole, double from, double to) : IProgress<double>
{
    public void Report(double value) => whole?.Report(from + ((to - from) * value));
}
