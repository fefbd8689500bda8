namespace Understudy.EndToEndTests;

/// <summary>Programs and packages that a browser test needs.</summary>
internal static class Installed
{
    /// <summary>Chromium's path.</summary>
    internal static string Chromium()
    {
        var path = Environment.GetEnvironmentVariable("UNDERSTUDY_CHROMIUM") is { Length: > 0 } named ? named : "/usr/bin/chromium";
        Requirement.Have(File.Exists(path), $"no Chromium at {path}; set UNDERSTUDY_CHROMIUM");
        return path;
    }

    /// <summary>The script of axe-core.</summary>
    internal static string Axe()
    {
        var path = Path.Combine(Repository.Root, "studio/report/node_modules/axe-core/axe.min.js");
        Requirement.Have(File.Exists(path), "axe-core is not installed: npm ci in studio/report");
        return path;
    }
}
