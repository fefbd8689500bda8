namespace Understudy.UnitTests.Data;

public sealed class NetworkTests
{
    [Fact]
    public void Only_the_cache_uses_the_network()
    {
        string[] users = [.. Directory.EnumerateFiles(Path.Combine(Repository.Root, "src"), "*.cs", SearchOption.AllDirectories)
            .Where(path => !path.Replace('\\', '/').Contains("/Understudy.Data/Cache/", StringComparison.Ordinal))
            .Where(path => File.ReadAllText(path).Contains("HttpClient", StringComparison.Ordinal))];

        Assert.Empty(users);
    }
}
