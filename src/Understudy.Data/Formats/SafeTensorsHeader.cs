using System.Buffers.Binary;
using System.Text.Json;

namespace Understudy.Data.Formats;

/// <summary>One array as the header describes it.</summary>
/// <param name="Name">The array's name.</param>
/// <param name="Type">The element type in the format's spelling.</param>
/// <param name="Shape">The extents.</param>
/// <param name="Start">The first byte, counted from the end of the header.</param>
/// <param name="End">One past the last byte.</param>
internal sealed record SafeTensorsEntry(string Name, string Type, int[] Shape, long Start, long End);

/// <summary>The checked header of a safetensors file.</summary>
internal sealed class SafeTensorsHeader
{
    /// <summary>The limit of the format's own reader.</summary>
    private const long MaximumHeader = 100_000_000;

    private readonly string _path;
    private readonly List<SafeTensorsEntry> _entries = [];
    private readonly Dictionary<string, string> _metadata = new(StringComparer.Ordinal);
    private bool _hasMetadata;

    private SafeTensorsHeader(string path) => _path = path;

    internal IReadOnlyList<SafeTensorsEntry> Entries => _entries;

    internal IReadOnlyDictionary<string, string> Metadata => _metadata;

    internal long DataStart { get; private init; }

    internal static SafeTensorsHeader Read(Stream stream, string path)
    {
        Span<byte> prefix = stackalloc byte[8];
        ExactReading.Fill(stream, prefix, path, "the length of the header");
        ulong length = BinaryPrimitives.ReadUInt64LittleEndian(prefix);
        if (length > MaximumHeader)
            throw new UnreadableFileException(path, $"this is not a safetensors file: its first eight bytes give a header of {length} bytes, more than the {MaximumHeader} the format allows.");
        if ((long)length > stream.Length - 8)
            throw new UnreadableFileException(path, $"the header should have {length} bytes, but only {stream.Length - 8} follow; the file was cut off or is not a safetensors file.");

        var bytes = new byte[(int)length];
        ExactReading.Fill(stream, bytes, path, "the header");
        var header = new SafeTensorsHeader(path) { DataStart = 8 + (long)length };
        try
        {
            header.Parse(bytes);
        }
        catch (JsonException exception)
        {
            throw new UnreadableFileException(path, $"the header is not valid JSON near byte {8 + (exception.BytePositionInLine ?? 0)}.", exception);
        }
        catch (InvalidOperationException exception)
        {
            // Utf8JsonReader's answer to a string that is not valid UTF-8 or holds half a surrogate pair.
            throw new UnreadableFileException(path, "the header holds a text that is not valid UTF-8.", exception);
        }

        header.CheckPlaces(stream.Length - header.DataStart);
        return header;
    }

    private void Parse(ReadOnlySpan<byte> bytes)
    {
        var json = new Utf8JsonReader(bytes);
        if (!json.Read() || json.TokenType != JsonTokenType.StartObject)
            throw Damaged("the header is not a JSON object");
        var names = new HashSet<string>(StringComparer.Ordinal);
        while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
        {
            string name = json.GetString()!;
            json.Read();
            if (json.TokenType != JsonTokenType.StartObject)
                throw Damaged($"the header's entry {ExactReading.Quote(name)} is not an object");
            if (name == "__metadata__")
                ParseMetadata(ref json);
            else if (names.Add(name))
                _entries.Add(ParseEntry(ref json, name));
            else
                throw Damaged($"the header names {ExactReading.Quote(name)} twice");
        }

        if (json.Read())
            throw Damaged("the header goes on after its closing brace");
    }

    private void ParseMetadata(ref Utf8JsonReader json)
    {
        if (_hasMetadata)
            throw Damaged("the header has two __metadata__ entries");
        _hasMetadata = true;
        while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
        {
            string key = json.GetString()!;
            json.Read();
            if (json.TokenType != JsonTokenType.String)
                throw Damaged($"the metadata {ExactReading.Quote(key)} is not a text");
            if (!_metadata.TryAdd(key, json.GetString()!))
                throw Damaged($"the metadata names {ExactReading.Quote(key)} twice");
        }
    }

    private SafeTensorsEntry ParseEntry(ref Utf8JsonReader json, string name)
    {
        string? type = null;
        List<long>? shape = null;
        List<long>? places = null;
        while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
        {
            string key = json.GetString()!;
            json.Read();
            switch (key)
            {
                case "dtype" when type is null && json.TokenType == JsonTokenType.String:
                    type = json.GetString();
                    break;
                case "shape" when shape is null:
                    shape = ParseNumbers(ref json, name, key);
                    break;
                case "data_offsets" when places is null:
                    places = ParseNumbers(ref json, name, key);
                    break;
                case "dtype" or "shape" or "data_offsets":
                    throw Damaged($"{key} of {ExactReading.Quote(name)} is given twice or not in the form the format asks for");
                default:
                    json.Skip();
                    break;
            }
        }

        if (type is null || shape is null || places is not { Count: 2 })
            throw Damaged($"the entry of {ExactReading.Quote(name)} lacks its dtype, its shape or its two data_offsets");
        if (shape.Exists(extent => extent > int.MaxValue))
            throw Damaged($"{ExactReading.Quote(name)} has an extent of {shape.Max()}, more than an array can have");
        return new SafeTensorsEntry(name, type, [.. shape.Select(extent => (int)extent)], places[0], places[1]);
    }

    private List<long> ParseNumbers(ref Utf8JsonReader json, string name, string key)
    {
        var numbers = new List<long>();
        if (json.TokenType != JsonTokenType.StartArray)
            throw Damaged($"{key} of {ExactReading.Quote(name)} is not a list");
        while (json.Read() && json.TokenType != JsonTokenType.EndArray)
        {
            if (json.TokenType != JsonTokenType.Number || !json.TryGetInt64(out long number) || number < 0)
                throw Damaged($"{key} of {ExactReading.Quote(name)} holds something that is not a count");
            numbers.Add(number);
        }

        return numbers;
    }

    /// <summary>Every byte after the header belongs to exactly one array, and every array has the length its shape asks for.</summary>
    private void CheckPlaces(long available)
    {
        long reached = 0;
        foreach (var entry in _entries.OrderBy(entry => entry.Start).ThenBy(entry => entry.End))
        {
            string name = ExactReading.Quote(entry.Name);
            int size = SafeTensorsElements.Size(entry.Type)
                ?? throw Damaged($"{name} has the element type {ExactReading.Quote(entry.Type)}, which cannot be read here; convert it to F32");
            if (ExactReading.Count(entry.Shape) is not { } count || count > long.MaxValue / size)
                throw Damaged($"the shape of {name} asks for more elements than a file can hold");
            if (entry.End > available)
                throw Damaged($"{name} should end at byte {entry.End} of the arrays, but only {available} bytes follow the header; the file was probably cut off");
            if (entry.End - entry.Start != count * size)
                throw Damaged($"{name} has {entry.End - entry.Start} bytes, but its type {entry.Type} and shape [{string.Join(", ", entry.Shape.Take(8))}] ask for {count * size}");
            if (entry.Start != reached)
                throw Damaged(entry.Start < reached ? $"{name} overlaps another array" : $"{entry.Start - reached} bytes before {name} belong to no array");
            reached = entry.End;
        }

        if (reached != available)
            throw Damaged($"{available - reached} bytes at the end belong to no array");
    }

    private UnreadableFileException Damaged(string problem) => new(_path, problem + ".");
}
