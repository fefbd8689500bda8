namespace Understudy.Lab.Configuration;

/// <summary>Messages about names that do not exist, with the nearest that does.</summary>
internal static class UnknownSetting
{
    private const int FarthestSuggestion = 2;

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
        var near = Nearest(keys[known], section.Settings.Select(setting => setting.Name)) is { } nearest && settings.Find(prefix + nearest + rest) is not null
            ? $"; did you mean {prefix}{nearest}{rest}?"
            : "";
        var place = section.Path.Length == 0 ? "settings" : $"settings in {section.Path}";
        return new ConfigException(
            $"{path} is not a setting of {name}{near}\n  {place}: {Names(section)}\n  see: understudy show {name}{(section.Path.Length == 0 ? "" : " " + section.Path)}");

        static bool Below(Setting section, string key) => section.Settings.Any(setting => setting.Name == key);
    }

    internal static string Names(Setting section) => string.Join(", ", section.Settings.Select(setting => setting.Name));

    /// <summary>The nearest of several names, or null where none is within an edit distance of 2; the first of equals.</summary>
    internal static string? Nearest(string name, IEnumerable<string> names)
        => names.Select(candidate => (candidate, distance: EditDistance(name, candidate)))
            .Where(item => item.distance <= FarthestSuggestion && item.distance < item.candidate.Length)
            .OrderBy(item => item.distance).Select(item => item.candidate).FirstOrDefault();

    /// <summary>Insertions, deletions, substitutions and swaps of neighbours that turn one word into the other; case counts as nothing.</summary>
    internal static int EditDistance(string from, string to)
    {
        var (a, b) = (from.ToUpperInvariant(), to.ToUpperInvariant());
        var table = new int[a.Length + 1, b.Length + 1];
        for (var i = 0; i <= a.Length; i++)
            table[i, 0] = i;
        for (var j = 0; j <= b.Length; j++)
            table[0, j] = j;
        for (var i = 1; i <= a.Length; i++)
        {
            for (var j = 1; j <= b.Length; j++)
            {
                var change = table[i - 1, j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1);
                table[i, j] = Math.Min(change, Math.Min(table[i - 1, j], table[i, j - 1]) + 1);
                if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
                    table[i, j] = Math.Min(table[i, j], table[i - 2, j - 2] + 1);
            }
        }
        return table[a.Length, b.Length];
    }
}
