using System.Text.Json;
using Understudy.Lab.Configuration;

namespace Understudy.Lab.Runs;

/// <summary>The tables of a running run: appended to, buffered, and flushed at least every second.</summary>
internal sealed class MetricsWriter : IDisposable
{
    private const int BufferSize = 1 << 16;
    private static readonly TimeSpan FlushEvery = TimeSpan.FromSeconds(1);

    private readonly string _folder;
    private readonly Func<string, long> _keep;
    private readonly Dictionary<string, FileStream> _tables = new(StringComparer.Ordinal);
    private readonly ITimer _timer;
    private readonly Lock _gate = new();
    private Exception? _problem;

    /// <summary>Writes into a folder.</summary>
    /// <param name="folder">The folder <c>metrics</c>.</param>
    /// <param name="keep">How many bytes of a table that is there already are to be kept when it is first written to.</param>
    /// <param name="time">The clock that flushes.</param>
    internal MetricsWriter(string folder, Func<string, long> keep, TimeProvider time)
    {
        _folder = folder;
        _keep = keep;
        _timer = time.CreateTimer(_ => FlushInBackground(), null, FlushEvery, FlushEvery);
    }

    internal void Append<TRow>(string table, TRow row)
    {
        var line = JsonSerializer.SerializeToUtf8Bytes(row, LabJson.Line);
        lock (_gate)
        {
            ThrowIfBroken();
            Storage.Guarded(PathOf(table), () =>
            {
                var stream = Open(table);
                stream.Write(line);
                stream.WriteByte((byte)'\n');
            });
        }
    }

    /// <summary>Brings every row to the disk, and says how long each table is now.</summary>
    internal IReadOnlyDictionary<string, long> Flush()
    {
        lock (_gate)
        {
            ThrowIfBroken();
            foreach (var (table, stream) in _tables)
                Storage.Guarded(PathOf(table), () => stream.Flush(flushToDisk: true));
            return Directory.EnumerateFiles(_folder, "*.jsonl").ToDictionary(
                path => Path.GetFileNameWithoutExtension(path), path => new FileInfo(path).Length, StringComparer.Ordinal);
        }
    }

    /// <summary>Cuts a table that is not open to its first bytes.</summary>
    internal void Cut(string table, long length)
    {
        lock (_gate)
        {
            var path = PathOf(table);
            if (_tables.Remove(table, out var open))
                open.Dispose();
            Storage.Guarded(path, () =>
            {
                if (length == 0)
                    File.Delete(path);
                else if (new FileInfo(path) is { Exists: true } file && file.Length > length)
                    using (var stream = new FileStream(path, FileMode.Open, FileAccess.Write, FileShare.Read))
                        stream.SetLength(length);
            });
        }
    }

    public void Dispose()
    {
        _timer.Dispose();
        lock (_gate)
        {
            foreach (var (table, stream) in _tables)
            {
                try
                {
                    stream.Dispose();
                }
                catch (IOException)
                {
                    _problem ??= new RunException($"{PathOf(table)} could not be closed.");
                }
            }
            _tables.Clear();
        }
    }

    private FileStream Open(string table)
    {
        if (_tables.TryGetValue(table, out var stream))
            return stream;
        Directory.CreateDirectory(_folder);
        var keep = _keep(table);
        stream = new FileStream(PathOf(table), FileMode.OpenOrCreate, FileAccess.Write, FileShare.Read, BufferSize);
        if (stream.Length > keep)
            stream.SetLength(keep);
        stream.Position = stream.Length;
        return _tables[table] = stream;
    }

    private void FlushInBackground()
    {
        lock (_gate)
        {
            try
            {
                foreach (var stream in _tables.Values)
                    stream.Flush();
            }
            catch (IOException problem)
            {
                // thrown at the study's next row: losing records must stop the run
                _problem = Storage.Refused(_folder, problem);
            }
        }
    }

    private void ThrowIfBroken()
    {
        if (_problem is not null)
            throw _problem;
    }

    private string PathOf(string table) => Path.Combine(_folder, table + ".jsonl");
}
