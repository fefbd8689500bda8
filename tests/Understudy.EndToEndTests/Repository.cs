using System.Runtime.CompilerServices;

namespace Understudy.EndToEndTests;

/// <summary>Where the sources of this checkout are.</summary>
internal static class Repository
{
    internal static string Root { get; } = Path.GetFullPath(Path.Combine(Path.GetDirectoryName(ThisFile())!, "../.."));

    private static string ThisFile([CallerFilePath] string path = "") => path;
}
