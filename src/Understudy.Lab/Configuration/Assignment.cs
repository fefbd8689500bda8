using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace Understudy.Lab.Configuration;

/// <summary>One <c>path=value</c> of the command line; several values make the axis of a sweep.</summary>
internal sealed partial record Assignment(string Path, string Text, IReadOnlyList<JsonNode?> Values)
{
    /// <summary>The longest axis <c>a..b</c> may make.</summary>
    private const int LongestRange = 10_000;

    internal bool IsAxis => Values.Count > 1 || Range().IsMatch(Text);

    internal static Assignment Parse(IStudy study, string argument)
    {
        var equals = argument.IndexOf('=', StringComparison.Ordinal);
        if (equals <= 0)
            throw new ConfigException($"{argument} is neither a preset nor an assignment\n  write @NAME for a preset, or PATH=VALUE for a setting\n  see: understudy show {study.Card.Name}");
        var (path, text) = (argument[..equals], argument[(equals + 1)..]);
        if (Range().Match(text) is not { Success: true } range)
            return new Assignment(path, text, [.. Split(text).Select(Value)]);
        if (!long.TryParse(range.Groups[1].Value, CultureInfo.InvariantCulture, out var first) || !long.TryParse(range.Groups[2].Value, CultureInfo.InvariantCulture, out var last)
            || last < first || last - first >= LongestRange)
            throw new ConfigException($"{argument} is not a range: write FIRST..LAST with FIRST at most LAST and at most {LongestRange} values.");
        return new Assignment(path, text, [.. Enumerable.Range(0, (int)(last - first) + 1).Select(offset => (JsonNode?)JsonValue.Create(first + offset))]);
    }

    /// <summary>Any JSON value, or a bare word taken as a string.</summary>
    private static JsonNode? Value(string text)
    {
        try
        {
            return JsonNode.Parse(text, documentOptions: new JsonDocumentOptions { AllowDuplicateProperties = false });
        }
        catch (JsonException)
        {
            return BareList(text) ?? (JsonNode?)JsonValue.Create(text);
        }
    }

    /// <summary>A list of bare words, such as <c>[recovery,order]</c>: shells eat the quotes JSON asks for.</summary>
    private static JsonArray? BareList(string text)
        => BareWords().IsMatch(text) ? [.. Split(text[1..^1]).Select(item => Value(item.Trim()))] : null;

    /// <summary>Splits at commas that stand in no bracket and no quotes.</summary>
    private static List<string> Split(string text)
    {
        var (parts, start, depth, quoted) = (new List<string>(), 0, 0, false);
        for (var i = 0; i < text.Length; i++)
        {
            if (text[i] == '"' && (i == 0 || text[i - 1] != '\\'))
                quoted = !quoted;
            else if (!quoted)
                depth += text[i] switch { '[' or '{' => 1, ']' or '}' => -1, _ => 0 };
            if (text[i] == ',' && depth == 0 && !quoted)
            {
                parts.Add(text[start..i]);
                start = i + 1;
            }
        }
        parts.Add(text[start..]);
        return parts;
    }

    [GeneratedRegex(@"^(-?\d+)\.\.(-?\d+)$")]
    private static partial Regex Range();

    [GeneratedRegex(@"^\[[^\[\]{}""]*\]$")]
    private static partial Regex BareWords();
}
