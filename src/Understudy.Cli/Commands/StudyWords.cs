using Understudy.Lab;
using Understudy.Lab.Configuration;

namespace Understudy.Cli.Commands;

/// <summary>What stands after the name of a study on the command line.</summary>
internal static class StudyWords
{
    /// <summary>Presets and assignments as they were written, and the file of settings.</summary>
    internal static (IReadOnlyList<string> Words, string? File) Arguments(Invocation invocation, Flags flags)
    {
        var preset = invocation.Value(flags.Preset);
        return ([.. preset is null ? [] : new[] { "@" + preset.TrimStart('@') }, .. invocation.Words.Skip(1)], invocation.Value(flags.Config));
    }

    /// <summary>Study names first, then presets and settings.</summary>
    internal static IEnumerable<string> Continue(Surroundings surroundings, IReadOnlyList<string> words)
    {
        if (words.Count == 0)
            return surroundings.Studies.Select(study => study.Card.Name);
        return surroundings.Studies.FirstOrDefault(study => study.Card.Name == words[0]) is { } study
            ? Presets.Names(study).Select(name => "@" + name).Concat(Setting.Tree(study).All().Where(setting => !setting.IsSection).Select(setting => setting.Path + "="))
            : [];
    }

    /// <summary>What a preset says about itself: the comment in its first lines.</summary>
    internal static string Remark(IStudy study, string preset)
        => Presets.Names(study).Contains(preset)
            ? string.Join(' ', Presets.Text(study, preset).Split('\n').TakeWhile(line => line.StartsWith('#')).Select(line => line.TrimStart('#').Trim())).Trim()
            : "";
}
