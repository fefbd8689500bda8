using Understudy.Data.Cache;

namespace Understudy.UnitTests.Data.Cache;

public sealed class DatasetManifestTests
{
    [Fact]
    public void Every_set_says_what_it_is_and_has_checksums_and_a_source()
    {
        Assert.Equal(["cifar10", "mnist", "fashion-mnist"], DatasetManifest.Default.Sets.Select(set => set.Name));
        foreach (var set in DatasetManifest.Default.Sets)
        {
            Assert.All([set.Title, set.Citation, set.Licence, set.Layout], text => Assert.NotEmpty(text));
            Assert.Equal(10, set.Classes.Count);
            Assert.NotEmpty(set.Sources);
            Assert.All(set.Files, file => Assert.Matches("^[0-9a-f]{64}$", file.Sha256));
            Assert.All(set.Sources, source => Assert.True(source.Bytes > 0));
            Assert.All(set.Sources, source => Assert.True(source.Kind is "npm" or "archive" or "files" or "folder"));
        }
    }

    [Theory]
    [InlineData("""{"dist.tarball": "https://example.org/a.tgz", "dist.integrity": "sha512-x"}""", true)]
    [InlineData("""{"dist.tarball": "file:///etc/passwd", "dist.integrity": "sha512-x"}""", false)]
    [InlineData("""{"dist.tarball": "https://example.org/a.tgz"}""", false)]
    [InlineData("""[]""", false)]
    [InlineData("", false)]
    public void The_answer_of_the_package_client_is_understood_or_dropped(string text, bool isUseful)
        => Assert.Equal(isUseful, NpmClient.ParseView(text) is not null);
}
