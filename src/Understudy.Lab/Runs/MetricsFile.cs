using System.Text.Json;
using System.Text.Json.Nodes;
using Understudy.Lab.Configuration;

namespace Understudy.Lab.Runs;

/// <summary>Reading a table of metrics: JSON objects, one per line.</summary>
public static class MetricsFile
{
    private const byte LineEnd = (byte)'\n';

    /// <summary>The rows of a table in the order they were recorded; empty where the file is missing.</summary>
    /// <remarks>A last line without its line end is being written, or was cut off, and is ignored.</remarks>
    /// <param name="path">The <c>.jsonl</c> file.</param>
    /// <exception cref="RunException">A complete line is not a row of that type.</exception>
    public static IEnumerable<TRow> Read<TRow>(string path)
    {
        var number = 0;
        foreach (var line in Lines(path))
        {
            number++;
            yield return Row<TRow>(line, path, number);
        }
    }

    /// <summary>The rows as JSON objects, for programs that do not know the row type.</summary>
    /// <param name="path">The <c>.jsonl</c> file.</param>
    /// <exception cref="RunException">A complete line is not a JSON object.</exception>
    public static IEnumerable<JsonObject> Read(string path) => Read<JsonObject>(path);

    /// <summary>The length in bytes of the complete lines of a file.</summary>
    internal static long CompleteLength(string path)
    {
        using var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        var block = new byte[4096];
        for (var end = stream.Length; end > 0;)
        {
            var start = Math.Max(0, end - block.Length);
            stream.Position = start;
            var span = block.AsSpan(0, (int)(end - start));
            stream.ReadExactly(span);
            var last = span.LastIndexOf(LineEnd);
            if (last >= 0)
                return start + last + 1;
            end = start;
        }
        return 0;
    }

    private static TRow Row<TRow>(byte[] line, string path, int number)
    {
        try
        {
            return JsonSerializer.Deserialize<TRow>(line, LabJson.Line) ?? throw new JsonException();
        }
        catch (JsonException problem)
        {
            throw new RunException($"{path} is damaged: line {number} is not a row of this table\n  run again, or restore the file from a copy", problem);
        }
    }

    private static IEnumerable<byte[]> Lines(string path)
    {
        if (!File.Exists(path))
            yield break;
        using var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        var buffer = new byte[1 << 16];
        var filled = 0;
        for (int read; (read = stream.Read(buffer, filled, buffer.Length - filled)) > 0;)
        {
            filled += read;
            var start = 0;
            for (int length; (length = buffer.AsSpan(start, filled - start).IndexOf(LineEnd)) >= 0; start += length + 1)
                yield return buffer[start..(start + length)];
            buffer.AsSpan(start, filled - start).CopyTo(buffer);
            filled -= start;
            if (filled == buffer.Length)
                Array.Resize(ref buffer, 2 * buffer.Length);
        }
    }
}
