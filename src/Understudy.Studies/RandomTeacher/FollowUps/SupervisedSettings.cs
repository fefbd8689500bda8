namespace Understudy.Studies.RandomTeacher.FollowUps;

/// <summary>Settings of supervised trainings that start from kept students.</summary>
internal static class SupervisedSettings
{
    /// <summary>A training with no more images than a run has.</summary>
    internal static SupervisedConfig Fitting(SupervisedConfig training, RandomTeacherConfig config)
    {
        var images = Math.Min(training.Images, config.Data.Train);
        return training with { Images = images, Batch = Math.Min(training.Batch, images) };
    }

    /// <summary>Refuses what a run with these settings would refuse, in its words.</summary>
    /// <exception cref="FollowUpException">They do not fit together.</exception>
    internal static void Require(RandomTeacherConfig config)
    {
        if (config.Problems().FirstOrDefault() is { } problem)
            throw new FollowUpException($"{problem.TrimEnd('.')}\n  see: understudy help random-teacher");
    }
}
