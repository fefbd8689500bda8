namespace Understudy.Lab.Runs;

/// <summary>A file that gets its name when it is complete.</summary>
internal sealed class ArtifactStream : FileStream
{
    private readonly string _path;
    private bool _closed;

    private ArtifactStream(string path)
        : base(path + Storage.Unfinished, FileMode.Create, FileAccess.ReadWrite, FileShare.Read)
    {
        _path = path;
    }

    internal static ArtifactStream Create(string path)
    {
        ArtifactStream? stream = null;
        Storage.Guarded(path, () => stream = new ArtifactStream(path));
        return stream!;
    }

    // FileStream offers no other moment for the renaming
    protected override void Dispose(bool disposing)
    {
        if (_closed || !disposing)
        {
            base.Dispose(disposing);
            return;
        }
        _closed = true;
        Storage.Guarded(_path, () =>
        {
            Flush(flushToDisk: true);
            base.Dispose(disposing);
            File.Move(_path + Storage.Unfinished, _path, overwrite: true);
        });
    }
}
