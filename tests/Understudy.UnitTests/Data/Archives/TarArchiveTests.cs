using System.Formats.Tar;
using Understudy.Data;
using Understudy.Data.Archives;
using Understudy.UnitTests.Data.Formats;

namespace Understudy.UnitTests.Data.Archives;

public sealed class TarArchiveTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("understudy-test-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void Wanted_files_are_found_in_any_folder_and_others_are_left()
    {
        var found = Extract(Example(TarEntryFormat.Pax));

        Assert.Equal(["one", "two"], found.Order());
        Assert.Equal(["one", "two"], Directory.EnumerateFiles(_folder).Select(Path.GetFileName).Order());
        Assert.Equal("first", File.ReadAllText(Path.Combine(_folder, "one")));
    }

    [Fact]
    public void A_member_cannot_leave_the_folder_and_links_are_not_followed()
    {
        var stream = new MemoryStream();
        using (var writer = new TarWriter(stream, leaveOpen: true))
        {
            writer.WriteEntry(new PaxTarEntry(TarEntryType.SymbolicLink, "one") { LinkName = "/etc/passwd" });
            writer.WriteEntry(new PaxTarEntry(TarEntryType.RegularFile, "../../two") { DataStream = new MemoryStream("second"u8.ToArray()) });
        }

        var found = Extract(stream.ToArray());

        Assert.Equal(["two"], found);
        Assert.Equal("second", File.ReadAllText(Path.Combine(_folder, "two")));
    }

    [Fact]
    public void A_member_larger_than_it_may_be_is_refused()
    {
        var problem = Assert.Throws<UnreadableFileException>(() => Extract(Example(TarEntryFormat.Pax), limit: 4));

        Assert.Equal("x.tar: one has 5 bytes in this archive, more than the 4 it may have.", problem.Message);
    }

    [Fact]
    public void Every_damaged_archive_gives_files_or_a_sentence()
    {
        foreach (var format in new[] { TarEntryFormat.V7, TarEntryFormat.Ustar, TarEntryFormat.Pax, TarEntryFormat.Gnu })
            Damage.IsAlwaysAnswered(Example(format), bytes => Extract(bytes), cases: 150, memory: 1L << 32);
    }

    private static byte[] Example(TarEntryFormat format)
    {
        var stream = new MemoryStream();
        using (var writer = new TarWriter(stream, format, leaveOpen: true))
        {
            foreach (var (name, text) in new[] { ("package/one", "first"), ("package/data/two", "second"), ("package/three", "third") })
            {
                TarEntry entry = format switch
                {
                    TarEntryFormat.V7 => new V7TarEntry(TarEntryType.V7RegularFile, name),
                    TarEntryFormat.Ustar => new UstarTarEntry(TarEntryType.RegularFile, name),
                    TarEntryFormat.Gnu => new GnuTarEntry(TarEntryType.RegularFile, name),
                    _ => new PaxTarEntry(TarEntryType.RegularFile, name),
                };
                entry.DataStream = new MemoryStream(System.Text.Encoding.ASCII.GetBytes(text));
                writer.WriteEntry(entry);
            }
        }

        return stream.ToArray();
    }

    private IReadOnlySet<string> Extract(byte[] archive, long limit = 1000)
    {
        var wanted = new Dictionary<string, long> { ["one"] = limit, ["two"] = limit };
        return TarArchive.Extract(new MemoryStream(archive), "x.tar", wanted, _folder, TestContext.Current.CancellationToken);
    }
}
