using System.Globalization;
using Understudy.Lab.Runs;

namespace Understudy.Cli.Output;

/// <summary>Numbers, times and commands as people read and type them.</summary>
internal static class Wording
{
    /// <summary>"0.8 s", "12 s", "3 min 20 s", "2 h 05 min".</summary>
    internal static string Of(TimeSpan time) => time.TotalSeconds switch
    {
        < 9.95 => time.TotalSeconds.ToString("0.0", CultureInfo.InvariantCulture) + " s",
        < 99.5 => Math.Round(time.TotalSeconds).ToString("0", CultureInfo.InvariantCulture) + " s",
        < 3600 => string.Create(CultureInfo.InvariantCulture, $"{(int)time.TotalMinutes} min {time.Seconds:00} s"),
        _ => string.Create(CultureInfo.InvariantCulture, $"{(int)time.TotalHours} h {time.Minutes:00} min"),
    };

    /// <summary>"512 B", "2.3 kB", "139 MB", "24.1 GB": powers of a thousand.</summary>
    internal static string Bytes(long count)
    {
        string[] units = ["B", "kB", "MB", "GB", "TB"];
        var (value, unit) = ((double)count, 0);
        while (value >= 999.5 && unit < units.Length - 1)
            (value, unit) = (value / 1000, unit + 1);
        return value.ToString(unit == 0 || value >= 99.95 ? "0" : "0.0", CultureInfo.InvariantCulture) + " " + units[unit];
    }

    /// <summary>A number with at most four digits that mean something.</summary>
    internal static string Of(double value) => value.ToString("G4", CultureInfo.InvariantCulture);

    /// <summary>A whole number.</summary>
    internal static string Of(int number) => number.ToString(CultureInfo.InvariantCulture);

    /// <summary>"1 run", "3 runs".</summary>
    internal static string Count(int count, string one) => string.Create(CultureInfo.InvariantCulture, $"{count} {one}{(count == 1 ? "" : "s")}");

    /// <summary>A moment in UTC, to the minute.</summary>
    internal static string Of(DateTimeOffset? moment) => moment is { } at ? at.UtcDateTime.ToString("yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture) : "";

    /// <summary>A status as run.json has it: "completed".</summary>
    internal static string Of(RunStatus status) => status.ToString().ToLowerInvariant();

    /// <summary>A command as one types it into a POSIX shell.</summary>
    internal static string Command(params IEnumerable<string> words) => string.Join(' ', words.Select(Quoted));

    private static string Quoted(string word)
        => word.Length > 0 && word.All(letter => char.IsAsciiLetterOrDigit(letter) || "@=.,_-+/:%".Contains(letter, StringComparison.Ordinal))
            ? word
            : $"'{word.Replace("'", "'\\''", StringComparison.Ordinal)}'";
}
