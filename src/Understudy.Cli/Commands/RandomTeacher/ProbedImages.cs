using Understudy.Studies.RandomTeacher;
using Understudy.Studies.RandomTeacher.FollowUps;

namespace Understudy.Cli.Commands.RandomTeacher;

/// <summary>The images that encoders are probed on: a named set, which is fetched where it is wanted, or a folder.</summary>
internal static class ProbedImages
{
    /// <summary>What the flags say.</summary>
    /// <param name="invocation">The flags' values.</param>
    /// <param name="flags">The flags.</param>
    /// <param name="config">The settings of the run.</param>
    /// <param name="usual">The set where none was given.</param>
    internal static ImagesConfig Of(Invocation invocation, FollowUpFlags flags, RandomTeacherConfig config, ImageSource usual)
    {
        var data = invocation.Value(flags.Data);
        var isFolder = data is not null && Directory.Exists(data);
        var set = isFolder ? ImageSource.Folder : FollowUpFlags.Choice(invocation, flags.Data, usual, [.. Enum.GetValues<ImageSource>().Where(each => each != ImageSource.Folder)], ", or a folder that is there");
        var images = ProbeFollowUp.Images(config, set, isFolder ? data! : "", FollowUpFlags.Count(invocation, flags.Train, 1), FollowUpFlags.Count(invocation, flags.Test, 1));
        DataSets.Ensure(invocation, ProbeFollowUp.Needs(images), yes: false);
        return images;
    }
}
