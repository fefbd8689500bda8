using Understudy.Lab;
using Understudy.Lab.Configuration;

namespace Understudy.Studies.Judging;

/// <summary>How a configuration differs from the defaults, as the end of a sentence.</summary>
internal static class ChangedSettings
{
    /// <summary>Settings that are not the defaults: ", with a.b = 3, a.c = 4", or nothing.</summary>
    /// <param name="study">The study.</param>
    /// <param name="config">Its configuration.</param>
    /// <param name="isTold">Which paths the sentence has to name.</param>
    internal static string Of(IStudy study, StudyConfig config, Func<string, bool> isTold)
    {
        string[] changed = [.. ConfigJson.Differences(study, study.DefaultConfig, config).Where(item => isTold(item.Path)).Select(item => $"{item.Path} = {item.After}")];
        return changed.Length == 0 ? "" : $", with {string.Join(", ", changed)}";
    }
}
