namespace Understudy.EndToEndTests;

/// <summary>Things a test needs from the machine: missing ones skip it, or fail it where UNDERSTUDY_STRICT=1 promises that all are there.</summary>
internal static class Requirement
{
    /// <summary>Chromium's path.</summary>
    internal static string Chromium()
    {
        var path = Environment.GetEnvironmentVariable("UNDERSTUDY_CHROMIUM") is { Length: > 0 } named ? named : "/usr/bin/chromium";
        Have(File.Exists(path), $"no Chromium at {path}; set UNDERSTUDY_CHROMIUM");
        return path;
    }

    /// <summary>The script of axe-core.</summary>
    internal static string Axe()
    {
        var path = Path.Combine(Repository.Root, "studio/report/node_modules/axe-core/axe.min.js");
        Have(File.Exists(path), "axe-core is not installed: npm ci in studio/report");
        return path;
    }

    internal static void Unix() => Assert.SkipWhen(OperatingSystem.IsWindows(), "needs POSIX signals");

    internal static void Have(bool present, string reason)
    {
        Assert.False(!present && Environment.GetEnvironmentVariable("UNDERSTUDY_STRICT") == "1", reason);
        Assert.SkipUnless(present, reason);
    }
}
