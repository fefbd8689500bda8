using System.Globalization;
using System.Text.Json.Nodes;
using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace Understudy.Lab.Configuration;

/// <summary>The part of YAML a file of settings needs, as a JSON tree: maps, lists and scalars of one document.</summary>
/// <remarks>Plain scalars are read by the JSON schema of YAML 1.2; aliases are refused, so a small file cannot become a large tree.</remarks>
internal static class YamlReader
{
    private const int DeepestNesting = 32;

    internal static JsonObject Parse(string text, string path)
    {
        var parser = new Parser(new StringReader(text));
        try
        {
            parser.Consume<StreamStart>();
            if (parser.Accept<StreamEnd>(out _))
                return [];
            parser.Consume<DocumentStart>();
            var tree = Node(parser, path, DeepestNesting);
            parser.Consume<DocumentEnd>();
            if (!parser.Accept<StreamEnd>(out _))
                throw Problem(path, parser.Current!.Start, "there must be one document in it");
            return tree switch
            {
                JsonObject settings => settings,
                null => [],
                _ => throw new ConfigException($"{path} does not hold settings: it must be a YAML map such as \"seed: 3\"."),
            };
        }
        catch (YamlException problem)
        {
            throw new ConfigException($"{path} is not readable as YAML: line {problem.Start.Line}, column {problem.Start.Column}.", problem);
        }
        catch (Exception problem) when (problem is InvalidOperationException or ArgumentException or FormatException or OverflowException or IndexOutOfRangeException)
        {
            // the scanner's own slips on damaged text
            throw new ConfigException($"{path} is not readable as YAML: after line {parser.Current?.End.Line ?? 1}.", problem);
        }
    }

    private static JsonNode? Node(Parser parser, string path, int depth)
    {
        if (depth == 0)
            throw Problem(path, parser.Current!.Start, "it is nested too deeply");
        if (parser.TryConsume<Scalar>(out var scalar))
            return Value(scalar);
        if (parser.TryConsume<SequenceStart>(out _))
        {
            var list = new JsonArray();
            while (!parser.TryConsume<SequenceEnd>(out _))
                list.Add(Node(parser, path, depth - 1));
            return list;
        }
        if (!parser.TryConsume<MappingStart>(out _))
            throw Problem(path, parser.Current!.Start, "aliases are not supported");
        var map = new JsonObject();
        while (!parser.TryConsume<MappingEnd>(out _))
        {
            var key = parser.Consume<Scalar>();
            if (map.ContainsKey(key.Value))
                throw Problem(path, key.Start, $"{key.Value} stands there twice");
            map.Add(key.Value, Node(parser, path, depth - 1));
        }
        return map;
    }

    private static JsonValue? Value(Scalar scalar)
    {
        if (scalar.Style != ScalarStyle.Plain)
            return JsonValue.Create(scalar.Value);
        return scalar.Value switch
        {
            "" or "~" or "null" or "Null" or "NULL" => null,
            "true" or "True" or "TRUE" => JsonValue.Create(true),
            "false" or "False" or "FALSE" => JsonValue.Create(false),
            ".inf" or "+.inf" => JsonValue.Create("Infinity"),
            "-.inf" => JsonValue.Create("-Infinity"),
            ".nan" => JsonValue.Create("NaN"),
            var text when long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var whole) => JsonValue.Create(whole),
            var text when IsNumber(text, out var number) => JsonValue.Create(number),
            var text => JsonValue.Create(text),
        };
    }

    private static bool IsNumber(string text, out double number)
        => double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out number) && double.IsFinite(number);

    private static ConfigException Problem(string path, Mark at, string what)
        => new($"{path} is not readable as settings: line {at.Line}, column {at.Column}: {what}.");
}
