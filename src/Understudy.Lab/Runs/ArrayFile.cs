using System.Globalization;

namespace Understudy.Lab.Runs;

/// <summary>The names of files under <c>arrays</c>.</summary>
internal static class ArrayFile
{
    private const string Ending = ".safetensors";

    internal static string Name(string array, long step) => string.Create(CultureInfo.InvariantCulture, $"{array}-{step}{Ending}");

    internal static IReadOnlyList<(string Path, string Name, long Step)> All(RunDirectory run)
    {
        var folder = run.File("arrays");
        return Directory.Exists(folder) ? [.. Directory.EnumerateFiles(folder, "*" + Ending).Select(Parse).OfType<(string, string, long)>()] : [];
    }

    private static (string, string, long)? Parse(string path)
    {
        var name = System.IO.Path.GetFileName(path)[..^Ending.Length];
        var hyphen = name.LastIndexOf('-');
        return hyphen > 0 && long.TryParse(name[(hyphen + 1)..], NumberStyles.None, CultureInfo.InvariantCulture, out var step) ? (path, name[..hyphen], step) : null;
    }
}
