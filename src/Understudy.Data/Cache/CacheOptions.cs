namespace Understudy.Data.Cache;

/// <summary>Where the cache lies and what it may do.</summary>
/// <remarks>The libraries read no environment variables; the caller does and passes the result in.</remarks>
public sealed record CacheOptions
{
    /// <summary>The folders to look in, in this order; the first writable one is written to.</summary>
    public required IReadOnlyList<string> Folders { get; init; }

    /// <summary>Whether the network is out of bounds; then no socket is opened and no package client is started.</summary>
    public bool Offline { get; init; }

    /// <summary>The pauses after failed tries of a download; one more try than pauses is made.</summary>
    public IReadOnlyList<TimeSpan> RetryPauses { get; init; } = [TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(5)];

    /// <summary>How long a download may be silent before the try counts as failed.</summary>
    public TimeSpan Patience { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>The options for this operating system.</summary>
    /// <param name="variable">The value of an environment variable, or null; such as <see cref="Environment.GetEnvironmentVariable(string)"/>.</param>
    /// <param name="offline">Whether the network is out of bounds.</param>
    public static CacheOptions For(Func<string, string?> variable, bool offline = false)
    {
        var system = OperatingSystem.IsWindows() ? CacheSystem.Windows : OperatingSystem.IsMacOS() ? CacheSystem.MacOS : CacheSystem.Unix;
        return For(variable, system, offline);
    }

    /// <summary>The options for an operating system.</summary>
    /// <remarks>
    /// <c>UNDERSTUDY_CACHE</c> may list several folders, separated as in <c>PATH</c>. Without it: <c>$XDG_CACHE_HOME/understudy</c> or
    /// <c>~/.cache/understudy</c>; <c>~/Library/Caches/understudy</c> on macOS; <c>%LOCALAPPDATA%\understudy\cache</c> on Windows.
    /// </remarks>
    /// <param name="variable">The value of an environment variable, or null.</param>
    /// <param name="system">Whose conventions to follow.</param>
    /// <param name="offline">Whether the network is out of bounds.</param>
    public static CacheOptions For(Func<string, string?> variable, CacheSystem system, bool offline = false)
    {
        ArgumentNullException.ThrowIfNull(variable);
        char separator = system == CacheSystem.Windows ? ';' : ':';
        var listed = (variable("UNDERSTUDY_CACHE") ?? "").Split(separator, StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        return new CacheOptions { Folders = listed.Length > 0 ? listed : [Usual(variable, system)], Offline = offline };
    }

    private static string Usual(Func<string, string?> variable, CacheSystem system)
    {
        string home = variable(system == CacheSystem.Windows ? "USERPROFILE" : "HOME") ?? ".";
        switch (system)
        {
            case CacheSystem.Windows:
                return Path.Combine(variable("LOCALAPPDATA") ?? Path.Combine(home, "AppData", "Local"), "understudy", "cache");
            case CacheSystem.MacOS:
                return Path.Combine(home, "Library", "Caches", "understudy");
            default:
                // The XDG specification says to ignore a relative path.
                return variable("XDG_CACHE_HOME") is { Length: > 0 } xdg && xdg[0] == '/'
                    ? Path.Combine(xdg, "understudy")
                    : Path.Combine(home, ".cache", "understudy");
        }
    }
}

/// <summary>Whose conventions the place of the cache follows.</summary>
public enum CacheSystem
{
    /// <summary>Linux and other systems that follow the XDG base directory specification.</summary>
    Unix,

    /// <summary>macOS.</summary>
    MacOS,

    /// <summary>Windows.</summary>
    Windows,
}
