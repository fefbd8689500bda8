using System.IO.Compression;
using System.Text.Json;
using Understudy.Data.Archives;
using Understudy.Data.Formats;

namespace Understudy.Data.Cache;

/// <summary>Makes the files of a data set from any of the forms it is published in.</summary>
internal sealed class DatasetMaterials(DatasetEntry entry)
{
    private const string TrainLabels = "train_lables.json";
    private const string TestLabels = "test_lables.json";
    private const long MaximumLabels = 16 << 20;

    private bool KnowsPictures => entry.Sources.Any(source => source.Recipe == "cifar-png");

    /// <summary>Takes what can be of use out of a tar archive.</summary>
    internal void Unpack(string archive, string folder, CancellationToken cancellation)
    {
        var wanted = new Dictionary<string, long>(StringComparer.Ordinal);
        foreach (var file in entry.Files)
        {
            wanted[file.Name] = file.Bytes;
            wanted[file.Name + ".gz"] = Slack(file);
            if (KnowsPictures)
                wanted[PictureName(file)] = Slack(file);
        }

        if (KnowsPictures)
        {
            wanted[TrainLabels] = MaximumLabels;
            wanted[TestLabels] = MaximumLabels;
        }

        using var stream = File.OpenRead(archive);
        TarArchive.Extract(stream, archive, wanted, folder, cancellation);
    }

    /// <summary>Writes the files of the set into <paramref name="target"/> if the folders hold them in some form.</summary>
    /// <returns>Null, or what is missing.</returns>
    internal string? Assemble(IReadOnlyList<string> folders, string target, IProgress<DownloadProgress>? progress, CancellationToken cancellation)
    {
        var places = entry.Files.Select(file => Find(folders, file.Name) ?? Find(folders, file.Name + ".gz")).ToList();
        bool fromPictures = places.Contains(null) && KnowsPictures && entry.Files.All(file => Find(folders, PictureName(file)) is not null);
        if (places.Contains(null) && !fromPictures)
            return $"missing: {string.Join(", ", entry.Files.Where((_, index) => places[index] is null).Select(file => file.Name))}";

        long done = 0;
        for (int index = 0; index < entry.Files.Count; index++)
        {
            cancellation.ThrowIfCancellationRequested();
            var file = entry.Files[index];
            progress?.Report(new DownloadProgress($"preparing {file.Name}", done, entry.Bytes));
            string result = Path.Combine(target, file.Name);
            if (fromPictures)
                WriteRecords(folders, file, result);
            else
                Copy(places[index]!, file, result);
            Check(result, file, fromPictures ? Find(folders, PictureName(file))! : places[index]!);
            done += file.Bytes;
        }

        progress?.Report(new DownloadProgress("ready", done, entry.Bytes));
        return null;
    }

    private static long Slack(DatasetFile file) => file.Bytes + (1 << 20);

    private static string PictureName(DatasetFile file) => Path.ChangeExtension(file.Name, ".png");

    private static string? Find(IReadOnlyList<string> folders, string name)
        => folders.Select(folder => Path.Combine(folder, name)).FirstOrDefault(File.Exists);

    private static void Copy(string source, DatasetFile file, string target)
    {
        using var stream = File.OpenRead(source);
        using var plain = source.EndsWith(".gz", StringComparison.Ordinal) ? new GZipStream(stream, CompressionMode.Decompress) : (Stream)stream;
        using var result = File.Create(target);
        var block = new byte[1 << 17];
        try
        {
            // One byte more than it should have is enough to know that it is the wrong file.
            while (result.Position <= file.Bytes && plain.Read(block) is > 0 and var count)
                result.Write(block, 0, count);
        }
        catch (InvalidDataException exception)
        {
            throw new UnreadableFileException(source, "the gzip data are damaged.", exception);
        }
    }

    private static void WriteRecords(IReadOnlyList<string> folders, DatasetFile file, string target)
    {
        bool isTest = file.Name.StartsWith("test", StringComparison.Ordinal);
        string labelsName = isTest ? TestLabels : TrainLabels;
        string labelsPath = Find(folders, labelsName) ?? throw new UnreadableFileException(folders[0], $"the labels {labelsName} are missing.");
        string picturePath = Find(folders, PictureName(file))!;
        using var stream = File.OpenRead(picturePath);
        var rows = Png.Read(stream, picturePath);
        if (rows.Channels != 3 || rows.Width != 1024)
            throw new UnreadableFileException(picturePath, $"a picture 1024 wide with 3 channels is needed, but this one is {rows.Width} wide with {rows.Channels}.");
        var labels = ReadLabels(labelsPath);
        int batch = isTest ? 0 : file.Name.First(char.IsAsciiDigit) - '1';
        if (labels.Length < (batch + 1) * rows.Height)
            throw new UnreadableFileException(labelsPath, $"{(batch + 1) * rows.Height} labels are needed, but there are {labels.Length}.");
        using var result = File.Create(target);
        CifarBinary.WriteFromRows(result, rows, labels.AsSpan(batch * rows.Height));
    }

    private static byte[] ReadLabels(string path)
    {
        try
        {
            using var stream = File.OpenRead(path);
            var numbers = JsonSerializer.Deserialize<int[]>(stream) ?? [];
            return Array.ConvertAll(numbers, number => number is >= 0 and <= byte.MaxValue
                ? (byte)number
                : throw new UnreadableFileException(path, $"{number} is not a label."));
        }
        catch (JsonException exception)
        {
            throw new UnreadableFileException(path, "this is not a list of labels in JSON.", exception);
        }
    }

    private static void Check(string result, DatasetFile file, string source)
    {
        long length = new FileInfo(result).Length;
        if (length != file.Bytes)
            throw new UnreadableFileException(source, $"{file.Name} would have {(length > file.Bytes ? "more than " : "")}{Math.Min(length, file.Bytes)} bytes, but needs {file.Bytes}; nothing was kept.");
        string actual = FileDigest.Sha256(result);
        if (actual != file.Sha256)
            throw new UnreadableFileException(source, $"the SHA-256 of {file.Name} is {actual}, but {file.Sha256} is expected; nothing was kept.");
    }
}
