namespace Understudy.Tests;

/// <summary>Where the sources of this checkout are.</summary>
internal static class Repository
{
    /// <summary>The folder that holds the solution; found from the test program, because a CI build leaves no source paths in it.</summary>
    internal static string Root { get; } = Above(AppContext.BaseDirectory);

    private static string Above(string folder)
    {
        for (var at = new DirectoryInfo(folder); at is not null; at = at.Parent)
            if (File.Exists(Path.Combine(at.FullName, "Understudy.slnx")))
                return at.FullName;
        throw new DirectoryNotFoundException($"no Understudy.slnx in {folder} or above it: run the tests from a checkout");
    }
}
