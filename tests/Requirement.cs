namespace Understudy.Tests;

/// <summary>Things a test needs from the machine: missing ones skip it, or fail it where UNDERSTUDY_STRICT=1 promises that all are there.</summary>
internal static class Requirement
{
    internal static void Unix() => Have(!OperatingSystem.IsWindows(), "needs POSIX signals and permissions");

    internal static void Linux(string reason) => Have(OperatingSystem.IsLinux(), reason);

    internal static void Have(bool present, string reason)
    {
        Assert.False(!present && Environment.GetEnvironmentVariable("UNDERSTUDY_STRICT") == "1", reason);
        Assert.SkipUnless(present, reason);
    }
}
