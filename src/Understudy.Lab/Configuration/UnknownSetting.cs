namespace Understudy.Lab.Configuration;

/// <summary>Messages about names that do not exist, with the nearest that does.</summary>
internal static class UnknownSetting
{
    internal static ConfigException At(IStudy study, Setting settings, string path)
    {
        var section = settings;
        var keys = path.Split('.');
        var known = 0;
        while (known < keys.Length - 1 && section.Find(keys[known]) is { } next && Below(section, keys[known]))
        {
            section = next;
            known++;
        }
        var name = study.Card.Name;
        if (!section.IsSection)
            return new ConfigException($"{path} is not a setting of {name}; {section.Path} is a value and has none below it\n  see: understudy show {name} {section.Path}");
        var prefix = section.Path.Length == 0 ? "" : section.Path + ".";
        var rest = known + 1 < keys.Length ? "." + string.Join('.', keys[(known + 1)..]) : "";
        var near = NearestName.Of(keys[known], section.Settings.Select(setting => setting.Name)) is { } nearest && settings.Find(prefix + nearest + rest) is not null
            ? $"; did you mean {prefix}{nearest}{rest}?"
            : "";
        var place = section.Path.Length == 0 ? "settings" : $"settings in {section.Path}";
        return new ConfigException(
            $"{path} is not a setting of {name}{near}\n  {place}: {Names(section)}\n  see: understudy show {name}{(section.Path.Length == 0 ? "" : " " + section.Path)}");

        static bool Below(Setting section, string key) => section.Settings.Any(setting => setting.Name == key);
    }

    internal static string Names(Setting section) => string.Join(", ", section.Settings.Select(setting => setting.Name));
}
