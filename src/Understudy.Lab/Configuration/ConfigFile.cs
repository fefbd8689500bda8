using System.Text.Json;
using System.Text.Json.Nodes;
using Understudy.Data;

namespace Understudy.Lab.Configuration;

/// <summary>A file of settings, YAML or JSON, as a JSON tree.</summary>
internal static class ConfigFile
{
    internal static JsonObject Load(string path)
    {
        string text;
        try
        {
            text = File.ReadAllText(path);
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
        {
            throw new ConfigException($"{path} cannot be read: {FileProblem.Reading(path, problem)}\n  give the path of a YAML or JSON file of settings", problem);
        }
        return path.EndsWith(".json", StringComparison.OrdinalIgnoreCase) ? ParseJson(text, path) : YamlReader.Parse(text, path);
    }

    internal static JsonObject ParseJson(string text, string path)
    {
        try
        {
            var tree = JsonNode.Parse(text, documentOptions: new JsonDocumentOptions
            {
                AllowTrailingCommas = true,
                CommentHandling = JsonCommentHandling.Skip,
                AllowDuplicateProperties = false,
            });
            return tree as JsonObject ?? throw new ConfigException($"{path} does not hold settings: it must be a JSON object.");
        }
        catch (JsonException problem)
        {
            throw new ConfigException($"{path} is not readable as JSON: line {problem.LineNumber + 1}, column {problem.BytePositionInLine + 1}.", problem);
        }
    }
}
