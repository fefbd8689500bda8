namespace Understudy.EndToEndTests;

/// <summary>Scripts in a world of their own: file systems nobody else sees, or a machine without a network.</summary>
internal static class Isolation
{
    /// <summary>Runs a script that may mount file systems; it ends with 99 where it may not after all.</summary>
    internal static Ended WithMounts(string folder, string script) => Run(folder, "--mount", script);

    /// <summary>Runs a script without any network, not even the loopback device.</summary>
    internal static Ended WithoutNetwork(string folder, string script) => Run(folder, "--net", script);

    private static Ended Run(string folder, string space, string script)
    {
        Requirement.Linux("name spaces are those of Linux");
        string[] asRoot = Environment.IsPrivilegedProcess ? [] : ["--map-root-user"];
        var ended = ToolProcess.RunOther("/usr/bin/unshare", folder, [.. asRoot, space, "/usr/bin/bash", "-c", script]);
        // also where all else is promised: whether a process may make name spaces is the host's decision, which nothing to install changes
        Assert.SkipWhen(ended.Code == 99 || ended.Error.StartsWith("unshare:", StringComparison.Ordinal), "this system lets nobody make a name space");
        return ended;
    }
}
