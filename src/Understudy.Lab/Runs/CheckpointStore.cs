using System.Globalization;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;
using Understudy.Data;
using Understudy.Data.Formats;
using Understudy.Engine;

namespace Understudy.Lab.Runs;

/// <summary>The folder <c>checkpoints</c>: the newest two of each part, and a marker for each part that is done.</summary>
internal sealed partial class CheckpointStore
{
    private const int Kept = 2;
    private const string Markers = "*finished.json";

    private readonly string _folder;
    private readonly string _metrics;
    private readonly string _config;

    /// <summary>The checkpoints of a run.</summary>
    /// <param name="folder">Where they are.</param>
    /// <param name="metrics">Where the tables are, whose lengths a checkpoint remembers.</param>
    /// <param name="config">The checksum of the configuration: a checkpoint of another one is not ours.</param>
    internal CheckpointStore(string folder, string metrics, string config)
    {
        (_folder, _metrics, _config) = (folder, metrics, config);
        Storage.CreateFolder(folder);
    }

    /// <summary>Writes a checkpoint and removes all of its part but the newest two.</summary>
    internal void Write(string part, long step, IReadOnlyList<Tensor> tensors, TableLengths tables)
    {
        var metadata = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["understudy.step"] = step.ToString(CultureInfo.InvariantCulture),
            ["understudy.part"] = part,
            ["understudy.config"] = _config,
            ["understudy.tables"] = tables.ToString(),
            ["understudy.sha256"] = Digest(tensors),
        };
        Storage.Write(Path.Combine(_folder, Name(part, step)), stream => SafeTensors.Write(stream, tensors, metadata));
        foreach (var old in Steps(part).SkipLast(Kept))
            Storage.Discard(Path.Combine(_folder, Name(part, old)));
    }

    /// <summary>The newest checkpoint of a part that can be used; damaged and newer ones are removed, with a line each.</summary>
    internal (Checkpoint Checkpoint, TableLengths Tables)? Newest(string part, Action<string> say)
    {
        foreach (var step in Steps(part).Reverse())
        {
            var name = Name(part, step);
            try
            {
                if (Read(Path.Combine(_folder, name), part, step) is { } found)
                    return found;
                say($"checkpoint {name} does not fit this run; going back to the one before");
            }
            catch (UnreadableFileException problem)
            {
                say($"checkpoint {name} is damaged; going back to the one before ({problem.Message})");
            }
            Storage.Discard(Path.Combine(_folder, name));
        }
        return null;
    }

    /// <summary>The newest checkpoint of a part that is whole, for reading; nothing is changed.</summary>
    /// <param name="folder">Where checkpoints are.</param>
    /// <param name="part">The part.</param>
    /// <exception cref="UnreadableFileException">There are some, but all are damaged.</exception>
    internal static (Checkpoint Checkpoint, string Path)? Peek(string folder, string part)
    {
        UnreadableFileException? damage = null;
        foreach (var step in Steps(folder, part).Reverse())
        {
            var path = Path.Combine(folder, Name(part, step));
            try
            {
                return (new Checkpoint(step, Whole(path).Tensors), path);
            }
            catch (UnreadableFileException problem)
            {
                damage ??= problem;
            }
        }

        return damage is null ? null : throw damage;
    }

    /// <summary>The largest step of any checkpoint; 0 where there is none.</summary>
    internal long NewestStep()
        => Directory.EnumerateFiles(_folder).Select(path => FileName().Match(Path.GetFileName(path))).Where(match => match.Success)
            .Select(match => long.Parse(match.Groups["step"].Value, CultureInfo.InvariantCulture)).DefaultIfEmpty().Max();

    /// <summary>Marks a part as done.</summary>
    internal void Finish(string part, TableLengths tables) => Storage.WriteText(MarkerOf(part), tables + "\n");

    /// <summary>The lengths of the tables when a part was done, or null if it is not.</summary>
    internal TableLengths? Finished(string part) => File.Exists(MarkerOf(part)) ? ReadMarker(MarkerOf(part)) : null;

    /// <summary>The lengths of the tables at the end of every part that is done.</summary>
    internal IEnumerable<TableLengths> AllFinished() => FinishedIn(_folder);

    /// <summary>The same, of a folder that may be missing.</summary>
    internal static IEnumerable<TableLengths> FinishedIn(string folder)
        => Directory.Exists(folder) ? Directory.EnumerateFiles(folder, Markers).Select(ReadMarker).OfType<TableLengths>() : [];

    /// <summary>A part whose rows were lost afterwards is not done: it is done again, with a line for each table.</summary>
    internal void ForgetLost(Action<string> say)
    {
        foreach (var marker in Directory.EnumerateFiles(_folder, Markers).ToArray())
        {
            if (ReadMarker(marker)?.All.Where(IsTooShort).Select(table => table.Key).ToArray() is not { Length: > 0 } lost)
                continue;
            say($"rows of {string.Join(", ", lost)} are missing; what wrote them is done again ({Path.GetFileName(marker)})");
            Storage.Discard(marker);
        }
    }

    private static TableLengths? ReadMarker(string path)
    {
        try
        {
            return TableLengths.Parse(File.ReadAllText(path));
        }
        catch (IOException problem)
        {
            throw new RunException($"{path} cannot be read: {FileProblem.Reading(path, problem)}", problem);
        }
    }

    private (Checkpoint, TableLengths)? Read(string path, string part, long step)
    {
        var file = Whole(path);
        string Of(string key) => Entry(file, key);
        if (Of("config") != _config || Of("part") != part || Of("step") != step.ToString(CultureInfo.InvariantCulture)
            || TableLengths.Parse(Of("tables")) is not { } tables || tables.All.Any(IsTooShort))
            return null;
        return (new Checkpoint(step, file.Tensors), tables);
    }

    /// <summary>A file whose content has the checksum it names.</summary>
    private static SafeTensorsFile Whole(string path)
    {
        SafeTensorsFile file;
        try
        {
            using var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read);
            file = SafeTensors.Read(stream, path);
        }
        catch (IOException problem)
        {
            throw new UnreadableFileException(path, problem.Message, problem);
        }
        return Entry(file, "sha256") == Digest(file.Tensors.Values) ? file : throw new UnreadableFileException(path, "its content does not have the checksum it names.");
    }

    private static string Entry(SafeTensorsFile file, string key) => file.Metadata.GetValueOrDefault("understudy." + key) ?? "";

    /// <summary>Whether a table has lost rows the checkpoint counts on.</summary>
    private bool IsTooShort(KeyValuePair<string, long> table)
        => new FileInfo(Path.Combine(_metrics, table.Key + ".jsonl")) is var file && (file.Exists ? file.Length : 0) < table.Value;

    private IEnumerable<long> Steps(string part) => Steps(_folder, part);

    private static IEnumerable<long> Steps(string folder, string part)
        => Directory.EnumerateFiles(folder).Select(path => FileName().Match(Path.GetFileName(path)))
            .Where(match => match.Success && match.Groups["part"].Value == part)
            .Select(match => long.Parse(match.Groups["step"].Value, CultureInfo.InvariantCulture)).Order();

    private string MarkerOf(string part) => Path.Combine(_folder, part.Length == 0 ? "finished.json" : $"{part}-finished.json");

    private static string Name(string part, long step)
        => string.Create(CultureInfo.InvariantCulture, $"{(part.Length == 0 ? "" : part + "-")}step-{step:D8}.safetensors");

    private static string Digest(IEnumerable<Tensor> tensors)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var tensor in tensors.OrderBy(tensor => tensor.Name, StringComparer.Ordinal))
        {
            hash.AppendData(Encoding.UTF8.GetBytes($"{tensor.Name} {tensor.Type} {string.Join(',', tensor.Shape)};"));
            hash.AppendData(tensor.Type switch
            {
                DType.F32 => MemoryMarshal.AsBytes(tensor.Floats),
                DType.F64 => MemoryMarshal.AsBytes(tensor.Doubles),
                DType.I32 => MemoryMarshal.AsBytes(tensor.Integers),
                _ => tensor.Bytes,
            });
        }
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    [GeneratedRegex(@"^(?:(?<part>.+)-)?step-(?<step>\d{8,18})\.safetensors$")]
    private static partial Regex FileName();
}
