using Understudy.Data.Cache;

namespace Understudy.UnitTests.Data.Cache;

public sealed class CacheOptionsTests
{
    [Theory]
    [InlineData(CacheSystem.Unix, "HOME=/h", "/h/.cache/understudy")]
    [InlineData(CacheSystem.Unix, "HOME=/h XDG_CACHE_HOME=/x", "/x/understudy")]
    [InlineData(CacheSystem.Unix, "HOME=/h XDG_CACHE_HOME=relative", "/h/.cache/understudy")]
    [InlineData(CacheSystem.Unix, "HOME=/h UNDERSTUDY_CACHE=/a:/b", "/a /b")]
    [InlineData(CacheSystem.Unix, "HOME=/h UNDERSTUDY_CACHE=:", "/h/.cache/understudy")]
    [InlineData(CacheSystem.MacOS, "HOME=/h XDG_CACHE_HOME=/x", "/h/Library/Caches/understudy")]
    [InlineData(CacheSystem.Windows, "LOCALAPPDATA=/l", "/l/understudy/cache")]
    [InlineData(CacheSystem.Windows, "UNDERSTUDY_CACHE=c:/a;d:/b", "c:/a d:/b")]
    public void The_folder_follows_the_system_and_the_variables(CacheSystem system, string variables, string expected)
    {
        var values = variables.Split(' ').Select(pair => pair.Split('=')).ToDictionary(pair => pair[0], pair => pair[1]);

        var options = CacheOptions.For(values.GetValueOrDefault, system);

        Assert.Equal(expected.Split(' '), options.Folders.Select(folder => folder.Replace('\\', '/')));
    }
}
